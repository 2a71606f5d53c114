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
from whoosh.lang.porter import stem as _untyped_stem

MAX_TOKEN = 64
_KEPT = 1 << 15

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
_porter: Callable[[str], str] = _untyped_stem


class Token(NamedTuple):
    """One search term and where it stands: `text` as indexed, `[start, end)` in the text as written."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """What the writer wrote as one: found by `whole`, or else by all of `parts` together (either may be missing).

    `stop`: such as `the`, which stands everywhere and is not searched for.
    """

    start: int
    end: int
    whole: Token | None
    parts: tuple[Token, ...]
    stop: bool = False

    def tokens(self) -> tuple[Token, ...]:
        """The whole, if any, then the parts."""
        return (self.whole, *self.parts) if self.whole else self.parts


def fold(text: str) -> str:
    """`text` in one spelling: Simplified, half-width, lower case, without control characters; same length as `text`."""
    return _lower(_simplify(text))


@lru_cache(maxsize=1 << 12)
def key(text: str) -> str:
    """How a title, an id, a setting name or a code is compared when it has to be equal: folded, spaces collapsed."""
    return " ".join(fold(text).split())


def mainland(text: str) -> str:
    """`text` in the vocabulary of the mainland (服务器) where it has that of Taiwan (伺服器); the length may change."""
    plain = text.translate(_PLAIN)
    return plain if plain.isascii() else str(_converter("tw2sp").convert(plain))


@lru_cache(maxsize=_KEPT)
def is_cjk(char: str) -> bool:
    """Whether a character belongs to a script that is written without spaces."""
    return _CJK_CHAR.fullmatch(char) is not None


def runs(text: str) -> Iterator[tuple[bool, str, int]]:
    """What stands together in `text`, case kept: whether it is Chinese, its characters, and where it starts."""
    for match in _RUN.finditer(_simplify(text)):
        yield match.lastgroup == "cjk", match[0], match.start()


def words(text: str, stop_words: bool = False) -> Iterator[Word]:
    """The words of `text` in order, without tokens of more than MAX_TOKEN characters; stop words only if asked for."""
    for chinese, run, start in runs(text):
        if chinese:
            yield _cjk_word(run, start)
        else:
            for word in words_of(run):
                if stop_words or not word.stop:
                    yield _moved(word, start)


def words_of(run: str) -> tuple[Word, ...]:
    """The words of one run that is not Chinese, counted from its start. Text repeats itself, so what is found is kept."""
    return _kept_words(run) if len(run) <= MAX_TOKEN else _read_words(run)


def terms(text: str) -> list[str]:
    """All the terms of `text` in order, repeated as often as they stand there: what an index stores."""
    return [token.text for word in words(text) for token in word.tokens()]


def spelling(run: str) -> str | None:
    """A run as it is written, but folded: what spelling is compared with; None if it is no word or Chinese."""
    lower = _lower(run)
    return lower if len(lower) <= MAX_TOKEN and _SPELLED.search(lower) else None


def _simplify(text: str) -> str:
    plain = text.translate(_PLAIN)
    return plain if plain.isascii() else _keeping_length(plain, _converter("t2s").convert)


@lru_cache(maxsize=2)
def _converter(name: str) -> OpenCC:
    """Loading one takes 20 ms, which English queries do without."""
    return OpenCC(name)


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


@lru_cache(maxsize=_KEPT)
def _kept_words(run: str) -> tuple[Word, ...]:
    return _read_words(run)


def _read_words(run: str) -> tuple[Word, ...]:
    lower = _lower(run)
    if lower.isalnum() and not (run != lower and _CAMEL.search(run)):
        return tuple(_plain_word(lower, 0))
    return tuple(_identifier(run, lower, 0))


def _moved(word: Word, by: int) -> Word:
    if not by:
        return word
    start, end, whole, parts, stop = word
    moved = whole and Token(whole.text, whole.start + by, whole.end + by)
    return Word(start + by, end + by, moved, tuple(Token(t, a + by, b + by) for t, a, b in parts), stop)


def _plain_word(lower: str, start: int) -> Iterator[Word]:
    if len(lower) <= MAX_TOKEN:
        end = start + len(lower)
        yield Word(start, end, Token(_stem(lower), start, end), (), lower in _STOP_WORDS)


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


@lru_cache(maxsize=_KEPT)
def _stem(word: str) -> str:
    return str(_porter(word)) if _STEMMABLE.fullmatch(word) else word
