"""Text in, search tokens out: one analysis for documents and for queries, in Chinese and in English.

Traditional characters fold to Simplified, full-width forms to ASCII, upper case to lower. An identifier
(`smtpd_tls_security_level`, `smtp.example.com`) gives itself and its parts, a dotted code (`5.7.1`) only itself, a run
of Chinese its overlapping pairs, an English word its stem. Folding keeps every character in its place, so that a token
knows where it stands in the text as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from opencc import OpenCC
from whoosh.lang import porter

MAX_TOKEN = 64

_STOP_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "if", "in", "is", "it", "of", "on", "or"}
    | {"that", "the", "this", "to", "was", "with"}
)

_CJK = "㐀-䶿一-鿿豈-﫿々〇぀-ヿ가-힯\U00020000-\U0003ffff"
_LETTER = rf"[^\W{_CJK}]"
_CJK_CHAR = re.compile(f"[{_CJK}]")
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>{_LETTER}+(?:[.-]{_LETTER}+)*)")
_PIECE = re.compile(r"[^_-]+")
_REPLY_PREFIX = re.compile(r"[245]\d\d(?=-)")
_DOTTED_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
_SPELLED = re.compile(r"[a-z]{3}")
_STEMMABLE = re.compile(r"[a-z]{3,64}")

_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys([*range(0x20), 0x7F, 0x3000, *range(0xD800, 0xE000)], 0x20),
}
# Whoosh has type hints in some places only.
_porter: Callable[[str], str] = porter.stem
_TO_SIMPLIFIED = OpenCC("t2s")
_TO_MAINLAND = OpenCC("tw2sp")


class Token(NamedTuple):
    """One search term and where it stands: `text` as indexed, `[start, end)` in the text as written."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """What the writer wrote as one: found by `whole`, or else by all of `parts` together (either may be missing)."""

    start: int
    end: int
    whole: Token | None
    parts: tuple[Token, ...]

    def tokens(self) -> tuple[Token, ...]:
        """The whole, if any, then the parts."""
        return (self.whole, *self.parts) if self.whole else self.parts


def fold(text: str) -> str:
    """`text` in one spelling: Simplified, half-width, lower case, without control characters; same length as `text`."""
    return _lower(_simplify(text))


def mainland(text: str) -> str:
    """`text` in the vocabulary of the mainland (服务器) where it has that of Taiwan (伺服器); the length may change."""
    return str(_TO_MAINLAND.convert(text.translate(_PLAIN)))


def is_cjk(char: str) -> bool:
    """Whether a character belongs to a script that is written without spaces."""
    return _CJK_CHAR.fullmatch(char) is not None


def words(text: str, stop_words: bool = False) -> Iterator[Word]:
    """The words of `text` in order, without tokens of more than MAX_TOKEN characters; stop words only if asked for."""
    shape = _simplify(text)
    lower = _lower(shape)
    for match in _RUN.finditer(shape):
        start, end = match.span()
        if match.lastgroup == "cjk":
            yield _cjk_word(match[0], start)
        elif lower[start:end].isalnum() and not (match[0] != lower[start:end] and _CAMEL.search(match[0])):
            yield from _plain_word(lower[start:end], start, stop_words)
        else:
            yield from _identifier(match[0], lower[start:end], start)


def terms(text: str) -> list[str]:
    """All the terms of `text` in order, repeated as often as they stand there: what an index stores."""
    return [token.text for word in words(text) for token in word.tokens()]


def surface(text: str) -> Iterator[str]:
    """The words of `text` as they are written, but folded: what spelling is compared with. No Chinese."""
    lower = fold(text)
    for match in _RUN.finditer(lower):
        if match.lastgroup == "word" and len(match[0]) <= MAX_TOKEN and _SPELLED.search(match[0]):
            yield match[0]


def _simplify(text: str) -> str:
    if text.isascii():
        return text.translate(_PLAIN)
    return _keeping_length(text.translate(_PLAIN), _TO_SIMPLIFIED.convert)


def _lower(text: str) -> str:
    return _keeping_length(text, str.lower)


def _keeping_length(text: str, change: Callable[[str], str]) -> str:
    changed = change(text)
    if len(changed) == len(text):
        return changed
    return "".join(new if len(new) == 1 else old for old, new in ((char, change(char)) for char in text))


def _cjk_word(run: str, start: int) -> Word:
    end = start + len(run)
    if len(run) == 1:
        return Word(start, end, Token(run, start, end), ())
    return Word(start, end, None, tuple(Token(run[i : i + 2], start + i, start + i + 2) for i in range(len(run) - 1)))


def _plain_word(lower: str, start: int, stop_words: bool = False) -> Iterator[Word]:
    if (stop_words or lower not in _STOP_WORDS) and len(lower) <= MAX_TOKEN:
        end = start + len(lower)
        yield Word(start, end, Token(_stem(lower), start, end), ())


def _identifier(shape: str, lower: str, start: int) -> Iterator[Word]:
    reply = _REPLY_PREFIX.match(lower)
    if reply:
        yield from _plain_word(reply[0], start)
        shape, lower, start = shape[4:], lower[4:], start + 4
    end = start + len(lower)
    parts = tuple(_parts(shape, lower, start))
    if len(parts) == 1 and (parts[0].start, parts[0].end) == (start, end):
        yield Word(start, end, parts[0], ())
        return
    whole = Token(lower, start, end) if len(lower) <= MAX_TOKEN and parts else None
    if whole or parts:
        yield Word(start, end, whole, parts)


def _parts(shape: str, lower: str, start: int) -> Iterator[Token]:
    for piece in _PIECE.finditer(lower):
        if _DOTTED_NUMBER.fullmatch(piece[0]):
            spans = [piece.span()]
        else:
            spans = list(_camel_spans(shape[piece.start() : piece.end()], piece.start()))
        for first, last in spans:
            part = lower[first:last]
            if part not in _STOP_WORDS and len(part) <= MAX_TOKEN:
                yield Token(_stem(part), start + first, start + last)


def _camel_spans(piece: str, start: int) -> Iterator[tuple[int, int]]:
    for part in piece.split("."):
        edges = [0, *(match.start() for match in _CAMEL.finditer(part)), len(part)]
        yield from ((start + a, start + b) for a, b in pairwise(edges) if a < b)
        start += len(part) + 1


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_porter(word)) if _STEMMABLE.fullmatch(word) else word
