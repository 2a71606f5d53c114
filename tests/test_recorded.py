"""Error texts taken from running software, each with the condition that provoked it: all answered, all right.

`tests/cases/recorded/README.md` says what a row is. A row's answer must have a reason of its `accept`; where the row
names an `entry`, that one must come first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conftest import CASES
from tables import each

from kb.catalog.vocabulary import REASONS
from kb.knowledge_base import KnowledgeBase

FILES = sorted((CASES / "recorded").glob("*.jsonl"))
KEYS = ["text", "program", "version", "accept", "entry", "how"]
FEWEST_PER_FILE = 8
FEWEST = 1000


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@each("path", FILES, lambda path: path.stem)
def test_rows_are_whole(path: Path) -> None:
    found = rows(path)
    assert len(found) >= FEWEST_PER_FILE
    for row in found:
        assert list(row) == KEYS
        assert row["program"] == path.stem
        assert row["text"].strip()
        assert row["version"]
        assert row["how"]
        assert row["accept"]
        assert set(row["accept"]) <= REASONS.keys() - {"unknown"}
    texts = [row["text"] for row in found]
    assert len(texts) == len(set(texts))


def test_all_files_are_there() -> None:
    assert sum(len(rows(path)) for path in FILES) >= FEWEST


@each("path", FILES, lambda path: path.stem)
def test_every_answer_is_right(path: Path, base: KnowledgeBase) -> None:
    misses = [miss for row in rows(path) if (miss := _miss(base, row))]
    assert not misses, f"{len(misses)} of {path.name}:\n" + "\n".join(misses)


def _miss(base: KnowledgeBase, row: dict[str, Any]) -> str | None:
    """What is wrong with the answer to a row, or None."""
    answer = base.classify(row["text"])
    right = answer["answered"] and answer["reason"] in row["accept"]
    if right and row["entry"] in (None, answer["entry"]):
        return None
    wanted = f"{row['entry'] or 'any entry'} with {' or '.join(row['accept'])}"
    return f"  {row['how']}: got {answer['entry']} with {answer['reason']}, not {wanted}\n    {row['text']!r}"
