"""Where the terms of a document stand, and which of them stand together.

The places of a document are counted: one for each term of its text in order, then one for each concept that it speaks of,
then, with a gap before each, those of other texts of the document. For each different term there is the list of its places,
so that looking for one is a search in a sorted table. A term is four bytes there, its CRC-32.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from .reading import Reading
from .termbase import CONCEPT

_LONGEST = 0xFF
_NARROW = 0xFFFF
_HEADER = 4


class Places(NamedTuple):
    """Of the different terms their `numbers`, sorted; where the places of each end in `places`.

    For the places of the text also where each starts and how long it is; `literals` is how many are no concepts.
    """

    numbers: array[int]
    ends: array[int]
    places: array[int]
    starts: array[int]
    lengths: array[int]
    literals: int

    @classmethod
    def of(cls, text: Reading, *others: Reading) -> Places:
        """Those of what was read."""
        read = list(zip(text.terms, text.starts, text.lengths, strict=True))
        literal = [one for one in read if not one[0].startswith(CONCEPT)]
        every = [*literal, *(one for one in read if one[0].startswith(CONCEPT))]
        starts = [start for _, start, _ in every]
        listed = _listed([[term for term, _, _ in every], *(one.terms for one in others)])
        numbers = sorted(listed)
        places = [place for one in numbers for place in listed[one]]
        ends, end = [], 0
        for one in numbers:
            end += len(listed[one])
            ends.append(end)
        kind = "H" if max(len(places), max(places, default=0), max(starts, default=0)) <= _NARROW else "I"
        lengths = array("B", (min(length, _LONGEST) for _, _, length in every))
        return cls(
            array("I", numbers), array(kind, ends), array(kind, places), array(kind, starts), lengths, len(literal)
        )

    def packed(self) -> bytes:
        """In bytes, in the order of the machine."""
        header = array("I", [len(self.numbers), len(self.places), len(self.starts), self.literals])
        return b"".join(part.tobytes() for part in (header, *self[:5]))

    @classmethod
    def unpacked(cls, raw: Any) -> Places:
        """From what `packed` gave."""
        different, every, located, literals = _array("I", raw[: 4 * _HEADER])
        begin = 4 * (_HEADER + different)
        kind = "H" if len(raw) - begin - located == 2 * (different + every + located) else "I"
        size = array(kind).itemsize
        parts = [_array("I", raw[4 * _HEADER : begin])]
        for count in (different, every, located):
            parts.append(_array(kind, raw[begin : begin + size * count]))
            begin += size * count
        return cls(parts[0], parts[1], parts[2], parts[3], _array("B", raw[begin:]), literals)

    def having(self, term: int) -> array[int]:
        """The places of a term, given by its number."""
        at = bisect_left(self.numbers, term)
        if at == len(self.numbers) or self.numbers[at] != term:
            return self.places[:0]
        return self.places[self.ends[at - 1] if at else 0 : self.ends[at]]

    def occurrences(self, wanted: Iterable[int]) -> list[tuple[int, int, int]]:
        """Where the terms `wanted` stand in the text: start, end, and which it is, in order."""
        starts, lengths = self.starts, self.lengths
        count, found = len(starts), []
        for which, term in enumerate(wanted):
            for place in self.having(term):
                if place >= count:
                    break
                start = starts[place]
                found.append((start, start + lengths[place], which))
        found.sort()
        return found

    def within(self, start: int, end: int, wanted: Iterable[int]) -> list[tuple[int, int]]:
        """Where the terms `wanted` stand in the text between `start` and `end`."""
        ranges = [
            (bisect_left(self.starts, start, low, high), bisect_left(self.starts, end, low, high))
            for low, high in ((0, self.literals), (self.literals, len(self.starts)))
        ]
        found = []
        for term in wanted:
            places = self.having(term)
            for first, last in ranges:
                for place in places[bisect_left(places, first) : bisect_left(places, last)]:
                    if self.starts[place] + self.lengths[place] <= end:
                        found.append((self.starts[place], self.starts[place] + self.lengths[place]))
        return sorted(found)

    def nearness(self, wanted: Sequence[int]) -> float:
        """How much of a query stands here in the same order and together: 1 if all of it does, 0 if no two terms do.

        `wanted`: two or more terms. Counted are the longest row and how many pairs there are at all.
        """
        joined = longest = 0
        rows: dict[int, int] = {}
        for term in wanted:
            before = rows
            rows = {place: before.get(place - 1, -1) + 1 for place in self.having(term)}
            most = max(rows.values(), default=0)
            joined += most > 0
            longest = max(longest, most)
        return (longest + joined) / (2 * (len(wanted) - 1))


def densest(found: list[tuple[int, int, int]], width: int) -> tuple[int, int, int]:
    """Of the occurrences found, where most different ones stand within `width` characters: how many, first and last."""
    different = len({which for _, _, which in found})
    inside: dict[int, int] = {}
    left = most = first = last = 0
    for place, (_, end, one) in enumerate(found):
        inside[one] = inside.get(one, 0) + 1
        while left < place and end - found[left][0] > width:
            gone = found[left][2]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            left += 1
        if len(inside) > most:
            most, first, last = len(inside), left, place
            if most == different:
                break
    return most, first, last


def number(term: str) -> int:
    """What stands for a term."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def _listed(rows: Iterable[list[str]]) -> dict[int, list[int]]:
    """The places of each term, by its number."""
    by_term: dict[str, list[int]] = {}
    place = 0
    for row in rows:
        for place, term in enumerate(row, place):
            if (known := by_term.get(term)) is None:
                by_term[term] = [place]
            else:
                known.append(place)
        place += 2 if row else 1
    found: dict[int, list[int]] = {}
    for term, places in by_term.items():
        one = number(term)
        # Two terms of one number are taken for the same.
        found[one] = sorted((*found[one], *places)) if one in found else places
    return found


def _array(kind: str, raw: Any) -> array[int]:
    found: array[int] = array(kind)
    found.frombytes(raw)
    return found
