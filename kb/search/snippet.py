"""The piece of a text that shows best why it was found, with the places to mark; they are noted when it is indexed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import analyzer
from .reading import read
from .sequence import Sequence, densest, number, packed

_WIDTH = {"zh": 90, "en": 180}
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text and the ranges `(start, end)` to mark in it, in code points, in order, not touching each other."""

    text: str
    marks: tuple[tuple[int, int], ...]


def snippet(
    text: str, lang: str, terms: frozenset[str], known: Sequence | None = None, telling: Iterable[str] = ()
) -> Snippet:
    """The stretch of `text` with the most different `terms` (of `analyzer`, or concepts); its beginning if it has none.

    `known` is the sequence of the terms of `text`, if it is; `telling` are the terms to choose the stretch by, if it has any.
    """
    sequence = known or Sequence.of(read(text))
    width = _WIDTH[lang]
    start, end = _cut(text, *_best(text, sequence, telling or terms, terms, width), width)
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    inside = sequence.within(start, end, frozenset(map(number, terms)))
    inside += ((at, at + 1) for at, _ in _singles(text[start:end], terms, start))
    shift = len(before) - start
    return Snippet(before + text[start:end] + after, _merged([(a + shift, b + shift) for a, b in sorted(inside)]))


def _best(text: str, known: Sequence, telling: Iterable[str], terms: frozenset[str], width: int) -> tuple[int, int]:
    found = _found(text, known, telling) or _found(text, known, terms)
    if not found:
        return 0, 0
    _, first, last = densest(found, width)
    return found[first][0], found[last][1]


def _found(text: str, known: Sequence, terms: Iterable[str]) -> list[tuple[int, int, int]]:
    found = known.occurrences([packed((term,)) for term in terms])
    singles = [(at, at + 1, which) for at, which in _singles(text, terms)]
    return sorted((*found, *singles)) if singles else found


def _singles(text: str, terms: Iterable[str], shift: int = 0) -> list[tuple[int, int]]:
    """Where single Chinese characters stand, which are indexed in pairs: the place, and which it is, below zero."""
    singles = [term for term in terms if analyzer.is_cjk(term)]
    if not singles:
        return []
    return [(shift + at, -1 - singles.index(one)) for at, one in enumerate(analyzer.fold(text)) if one in singles]


def _cut(text: str, first: int, last: int, width: int) -> tuple[int, int]:
    start = max(0, first - max(0, width - (last - first)) // 3)
    end = max(last, min(len(text), start + width))
    start = max(0, min(start, end - width))
    while 0 < start < first and (_inside_word(text, start) or text[start].isspace()):
        start += 1
    while last < end < len(text) and (_inside_word(text, end) or text[end - 1].isspace()):
        end -= 1
    return start, end


def _inside_word(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    return not (before.isspace() or after.isspace() or analyzer.is_cjk(before) or analyzer.is_cjk(after))


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
