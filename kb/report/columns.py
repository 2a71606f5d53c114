"""The gate by columns, for the extra `fast`: most harmless Postfix lines of a block told apart with numpy, a word at a time.

It only ever passes over lines that begin as `gate` lists; what it is not sure of is left to the gate itself, so both find the
same lines. Bytes are compared eight at a time as little-endian numbers, read at any place of the block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import re2

from kb.report.gate import POSTFIX, POSTFIX_QUEUED

Array = np.ndarray[Any, np.dtype[Any]]

_HEAD = re2.compile(rb"^(?:[A-Z][A-Za-z]{2} [^\n]{11}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ \n]{8,32}) [^ \n]{1,80} postfix")
_HEADS = 6  # how many combinations of date and host are looked for in a block
_SAMPLES = 12
_REACH = 256  # how far behind the start of a line anything is read
_LONGEST = 24  # bytes in which a tag or a queue id has to end
_ROW = 32
_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_BLANKS = np.uint64(0x20) * _ONES
_COMMON = 6


def line_ends(buffer: Array) -> Array:
    """The places of the line feeds."""
    return np.flatnonzero(buffer == 10)


def unsure(block: bytes, starts: Array, ends: Array) -> Array:
    """The numbers of the lines that are not sure to be harmless; a line goes from its start to its end, exclusive."""
    left = np.arange(len(starts))
    near_end = int(np.searchsorted(starts, len(block) - _REACH))
    if near_end <= 0:
        return left
    sure = np.zeros(len(starts), dtype=bool)
    for head in _heads(block, starts, ends):
        rest = np.flatnonzero(~sure[:near_end])
        sure[rest[_harmless(block, starts[rest], ends[rest], head)]] = True
    return left[~sure]


def _heads(block: bytes, starts: Array, ends: Array) -> list[bytes]:
    """Some heads of lines up to the word `postfix`, one for each date and host, from lines all over the block."""
    found: dict[tuple[bytes, bytes, int], bytes] = {}
    for i in range(0, len(starts), max(1, len(starts) // _SAMPLES)):
        head = _HEAD.search(block[starts[i] : ends[i]][:300])
        if head:
            text = head.group()
            date, host = text[: 4 if text[:1].isalpha() else 11], text[text.rindex(b" ", 0, -8) :]
            found.setdefault((date, host, len(text)), text)
    return list(found.values())[:_HEADS]


def _harmless(block: bytes, starts: Array, ends: Array, head: bytes) -> Array:
    """The indexes of lines that begin with this head, a tag and one of the gate's texts."""
    lines = np.flatnonzero((ends - starts > len(head)) & _has_head(block, starts, head))
    tags = starts[lines] + len(head)
    lines, at = _behind(block, _rows(block, tags, _LONGEST), lines, tags, b"]: ")
    rows = _rows(block, at, _ROW)
    plain = _begins(rows, POSTFIX[:_COMMON])
    first = rows[:, 0] & np.uint64(0xFF)
    led = np.flatnonzero(~plain & (((first >= 48) & (first <= 57)) | ((first >= 65) & (first <= 70))))
    queued, behind = _behind(block, rows[led], lines[led], at[led], b": ")
    fine = _begins(_rows(block, behind, 8), POSTFIX_QUEUED[:_COMMON])
    # None of the texts has a line feed, so one that begins within its line ends there too.
    found, places = np.concatenate((lines[plain], queued[fine])), np.concatenate((at[plain], behind[fine]))
    inside: Array = found[places < ends[found]]
    return inside


def _has_head(block: bytes, starts: Array, head: bytes) -> Array:
    """Which lines have the head's date, a blank before the host, and its host; the time of day between may be another."""
    rows = _rows(block, starts, len(head) + 7 & ~7)
    if head[:1].isalpha():
        return _has(rows, 0, head[:4]) & _has(rows, 15, head[15:])
    blank = head.rindex(b" ", 0, -8)
    same = _has(rows, 0, head[:11]) & _has(rows, blank, head[blank:])
    for i in range(8, blank, 8):
        word = rows[:, i // 8] | ~_mask(blank - i)
        same &= (_marks(word, _BLANKS)) == 0
    return same


def _behind(block: bytes, rows: Array, lines: Array, at: Array, end: bytes) -> tuple[Array, Array]:
    """The lines in which a word without a blank stands and then `end`, whose first byte the word has not; and the places behind.

    `rows` are the bytes from the places `at` on.
    """
    stop = np.uint64(end[0]) * _ONES
    place = np.full(len(at), -1, dtype=np.int64)
    open_ = np.arange(len(at))
    for i in range(_LONGEST // 8):
        word = rows[open_, i] if i else rows[:, 0]
        marks = _marks(word, stop) | _marks(word, _BLANKS)
        hit = np.flatnonzero(marks)
        lowest: Array = marks[hit]
        lowest = (lowest & (~lowest + np.uint64(1))) - np.uint64(1)
        place[open_[hit]] = (np.bitwise_count(lowest) >> np.uint8(3)) + 8 * i
        open_ = open_[np.flatnonzero(marks == 0)]
        if not len(open_):
            break
    found = np.flatnonzero(place > 0)
    places = at[found] + place[found]
    right = np.flatnonzero(_has(_rows(block, places, 8), 0, end))
    return lines[found[right]], places[right] + len(end)


def _begins(rows: Array, texts: tuple[str, ...]) -> Array:
    """Which rows begin with one of these texts."""
    found = np.zeros(len(rows), dtype=bool)
    first = np.ascontiguousarray(rows[:, 0])
    for text in texts:
        raw = text.encode()
        same = first & _mask(len(raw)) == np.uint64(int.from_bytes(raw[:8], "little"))
        if len(raw) > 8:
            some = np.flatnonzero(same)
            found[some[_has(rows[some], 8, raw[8:])]] = True
        else:
            found |= same
    return found


def _rows(block: bytes, at: Array, size: int) -> Array:
    """The `size` bytes from each place on, eight to a number."""
    view: Array = np.ndarray((len(block) - size,), dtype=f"V{size}", buffer=block, strides=(1,))
    rows: Array = view[at].view("<u8").reshape(len(at), size // 8)
    return rows


def _has(rows: Array, offset: int, text: bytes) -> Array:
    """Which rows have `text` at this offset."""
    same = np.ones(len(rows), dtype=bool)
    for column in range(offset // 8, (offset + len(text) + 7) // 8):
        begin = 8 * column - offset  # place in `text` of the number's lowest byte
        part = text[max(begin, 0) : begin + 8]
        shift = np.uint64(8 * max(-begin, 0))
        same &= rows[:, column] & (_mask(len(part)) << shift) == np.uint64(int.from_bytes(part, "little")) << shift
    return same


def _marks(word: Array, wanted: np.uint64) -> Array:
    """Numbers whose lowest set bit is in the lowest byte that equals the wanted one; 0 where there is none."""
    other = word ^ wanted
    marks: Array = (other - _ONES) & ~other & _HIGHS
    return marks


def _mask(length: int) -> np.uint64:
    return np.uint64((1 << 8 * min(length, 8)) - 1)
