"""The terms of a document in order: where each stands, and which of them stand together.

Each term is four bytes, its CRC-32, so that looking for one, or for several in a row, is a search in bytes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from .reading import Reading
from .termbase import CONCEPT

_SIZE = 4
_GAP = bytes(_SIZE)


class Sequence(NamedTuple):
    """The terms of a text, the concepts it speaks of, then the terms of other texts of the document.

    Of those of the text, also where each starts and how long it is; `literals` is how many are no concepts.
    """

    terms: bytes
    starts: array[int]
    lengths: array[int]
    literals: int

    @classmethod
    def of(cls, text: Reading, *others: Reading) -> Sequence:
        """That of what was read."""
        read = list(zip(text.terms, text.starts, text.lengths, strict=True))
        literal = [one for one in read if not one[0].startswith(CONCEPT)]
        every = [*literal, *(one for one in read if one[0].startswith(CONCEPT))]
        rows = [[term for term, _, _ in every], *(one.terms for one in others)]
        starts, lengths = array("I", [start for _, start, _ in every]), array("H", [length for _, _, length in every])
        return cls(_GAP.join(map(packed, rows)), starts, lengths, len(literal))

    def within(self, start: int, end: int, wanted: frozenset[int]) -> list[tuple[int, int]]:
        """Where terms stand between `start` and `end`: those of which the numbers are `wanted`."""
        found = []
        for low, high in ((0, self.literals), (self.literals, len(self.starts))):
            first = bisect_left(self.starts, start, low, high)
            last = bisect_left(self.starts, end, first, high)
            numbers = array("I")
            numbers.frombytes(self.terms[_SIZE * first : _SIZE * last])
            for place, number in enumerate(numbers, first):
                if number in wanted and self.starts[place] + self.lengths[place] <= end:
                    found.append((self.starts[place], self.starts[place] + self.lengths[place]))
        return sorted(found)

    def occurrences(self, wanted: list[bytes]) -> list[tuple[int, int, int]]:
        """Where the terms `wanted`, packed one by one, stand in the text: start, end, and which it is, in order."""
        starts, lengths = self.starts, self.lengths
        count, found = len(starts), []
        for one, term in enumerate(wanted):
            for place in _places(self.terms, term, count):
                start = starts[place]
                found.append((start, start + lengths[place], one))
        found.sort()
        return found


def nearness(terms: bytes, wanted: list[bytes]) -> float:
    """How much of a query stands in the same order and together in a document: 1 if all of it does, 0 if no two terms do.

    `wanted`: two or more terms of the query, packed one by one. Counted are the longest row and how many pairs there are at all.
    """
    together = [_has(terms, one + other) for one, other in pairwise(wanted)]
    longest = first = 0
    for last, joined in enumerate(together, 1):
        if not joined:
            first = last
        # A row may be longer only if all its pairs are there.
        while last - first > longest and not _has(terms, b"".join(wanted[first : last + 1])):
            first += 1
        longest = max(longest, last - first)
    return (longest + sum(together)) / (2 * len(together))


def densest(found: list[tuple[int, int, int]], width: int) -> tuple[int, int, int]:
    """Of the occurrences found, where most different ones stand within `width` characters: how many, first and last."""
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
    return most, first, last


def number(term: str) -> int:
    """What stands for a term."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def packed(terms: Iterable[str]) -> bytes:
    """Terms in bytes, one after the other."""
    return array("I", map(number, terms)).tobytes()


def _has(terms: bytes, row: bytes) -> bool:
    place = terms.find(row)
    while place % _SIZE and place >= 0:
        place = terms.find(row, place + 1)
    return place >= 0


def _places(terms: bytes, row: bytes, end: int) -> list[int]:
    """Which of the first `end` terms `row` begins with."""
    found, last = [], end * _SIZE
    place = terms.find(row)
    while 0 <= place < last:
        if not place % _SIZE:
            found.append(place // _SIZE)
        place = terms.find(row, place + 1)
    return found
