"""`kb report` in one process: python bench/report.py

Both engines over the log of bench/maillog.py (5 % failures), in lines and bytes of it per second of processor time, against
ripgrep and GNU grep with the same patterns where they are installed (`apt-get install ripgrep`), which only count lines, on a part
of the log. For the first 500 entries of the catalogue, and for as many variants of them as make 5,000 and 20,000.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import re2
from catalogs import catalog
from maillog import log
from table import Row, best, show

from kb.match.store import Store
from kb.report.run import DEFAULT, FAST
from kb.report.scan import Gate, Scanner, clock_of, plain_gate
from kb.report.tally import Tally

SIZE = 32 << 20
BLOCK = 1 << 20
SOME = 4 << 20  # bytes for what is slow
ENTRIES = (500, 5_000, 20_000)


def rows() -> Iterator[Row]:
    """The rates of both engines and of their peers."""
    raw = b"".join(log(SIZE))
    with tempfile.TemporaryDirectory() as folder:
        for entries in ENTRIES:
            store = catalog(entries, Path(folder))
            store.preload()
            name = f"{entries:,} entries"
            # The peers look for all patterns of a catalogue, which takes minutes with more than ours.
            peers = dict(_peers(store, raw)) if entries == ENTRIES[0] else {}
            for tool, rate in peers.items():
                yield Row(f"{tool}, {name}", rate / 1e6, "MB/s")
            yield from _engines(store, raw, name, peers.get("ripgrep"))
            yield Row(f"memory at most, {name}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")


def _engines(store: Store, raw: bytes, name: str, peer: float | None) -> Iterator[Row]:
    for engine in (DEFAULT, FAST):
        gate: Gate = plain_gate()
        if engine == FAST:
            from kb.report.fast import FastGate

            gate = FastGate()
        # A judge of its own for each round: what it remembers belongs to the time that a report takes.
        taken = best(lambda g=gate: _scan(Scanner(store, g), raw))
        rate, lines = len(raw) / taken, raw.count(b"\n") / taken
        yield Row(
            f"kb report, {engine}, {name}", rate / 1e6, "MB/s", "ripgrep" if peer else "", rate / peer if peer else None
        )
        yield Row(f"kb report, {engine}, {name}", lines, "lines/s")
        taken = best(lambda g=gate: _pass(g, raw))
        yield Row(f"of that the gate, {engine}", len(raw) / taken / 1e6, "MB/s")


def _pass(gate: Gate, raw: bytes) -> int:
    return sum(1 for block in _blocks(raw) for _ in gate.lines(block))


def _blocks(raw: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(raw):
        end = raw.rfind(b"\n", place, place + BLOCK) + 1
        yield raw[place:end]
        place = end


def _scan(scanner: Scanner, raw: bytes) -> Tally:
    tally, clock = Tally(), clock_of(time.time())
    for block in _blocks(raw):
        scanner.scan(block, tally, clock)
    return tally


def _peers(store: Store, raw: bytes) -> Iterator[tuple[str, float]]:
    """Bytes per second of processor time of programs that look for the same patterns."""
    with tempfile.TemporaryDirectory() as folder:
        patterns, part = Path(folder) / "patterns", Path(folder) / "part.log"
        sources = [_rust(pattern.regex or re2.escape(pattern.literal)) for pattern, _ in store.patterns()]
        patterns.write_text("\n".join(sources) + "\n", encoding="utf-8")
        part.write_bytes(raw[:SOME])
        if shutil.which("rg"):
            command = [
                "rg",
                "-j1",
                "-c",
                "-i",
                "--dfa-size-limit",
                "1G",
                "--regex-size-limit",
                "1G",
                "-f",
                patterns,
                part,
            ]
            yield "ripgrep", SOME / _seconds(command)


def _rust(regex: str) -> str:
    """The expression without escapes that ripgrep does not know: RE2 allows them before every mark."""
    return re.sub(r"\\([^A-Za-z0-9.+*?()|\[\]{}^$\\-])", r"\1", regex)


def _seconds(command: list[object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    show(rows())
