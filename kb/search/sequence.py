"""The terms of a document in order: where each stands, and which of them stand together.

Each term is four bytes, its CRC-32, so that looking for one, or for several in a row, is a search in bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from .reading import Reading

_SIZE = 4
_GAP = bytes(_SIZE)


class Sequence(NamedTuple):
    """The terms of a text, then those of other texts of the document; of the first also where each starts and how long it is."""

    terms: bytes
    starts: array[int]
    lengths: array[int]

    @classmethod
    def of(cls, text: Reading, *others: Reading) -> Sequence:
        """That of what was read."""
        terms = _GAP.join(packed(one.terms) for one in (text, *others))
        return cls(terms, array("I", text.starts), array("H", text.lengths))

    def spans(self, term: str) -> Iterator[tuple[int, int]]:
        """Where a term stands in the text, as start and end."""
        for number in _numbers(self.terms, packed((term,)), len(self.starts)):
            start = self.starts[number]
            yield start, start + self.lengths[number]


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


def gathered(known: Sequence, wanted: list[bytes], width: int) -> int:
    """How many different ones of the terms `wanted`, packed one by one, stand within `width` characters of the text."""
    starts, count = known.starts, len(known.starts)
    found = sorted(
        (starts[number], one) for one, term in enumerate(wanted) for number in _numbers(known.terms, term, count)
    )
    inside = [0] * len(wanted)
    left = different = most = 0
    for start, one in found:
        inside[one] += 1
        different += inside[one] == 1
        while found[left][0] < start - width:
            gone = found[left][1]
            inside[gone] -= 1
            different -= not inside[gone]
            left += 1
        most = max(most, different)
    return most


def packed(terms: Iterable[str]) -> bytes:
    """Terms in bytes, one after the other."""
    return array("I", [crc32(term.encode("utf-8", "surrogatepass")) for term in terms]).tobytes()


def _has(terms: bytes, row: bytes) -> bool:
    place = terms.find(row)
    while place % _SIZE and place >= 0:
        place = terms.find(row, place + 1)
    return place >= 0


def _numbers(terms: bytes, row: bytes, end: int) -> list[int]:
    """The numbers below `end` of the terms with which `row` begins."""
    found, last = [], end * _SIZE
    place = terms.find(row)
    while 0 <= place < last:
        if not place % _SIZE:
            found.append(place // _SIZE)
        place = terms.find(row, place + 1)
    return found
