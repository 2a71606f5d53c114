"""The words of the index as users type them: names found by any of their parts, completions, and the nearest spelling."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

MAX_NAMES = 64
_MIN_LENGTH = 4
_LONG = 8
_CANDIDATES = 60
_PART = re.compile(r"[^_.-]+")


class Vocabulary:
    """Words with the number of documents that have them, and names (settings, codes) as they are written."""

    def __init__(self, words: Mapping[str, int], names: Iterable[str]) -> None:
        """`words` are folded."""
        self._words = words
        shown: dict[str, str] = {}
        for name in names:
            shown.setdefault(name.lower(), name)
        self._shown = shown

    def names(self, part: str) -> list[str]:
        """The compound words that begin with `part`, or of which a later part begins with it; the shortest first."""
        begin = bisect_left(self._suffixes, (part,))
        found = set()
        for suffix, name in self._suffixes[begin : begin + 4 * MAX_NAMES]:
            if not suffix.startswith(part):
                break
            found.add(name)
        return sorted(found, key=lambda name: (not name.startswith(part), len(name), name))[:MAX_NAMES]

    def complete(self, text: str, limit: int) -> list[str]:
        """Settings and codes, as they are written, that `text` may be the beginning or a part of."""
        part = text.strip().lower()
        if not part:
            return []
        begin = bisect_left(self._sorted_names, part)
        straight = []
        for name in self._sorted_names[begin : begin + limit]:
            if not name.startswith(part):
                break
            straight.append(name)
        inside = [name for name in self.names(part) if name in self._shown]
        return [self._shown[name] for name in dict.fromkeys((*straight, *inside))][:limit]

    def beginning_with(self, text: str) -> list[str]:
        """The words that begin with `text`, the most frequent first."""
        begin = bisect_left(self._sorted_words, text)
        found = []
        for word in self._sorted_words[begin : begin + 4 * MAX_NAMES]:
            if not word.startswith(text):
                break
            found.append(word)
        return sorted(found, key=lambda word: (-self._words[word], word))[:MAX_NAMES]

    def nearest(self, word: str) -> str | None:
        """The word that `word` was probably meant to be: one mistake away, two if it is long; the most frequent."""
        if len(word) < _MIN_LENGTH or len(word) > 64:
            return None
        most = 2 if len(word) >= _LONG else 1
        best: tuple[int, bool, int, str] | None = None
        for candidate in self._similar(word):
            distance = edits(word, candidate, most)
            if distance <= most:
                rank = (distance, candidate[0] != word[0], -self._words.get(candidate, 1), candidate)
                best = rank if best is None else min(best, rank)
        return best[3] if best else None

    def _similar(self, word: str) -> list[str]:
        shared: Counter[int] = Counter()
        for pair in _pairs(word):
            shared.update(self._by_pair.get(pair, ()))
        most = 2 if len(word) >= _LONG else 1
        fitting = (
            (count, number) for number, count in shared.items() if abs(len(self._spelled[number]) - len(word)) <= most
        )
        return [self._spelled[number] for _, number in sorted(fitting, reverse=True)[:_CANDIDATES]]

    @cached_property
    def _suffixes(self) -> list[tuple[str, str]]:
        compound = {word for word in (*self._words, *self._shown) if _PART.fullmatch(word) is None}
        return sorted((name[part.start() :], name) for name in compound for part in _PART.finditer(name))

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self._shown)

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self._words)

    @cached_property
    def _spelled(self) -> list[str]:
        return sorted({word for word in (*self._words, *self._shown) if len(word) >= _MIN_LENGTH - 1})

    @cached_property
    def _by_pair(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for number, word in enumerate(self._spelled):
            for pair in _pairs(word):
                index.setdefault(pair, []).append(number)
        return index


def edits(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour; more than `most` if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            current.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return last[-1]


def _pairs(word: str) -> Collection[str]:
    edged = f"^{word}$"
    return {edged[place : place + 2] for place in range(len(edged) - 1)}
