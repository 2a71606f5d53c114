"""`kb report` in one process: python bench/report.py

Both engines over the log of bench/maillog.py (5 % failures), in lines and bytes of it per second of processor time, against
ripgrep and GNU grep with the same patterns where they are installed (`apt-get install ripgrep`), which only count lines, on a part
of the log. Also how long the patterns take to compile, and to load once they are in the cache. First for 500 entries, then for all.
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
from maillog import log
from table import Row, best, show

from kb.data import open_store
from kb.match.store import Store
from kb.report.run import DEFAULT, FAST
from kb.report.scan import Gate, Scanner, clock_of, plain_gate
from kb.report.tally import Tally

SIZE = 64 << 20
BLOCK = 1 << 20
SOME = 4 << 20  # bytes for what is slow
ENTRIES = (500, None)


def rows() -> Iterator[Row]:
    """The rates of both engines and of their peers."""
    raw = b"".join(log(SIZE))
    for entries in ENTRIES:
        store = _store(entries)
        name = f"{entries or len(store.entries())} entries"
        peers = dict(_peers(store, raw))
        for tool, rate in peers.items():
            yield Row(f"{tool}, {name}", rate / 1e6, "MB/s")
        for engine in (DEFAULT, FAST):
            scanner = yield from _scanner(store, engine, name)
            taken = best(lambda s=scanner: _scan(s, raw))
            rate, lines = len(raw) / taken, raw.count(b"\n") / taken
            ratio = rate / peers["ripgrep"] if "ripgrep" in peers else None
            yield Row(f"kb report, {engine}, {name}", rate / 1e6, "MB/s", "ripgrep" if ratio else "", ratio)
            yield Row(f"kb report, {engine}, {name}", lines, "lines/s")
        yield Row(f"memory at most, {name}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")


def _store(entries: int | None) -> Store:
    """The catalogue, or its first entries in the order of their ids."""
    store = open_store()
    store.preload()
    if entries is not None:
        anchored = store._by_anchor or {}
        store._by_anchor = {
            word: kept
            for word, found in anchored.items()
            if (kept := [known for known in found if known[1].number < entries])
        }
        store.version += f"-{entries}"
    return store


def _scanner(store: Store, engine: str, name: str) -> Iterator[Row]:
    gate: Gate = plain_gate()
    store.matcher = None
    if engine == FAST:
        from kb.report.fast import FastGate, Matcher

        started = time.process_time()
        Matcher(store)
        yield Row(f"Hyperscan, from scratch or cache, {name}", time.process_time() - started, "s")
        started = time.process_time()
        store.matcher = Matcher(store)
        yield Row(f"Hyperscan, from cache, {name}", (time.process_time() - started) * 1000, "ms")
        gate = FastGate()
    return Scanner(store, gate)


def _scan(scanner: Scanner, raw: bytes) -> Tally:
    tally, clock, place = Tally(), clock_of(time.time()), 0
    while place < len(raw):
        end = raw.rfind(b"\n", place, place + BLOCK) + 1
        scanner.scan(raw[place:end], tally, clock)
        place = end
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
