"""Patterns of `errors.yaml`: literal text with placeholders, compiled once.

`{addr} {host} {num} {word} {near} {any} {status}` stand for what varies, `{is|was}` for alternatives, `re:` starts a regular
expression in RE2's syntax. A pattern is found anywhere in a normalised text. Its words are whole words, at its ends and
beside `{any}` and `{near}`.
"""

from __future__ import annotations

from functools import lru_cache

import re2

from kb.match.normalize import normalize_fragment
from kb.match.tokens import whole_anchors
from kb.regex import Late, compiled, in_text
from kb.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

MIN_LITERAL_BYTES = 6
BOUNDARY = r"\b"
_WORD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")

PLACEHOLDERS = {
    "addr": r"(?:<[^<>]*>|[^\s<>,;]+@[^\s<>,;]+)",
    "host": r"[^\s,;()]+",
    "num": r"[0-9]+",
    "word": r"[^\s]+",
    "any": r".{0,120}?",
    "near": r"[^:;]{0,40}?",
    "status": r"(?:[(\[]?#?[245]\.[0-9]{1,3}\.[0-9]{1,3}[:)\]]? )?",
}
# What may stand between words: the words beside it are whole.
_GAPS = ("{any}", "{near}")
# A repeated dot or excluding class; the escapes before it are passed over, so that an escaped dot is none.
_WIDE = r"\\.|((?:\.|\[\^[^\]]*\])(?:[*+]|\{[0-9,]+\})\??)"
# The gaps as PLACEHOLDERS has them, and the same without a limit.
_LIMITED = r"\\.|(\.\{0,120\}\?|\[\^:;\]\{0,40\}\?)"
_LIMITS = {".{0,120}?": ("(.*?)", 120), "[^:;]{0,40}?": ("([^:;]*?)", 40)}
_REPEATED = (")*", ")+", "){")
# What `Pattern.needs` is written with: normalised texts have neither.
_AND, _OR = "\x1d", "\x1e"
_BRACES = Late(r"\{[^{}]*\}")

Anchors = tuple[frozenset[str], ...]  # of each choice


class PatternError(ValueError):
    """A pattern that cannot be used; `message` says what is wrong and how to write it."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Text(zh, en)
        super().__init__(en)


class Pattern:
    """One compiled pattern.

    source: as written in the catalogue. regex: RE2 source, or "" when the pattern is one literal.
    literal: its longest literal run, which every matching text contains. specificity: bytes of literal text.
    anchors: words, and pairs of them, of which every matching text contains all that stand in one choice of each group.
    number: its place in a compiled catalogue.
    needs: what else every matching text contains, one choice of each group, as `needs_of` writes it.
    """

    __slots__ = (
        "_compiled",
        "_gaps",
        "_limits",
        "_loose",
        "_needs",
        "anchors",
        "literal",
        "needs",
        "number",
        "regex",
        "source",
        "specificity",
    )

    def __init__(
        self, source: str, literal: str, regex: str, specificity: int, anchors: Sequence[Anchors], needs: str = ""
    ) -> None:
        self.source = source
        self.literal = literal
        self.regex = regex
        self.specificity = specificity
        self.anchors = anchors
        self.needs = needs
        self.number = 0
        self._needs: list[list[str]] | None = None
        self._compiled: re2._Regexp | None = None
        self._loose: re2._Regexp | None = None
        self._limits: tuple[int, ...] | None = None  # of the groups of _loose, in characters
        self._gaps: Any = None  # compiled by `gaps`; False where the pattern has none

    def is_better_than(self, other: Pattern) -> bool:
        """Whether this one is to be taken where both match: the more specific, of equals the first in the catalogue."""
        return (self.specificity, -self.number) > (other.specificity, -other.number)

    def find(self, normalized: str) -> tuple[int, int] | None:
        """Start and end of the first match in a normalised text, or None."""
        if self.literal not in normalized or not self.has_needs(normalized):
            return None
        return self.search(normalized, normalized.encode())

    def search(self, normalized: str, raw: bytes) -> tuple[int, int] | None:
        """The same in a text that has the literal and the needs; `raw` is the text as UTF-8."""
        if not self.regex:
            return _find_literal(normalized, self.literal)
        if self._limits is None:
            self._limits = self._loosen()
        if self._loose:
            found = self._loose.search(raw)
            if found is None:
                return None
            gaps = zip(found.groups(b""), self._limits, strict=True)
            if all(len(gap) <= limit or len(gap.decode()) <= limit for gap, limit in gaps):
                return in_text(found, normalized, raw)
        if self._compiled is None:
            self._compiled = re2.compile(self.regex)
        match = self._compiled.search(raw)
        return in_text(match, normalized, raw) if match else None

    def has_needs(self, normalized: str) -> bool:
        """Whether a text contains what this pattern needs: a search by RE2 takes as long as a hundred such looks."""
        if self._needs is None:
            self._needs = [group.split(_OR) for group in self.needs.split(_AND)] if self.needs else []
        for choices in self._needs:
            for choice in choices:
                if choice in normalized:
                    break
            else:
                return False
        return True

    def _loosen(self) -> tuple[int, ...]:
        """Make the expression without limits on its gaps, where it has any; the limits.

        RE2 writes a limited gap out as often as it may be long, so that it is slow, and keeps states without end. What matches
        without limits and keeps them is what matches with them; nothing that matches with them does not without.
        """
        limits: list[int] = []

        def loose(part: re2._Match) -> str:
            if not part.group(1):
                return str(part.group())
            regex, limit = _LIMITS[part.group(1)]
            limits.append(limit)
            return regex

        # Of a group that is repeated only the last gap would be seen, and groups of its own would be taken for gaps.
        if "{0," in self.regex and not any(end in self.regex for end in _REPEATED):
            regex = compiled(_LIMITED).sub(loose, self.regex)
            program = re2.compile(regex) if limits else None
            if program and program.groups == len(limits):
                self._loose = program
                return tuple(limits)
        return ()

    def adopt(self, program: re2._Regexp) -> None:
        """Take what `regex` was compiled to elsewhere."""
        self._compiled = program

    def gaps(self, normalized: str) -> list[tuple[int, int]]:
        """What the parts that may hold several words, such as `{any}`, stand for in the first match: start and end of each."""
        if self._gaps is None:
            regex = compiled(_WIDE).sub(_captured, self.regex)
            self._gaps = regex != self.regex and re2.compile(regex)
        match = self._gaps.search(normalized) if self._gaps else None
        return [match.span(number) for number in range(1, len(match.groups()) + 1)] if match else []


def _captured(part: re2._Match) -> str:
    wide = part.group(1)
    return f"({wide})" if wide and r"\s" not in wide else str(part.group())


def parse_pattern(source: str) -> Pattern:
    """Compile a pattern as written in `errors.yaml`. Raises PatternError."""
    if source.startswith("re:"):
        from kb.match.regex_literal import parse_regex

        return parse_regex(source)
    pieces = _split(source)
    literals = [(i, piece) for i, piece in enumerate(pieces) if not piece.startswith("{")]
    longest = max((piece for _, piece in literals), key=lambda piece: _size(piece.strip()), default="")
    check_literal(longest.strip())
    always = frozenset().union(*(whole_anchors(piece, *_open_edges(pieces, i, i)) for i, piece in literals))
    if not always:
        raise PatternError(
            "占位符之外至少要有一个完整的单词。", "Needs one whole word of literal text beside the placeholders."
        )
    regex = "" if len(pieces) == 1 else "".join(_regex(pieces, i) for i in range(len(pieces)))
    needs = needs_of((_choices(piece) for piece in pieces), longest)
    choices = (_anchors_of_choices(pieces, i) for i, piece in enumerate(pieces) if "|" in piece)
    anchors = (always,), *filter(None, choices)
    return Pattern(source, longest, regex, sum(map(_guaranteed_size, pieces)), anchors, needs)


def needs_of(groups: Iterable[Sequence[str]], literal: str) -> str:
    """What a pattern needs beside its longest literal, one choice of each group.

    A blank choice is nearly always there, and a capital letter may stand for a small one.
    """
    told = dict.fromkeys(
        _OR.join(dict.fromkeys(choices)) for choices in groups if choices and all(map(_tells, choices))
    )
    return _AND.join(group for group in told if group != literal)


def check_literal(literal: str) -> None:
    """Raise PatternError when the longest literal run of a pattern is too short to tell anything."""
    if len(literal.encode()) < MIN_LITERAL_BYTES:
        raise PatternError(
            f"连续的固定文字至少要 {MIN_LITERAL_BYTES} 个字节，现在最长的是 {literal!r}。",
            f"Needs a literal run of at least {MIN_LITERAL_BYTES} bytes; the longest is {literal!r}.",
        )


def _split(source: str) -> list[str]:
    """Normalised literal pieces and `{…}` pieces, in order, blanks beside optional pieces settled."""
    pieces: list[str] = []
    done = 0
    for match in (*_BRACES.finditer(source), None):
        start, end = match.span() if match else (len(source), len(source))
        literal = normalize_fragment(source[done:start])
        if pieces and pieces[-1] == "{status}":
            literal = literal.lstrip()
        if literal:
            pieces.append(literal)
        if match:
            pieces.append(_brace(match.group()))
        done = end
    if pieces and not pieces[0].startswith("{"):
        pieces[0] = pieces[0].lstrip()
    if pieces and not pieces[-1].startswith("{"):
        pieces[-1] = pieces[-1].rstrip()
    if any(("{" in piece or "}" in piece) and not _BRACES.fullmatch(piece) for piece in pieces):
        raise PatternError("花括号不成对。", "Has an unbalanced brace.")
    return [piece for piece in pieces if piece]


def _brace(text: str) -> str:
    name = text[1:-1]
    if "|" not in name and name not in PLACEHOLDERS:
        known = " ".join(f"{{{known}}}" for known in PLACEHOLDERS)
        raise PatternError(
            f"未知的占位符 {text}；可用的有 {known}，以及表示多选的 {{a|b}}。",
            f"Unknown placeholder {text}; known are {known}, and {{a|b}} for alternatives.",
        )
    return text


def _piece_regex(piece: str) -> str:
    if not piece.startswith("{"):
        return str(re2.escape(piece))
    name = piece[1:-1]
    if name in PLACEHOLDERS:
        return PLACEHOLDERS[name]
    return f"(?:{'|'.join(map(re2.escape, _choices(piece)))})"


def _tells(choice: str) -> bool:
    return bool(choice.strip()) and choice == choice.lower()


@lru_cache(maxsize=1024)
def _choices(piece: str) -> Sequence[str]:
    """What a piece may stand for, where it says so."""
    if not piece.startswith("{"):
        return (piece,)
    return tuple(map(normalize_fragment, piece[1:-1].split("|"))) if "|" in piece else ()


def _goes_on(neighbour: list[str]) -> bool:
    """Whether a word of literal text may go on in the piece beside it."""
    return bool(neighbour) and neighbour[0] not in _GAPS


def _open_edges(pieces: list[str], first: int, last: int) -> tuple[bool, bool]:
    """Whether a word may go on before the first and behind the last of some pieces."""
    return _goes_on(pieces[:first][-1:]), _goes_on(pieces[last + 1 :][:1])


def _anchors_of_choices(pieces: list[str], i: int) -> Anchors:
    """The anchors of each choice of a piece, together with the literal text beside it; none where a choice has none."""
    first = i - (i > 0 and not pieces[i - 1].startswith("{"))
    last = i + (i + 1 < len(pieces) and not pieces[i + 1].startswith("{"))
    before, after = "".join(pieces[first:i]), "".join(pieces[i + 1 : last + 1])
    open_start, open_end = _open_edges(pieces, first, last)
    choices = _choices(pieces[i])
    whole_start, whole_end = _edges_are_words(choices)
    open_start = open_start or (first == i and not whole_start)
    open_end = open_end or (last == i and not whole_end)
    found = tuple(whole_anchors(f"{before}{choice}{after}", open_start, open_end) for choice in choices)
    return tuple(map(frozenset, found)) if all(found) else ()


def _regex(pieces: list[str], i: int) -> str:
    """The regular expression of one piece, with word boundaries at the ends of the pattern and beside gaps."""
    piece = pieces[i]
    regex = _piece_regex(piece)
    if piece in _GAPS:
        return regex
    if piece.startswith("{") and "|" not in piece:
        return regex
    whole_start, whole_end = _edges_are_words(_choices(piece))
    before = whole_start and not _goes_on(pieces[:i][-1:])
    after = whole_end and not _goes_on(pieces[i + 1 :][:1])
    return f"{BOUNDARY if before else ''}{regex}{BOUNDARY if after else ''}"


def _edges_are_words(choices: Sequence[str]) -> tuple[bool, bool]:
    """Whether all choices begin with a letter or digit, and whether all end with one: only then a boundary can stand there."""
    if not all(choices):
        return False, False
    return all(is_word(choice[0]) for choice in choices), all(is_word(choice[-1]) for choice in choices)


def _find_literal(text: str, literal: str) -> tuple[int, int] | None:
    """The first occurrence with a word boundary at each edge that is a letter or digit."""
    start = text.find(literal)
    while start >= 0:
        end = start + len(literal)
        cut_before = start and text[start - 1] in _WORD and text[start] in _WORD
        if not cut_before and not (end < len(text) and text[end] in _WORD and text[end - 1] in _WORD):
            return start, end
        start = text.find(literal, start + 1)
    return None


def is_word(character: str) -> bool:
    """Whether RE2's `\\b` counts the character as part of a word."""
    return character in _WORD


def _size(text: str) -> int:
    return len(text.encode())


def _guaranteed_size(piece: str) -> int:
    """Bytes of literal text that a match of this piece has at least."""
    if not piece.startswith("{"):
        return _size(piece)
    return min(map(_size, piece[1:-1].split("|"))) if "|" in piece else 0
