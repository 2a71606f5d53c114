"""The piece of a text that shows best why it was found, with the places to mark; they are noted when it is indexed."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

from . import analyzer
from .analyzer import Token
from .reading import read
from .sequence import Sequence

_WIDTH = {"zh": 90, "en": 180}
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text and the ranges `(start, end)` to mark in it, in code points, in order, not touching each other."""

    text: str
    marks: tuple[tuple[int, int], ...]


def snippet(text: str, lang: str, terms: frozenset[str], known: Sequence | None = None) -> Snippet:
    """The stretch of `text` with the most different `terms` (of `analyzer`, or concepts); its beginning if it has none.

    `known` is the sequence of the terms of `text`, if it is.
    """
    found = _found(text, known or Sequence.of(read(text)), terms) if terms else []
    width = _WIDTH[lang]
    first, last = _densest(found, width) if found else (0, 0)
    start, end = _cut(text, first, last, width)
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    inside = [(token.start + shift, token.end + shift) for token in found if start <= token.start and token.end <= end]
    return Snippet(before + text[start:end] + after, _merged(inside))


def _found(text: str, known: Sequence, terms: frozenset[str]) -> list[Token]:
    found = [Token(term, *span) for term in terms for span in known.spans(term)]
    singles = [term for term in terms if analyzer.is_cjk(term)]
    if singles:
        # Chinese is indexed in pairs, in which a single character is not found.
        folded = analyzer.fold(text)
        found += [Token(one, place, place + 1) for place, one in enumerate(folded) if one in singles]
    return sorted(found, key=itemgetter(1, 2))


def _densest(found: list[Token], width: int) -> tuple[int, int]:
    counts: dict[str, int] = {}
    left = most = 0
    best = found[0].start, found[0].end
    for token in found:
        counts[token.text] = counts.get(token.text, 0) + 1
        while token.end - found[left].start > width and found[left] is not token:
            gone = found[left].text
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            left += 1
        if len(counts) > most:
            most = len(counts)
            best = found[left].start, token.end
    return best


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
