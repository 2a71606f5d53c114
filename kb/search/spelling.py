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
    readings = tuple(tuple(_completed(want, vocabulary, unknown) for want in wants) for wants in query.readings)
    if readings == query.readings:
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


def _completed(want: Want, vocabulary: Vocabulary, unknown: Callable[[Want], bool]) -> Want:
    if want.concepts or want.optional or len(want.text) < _MIN_BEGINNING or not unknown(want):
        return want
    if not want.text.isascii():
        return want
    begun = [*vocabulary.names(want.text), *vocabulary.beginning_with(want.text)] or vocabulary.around(want.text)
    terms = dict.fromkeys(next(iter(analyzer.terms(word)), word) for word in begun[:_MAX_BEGUN])
    return replace(want, others=tuple(terms))


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if _WORD.fullmatch(word):
        return vocabulary.nearest(word)
    return _nearest_chinese(word)


def _nearest_chinese(word: str) -> str | None:
    """A word of the term base with one other character."""
    if len(word) < 3:
        return None
    for known in _chinese_words():
        if len(known) == len(word) and sum(a != b for a, b in zip(known, word, strict=True)) == 1:
            return known
    return None


@lru_cache(maxsize=1)
def _chinese_words() -> tuple[str, ...]:
    words = (word for row in termbase.rows() for word in row.zh)
    return tuple(word for word in words if len(word) > 2 and all(map(analyzer.is_cjk, word)))
