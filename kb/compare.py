"""What a changed catalogue changes for the people who paste: entries that come, go or differ, and texts answered otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.catalog.model import Catalog
from kb.catalog.read import read_catalog
from kb.knowledge_base import KnowledgeBase

RECORDED = Path("tests/cases/recorded")

Verdict = tuple[str | None, str | None]  # entry, reason


@dataclass(frozen=True)
class Changed:
    """A text whose answer differs: `before` and `after` are (entry, reason), None for silence."""

    text: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Comparison:
    """The differences of two catalogues, and how many texts were tried on both."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[tuple[str, tuple[str, ...]], ...]  # id, the parts that differ
    answers: tuple[Changed, ...]
    tried: int


def compare(base: Path, head: Path) -> Comparison:
    """Hold the catalogue in folder `head` against the one in `base`: on every example of either and on the recorded texts.

    Raises CatalogError when one of them cannot be used, FileNotFoundError when there is none.
    """
    old, new = read_catalog(base)[1], read_catalog(head)[1]
    texts = sorted({*_examples(old), *_examples(new), *_recorded(base), *_recorded(head)})
    before, after = _verdicts(base, texts), _verdicts(head, texts)
    return Comparison(
        added=tuple(sorted(new.errors.keys() - old.errors.keys())),
        removed=tuple(sorted(old.errors.keys() - new.errors.keys())),
        edited=tuple(_edited(old, new)),
        answers=tuple(Changed(t, b, a) for t, b, a in zip(texts, before, after, strict=True) if b != a),
        tried=len(texts),
    )


def _examples(catalog: Catalog) -> Iterator[str]:
    for entry in catalog.errors.values():
        yield from entry.examples
        yield from entry.not_examples


def _recorded(root: Path) -> Iterator[str]:
    for file in sorted((root / RECORDED).glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def _verdicts(root: Path, texts: Iterable[str]) -> list[Verdict]:
    base = KnowledgeBase.open(str(root), preload=True)
    given = [base.classify(text) for text in texts]
    return [(verdict["entry"], verdict["reason"]) for verdict in given]


def _edited(old: Catalog, new: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    for id_ in sorted(old.errors.keys() & new.errors.keys()):
        before, after = old.errors[id_].model_dump(by_alias=True), new.errors[id_].model_dump(by_alias=True)
        parts = tuple(part for part in before if before[part] != after[part])
        if parts:
            yield id_, parts
