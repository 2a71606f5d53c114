"""Counts per hour as a row without gaps, for plots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

_BARS = "▁▂▃▄▅▆▇█"
MAX_HOURS = 24 * 92
WIDTH = 48


def row(hours: Mapping[str, int], first: str | None, last: str | None) -> list[tuple[str, int]]:
    """(hour, count) for every hour from `first` to `last`; only those that have one where that would be too many."""
    if not first or not last:
        return sorted(hours.items())
    begin, end = datetime.fromisoformat(first[:13] + ":00"), datetime.fromisoformat(last[:13] + ":00")
    length = int((end - begin) / timedelta(hours=1)) + 1
    if length > MAX_HOURS:
        return sorted(hours.items())
    names = ((begin + timedelta(hours=i)).isoformat()[:13] for i in range(length))
    return [(name, hours.get(name, 0)) for name in names]


def sparkline(counts: list[int]) -> str:
    """Counts as a line of bars, at most WIDTH of them; a bar may stand for several hours, a dot for none."""
    size = -(-len(counts) // WIDTH) or 1
    sums = [sum(counts[i : i + size]) for i in range(0, len(counts), size)]
    highest = max(sums, default=0)
    return "".join(_BARS[(count * 8 - 1) // highest] if count else "·" for count in sums)
