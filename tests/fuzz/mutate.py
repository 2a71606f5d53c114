"""Changes to an input that blind ones do not find: words, lines and pieces that the inputs of a target are made of.

Bytes that a mutator flips at random seldom get past what looks at a text first: the name of a field, a setting, the length of a
value in a certificate. What is taken from is the target's own inputs, so no list has to follow the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Way = Callable[[bytes, Random], bytes]

_WORD = re.compile(rb"[\w.\-/]{2,60}")
_NUMBER = re.compile(rb"[0-9]+")
_MOST_WORDS = 20_000
_SHORT = 512  # bytes of most inputs that are begun with: what a short one does not show a long one seldom does
# What a text goes wrong on: controls, other ways to end a line, letters that change their length, halves of characters, escapes.
_HOSTILE = (
    b"\x00", b"\r", b"\r\n", b"\n\n", b"\x0b", b"\x1b[31m", b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff\xfe",
    "İ".encode(), "ß".encode(), "ﬃ".encode(), "ⅷ".encode(), "\u0301".encode(), "\u200b".encode(), "\u202e".encode(),
    "\u3000".encode(), "：".encode(), "＝".encode(), "１".encode(), "٣".encode(), "²".encode(), "中".encode(), "\ufdd0".encode(),
    "\U0001f600".encode(), b"\xed\xa0\x80", b"\xe7", b"\xd6\xd0\xbc\xcc", b"\\", b"\\\\n", b"\\xe7\\x94\\xa8", b"\\u4e2d", b'\\"',
    b"%", b"%25", b"%0a", b"%E4%B8%AD", b"+", b"=\n", b"=E7=94=A8", b"=?utf-8?B?5Lit?=", b"=?gb2312?Q?=D6?=", b"&#x41;", b"&amp;lt;",
    b"<br>", b"</p>", b"<", b">", b"`", b"'", b'"', b"'''", b"$", b"${x}", b"$(", b"{", b"}}", b"[", b"]", b"(", b"|", b"*", b"#", b";",
    b",", b":", b"=", b"@", b"~", b"!", b"-", b"--", b"---\n", b" ", b"\t", b"    ", b"0", b"-1", b"1e9", b"99999999999999999999",
)  # fmt: skip


class Mutator:
    """Changes inputs of one target, each in a few of its `ways`."""

    def __init__(self, inputs: Sequence[bytes], more: Sequence[Way] = ()) -> None:
        """`inputs` are what words and pieces are taken from; `more` are ways of the target's own."""
        self._inputs = [data for data in inputs if data] or [b"x"]
        self._short = [data for data in self._inputs if len(data) <= _SHORT] or self._inputs
        words = {word for data in self._inputs for word in _WORD.findall(data)}
        self._words = sorted(words)[:: len(words) // _MOST_WORDS + 1] or [b"x"]
        self._ways: tuple[Way, ...] = (
            self._with_word, self._other_word, self._other_word, self._line, self._spliced, self._hostile, self._hostile,
            _byte, _cut, _again, _number, *(way for way in more for _ in range(4)),
        )  # fmt: skip

    def pick(self, random: Random) -> bytes:
        """An input to begin with; mostly a short one."""
        return random.choice(self._short if random.random() < 0.9 else self._inputs)

    def change(self, data: bytes, random: Random, longest: int) -> bytes:
        """`data` changed in one to four ways, no longer than `longest` bytes."""
        for _ in range(1 + random.getrandbits(2)):
            data = random.choice(self._ways)(data, random)[:longest]
        return data

    def _with_word(self, data: bytes, random: Random) -> bytes:
        at = random.randint(0, len(data))
        return data[:at] + random.choice((b"", b" ", b"\n")) + random.choice(self._words) + data[at:]

    def _other_word(self, data: bytes, random: Random) -> bytes:
        place = _WORD.search(data, random.randint(0, len(data)))
        if place is None:
            return self._with_word(data, random)
        return data[: place.start()] + random.choice(self._words) + data[place.end() :]

    def _line(self, data: bytes, random: Random) -> bytes:
        lines = data.split(b"\n")
        at, way = random.randrange(len(lines)), random.getrandbits(2)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(random.randint(0, len(lines)), lines[at])
        elif way == 2:
            lines.insert(at, random.choice(random.choice(self._short).split(b"\n")))
        else:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        return b"\n".join(lines)

    def _spliced(self, data: bytes, random: Random) -> bytes:
        other = random.choice(self._short)
        return data[: random.randint(0, len(data))] + other[random.randrange(len(other)) :]

    def _hostile(self, data: bytes, random: Random) -> bytes:
        at = random.randint(0, len(data))
        return data[:at] + random.choice(_HOSTILE) + data[at + random.getrandbits(1) :]


def _byte(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + bytes([random.getrandbits(8)]) + data[at + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + data[at + random.randint(1, max(1, len(data) // 4)) :]


def _again(data: bytes, random: Random) -> bytes:
    """A piece of it several times over."""
    at = random.randint(0, len(data))
    piece = data[at : at + random.randint(1, 40)]
    return data[:at] + piece * random.choice((2, 3, 8, 40)) + data[at:]


def _number(data: bytes, random: Random) -> bytes:
    place = _NUMBER.search(data, random.randint(0, len(data)))
    if place is None:
        return data
    return (
        data[: place.start()]
        + str(random.choice((0, 1, 2, 5, 25, 465, 587, 65536, 550, 10**20))).encode()
        + data[place.end() :]
    )


def stretched(data: bytes, random: Random, size: int) -> bytes:
    """`size` bytes of an input's own pieces, which shows what takes more than its share of time for more of the same."""
    at = random.randrange(len(data)) if data else 0
    piece = data[at : at + random.choice((1, 2, 5, 20, 100))] or b" "
    return (data[:at] + piece * (size // len(piece)) + data[at:])[:size]


def der(data: bytes, random: Random) -> bytes:
    """A value somewhere in DER exchanged, or changed, with the lengths around it set right."""
    items = _taken_apart(data)
    if not items:
        return data
    at = random.randrange(len(items))
    tag, value = items[at]
    if tag & 0x20 and random.random() < 0.9:
        value = der(value, random)
    elif random.getrandbits(1):
        value = random.choice((_byte, _cut, _again))(value, random)
    else:
        tag = random.choice(
            (0x02, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x1C, 0x1E, 0x30, 0x31, 0x82, 0x87, 0xA0, 0xA3, random.getrandbits(8))
        )
    items[at] = tag, value
    if random.random() < 0.1:
        items.insert(random.randrange(len(items)), random.choice(items))
    return b"".join(bytes([tag]) + _length(len(value)) + value for tag, value in items)


def _taken_apart(data: bytes) -> list[tuple[int, bytes]]:
    items, place = [], 0
    while place + 2 <= len(data):
        tag, length = data[place], data[place + 1]
        place += 2
        if length > 0x80:
            more = length & 0x7F
            length = int.from_bytes(data[place : place + more], "big")
            place += more
        items.append((tag, data[place : place + length]))
        place += length
    return items


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    raw = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(raw)]) + raw
