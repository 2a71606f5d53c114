"""The words of the index as users type them: names found by any of their parts, completions, and the nearest spelling."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise

MAX_NAMES = 64
_MIN_LENGTH = 4
_LONG = 8
_PARTING = "\n"
_JOINTS = frozenset("_.-")


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
        found = {name for name, place in _containing(self._compound, part) if not place or name[place - 1] in _JOINTS}
        return sorted(found, key=lambda name: (not name.startswith(part), len(name), name))[:MAX_NAMES]

    def around(self, piece: str) -> list[str]:
        """The words that have `piece` in them, the most frequent first."""
        found = {word for word, _ in _containing(self._all, piece)}
        return sorted(found, key=lambda word: (-self._words.get(word, 1), word))[:MAX_NAMES]

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
        """The word that `word` was probably meant to be: one mistake away, two if it is long; best one of the same letters,
        then the most frequent.
        """
        if len(word) < _MIN_LENGTH or len(word) > 64:
            return None
        most = 2 if len(word) >= _LONG else 1
        best: tuple[int, bool, bool, int, str] | None = None
        letters = sorted(word)
        for candidate in self._similar(word, most):
            distance = edits(word, candidate, most)
            if distance <= most:
                other = sorted(candidate) != letters
                rank = (distance, other, candidate[0] != word[0], -self._words.get(candidate, 1), candidate)
                best = rank if best is None else min(best, rank)
        return best[4] if best else None

    def _similar(self, word: str, most: int) -> set[str]:
        """Words that may be at most `most` mistakes away: of so many pieces and one more, one is without mistake."""
        count = most + 1
        edges = [len(word) * number // count for number in range(count + 1)]
        found = set()
        for first, last in pairwise(edges):
            piece = ("" if first else _PARTING) + word[first:last] + ("" if last < len(word) else _PARTING)
            for candidate, place in _containing(self._all, piece):
                if abs(len(candidate) - len(word)) <= most and abs(place - first) <= most:
                    found.add(candidate)
        # Two letters swapped where two pieces meet.
        swapped = (word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in edges[1:-1])
        return found.union(one for one in swapped if one in self._words or one in self._shown)

    @cached_property
    def _compound(self) -> str:
        return _joined(word for word in (*self._words, *self._shown) if "_" in word or "." in word or "-" in word)

    @cached_property
    def _all(self) -> str:
        return _joined((*self._words, *self._shown))

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self._shown)

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self._words)


def _joined(words: Iterable[str]) -> str:
    """Words as one text, in which `_containing` finds what stands anywhere in any of them."""
    return _PARTING + _PARTING.join(words) + _PARTING


def _containing(joined: str, piece: str) -> Iterator[tuple[str, int]]:
    """The words that have `piece` in them and where; a line end in `piece` stands for an end of the word."""
    place = joined.find(piece)
    while place >= 0:
        begin = joined.rfind(_PARTING, 0, place + 1) + 1
        end = joined.find(_PARTING, max(place + len(piece) - 1, begin))
        yield joined[begin:end], max(place - begin, 0)
        place = joined.find(piece, place + 1)


def edits(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour; more than `most` if more."""
    one, other = _differing(one, other)
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
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


def _differing(one: str, other: str) -> tuple[str, str]:
    """Two words without what they have in common at the beginning and at the end."""
    least = min(len(one), len(other))
    first = 0
    while first < least and one[first] == other[first]:
        first += 1
    last = 0
    while last < least - first and one[-1 - last] == other[-1 - last]:
        last += 1
    return one[first : len(one) - last], other[first : len(other) - last]
