"""Scoring answers against labelled rows: right, wrong, silent, per corpus (`kb eval`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNSCORED = {"unknown", "autoreply-feedback"}


@dataclass
class Score:
    """The counts of one corpus. `confusions` counts (expected, given) pairs of wrong answers.

    Of a corpus of whole bounces, `expected` counts the recipients in them and `found` those that were recognised.
    """

    corpus: str
    expected: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0
    silent: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[tuple[str, str | None, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Rows scored."""
        return self.right + self.wrong + self.silent

    def take(self, accept: list[str], given: str | None, text: str) -> None:
        """Count one row: `given` is the reason answered, None for silence."""
        if given in accept:
            self.right += 1
            return
        self.misses.append(("|".join(accept), given, text))
        if given is None:
            self.silent += 1
        else:
            self.wrong += 1
            self.confusions[(accept[0], given)] += 1


def evaluate(
    paths: list[Path], reason_of: Callable[[str], str | None], reasons_of: Callable[[bytes], list[str | None]]
) -> list[Score]:
    """Score every labelled row of JSON Lines files and folders; with a folder of the file's name beside it, the bounces in it.

    `reason_of` answers a text with a reason or None, `reasons_of` a bounce with one for each recipient that it finds.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    scores = []
    for file in files:
        score = Score(file.stem)
        if file.with_suffix("").is_dir():
            _take_bounces(score, file, reasons_of)
        else:
            for accept, text in _rows(file):
                score.take(accept, reason_of(text), text)
        if score.total:
            scores.append(score)
    return scores


def _take_bounces(score: Score, file: Path, reasons_of: Callable[[bytes], list[str | None]]) -> None:
    """Count the bounces that a file lists: `file`, and `expected`, in order, with the accepted reasons of each recipient."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        given = reasons_of((file.with_suffix("") / row["file"]).read_bytes())
        for number, expected in enumerate(row["expected"]):
            score.expected += 1
            score.found += number < len(given)
            if expected["accept"]:
                score.take(expected["accept"], given[number] if number < len(given) else None, row["file"])


def _rows(file: Path) -> Iterator[tuple[list[str], str]]:
    """(accepted reasons, text) of each row that is to be scored."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line) if line.strip() else {}
        accept = [reason for reason in row.get("accept", ()) if reason not in UNSCORED]
        if accept and isinstance(row.get("text"), str):
            yield accept, row["text"]


def table(scores: list[Score]) -> str:
    """The scores as an aligned table, with the total and the macro average of the corpora."""
    rows: list[tuple[str, ...]] = [("corpus", "rows", "right", "wrong", "silent")]
    rows += [_row(score.corpus, score.total, score.right, score.wrong, score.silent) for score in scores]
    total = sum(score.total for score in scores)
    sums = [sum(getattr(score, name) for score in scores) for name in ("right", "wrong", "silent")]
    rows.append(_row("all rows", total, *sums))
    shares = [
        sum(getattr(s, name) / s.total for s in scores) / max(len(scores), 1) for name in ("right", "wrong", "silent")
    ]
    rows.append(("macro average", "", *(f"{share:.1%}" for share in shares)))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines += [f"{s.corpus}: {s.found} of {s.expected} recipients found" for s in scores if s.expected]
    return "\n".join(lines)


def _row(name: str, total: int, *counts: int) -> tuple[str, ...]:
    return (name, str(total), *(f"{count} ({count / max(total, 1):.1%})" for count in counts))
