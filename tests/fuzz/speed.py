"""How long an input may take, and how long the slowest took."""

from __future__ import annotations

import time
from collections.abc import Callable

# Processor time that an input may take: 50 ms for every 10 kB or part of it, the least of ten runs, since beside other work a
# processor may run at a third of its pace. Byte code that counts its
# branches for the fuzzer runs some three times as long.
SLOW = 0.05
TEN_KB = 10_000
INSTRUMENTED = 3.0
# Markdown is rendered when the content is built, of texts whose size is limited (kb/articles/rules.py), not of a request. A diagnosis
# searches for cures, which takes its time however little was pasted; its own target asks for two. Redaction is tried on a text three
# times.
SLOW_OF = {"redaction": 0.15, "markdown": 0.5, "configuration": 0.25, "diagnosis": 0.5, "asks for a diagnosis": 0.25}

_RUNS = 10
Work = Callable[[bytes], None]


class SlowInputError(Exception):
    """An input that takes too long."""


def seconds(work: Work, data: bytes) -> float:
    """Processor time of one run."""
    started = time.process_time()
    work(data)
    return time.process_time() - started


def check_speed(name: str, work: Work, data: bytes, first: float, slack: float = INSTRUMENTED) -> None:
    """Raises SlowInputError if the input that took `first` seconds is too slow whenever it runs."""
    asks = name == "http" and b"/diagnose" in data.partition(b"\n")[0]
    allowed = slack * SLOW_OF.get("asks for a diagnosis" if asks else name, SLOW) * _parts(data)
    taken, runs = first, 1
    while taken > allowed:
        taken, runs = min(taken, seconds(work, data)), runs + 1
        if runs == _RUNS and taken > allowed:
            raise SlowInputError(f"{taken * 1000:.0f} ms for {len(data)} bytes")


class Slowest:
    """The input that took longest for every 10 kB or part of it: `each` seconds."""

    def __init__(self) -> None:
        self.each = 0.0
        self.data = b""

    def see(self, work: Work, data: bytes, first: float) -> None:
        """Take note of an input that took `first` seconds, if it takes longer than any before whenever it runs."""
        parts = _parts(data)
        if first > self.each * parts:
            taken = _least(work, data, first)
            if taken > self.each * parts:
                self.each, self.data = taken / parts, data


def _parts(data: bytes) -> int:
    return -(-max(len(data), 1) // TEN_KB)


def _least(work: Work, data: bytes, first: float) -> float:
    return min(first, *(seconds(work, data) for _ in range(2)))
