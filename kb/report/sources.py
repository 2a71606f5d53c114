"""Files in, blocks of whole lines out. What a file is, its first bytes say; what is wrong with it is reported, not raised.

gzip, bzip2, xz and zstd are unpacked as they are read; `journalctl -o json` and `-o export` become lines of syslog. A line
longer than MAX_LINE is cut there, wherever the blocks end, so that the result does not depend on how a file is divided.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

BLOCK = 1 << 19
MAX_LINE = 1 << 20
PLAIN, STREAM = "plain", "stream"

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_REFUSED = (
    (b"LPKSHHRH", "a journal in its own format; give the output of `journalctl -o json` instead"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"SQLite format 3", "a database, not a log"),
    (b"\xff\xfe", "text in UTF-16; convert it to UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16; convert it to UTF-8 first"),
)

_HEAD = 4096
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1b")


class UnusableError(ValueError):
    """A file that is no log; the text says what it is."""


def open_source(path: str) -> tuple[BinaryIO, str]:
    """A file opened at its beginning, and its packing or "" for none. Raises OSError, or UnusableError when it is no log."""
    file = _open(path)
    head = file.peek(_HEAD)[:_HEAD] if hasattr(file, "peek") else b""
    for magic, what in _REFUSED:
        if head.startswith(magic):
            file.close()
            raise UnusableError(what)
    for magic, packing in _MAGIC:
        if head.startswith(magic):
            return file, packing
    if len(head.translate(None, _CONTROLS)) < 0.95 * len(head):
        file.close()
        raise UnusableError("binary data, not a log")
    return file, ""


def _open(path: str) -> Any:
    if path == "-":
        given = sys.stdin.buffer
        return given if hasattr(given, "peek") else io.BufferedReader(cast("io.RawIOBase", given))
    found = Path(path)
    if found.is_dir():
        raise IsADirectoryError(21, "is a folder; name the files in it", path)
    return found.open("rb")


def unpack(file: BinaryIO, packing: str) -> IO[bytes]:
    """The unpacked content. Raises ImportError when zstd needs a library that is not there."""
    if packing == "gzip":
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if packing == "bzip2":
        import bz2

        return bz2.BZ2File(file)
    if packing == "xz":
        import lzma

        return lzma.LZMAFile(file)
    if packing == "zstd":
        return _zstd(file)
    return file


def _zstd(file: BinaryIO) -> IO[bytes]:
    try:
        from kb.report.zstd import Reader
    except ImportError as error:
        raise UnusableError("zstd, for which the extra `fast` is needed: pip install 'smtp-kb[fast]'") from error
    return io.BufferedReader(Reader(file), BLOCK)


def broken() -> tuple[type[Exception], ...]:
    """What unpacking raises on damaged or truncated files."""
    import lzma

    errors: list[type[Exception]] = [EOFError, OSError, zlib.error, lzma.LZMAError, ValueError]
    if "zstandard" in sys.modules:
        import zstandard

        errors.append(zstandard.ZstdError)
    return tuple(errors)


def read_lines(
    file: IO[bytes], start: int, end: int | None, problem: Callable[[int, str], None]
) -> Iterator[tuple[int, bytes]]:
    """(place, block of whole lines) of the lines that begin in the range from `start` to `end`, exclusive.

    What cannot be read ends it, after `problem` was told the place and what is wrong. Only a plain file has a `start`.
    """
    place = max(start - 1, 0)
    skipping = start > 0  # up to the end of the line before
    carry = b""
    if skipping:
        file.seek(place)
    for block in _read(file, place, problem):
        if skipping:
            feed = block.find(b"\n")
            place += len(block) if feed < 0 else feed + 1
            if feed < 0:
                continue
            block, skipping = block[feed + 1 :], False
        if end is not None and place >= end:
            return
        carry += block
        cut = carry.rfind(b"\n") + 1
        if not cut and len(carry) > MAX_LINE:
            yield place, carry[:MAX_LINE] + b"\n"
            place, carry, skipping = place + len(carry), b"", True
            continue
        whole, carry = carry[:cut], carry[cut:]
        if end is not None and place + len(whole) > end:
            yield from _up_to(place, whole, end)
            return
        if whole:
            yield place, _cut_long(whole)
        place += cut
    if carry and (end is None or place < end):
        yield place, carry[:MAX_LINE]


def _read(file: IO[bytes], place: int, problem: Callable[[int, str], None]) -> Iterator[bytes]:
    """The blocks of a file from `place` up to its end, or to where it cannot be read.

    They end where a line does, unless that is very long, so that nobody has to put lines together.
    """
    block = b""
    try:
        while block := file.read(BLOCK):
            block += file.readline(MAX_LINE)
            place += len(block)
            yield block
            block = b""
    except broken() as error:
        if block:
            place += len(block)
            yield block
        problem(place, f"damaged or cut off: {_text(error)}")


def _up_to(place: int, whole: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    """The lines that begin before `end`."""
    last = whole.find(b"\n", max(end - place - 1, 0)) + 1
    if end > place and last:
        yield place, _cut_long(whole[:last])


def _cut_long(whole: bytes) -> bytes:
    """`whole` without what its lines have beyond MAX_LINE; one that long lies across one of the places looked at."""
    for probe in range(MAX_LINE, len(whole), MAX_LINE):
        begin = whole.rfind(b"\n", 0, probe) + 1
        end = whole.find(b"\n", probe - 1)
        if end - begin > MAX_LINE:
            whole = whole[: begin + MAX_LINE] + whole[end:]
            return _cut_long(whole)
    return whole


def _text(error: Exception) -> str:
    return str(error) or type(error).__name__
