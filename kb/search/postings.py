"""What each term scores in each document, read from the index once and kept.

A dictionary per term, filled when the term is first asked for, answers the same query many times faster than reading does.
Scores are BM25 as Whoosh has it (K1 = 1.2, B = 0.75), with the exact lengths.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from math import log

from .storage import Reader

_K1 = 1.2
_B = 0.75
MAX_KEPT = 1_000_000
_NOTHING: Mapping[int, float] = {}


class Postings:
    """The posting lists of one field of an open index; threads may share it. Keeps at most `most` postings."""

    def __init__(self, reader: Reader, field: str, most: int = MAX_KEPT) -> None:
        """`reader` stays open as long as this is used."""
        self._reader = reader
        self._field = field
        self._most = most
        self._kept: OrderedDict[str, Mapping[int, float]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._documents = max(reader.count, 1)
        self._factors = self._length_factors()

    def frequency(self, term: str) -> int:
        """In how many documents a term stands."""
        kept = self._kept.get(term)
        return len(kept) if kept is not None else self._reader.frequency(self._field, term)

    def scores(self, term: str) -> Mapping[int, float]:
        """The documents that have a term, with its score in each. Not to be changed."""
        with self._lock:
            kept = self._kept.get(term)
            if kept is not None:
                self._kept.move_to_end(term)
                return kept
        read = self._read(term)
        with self._lock:
            if read and term not in self._kept:
                self._kept[term] = read
                self._size += len(read)
                while self._size > self._most and len(self._kept) > 1:
                    self._size -= len(self._kept.popitem(last=False)[1])
        return read

    def _read(self, term: str) -> Mapping[int, float]:
        documents, weights = self._reader.postings(self._field, term)
        if not documents:
            return _NOTHING
        factors, scale = self._factors, (_K1 + 1) * (log(self._documents / (len(documents) + 1)) + 1)
        return {
            document: scale * weight / (weight + factors[document])
            for document, weight in zip(documents, weights, strict=True)
        }

    def _length_factors(self) -> array[float]:
        """For each document what BM25 adds below the line for its length."""
        lengths: list[int] = self._reader.tables["lengths"][self._field]
        mean = sum(lengths) / self._documents or 1.0
        return array("d", (_K1 * (1 - _B + _B * length / mean) for length in lengths))
