"""The gate with Hyperscan, for the extra `fast`. The report is the same as without.

The catalogue's patterns are not among what it looks for: of a log's failures so few say something new (`quick`, `fold`) that
to find their patterns as a lookup does costs less than to load them compiled.
"""

from __future__ import annotations

from collections.abc import Iterator

import hyperscan

from kb.match.store import Store
from kb.report.gate import FAILED, often
from kb.report.scan import PlainGate, Scanner

_UNSURE = len(FAILED)
_FEW = 500  # bytes of a log for each line that is looked at, at least, for it to be worth to look at it alone


class FastGate(PlainGate):
    """Hyperscan passes over the most frequent lines; those that it leaves go through the plain gate."""

    def __init__(self) -> None:
        super().__init__()
        self._databases: dict[bool, hyperscan.Database] = {}

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each line worth a look."""
        if not block.endswith(b"\n"):
            block += b"\n"
        places: list[tuple[int, int]] = []
        found = places.append
        self._database(block[:1].isdigit()).scan(
            block, match_event_handler=lambda number, _, end, __, ___: found((end - 1, number))
        )
        if len(places) * _FEW > len(block):  # of Exim, or of programs that are not known
            yield from super().lines(block)
            return
        failed: dict[int, bool] = {}  # by the end of a line, whether it says itself that it tells of a failure
        for place, number in sorted(places):
            end = block.find(b"\n", place)
            failed[end] = number != _UNSURE or failed.get(end, False)
        for end, sure in failed.items():
            start = block.rfind(b"\n", 0, end) + 1
            if sure or self.passes(block[start:end]):
                yield start, end

    def _database(self, iso: bool) -> hyperscan.Database:
        """What Hyperscan looks for in a log with this form of time."""
        if iso not in self._databases:
            sources = [source.encode() for source in (*FAILED, often(iso))]
            numbers, flags = list(range(len(sources))), [hyperscan.HS_FLAG_MULTILINE] * len(sources)
            database = self._databases[iso] = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            database.compile(expressions=sources, ids=numbers, elements=len(sources), flags=flags)
        return self._databases[iso]


def fast_scanner(store: Store) -> Scanner:
    """A scanner that looks at whole blocks."""
    return Scanner(store, FastGate())
