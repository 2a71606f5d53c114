"""What was meant when nothing has what was typed: the rest of a word of which it is a part, or the nearest word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from . import analyzer, termbase
from .query import Query, Want, required
from .vocabulary import Vocabulary

_MAX_WANTS = 8
_MIN_BEGINNING = 4
_MAX_BEGUN = 12
_WORD = re.compile(r"[a-z][a-z_-]*[a-z]")


def complete(query: Query, vocabulary: Vocabulary, unknown: Callable[[Want], bool]) -> Query:
    """The query, with each unknown word also standing for the words and settings that it begins, or else has in them."""
    known: dict[tuple[object, ...], tuple[str, ...]] = {}  # A word that is repeated is looked up once.

    def completed(want: Want) -> Want:
        asked = want.sought()
        if asked not in known:
            known[asked] = _begun(want, vocabulary, unknown)
        return replace(want, others=known[asked]) if known[asked] else want

    readings = tuple(tuple(map(completed, wants)) for wants in query.readings)
    if not any(known.values()):
        return query
    others = dict.fromkeys(term for wants in readings for want in wants for term in want.others)
    literal = tuple(dict.fromkeys((*query.literal, *others)))
    return replace(query, readings=readings, literal=literal, weights={**dict.fromkeys(others, 1.0), **query.weights})


def corrected(query: Query, vocabulary: Vocabulary, unknown: Callable[[Want], bool]) -> str | None:
    """The text with the words that no page has replaced by the nearest that one has; None if there are none."""
    wants = required(query.readings[0]) if query.readings else []
    if len(wants) > _MAX_WANTS:
        return None
    parts: list[str] = []
    done = 0
    for want in wants:
        better = None if want.others or not unknown(want) else _nearest(want.text, vocabulary)
        if better:
            parts += [query.text[done : want.start], better]
            done = want.end
    return "".join((*parts, query.text[done:])) if parts else None


def _begun(want: Want, vocabulary: Vocabulary, unknown: Callable[[Want], bool]) -> tuple[str, ...]:
    """The terms of the words that an unknown word begins, or else that have it in them."""
    if (
        want.concepts
        or want.optional
        or len(want.text) < _MIN_BEGINNING
        or not want.text.isascii()
        or not unknown(want)
    ):
        return ()
    begun = [*vocabulary.names(want.text), *vocabulary.beginning_with(want.text)] or vocabulary.around(want.text)
    return tuple(dict.fromkeys(next(iter(analyzer.terms(word)), word) for word in begun[:_MAX_BEGUN]))


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if _WORD.fullmatch(word):
        return vocabulary.nearest(word)
    return _nearest_chinese(word)


def _nearest_chinese(word: str) -> str | None:
    """A word of the term base with one other character."""
    for known in () if word.isascii() else _chinese_words().get(len(word), ()):
        if sum(a != b for a, b in zip(known, word, strict=True)) == 1:
            return known
    return None


@lru_cache(maxsize=1)
def _chinese_words() -> dict[int, list[str]]:
    """The Chinese words of the term base of three characters and more, by how many they have."""
    found: dict[int, list[str]] = {}
    for word in (word for row in termbase.rows() for word in row.zh):
        if len(word) > 2 and all(map(analyzer.is_cjk, word)):
            found.setdefault(len(word), []).append(word)
    return found
