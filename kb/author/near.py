"""Which entries say nearly what a text says: for somebody who is about to write another one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from kb.match.store import EntryKey, Store

LIMIT = 5
_LEAST = 0.3  # of what the words of the text weigh
_LEAST_WORDS = 2


class Near(NamedTuple):
    """An entry and how much of a text it knows, from 0 to 1."""

    entry: EntryKey
    covered: float


def near(store: Store, words: Collection[str]) -> list[Near]:
    """The entries that have most of these words, best first; none where the words in common are few, or are everybody's.

    A word weighs the more the fewer entries have it, one that no entry has weighs most. Of two entries that cover a text the
    one of fewer words is nearer: who has many examples has some word of every text.
    """
    known = store.words()
    wanted = {word for word in words if len(word) > 1 and not word.isdigit()}
    uses = Counter(word for own in known.values() for word in own if word in wanted)
    weights = {word: math.log((len(known) + 2) / (uses[word] + 1)) for word in wanted}
    whole = sum(weights.values())
    found = []
    for number, own in known.items():
        shared = wanted.intersection(own)
        covered = sum(weights[word] for word in shared) / whole if whole else 0.0
        if len(shared) >= _LEAST_WORDS and covered >= _LEAST:
            found.append((covered / math.log(len(own) + 10), -number, covered))
    found.sort(reverse=True)
    return [Near(store.entry(-number), covered) for _, number, covered in found[:LIMIT]]
