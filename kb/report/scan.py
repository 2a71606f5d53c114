"""The map: a block of whole lines into a tally. Pure but for what it remembers to be fast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import re2

from kb.match.store import Store
from kb.report.gate import gate
from kb.report.journal import unwrap
from kb.report.judge import UNRECOGNISED, Judge
from kb.report.quick import Quick
from kb.report.tally import Tally
from kb.report.times import Clock

MAX_LINE = 64 * 1024  # bytes of a line that are looked at


class Gate(Protocol):
    """Finds the lines of a block that are worth a look."""

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each such line, without its line feed, in order."""

    def passes(self, line: bytes) -> bool:
        """Whether one line is worth a look."""


class PlainGate:
    """The gate with RE2, over the whole block."""

    def __init__(self) -> None:
        self._gate = _compiled()

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each line worth a look."""
        if not block.endswith(b"\n"):
            block += b"\n"
        end = -1
        for match in self._gate.finditer(block):
            place = match.end() - 1  # in the line, or its line feed
            if place <= end:
                continue
            start, end = block.rfind(b"\n", 0, place) + 1, block.find(b"\n", place)
            if start < end:
                yield start, end

    def passes(self, line: bytes) -> bool:
        """Whether one line is worth a look."""
        return line != b"" and self._gate.search(line + b"\n") is not None


def plain_gate() -> PlainGate:
    """The gate without any extra."""
    return PlainGate()


@lru_cache(maxsize=1)
def _compiled() -> re2._Regexp:
    options = re2.Options()
    options.max_mem = 64 << 20
    options.encoding = re2.Options.Encoding.LATIN1  # any byte, whatever the encoding of the log
    return re2.compile(f"(?m){gate()}".encode(), options)


class Scanner:
    """Counts the failures in blocks of whole lines of one file."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._judge = Judge(store)
        self._quick = Quick(self._judge)
        self._gate = gate

    def scan(self, block: bytes, tally: Tally, clock: Clock) -> None:
        """Add the failures of a block to a tally."""
        read, time, groups = self._quick.read, clock.read, tally.groups
        for start, end in self._gate.lines(block):
            line = block[start : min(end, start + MAX_LINE)]
            if line.startswith(b"{"):  # which the gate lets through
                line = unwrap(block[start:end])[:MAX_LINE]
                if not self._gate.passes(line):
                    continue
            failure = read(line)
            if failure is None:
                continue
            key, peer, domain = failure
            found = groups.get(key)
            if found is None:
                found = tally.group(key)
                if key.startswith(UNRECOGNISED):
                    sample = self._judge.sample(line.decode("utf-8", "replace"))
                    found.sample = (*tally.place, tally.bytes + start, sample)
            found.see(time(line), peer, domain)
        tally.lines += block.count(b"\n") + (not block.endswith(b"\n") and block != b"")
        tally.bytes += len(block)


def clock_of(latest: float) -> Clock:
    """A clock for a file that was last changed at `latest`, seconds since the epoch."""
    return Clock(datetime.fromtimestamp(latest))
