"""Questions on standard error, answers from standard input, for `kb new`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from kb.text import Text

Wrong = Callable[[str], Text | None]
_SHOWN = 12  # words that a question lists; more are told when asked for


class Asker:
    """Questions on standard error, answers from standard input, whether a person sits there or a pipe ends."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, text: Text) -> str:
        """A text in the author's language."""
        return text.get(self.lang)

    def tell(self, text: Text) -> None:
        """Tell something that is not the result."""
        click.echo(text.get(self.lang), err=True)

    def __call__(
        self, name: str, question: Text, default: str = "", words: Sequence[str] = (), wrong: Wrong | None = None
    ) -> str:
        """An answer; the proposal when it is empty. One that is `wrong`, or none of `words`, is asked for again.

        Ends with 2 when there is none, and over a pipe, where nobody can mend it, when it is wrong.
        """
        hint = self.say(Text("（? 列出全部）", " (? lists them)")) if words else ""
        if words and len(words) <= _SHOWN:
            hint = f" ({', '.join(words)})"
        while True:
            answer = self._read(f"{question.get(self.lang)}{hint}", default) or default or self.missing(name)
            if answer == "?" and words:
                click.echo("  " + ", ".join(words), err=True)
                continue
            complaint = wrong(answer) if wrong else _no_word(answer, words) if words else None
            if complaint is None:
                return answer
            if not sys.stdin.isatty():
                raise click.UsageError(f"--{name.replace('_', '-')}: {self.say(complaint)}")
            self.tell(complaint)

    def refuse(self, complaint: Text | None) -> None:
        """End with 2 if there is something wrong with an option."""
        if complaint is not None:
            raise click.UsageError(self.say(complaint))

    def optional(self, question: str) -> str:
        """An answer that may be empty."""
        return self._read(question, "")

    def instead(self, id_: str) -> str | None:
        """The entry to add the wording to, as the author decides; None to leave it."""
        question = Text(f"把这段原文作为示例加进 {id_} 吗？[y/N]", f"Add this text to {id_} as an example? [y/N]")
        if self._read(question.get(self.lang), "").lower() in ("y", "yes", "是"):
            return id_
        self.tell(
            Text(
                f"没有写入。加进去：--add-to {id_}；确是另一种错误：--anyway。",
                f"Nothing written. To add it: --add-to {id_}; if it is another error: --anyway.",
            )
        )
        return None

    def missing(self, name: str) -> str:
        """End: an answer is needed and there is none."""
        raise click.UsageError(
            self.say(Text(f"缺少 --{name.replace('_', '-')}。", f"--{name.replace('_', '-')} is missing."))
        )

    def _read(self, question: str, default: str) -> str:
        click.echo(f"{question}{f' [{default}]' if default else ''}: ", err=True, nl=not sys.stdin.isatty())
        line = sys.stdin.readline()
        return line.strip()


def _no_word(answer: str, words: Sequence[str]) -> Text | None:
    """What is wrong with an answer that must be one of the words."""
    if answer in words:
        return None
    from kb.catalog.findings import did_you_mean

    hint = did_you_mean(answer, words)
    return Text(f"没有 {answer[:80]} 这个词。{hint.zh}", f"There is no word {answer[:80]}. {hint.en}")


def each(words: Sequence[str]) -> Wrong:
    """What is wrong with an answer of several words with commas between."""
    return lambda answer: next(filter(None, (_no_word(one.strip(), words) for one in answer.split(","))), None)
