"""Whole blocks at once, with the extra `fast`: Hyperscan for what failed deliveries say and for the catalogue's patterns,
numpy for the lines between. The report is the same as without.

The compiled patterns are kept in the user's cache folder under the catalogue's version and Hyperscan's: a file that is not
exactly what was written there, or that somebody else could have written, is made again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import hyperscan
import numpy as np
import re2

from kb.data import cache_dir
from kb.match.pattern import BOUNDARY, is_word
from kb.match.store import Candidate, Store
from kb.report.columns import line_ends, unsure
from kb.report.gate import FAILED
from kb.report.scan import PlainGate, Scanner

_DIGEST = 32


class FastGate:
    """The gate by columns; what it leaves goes through the plain one."""

    def __init__(self) -> None:
        self._plain = PlainGate()
        self._failed = _compile([source.encode() for source in FAILED], [hyperscan.HS_FLAG_MULTILINE] * len(FAILED))

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


class Matcher:
    """All patterns of the catalogue that a normalised text contains."""

    def __init__(self, store: Store) -> None:
        self._patterns = store.patterns()
        self._database = _cached(store)

    def __call__(self, normalized: str) -> list[Candidate]:
        """The patterns that match, with their entries, in the catalogue's order."""
        found: set[int] = set()
        self._database.scan(normalized.encode(), match_event_handler=lambda id_, *_: found.add(id_))
        return [self._patterns[number] for number in sorted(found)]


def fast_scanner(store: Store) -> Scanner:
    """A scanner that counts with Hyperscan."""
    store.matcher = Matcher(store)
    return Scanner(store, FastGate())


def cache_file(catalogue: str) -> Path:
    """Where the compiled patterns of a version of the catalogue are kept."""
    return Path(cache_dir()) / "hyperscan" / f"{catalogue}-{version('hyperscan')}.hdb"


def _cached(store: Store) -> hyperscan.Database:
    """The compiled patterns, from the cache where they are there and whole."""
    path = cache_file(store.version)
    folder = path.parent
    if _is_ours(folder):
        try:
            raw = path.read_bytes()
            if hashlib.sha256(raw[_DIGEST:]).digest() == raw[:_DIGEST]:
                database = hyperscan.loadb(raw[_DIGEST:], hyperscan.HS_MODE_BLOCK)
                database.scratch = hyperscan.Scratch(database)
                return database
        except (OSError, hyperscan.error):
            pass  # not there yet, or written by another version
    database = _compile_patterns(store)
    _keep(folder, path, hyperscan.dumpb(database))
    return database


def _compile_patterns(store: Store) -> hyperscan.Database:
    expressions: list[bytes] = []
    flags: list[int] = []
    for pattern, _ in store.patterns():
        source = pattern.regex or _whole(pattern.literal)
        expressions.append(source.encode())
        flags.append(hyperscan.HS_FLAG_SINGLEMATCH | (0 if source.isascii() else hyperscan.HS_FLAG_UTF8))
    return _compile(expressions, flags)


def _whole(literal: str) -> str:
    """A literal with word boundaries at the edges that are words (`Pattern.find`)."""
    before, after = (BOUNDARY if is_word(literal[i]) else "" for i in (0, -1))
    return f"{before}{re2.escape(literal)}{after}"


def _compile(expressions: list[bytes], flags: list[int]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions), flags=flags)
    return database


def _is_ours(folder: Path) -> bool:
    """Whether the folder is there, ours, and nobody else may write into it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "geteuid"):
        return True
    return info.st_uid == os.geteuid() and not info.st_mode & 0o022 and not folder.is_symlink()


def _keep(folder: Path, path: Path, raw: bytes) -> None:
    """Put a compiled database into the cache, at once or not at all; without one it is only slower."""
    if not _is_ours(folder):
        return
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        temporary.touch(mode=0o600)
        temporary.write_bytes(hashlib.sha256(raw).digest() + raw)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
