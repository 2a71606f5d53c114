"""Whole blocks at once, with the extra `fast`: Hyperscan for what failed deliveries say, numpy for the lines between. The report
is the same as without.

The catalogue's patterns are not among what Hyperscan looks for: of a log's failures so few say something new (`quick`, `fold`)
that to find their patterns as a lookup does costs less than to load them compiled.
"""

from __future__ import annotations

from collections.abc import Iterator

import hyperscan
import numpy as np

from kb.match.store import Store
from kb.report.columns import line_ends, unsure
from kb.report.gate import FAILED
from kb.report.scan import PlainGate, Scanner


class FastGate:
    """The gate by columns; what it leaves goes through the plain one."""

    def __init__(self) -> None:
        self._plain = PlainGate()
        self._failed = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        sources = [source.encode() for source in FAILED]
        numbers, flags = list(range(len(sources))), [hyperscan.HS_FLAG_MULTILINE] * len(sources)
        self._failed.compile(expressions=sources, ids=numbers, elements=len(sources), flags=flags)

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each line worth a look."""
        ends = line_ends(np.frombuffer(block, dtype=np.uint8))
        if not block.endswith(b"\n"):
            ends = np.append(ends, len(block))
        starts = np.concatenate((np.zeros(1, dtype=ends.dtype), ends[:-1] + 1))
        places: list[int] = []
        self._failed.scan(block, match_event_handler=lambda _, __, to, ___, ____: places.append(to))
        failed = set(np.searchsorted(ends, np.array(places, dtype=np.int64) - 1).tolist())
        passes = self._plain.passes
        for number in sorted(failed.union(unsure(block, starts, ends).tolist())):
            start, end = int(starts[number]), int(ends[number])
            if number in failed or passes(block[start:end]):
                yield start, end


def fast_scanner(store: Store) -> Scanner:
    """A scanner that looks at whole blocks."""
    return Scanner(store, FastGate())
