"""Logical lines of main.cf, master.cf and lookup tables, as readllines(3) of Postfix puts them together.

A line that begins with white space continues the one before; comment lines and empty lines in between change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

# What isspace(3) takes for white space in the C locale; str.strip() alone would take far more.
SPACE = " \t\n\v\f\r"


def key_and_value(row: str) -> tuple[str, str]:
    """Key and value of a row of a lookup table; what Postfix takes for white space stands between them, and no wide blank."""
    words = row.strip(SPACE)
    end = min((place for blank in SPACE if (place := words.find(blank)) >= 0), default=len(words))
    return words[:end], words[end:].strip(SPACE)


@dataclass(frozen=True, slots=True)
class Logical:
    """One logical line. text: its physical lines joined. starts: offset in text and line number of each of them."""

    text: str
    starts: tuple[tuple[int, int], ...]

    @property
    def line(self) -> int:
        """Number of its first physical line, from 1."""
        return self.starts[0][1]

    @property
    def last(self) -> int:
        """Number of its last physical line that is no comment."""
        return self.starts[-1][1]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset in `text`."""
        index = bisect_right(self.starts, (offset, 1 << 62)) - 1
        start, line = self.starts[max(index, 0)]
        return line, offset - start + 1


@dataclass(frozen=True)
class Lines:
    """A file taken apart. orphans: lines that begin with white space and continue nothing, which Postfix ignores."""

    logical: tuple[Logical, ...]
    comments: tuple[tuple[int, str], ...]
    orphans: tuple[int, ...]
    # Line of the first NUL byte, 0 for none: Postfix drops the rest of its logical line.
    nul: int = 0


def split(text: str) -> Lines:
    """Logical lines, comments and orphans of a configuration text. A line break may be LF or CR LF."""
    logical: list[Logical] = []
    comments: list[tuple[int, str]] = []
    orphans: list[int] = []
    pieces: list[tuple[int, str]] = []
    nul = 0
    for number, raw in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        body = raw.strip(SPACE)
        if not body:
            continue
        if body[0] == "#":
            comments.append((number, body))
            continue
        if "\0" in raw:
            nul = nul or number
            raw = raw.partition("\0")[0]
        if raw[:1] not in SPACE:
            if pieces:
                logical.append(_join(pieces))
            pieces = [(number, raw)]
        elif pieces:
            pieces.append((number, raw))
        elif raw:
            orphans.append(number)
    if pieces:
        logical.append(_join(pieces))
    return Lines(tuple(logical), tuple(comments), tuple(orphans), nul)


def _join(pieces: list[tuple[int, str]]) -> Logical:
    starts: list[tuple[int, int]] = []
    offset = 0
    for number, piece in pieces:
        starts.append((offset, number))
        offset += len(piece)
    return Logical("".join(piece for _, piece in pieces), tuple(starts))


def indentation(text: str) -> str:
    """The white space that every line of a text begins with that has no line without it, as pastes from web pages have."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip(SPACE)]
    if not lines or lines[0][:1] not in (" ", "\t"):
        return ""
    first = lines[0]
    width = min(len(line) - len(line.lstrip(first[0])) for line in lines)
    return first[0] * width
