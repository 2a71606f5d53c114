"""`kb new error`: from what an author says to an entry, and what `kb check` would say of it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kb.author.insert import with_entry, with_wording
from kb.catalog.findings import ERROR, Finding
from kb.catalog.lines import read_text
from kb.catalog.read import FILE
from kb.catalog.recover import blocks
from kb.check import check_text
from kb.check.shape import is_id
from kb.match.normalize import normalize
from kb.match.pattern import PatternError, parse_pattern
from kb.text import Text


class Draft(NamedTuple):
    """What an author says of an error; texts by language, at least one of them."""

    id: str
    title: Mapping[str, str]
    reason: str
    side: str
    stage: str
    emitters: Sequence[str]
    match: Sequence[str]
    explanation: Mapping[str, str]
    cause: Mapping[str, str]
    fix_for: str
    fix: Mapping[str, str]
    fix_set: Sequence[str]
    verify: Mapping[str, str]
    verify_run: Sequence[str]
    retry: str
    examples: Sequence[str]
    sources: Sequence[str]

    def tree(self) -> dict[str, Any]:
        """The entry as `errors.yaml` has it."""
        fix: dict[str, Any] = {"for": self.fix_for, "text": dict(self.fix)}
        if self.fix_set:
            fix["set"] = list(self.fix_set)
        verify: dict[str, Any] = {"text": dict(self.verify)}
        if self.verify_run:
            verify["run"] = list(self.verify_run)
        return {
            "title": dict(self.title),
            "reason": self.reason,
            "side": self.side,
            "stage": self.stage,
            "emitters": list(self.emitters),
            "match": list(self.match),
            "explanation": {lang: f"{text.strip()}\n" for lang, text in self.explanation.items()},
            "causes": [dict(self.cause)],
            "fixes": [fix],
            "verify": verify,
            "retry": self.retry,
            "examples": list(self.examples),
            "sources": list(self.sources),
        }

    def command(self) -> str:
        """The command that says all of it, to be mended and run again."""
        parts = [("id", self.id), ("stage", self.stage), ("side", self.side), ("reason", self.reason)]
        parts += [("emitter", one) for one in self.emitters] + [("match", one) for one in self.match]
        for name in ("title", "explanation", "cause", "fix", "verify"):
            parts += [(f"{name}-{lang}", text) for lang, text in getattr(self, name).items()]
        parts += [("fix-for", self.fix_for), *(("fix-set", one) for one in self.fix_set), ("retry", self.retry)]
        parts += [("verify-run", one) for one in self.verify_run] + [("source", one) for one in self.sources]
        first, *more = self.examples
        parts += [("example", one) for one in more]
        options = (f"--{name} {shlex.quote(value)}" for name, value in parts)
        return " \\\n  ".join([f"kb new error {shlex.quote(first)}", *options])


def wrong_id(stage: str, taken: Collection[str], id_: str) -> Text | None:
    """Why an entry of this stage cannot have this id, or None."""
    if id_ in taken:
        return Text(f"{id_} 已被占用。", f"{id_} is taken.")
    if not is_id(id_) or not id_.startswith(f"{stage}-"):
        return Text(
            f"id 是 {stage}-<现象>，小写字母、数字和连字符。", f"An id is {stage}-<symptom>, lower case with hyphens."
        )
    return None


def wrong_pattern(example: str, pattern: str) -> Text | None:
    """Why a pattern cannot be used for this text, or None."""
    try:
        found = parse_pattern(pattern).find(normalize(example))
    except PatternError as error:
        return error.message
    return None if found else Text("这个模式匹配不上那段原文。", "This pattern does not match the text.")


class Change(NamedTuple):
    """`errors.yaml` as it will be: its whole text, the lines that are new, and what there is to say against them."""

    text: str
    new: str
    findings: tuple[Finding, ...]

    @property
    def is_fit(self) -> bool:
        """Whether nothing is wrong with it."""
        return not any(finding.level == ERROR for finding in self.findings)


def add_entry(root: Path, draft: Draft) -> Change:
    """The catalogue with a new entry. Raises CatalogError when it cannot be read, ValueError when the id is taken."""
    before = read_text(root / FILE, FILE)
    return _change(root, before, with_entry(before, draft.id, draft.tree()), draft.id)


def add_wording(root: Path, id_: str, pattern: str, example: str) -> Change:
    """The catalogue with one more wording of an entry. Raises CatalogError, KeyError when there is no such entry."""
    before = read_text(root / FILE, FILE)
    return _change(root, before, with_wording(before, id_, pattern, example), id_)


def _change(root: Path, before: str, after: str, id_: str) -> Change:
    return Change(
        after, "\n".join(_added(before.split("\n"), after.split("\n"))).strip("\n"), tuple(_findings(root, after, id_))
    )


def _added(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines of `new` that are not in `old`, which differs from it by these alone."""
    place = 0
    for line in new:
        if place < len(old) and old[place] == line:
            place += 1
        else:
            yield line


def _findings(root: Path, text: str, id_: str) -> list[Finding]:
    """What is wrong in the entry, and what it does to the others; not what was wrong elsewhere before."""
    block = next(block for block in blocks(text) if block.section == "errors" and block.id == id_)
    found = check_text(root, text)
    own = [f for f in found if f.path == FILE and block.start < f.line <= block.end]
    taken = [f for f in found if f not in own and f.rule in ("KB202", "KB203", "KB204", "KB207", "KB208")]
    return [*own, *(f for f in taken if id_ in f.message.en)]
