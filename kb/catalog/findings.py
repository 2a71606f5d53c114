"""What `kb check` reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.text import Text, nearest_word

ERROR, WARNING, NOTE = "error", "warning", "note"
# Every other rule is an error. What is worth knowing but keeps nothing from being published does not fail a check.
_LEVELS = {"KB213": WARNING, "KB704": NOTE, "KB705": WARNING, "KB706": NOTE, "KB707": NOTE}
# Rules on how a file is written; what it says can be used all the same.
FORM = frozenset({"KB004", "KB005", "KB006", "KB007", "KB103", "KB104", "KB106", *_LEVELS})


def level_of(rule: str) -> str:
    """ERROR, WARNING or NOTE."""
    return _LEVELS.get(rule, ERROR)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. path is as given by the caller; line and column count from 1."""

    path: str
    line: int
    column: int
    rule: str
    message: Text

    @property
    def level(self) -> str:
        """How much it matters: only ERROR fails a check."""
        return level_of(self.rule)

    def format(self, lang: str) -> str:
        """`errors.yaml:12:5 KB102 …`, the form that editors and terminals link."""
        return f"{self.path}:{self.line}:{self.column} {self.rule} {self.message.get(lang)}"


class CatalogError(ValueError):
    """The catalogue cannot be used. `findings` says why, at least one."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(finding.format("en") for finding in self.findings))


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """A hint with the nearest known word, or the list of the known ones."""
    choices = sorted(known)
    near = nearest_word(word, choices) if len(word) <= _LISTED else None
    if near:
        return Text(f"是否想写 {near}？", f"Did you mean {near}?")
    if not choices or len(choices) > _LISTED:
        return Text("", "")
    listed = ", ".join(choices)
    return Text(f"可用的有：{listed}。", f"Known: {listed}.")


_LISTED = 100
