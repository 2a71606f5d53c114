"""Replies read off a connection that may be hostile: bounded, and harmless to show (RFC 5321 sections 4.2 and 4.5.3.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# RFC 5321 wants 512 octets a line; servers that go on a little longer are still understood.
MAX_LINE = 2048
MAX_LINES = 128
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# How a TLS record of an alert or a handshake begins (RFC 8446 section 5.1).
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")


class ReplyError(Exception):
    """What came is no reply. kind: garbage (other text), tls-bytes (a TLS record), too-long (past the bounds).

    text: what came instead, harmless; it may be empty.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text


@dataclass(frozen=True)
class Reply:
    """A reply: its three digits, and its lines without them."""

    code: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The reply as one line of a log shows it."""
        return " ".join([self.code, *filter(None, self.lines)])

    @property
    def positive(self) -> bool:
        """Whether the server did what was asked."""
        return self.code.startswith("2")


class ReplyReader:
    """Octets in, replies out. `rest` holds what came after the last one."""

    def __init__(self) -> None:
        self.rest = b""
        self._lines: list[tuple[str, str]] = []

    def feed(self, data: bytes) -> Reply | None:
        """The reply that is whole with this data, else None. Raises ReplyError."""
        self.rest += data
        if not self._lines and self.rest.startswith(_TLS_RECORDS):
            raise ReplyError("tls-bytes", "")
        while b"\n" in self.rest:
            line, _, self.rest = self.rest.partition(b"\n")
            reply = self._line(line.removesuffix(b"\r"))
            if reply is not None:
                return reply
        if len(self.rest) > MAX_LINE:
            raise ReplyError("too-long", harmless(self.rest[:200]))
        return None

    def _line(self, line: bytes) -> Reply | None:
        if len(line) > MAX_LINE or len(self._lines) >= MAX_LINES:
            raise ReplyError("too-long", harmless(line[:200]))
        code, separator, text = line[:3], line[3:4], line[4:]
        if not (code.isdigit() and code[:1] in b"2345" and separator in (b"", b" ", b"-")):
            raise ReplyError("garbage", harmless(line[:200]))
        self._lines.append((code.decode("ascii"), harmless(text)))
        if separator == b"-":
            return None
        said, self._lines = self._lines, []
        return Reply(said[-1][0], tuple(text for _, text in said))


def harmless(raw: bytes) -> str:
    """Octets as text in which nothing is obeyed by a terminal or turns the direction of writing: escapes stand for that."""
    return "".join(map(_shown, raw.decode("utf-8", "replace")))


def _shown(character: str) -> str:
    if character == "\t" or unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


@dataclass(frozen=True)
class Extensions:
    """What an EHLO reply lists (RFC 5321 section 4.1.1.1): keywords in upper case with their parameters, in order."""

    name: str
    keywords: tuple[tuple[str, str], ...]

    def __contains__(self, keyword: str) -> bool:
        return any(word == keyword for word, _ in self.keywords)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """SASL mechanisms, those of the old form `AUTH=LOGIN` as well, each once."""
        listed = [word for keyword, rest in self.keywords if keyword == "AUTH" for word in rest.upper().split()]
        return tuple(dict.fromkeys(listed))

    @property
    def size(self) -> int | None:
        """The largest mail in octets that the server takes (RFC 1870); 0 for no fixed limit, None when it does not say."""
        said = next((rest.strip() for keyword, rest in self.keywords if keyword == "SIZE"), None)
        if said is None:
            return None
        return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def extensions(lines: Sequence[str]) -> Extensions:
    """The extensions of a positive EHLO reply, given its lines without the code."""
    first, *others = lines or ("",)
    pairs: list[tuple[str, str]] = []
    for line in others:
        word, _, rest = (
            line.strip().replace("=", " ", 1).partition(" ") if line.upper().startswith("AUTH=") else _split(line)
        )
        pairs.append((word.upper(), rest))
    return Extensions(first.split(" ", 1)[0], tuple(pairs))


def _split(line: str) -> tuple[str, str, str]:
    return line.strip().partition(" ")
