"""zstd as it is read (extra `fast`); unlike the library's own reader it tells a file that is cut off."""

from __future__ import annotations

import io
from typing import BinaryIO

import zstandard

_CHUNK = 128 * 1024
_MAX_WINDOW = 128 << 20  # bytes of memory that a file may ask for; `zstd -19` needs 8 MiB, `--long` 128 MiB


class Reader(io.RawIOBase):
    """The unpacked content of all frames of a file. Raises EOFError where one is cut off, ZstdError where it is damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
        self._frame = self._decompressor.decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a part of the buffer; 0 at the end."""
        while not self._ready and self._feed():
            pass
        part = self._ready[: len(buffer)]
        buffer[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)

    def _feed(self) -> bool:
        """Unpack a chunk; False when there is none."""
        chunk = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame, self._begun = self._decompressor.decompressobj(), False
        chunk = chunk or self._file.read(_CHUNK)
        if not chunk:
            if self._begun:
                raise EOFError("it ends within a frame")
            return False
        self._begun = True
        self._ready = self._frame.decompress(chunk)
        return True
