"""All entries whose patterns a text contains, with the place of the evidence. Linear in the text."""

from __future__ import annotations

from collections.abc import Sequence

from kb.match.normalize import normalize, normalize_with_origin
from kb.match.pattern import Pattern
from kb.match.store import EntryKey, Store
from kb.record import Record

MAX_TEXT = 64 * 1024


class Hit(Record):
    """One entry that matches: its best pattern, and that one's place in the normalised text."""

    entry: EntryKey
    start: int
    end: int
    pattern: Pattern


class Evidence(Record):
    """The part of the pasted text that an answer stands on."""

    text: str
    start: int
    end: int


def find_hits(store: Store, text: str) -> list[Hit]:
    """The most specific hit of every entry that matches `text`, the first MAX_TEXT characters of it; no order."""
    normalized = normalize(text[:MAX_TEXT])
    raw = normalized.encode()
    best: dict[int, tuple[Pattern, EntryKey, tuple[int, int]]] = {}
    for pattern, entry in store.candidates(normalized):
        known = best.get(entry.number)
        if known is None or pattern.is_better_than(known[0]):
            place = pattern.search(normalized, raw)
            if place is not None:
                best[entry.number] = pattern, entry, place
    return [Hit(entry, *place, pattern) for pattern, entry, place in best.values()]


def locate(text: str, hits: Sequence[Hit], offset: int = 0) -> list[Evidence]:
    """The evidence of each hit in the text as pasted; `offset` is where `text` begins in the paste."""
    _, origin = normalize_with_origin(text[:MAX_TEXT])
    found = []
    for hit in hits:
        start, end = origin[hit.start], origin[hit.end - 1] + 1
        found.append(Evidence(text[start:end], offset + start, offset + end))
    return found
