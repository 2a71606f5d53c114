"""What each term scores in documents: posting lists, read from the index once and kept as they are there.

Scores are BM25 as Whoosh has it (K1 = 1.2, B = 0.75), with the exact lengths. A list is walked where it is short, and looked
up in where few documents are asked for.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache, partial
from math import log

from .codec import Postings
from .storage import Reader

_K1 = 1.2
_B = 0.75
MAX_KEPT = 4_000_000
# So many steps along a list cost what one look-up in it does.
_LOOK_UP = 8
_FREQUENCIES = 1 << 15


class Field:
    """The posting lists of one field of an open index; threads may share it. Keeps at most `most` postings, 6 bytes each."""

    def __init__(self, reader: Reader, name: str, most: int = MAX_KEPT) -> None:
        """`reader` stays open as long as this is used."""
        self._reader = reader
        self._name = name
        self._most = most
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._documents = max(reader.count, 1)
        self._frequency = lru_cache(maxsize=_FREQUENCIES)(partial(reader.frequency, name))
        self._factors = self._length_factors()

    def frequency(self, term: str) -> int:
        """In how many documents a term stands."""
        return self._frequency(term)

    def having(self, term: str, among: set[int] | None = None) -> set[int]:
        """The documents that have a term: all, or those `among` some."""
        if not self._frequency(term):
            return set()
        documents = self.postings(term).documents
        if among is None:
            return set(documents)
        if len(among) * _LOOK_UP > len(documents):
            return among.intersection(documents)
        return {one for one in among if _place(documents, one) is not None}

    def add(self, term: str, weight: float, total: dict[int, float], more: bool) -> None:
        """Add what `term` scores, times `weight`, to each document of `total`; with `more` to any that has it."""
        if not self._frequency(term):
            return
        documents, counts = self.postings(term)
        factors, scale = self._factors, weight * (_K1 + 1) * self._rarity(len(documents))
        if more:
            get = total.get
            for one, count in zip(documents, counts, strict=True):
                total[one] = get(one, 0.0) + scale * count / (count + factors[one])
        elif len(total) * _LOOK_UP > len(documents):
            for one, count in zip(documents, counts, strict=True):
                if one in total:
                    total[one] += scale * count / (count + factors[one])
        else:
            for one in total:
                place = _place(documents, one)
                if place is not None:
                    total[one] += scale * counts[place] / (counts[place] + factors[one])

    def postings(self, term: str) -> Postings:
        """The list of a term; empty if no document has it."""
        with self._lock:
            kept = self._kept.get(term)
            if kept is not None:
                self._kept.move_to_end(term)
                return kept
        read = self._reader.postings(self._name, term)
        with self._lock:
            if read.documents and term not in self._kept:
                self._kept[term] = read
                self._size += len(read.documents)
                while self._size > self._most and len(self._kept) > 1:
                    self._size -= len(self._kept.popitem(last=False)[1].documents)
        return read

    def rarity(self, term: str) -> float:
        """How much a term tells, being rare."""
        return self._rarity(self._frequency(term))

    def _rarity(self, frequency: int) -> float:
        return log(self._documents / (frequency + 1)) + 1

    def _length_factors(self) -> array[float]:
        """For each document what BM25 adds below the line for its length."""
        lengths: list[int] = self._reader.tables["lengths"][self._name]
        mean = sum(lengths) / self._documents or 1.0
        return array("d", (_K1 * (1 - _B + _B * length / mean) for length in lengths))


def _place(documents: array[int], one: int) -> int | None:
    place = bisect_left(documents, one)
    return place if place < len(documents) and documents[place] == one else None


def best(total: dict[int, float], most: int) -> list[tuple[int, float]]:
    """The `most` documents with the highest scores, the best first; of equal ones the first indexed."""
    if len(total) > 2 * most:
        least = sorted(total.values())[-most]
        items: Iterable[tuple[int, float]] = [one for one in total.items() if one[1] >= least]
    else:
        items = total.items()
    return sorted(items, key=lambda one: (-one[1], one[0]))[:most]
