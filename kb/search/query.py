"""What a user typed, taken apart. User text becomes single terms only; no query parser ever sees it."""

from __future__ import annotations

from dataclasses import dataclass

from . import analyzer, schema
from .analyzer import Word

MAX_BYTES = 1024
MAX_TERMS = 32


@dataclass(frozen=True, slots=True)
class Query:
    """A query after analysis: the whole as a key, each word as a key, and the words in one or two vocabularies."""

    name: str
    keys: tuple[str, ...]
    readings: tuple[tuple[Word, ...], ...]

    def terms(self) -> list[str]:
        """The different terms of all readings, in order."""
        return list(dict.fromkeys(token.text for words in self.readings for word in words for token in word.tokens()))


def parse(text: str) -> Query:
    """What to look for when the user typed `text`: of its first MAX_BYTES bytes the first MAX_TERMS different terms."""
    clipped = text[:MAX_BYTES].encode("utf-8", "replace")[:MAX_BYTES].decode("utf-8", "ignore")
    words = _first(clipped)
    folded = analyzer.fold(clipped)
    keys = tuple(dict.fromkeys(folded[word.start : word.end] for word in words))
    # The converted text may have other offsets but the same terms: then it is no second reading.
    readings = {_texts(reading): reading for reading in (_first(analyzer.mainland(clipped)), words)}
    return Query(schema.key(clipped), keys, tuple(readings.values()))


def _first(text: str) -> tuple[Word, ...]:
    kept: list[Word] = []
    seen: set[str] = set()
    for word in analyzer.words(text):
        room = MAX_TERMS - len(seen)
        if room <= 0:
            break
        kept.append(word._replace(parts=word.parts[:room]))
        seen.update(_texts((kept[-1],)))
    return tuple(kept)


def _texts(words: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(token.text for word in words for token in word.tokens())
