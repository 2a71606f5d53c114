"""The piece of a text that shows best why it was found, with the places to mark; they are noted when it is indexed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from . import analyzer
from .kept import Text
from .reading import read
from .sequence import Places, densest, number

_WIDTH = {"zh": 90, "en": 180}
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text and the ranges `(start, end)` to mark in it, in code points, in order, not touching each other."""

    text: str
    marks: tuple[tuple[int, int], ...]


class Sought(NamedTuple):
    """What to look for in texts: terms by their numbers, those of them that tell most, and single Chinese characters."""

    terms: tuple[int, ...]
    telling: tuple[int, ...]
    singles: tuple[str, ...]

    @classmethod
    def of(cls, terms: Iterable[str], telling: Iterable[str] = ()) -> Sought:
        """`terms` of `analyzer` and concepts; Chinese is indexed in pairs, so that single characters are no terms of a text."""
        every = tuple(terms)
        return cls(tuple(map(number, every)), tuple(map(number, telling)), tuple(filter(analyzer.is_cjk, every)))


def snippet(
    text: str | Text, lang: str, sought: Sought, known: Places | None = None, prose: int | None = None
) -> Snippet:
    """The stretch of `text` with the most different telling terms, or else with the most terms; its beginning if it has none.

    `known` are the places of the terms of `text`, if they are. What stands from `prose` on is only shown if nothing before it
    has any of the terms.
    """
    places = known or Places.of(read(text[:]))
    width = _WIDTH[lang]
    singles = _singles(text[:], sought.singles) if sought.singles else []
    first, last = _best(places, sought, singles, width, len(text) if prose is None else prose)
    total = len(text) if prose is None or last > prose else prose
    start, end, shown = _cut(text, first, last, width, total)
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < total else ""
    inside = places.within(start, end, sought.terms)
    inside += ((at, at_end) for at, at_end, _ in singles if start <= at < end)
    shift = len(before) - start
    return Snippet(before + shown + after, _merged([(a + shift, b + shift) for a, b in sorted(inside)]))


def _best(
    places: Places, sought: Sought, singles: list[tuple[int, int, int]], width: int, prose: int
) -> tuple[int, int]:
    """Where the best stretch begins and ends; beyond `prose` only if there is none before."""
    beyond: list[tuple[int, int, int]] = []
    for terms in (sought.telling, sought.terms):
        every = places.occurrences(terms)
        if singles:
            every = sorted((*every, *singles))
        inside = [one for one in every if one[1] <= prose]
        if inside:
            return _densest(inside, width)
        beyond = beyond or every
    return _densest(beyond, width) if beyond else (0, 0)


def _densest(found: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    _, first, last = densest(found, width)
    return found[first][0], found[last][1]


def _singles(text: str, wanted: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """Where single characters stand, as `Places.occurrences` has it; which one it is counts below zero."""
    folded, found = analyzer.fold(text), []
    for which, one in enumerate(wanted, 1):
        place = folded.find(one)
        while place >= 0:
            found.append((place, place + 1, -which))
            place = folded.find(one, place + 1)
    return sorted(found)


def _cut(text: str | Text, first: int, last: int, width: int, total: int) -> tuple[int, int, str]:
    """The stretch of about `width` characters around those from `first` to `last`, without broken words and none after `total`:
    its ends and text.
    """
    start = max(0, first - max(0, width - (last - first)) // 3)
    end = max(last, min(total, start + width))
    start = max(0, min(start, end - width))
    low = max(0, start - 1)
    seen = text[low : end + 1]
    while 0 < start < first and (_inside_word(seen, start - low) or seen[start - low].isspace()):
        start += 1
    while last < end < total and (_inside_word(seen, end - low) or seen[end - low - 1].isspace()):
        end -= 1
    return start, end, seen[start - low : end - low]


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
