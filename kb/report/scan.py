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
from kb.report.judge import Judge
from kb.report.quick import Quick
from kb.report.tally import Tally
from kb.report.times import Clock

HEAD = 512  # bytes at the beginning of a line in which its time stands
MAX_LINE = 64 * 1024  # bytes of a line that are looked at


class Gate(Protocol):
    """Finds the lines of a block that are worth a look."""

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each such line, without its line feed, in order."""


class PlainGate:
    """The gate with RE2, over the whole block."""

    def __init__(self) -> None:
        self._gate = _compiled()

    def lines(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each line worth a look."""
        end = -1
        for match in self._gate.finditer(block):
            # The match ends behind a character of the line, or at its end.
            place = match.end()
            if place <= end:
                continue
            at = match.start() if place > match.start() else place
            start = block.rfind(b"\n", 0, at) + 1
            end = block.find(b"\n", at)
            end = len(block) if end < 0 else end
            yield start, end

    def passes(self, line: bytes) -> bool:
        """Whether one line is worth a look."""
        return self._gate.search(line) is not None


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
        self._quick = Quick(Judge(store))
        self._gate = gate

    def scan(self, block: bytes, tally: Tally, clock: Clock) -> None:
        """Add the failures of a block to a tally."""
        read, time, group = self._quick.read, clock.read, tally.group
        tally.lines += block.count(b"\n") + (not block.endswith(b"\n") and block != b"")
        tally.bytes += len(block)
        block = unwrap(block)
        for start, end in self._gate.lines(block):
            line = block[start : min(end, start + MAX_LINE)]
            failure = read(line)
            if failure is None:
                continue
            key, sample, peer, domain = failure
            found = group(key)
            found.see(time(line[:HEAD].decode("utf-8", "replace")), peer, domain)
            if sample is not None and (found.sample is None or sample < found.sample):
                found.sample = sample


def clock_of(latest: float) -> Clock:
    """A clock for a file that was last changed at `latest`, seconds since the epoch."""
    return Clock(datetime.fromtimestamp(latest))
