"""What `kb check` reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.text import Text, nearest_word


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. path is as given by the caller; line and column count from 1."""

    path: str
    line: int
    column: int
    rule: str
    message: Text

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
    near = nearest_word(word, choices)
    if near:
        return Text(f"是否想写 {near}？", f"Did you mean {near}?")
    if not choices:
        return Text("", "")
    listed = ", ".join(choices)
    return Text(f"可用的有：{listed}。", f"Known: {listed}.")
