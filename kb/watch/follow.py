"""Lines of a file that grows, is rotated away or cut, as `tail -F` has them, and of standard input; bytes, one by one.

`None` between lines means that nothing came for a while, so that whoever reads can look at the clock.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from io import FileIO
from typing import BinaryIO

MAX_LINE = 64 * 1024
POLL_SECONDS = 0.5
_CHUNK = 256 * 1024


class Lines:
    """Puts chunks together to lines; of a line longer than MAX_LINE only the beginning is kept."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that are complete with this chunk, without their line break."""
        *complete, rest = (self._rest + chunk).split(b"\n")
        if complete and self._skipping:
            del complete[0]  # The end of a line whose beginning was given already.
            self._skipping = False
        if self._skipping:
            rest = b""
        elif len(rest) > MAX_LINE:
            complete.append(rest)
            rest, self._skipping = b"", True
        self._rest = rest
        return [line[:MAX_LINE] for line in complete]

    def end(self) -> list[bytes]:
        """What is left when nothing more will come: a last line without its line break."""
        rest, self._rest, self._skipping = self._rest, b"", False
        return [rest] if rest else []


def read_all(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines of something that ends: a file, or standard input that is one."""
    lines = Lines()
    while chunk := source.read(_CHUNK):
        yield from lines.feed(chunk)
    yield from lines.end()


def read_pipe(descriptor: int) -> Iterator[bytes | None]:
    """The lines of a pipe as they come, to its end."""
    lines = Lines()
    while True:
        if sys.platform != "win32" and not select.select([descriptor], [], [], POLL_SECONDS)[0]:
            yield None
            continue
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            break
        yield from lines.feed(chunk)
    yield from lines.end()


def follow(path: str, from_start: bool, sleep: Callable[[float], None] = time.sleep) -> Iterator[bytes | None]:
    """The lines of a file for ever: new ones, those of its successor when it is rotated, all again when it is cut.

    Begins at its end unless `from_start`. A file that vanishes is waited for. Raises OSError when it is not there at first.
    """
    lines = Lines()
    file = open(path, "rb", buffering=0)  # noqa: SIM115, PTH123 - closed when its successor is opened
    try:
        if not from_start:
            file.seek(0, os.SEEK_END)
        while True:
            came = False
            while chunk := file.read(_CHUNK):
                came = True
                yield from lines.feed(chunk)
            successor = _successor(file, path)
            if successor is not None:
                # What was written between the last look and the exchange is in the old file still.
                while chunk := file.read(_CHUNK):
                    yield from lines.feed(chunk)
                yield from lines.end()
                file.close()
                file = successor
            elif os.fstat(file.fileno()).st_size < file.tell():
                file.seek(0)
                lines = Lines()
            elif not came:
                yield None
                sleep(POLL_SECONDS)
    finally:
        file.close()


def _successor(file: FileIO, path: str) -> FileIO | None:
    """The file that has the name now, opened, if it is another than `file`; None while there is none."""
    try:
        now, before = os.stat(path), os.fstat(file.fileno())  # noqa: PTH116
        if (now.st_dev, now.st_ino) == (before.st_dev, before.st_ino):
            return None
        return open(path, "rb", buffering=0)  # noqa: PTH123
    except OSError:
        return None
