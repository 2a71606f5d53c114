"""`kb report`, its engines and its peers: python bench/report.py [large]

Both engines over the log of bench/maillog.py (152 bytes a line, 5 % failures, a fifth of them unknown), in bytes and lines of it per
second of processor time: a log of 16 MiB, where judging each kind of failure for the first time weighs most, and a large one, read
from its file as `kb report` reads it (64 MiB; with `large` eight times that, 512 MiB). With the first 500 entries of the catalogue
and with all. Peers with the patterns of 500 entries, where they are installed (`apt-get install ripgrep`); they only count lines.
The time in which they compile the patterns is that for one line, and taken off from what their rate is made of.

At last two processes against two workers of a Dask cluster on this machine (extra `dask`), by the clock, both of them warm.
"""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import re2
from catalogs import catalog
from maillog import log
from table import Row, best, show

from kb.data import open_store
from kb.match.store import Store
from kb.report.run import DEFAULT, FAST, count, plan
from kb.report.scan import Gate, PlainGate, Scanner, clock_of
from kb.report.sources import read_lines
from kb.report.tally import Tally

SMALL, LARGE = 16 << 20, 64 << 20
MUCH, SOME = 4 << 20, 256 << 10  # what the peers read: some sets of patterns are more than ten times slower than others
TIMES = 8  # how often the large log is in itself, with `large`
GREP_TIMEOUT = 300


def rows() -> Iterator[Row]:
    """The rates of both engines and of their peers."""
    every = len(open_store().entries())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.log", folder / "large.log"
        raw = b"".join(log(LARGE))
        small.write_bytes(raw[: raw.index(b"\n", SMALL) + 1])
        large.write_bytes(raw * (TIMES if sys.argv[1:] == ["large"] else 1))
        peers = {}
        for entries in (500, every):
            store = catalog(entries, folder)
            store.preload()
            if entries == 500:
                peers = yield from _peers(store, raw, folder)
            for engine in (FAST, DEFAULT):
                yield from _engine(store, engine, (small, large), f"{entries} entries", peers.get("ripgrep"))
        yield Row("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
        yield from _cluster(large)


def _engine(store: Store, engine: str, paths: tuple[Path, Path], name: str, peer: float | None) -> Iterator[Row]:
    for path in paths:
        size, lines = path.stat().st_size, sum(1 for _ in path.open("rb"))
        # A scanner of its own for each round: what it compiles and remembers belongs to the time that a report takes.
        taken = best(lambda p=path: _scan(Scanner(store, _gate(engine)), p))
        what = f"kb report, {engine}, {name}, {size >> 20} MiB"
        rate = size / taken
        yield Row(what, rate / 1e6, "MB/s", "ripgrep" if peer else "", rate / peer if peer else None)
        yield Row(what, lines / taken, "lines/s")
    gate = _gate(engine)
    taken = best(lambda: sum(1 for _, block in _blocks(paths[0]) for _ in gate.lines(block)))
    yield Row(f"of that reading and the gate, {engine}", paths[0].stat().st_size / taken / 1e6, "MB/s")


def _gate(engine: str) -> Gate:
    if engine == DEFAULT:
        return PlainGate()
    from kb.report.fast import FastGate

    return FastGate()


def _blocks(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from read_lines(file, 0, None, lambda *_: None)


def _scan(scanner: Scanner, path: Path) -> Tally:
    tally, clock = Tally(), clock_of(time.time())
    for _, block in _blocks(path):
        scanner.scan(block, tally, clock)
    return tally


def _peers(store: Store, raw: bytes, folder: Path) -> Iterator[Row]:
    """Programs that look for the same patterns; returns the bytes that they read per second once they have compiled them."""
    patterns, parts = folder / "patterns", {}
    sources = [_rust(pattern.regex or re2.escape(pattern.literal)) for pattern, _ in store.patterns()]
    patterns.write_text("\n".join(sources) + "\n", encoding="utf-8")
    for size in (1, SOME, MUCH):
        parts[size] = folder / f"{size}.log"
        parts[size].write_bytes(raw[: raw.index(b"\n", size - 1) + 1])
    posix = folder / "posix"
    posix.write_text("\n".join(map(_posix, sources)) + "\n", encoding="utf-8")
    rates: dict[str, float] = {}
    limits = ["--dfa-size-limit", "1G", "--regex-size-limit", "1G"]
    for tool, command, size in (
        ("ripgrep", ["rg", "-j1", "-c", "-i", *limits, "-f", patterns], MUCH),
        ("GNU grep", ["grep", "-c", "-i", "-E", "-f", posix], SOME),
    ):
        if not shutil.which(command[0]):
            continue
        name = f"{tool}, {len(sources)} patterns of 500 entries"
        compiling = min(_seconds([*command, parts[1]]) for _ in range(2))
        yield Row(f"{name}, to compile them", compiling, "s")
        taken = min(_seconds([*command, parts[size]]) for _ in range(2))
        rates[tool] = parts[size].stat().st_size / max(taken - compiling, 1e-3)
        yield Row(f"{name}, the rest of {size >> 10} KiB", rates[tool] / 1e6, "MB/s")
    return rates


def _rust(regex: str) -> str:
    """The expression without escapes that ripgrep does not know: RE2 allows them before every mark."""
    return re.sub(r"\\([^A-Za-z0-9.+*?()|\[\]{}^$\\-])", r"\1", regex)


def _posix(regex: str) -> str:
    """The expression as `grep -E` reads it: no groups without a number, and in brackets a backslash is a character like any other."""
    return re.sub(r"\\.|\(\?:|\[(\^?)((?:\\.|[^\\\]])+)\]", _posix_part, regex)


def _posix_part(part: re.Match[str]) -> str:
    if part[0] == "(?:":
        return "("
    if part[2] is None:
        return part[0]
    closing, opening = ("]" if "]" in part[2] else ""), ("[" if "[" in part[2] else "")
    others = re.sub(r"\\?[\[\]]|\\n", "", part[2]).replace(r"\s", "[:space:]")
    marks = closing + re.sub(r"\\(.)", r"\1", others) + opening
    return f"[{part[1]}{marks}]" if marks else "."


def _seconds(command: list[object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # 1: there was no such line.
    result = subprocess.run(
        [str(word) for word in command], stdout=subprocess.DEVNULL, timeout=GREP_TIMEOUT, check=False
    )
    if result.returncode > 1:
        raise RuntimeError(f"{command[0]} failed with {result.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cluster(path: Path) -> Iterator[Row]:
    """Bytes per second by the clock of two processes, and of two workers of a cluster: the median of rounds one after the other."""
    from concurrent.futures import ProcessPoolExecutor

    from distributed import Client, LocalCluster

    parts, _ = plan([str(path)], 2, open_store().version, FAST)
    with (
        ProcessPoolExecutor(2) as pool,
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):

        def processes() -> Tally:
            return _sum(pool.map(count, parts))

        def workers() -> Tally:
            return _sum(client.gather(client.map(count, parts, pure=False)))

        assert processes().as_json() == workers().as_json()
        taken = [(_clock(processes), _clock(workers)) for _ in range(5)]
    size = path.stat().st_size / 1e6
    yield Row("two processes, by the clock", size / statistics.median(first for first, _ in taken), "MB/s")
    ratio = statistics.median(first / second for first, second in taken)
    yield Row(
        "two workers of Dask, by the clock",
        size / statistics.median(second for _, second in taken),
        "MB/s",
        "two processes",
        ratio,
    )


def _sum(tallies: object) -> Tally:
    total = Tally()
    for tally in tallies:  # type: ignore[attr-defined]
        total.add(Tally.from_json(tally))
    return total


def _clock(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    show(rows())
