"""From files to one tally: which parts there are, who reads them, and adding up. The same function runs here, in a pool and
on a cluster; every part gives a tally as JSON, and their sum does not depend on how the files were divided.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kb.data import open_store
from kb.report.journal import EXPORT, read_export
from kb.report.scan import Scanner, clock_of, plain_gate
from kb.report.sources import PLAIN, STREAM, UnusableError, broken, open_source, read_lines, unpack
from kb.report.tally import Tally

SMALLEST_PART = 8 << 20
LARGEST_PART = 64 << 20
AUTO, FAST, DEFAULT = "auto", "fast", "default"

Progress = Callable[[int], None]  # told the bytes of files that were read


class Part(NamedTuple):
    """A range of a file, or all of one that cannot be divided. `number` of the file; `latest` is when it was last changed."""

    path: str
    number: int
    kind: str
    start: int
    end: int | None
    latest: float
    version: str
    engine: str


def plan(paths: Sequence[str], jobs: int, version: str, engine: str) -> tuple[list[Part], Tally]:
    """The parts to read, in order, and a tally with what is wrong with files that give none."""
    parts: list[Part] = []
    wrong = Tally()
    for number, path in enumerate(paths):
        try:
            parts += _parts(path, number, jobs, version, engine)
        except UnusableError as error:
            wrong.problems.append([number, 0, f"skipped: {error}"])
        except OSError as error:
            wrong.problems.append([number, 0, f"cannot be read: {error.strerror or error}"])
    return parts, wrong


def _parts(path: str, number: int, jobs: int, version: str, engine: str) -> Iterator[Part]:
    if path == "-":
        yield Part(path, number, STREAM, 0, None, time.time(), version, engine)
        return
    file, packing = open_source(path)
    with closing(file):
        exported = not packing and file.read(64).startswith(EXPORT)
        info = os.fstat(file.fileno())
    if packing or exported or not info.st_size:
        yield Part(path, number, STREAM, 0, info.st_size, info.st_mtime, version, engine)
        return
    size = min(max(info.st_size // max(jobs, 1) + 1, SMALLEST_PART), LARGEST_PART) if jobs > 1 else info.st_size
    for start in range(0, info.st_size, size):
        end = start + size if start + size < info.st_size else None
        yield Part(path, number, PLAIN, start, end, info.st_mtime, version, engine)


def count(part: Part) -> dict[str, Any]:
    """The tally of one part, as JSON: the function that a pool or a cluster runs.

    Raises ValueError where this machine has another catalogue than the part was planned with.
    """
    return count_here(part, lambda _: None).as_json()


def count_here(part: Part, progress: Progress) -> Tally:
    """The tally of one part."""
    scanner = _scanner(part.version, part.engine)
    tally = Tally(part.number, part.start)
    clock = clock_of(part.latest)

    def problem(place: int, text: str) -> None:
        tally.problems.append([part.number, place, text])

    try:
        file, packing = open_source(part.path)
        with closing(file), closing(unpack(file, packing)) as content:
            before = part.start
            for place, block in _blocks(content, part, problem):
                scanner.scan(block, tally, clock)
                if part.path != "-":
                    now = file.tell() if packing else place + len(block)
                    progress(max(now - before, 0))
                    before = max(now, before)
    except UnusableError as error:
        problem(part.start, f"skipped: {error}")
    except broken() as error:
        problem(part.start, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    return tally


def _blocks(content: Any, part: Part, problem: Callable[[int, str], None]) -> Iterator[tuple[int, bytes]]:
    if part.kind == STREAM and hasattr(content, "peek") and content.peek(32)[:32].startswith(EXPORT):
        place = 0
        try:
            for block in read_export(content):
                yield place, block
                place += len(block)
        except broken() as error:
            problem(place, f"damaged or cut off: {error or type(error).__name__}")
        return
    yield from read_lines(content, part.start, None if part.kind == STREAM else part.end, problem)


@lru_cache(maxsize=2)
def _scanner(version: str, engine: str) -> Scanner:
    """What one process needs to count, made once: the catalogue in memory and the engine."""
    store = open_store()
    if store.version != version:
        raise ValueError(f"the catalogue here is {store.version}, the report was started with {version}")
    store.preload()
    gc.freeze()  # the catalogue stays: no search for garbage has to go through it again
    if engine == FAST:
        from kb.report.fast import fast_scanner

        return fast_scanner(store)
    return Scanner(store, plain_gate())


def add_up(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def run_here(parts: Sequence[Part], progress: Progress) -> Tally:
    """Count all parts in this process."""
    return add_up(count_here(part, progress) for part in parts)


def run_pool(parts: Sequence[Part], jobs: int, progress: Progress) -> Tally:
    """Count all parts in `jobs` processes. Raises BrokenProcessPool when one of them was killed."""
    from concurrent.futures import ProcessPoolExecutor, as_completed

    total = Tally()
    if parts:
        _scanner(parts[0].version, parts[0].engine)  # a forked process has it already
    here = [part for part in parts if part.path == "-"]
    with ProcessPoolExecutor(jobs) as pool:
        futures = {pool.submit(count, part): part for part in parts if part.path != "-"}
        for part in here:
            total.add(count_here(part, progress))
        for future in as_completed(futures):
            total.add(Tally.from_json(future.result()))
            progress(size(futures[future]))
    return total


def size(part: Part) -> int:
    """The bytes of a part, as its file has them."""
    end = part.end if part.end is not None else Path(part.path).stat().st_size
    return end - part.start
