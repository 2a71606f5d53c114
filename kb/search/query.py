"""What a user typed, taken apart. User text becomes single terms only; no query parser ever sees it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, takewhile
from pathlib import Path

from . import analyzer, termbase
from .analyzer import Token, Word
from .termbase import Phrases, Span

MAX_BYTES = 1024
MAX_TERMS = 32
MAX_WORDS = 64  # a text that has no more different terms than that in them repeats itself

ASKING = Path(__file__).with_name("asking.txt")
_OPTIONAL = ""
_BROKEN = 0.5
_ASKING = 0.3
_NAME = re.compile(r"[\d_.]")
# What a name or a code is; says nothing beside it.
_CLASSES = frozenset(
    {"=setting", "=parameter", "=option", "=configuration-file", "=reply-code", "=status-code", "=command"}
)


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to look for, where it stands in the query: a page has it by `whole`, by all of `parts`, or by a concept.

    `text` is as typed, but folded. `others` are terms that do as well. What is `optional` may be missing from a page.
    """

    text: str
    start: int
    end: int
    whole: str | None = None
    parts: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    optional: bool = False

    def terms(self) -> tuple[str, ...]:
        """The literal terms."""
        return (self.whole, *self.parts) if self.whole else self.parts

    def sought(self) -> tuple[object, ...]:
        """The same of two that differ only in where they stand."""
        return self.text, self.whole, self.parts, self.concepts, self.others, self.optional

    def is_asking(self) -> bool:
        """Whether these are words of a question only, such as 怎么 or `how`."""
        return self.optional and not self.concepts and bool(self.terms())


@dataclass(frozen=True, slots=True)
class Query:
    """A query after analysis: the whole as a key, each word as a key, what is wanted in one or two vocabularies.

    `row` are the most terms that follow each other without Chinese in between; Chinese pairs overlap, and so keep their order.
    `weights` say what each literal term counts.
    """

    text: str
    name: str
    keys: tuple[str, ...]
    readings: tuple[tuple[Want, ...], ...]
    literal: tuple[str, ...]
    concepts: tuple[str, ...]
    row: tuple[str, ...]
    weights: Mapping[str, float]

    def terms(self) -> list[str]:
        """The different literal terms of all readings, in order."""
        return list(self.literal)

    @property
    def is_cut(self) -> bool:
        """Whether the query breaks off in the middle of a Chinese word."""
        return any(want.optional and not want.terms() for wants in self.readings for want in wants)

    @property
    def is_question(self) -> bool:
        """Whether the query has words of a question."""
        return any(want.is_asking() for wants in self.readings for want in wants)

    @property
    def is_own_words(self) -> bool:
        """Whether it is asked rather than quoted, or Chinese, of which each two characters may be a word."""
        return self.is_question or any(map(analyzer.is_cjk, self.text))

    def marked(self) -> frozenset[str]:
        """Terms and concepts to mark where they are found: not the words of a question, unless there are no others."""
        telling = [term for term, weight in self.weights.items() if weight > _ASKING]
        return frozenset((*(telling or self.literal), *self.concepts))


def parse(text: str) -> Query:
    """What to look for when the user typed `text`: in its first MAX_BYTES bytes and MAX_WORDS words the first MAX_TERMS terms."""
    begun = clipped(text)
    words = _first(begun)
    mainland = analyzer.mainland(begun)
    readings = {_texts(words): (begun, words)}
    # The converted text may have other offsets but the same terms: then it is no second reading.
    converted = _first(mainland)
    readings.setdefault(_texts(converted), (mainland, converted))
    literal = dict.fromkeys(term for terms in readings for term in terms)
    concepts = dict.fromkeys(c for one, _ in readings.values() for c in termbase.concepts(one))
    wants = tuple(_less_classes(_wants(one, some)) for one, some in readings.values())
    keys = tuple(dict.fromkeys(want.text for want in required(wants[0])))
    weights: dict[str, float] = {}
    for (_, some), wanted in zip(readings.values(), wants, strict=True):
        for term, weight in _weights(some, wanted):
            weights[term] = max(weight, weights.get(term, 0.0))
    return Query(
        begun,
        analyzer.key(begun),
        keys,
        wants,
        tuple(literal),
        tuple(concepts)[:MAX_TERMS],
        _row(words),
        weights,
    )


def clipped(text: str) -> str:
    """The first MAX_BYTES bytes of a text, without half a character."""
    return text[:MAX_BYTES].encode("utf-8", "replace")[:MAX_BYTES].decode("utf-8", "ignore")


def required(wants: Iterable[Want]) -> list[Want]:
    """What a page must have: all that is wanted but the words of asking, unless there are only such."""
    asked = list(wants)
    return [want for want in asked if not want.optional] or [want for want in asked if want.terms()]


def _weights(words: Iterable[Word], wants: Iterable[Want]) -> Iterator[tuple[str, float]]:
    """The terms of words with what each counts: less if it is of a question or breaks what is wanted in two."""
    edges: set[int] = set()
    asking: set[int] = set()
    for want in wants:
        edges.update((want.start, want.end))
        if want.is_asking():
            asking.update(range(want.start, want.end))
    for word in words:
        chinese = _is_chinese(word)
        for text, start, end in word.tokens():
            # `can` says no more in `can't send` than elsewhere.
            if text in _asking_terms() or not asking.isdisjoint(range(start, end)):
                yield text, _ASKING
            else:
                yield text, _BROKEN if chinese and any(start < edge < end for edge in edges) else 1.0


def _less_classes(wants: Iterable[Want]) -> tuple[Want, ...]:
    asked = tuple(wants)
    if not any(_NAME.search(want.text) for want in asked if not want.concepts):
        return asked
    return tuple(replace(want, optional=True) if _CLASSES & set(want.concepts) else want for want in asked)


@lru_cache(maxsize=1)
def _asked() -> Phrases:
    return termbase.phrases().with_others((word, _OPTIONAL) for word in _asking() if analyzer.terms(word))


def _asking() -> list[str]:
    """Words of a question that say nothing of what is asked."""
    lines = ASKING.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


@lru_cache(maxsize=1)
def _asking_terms() -> frozenset[str]:
    """The single English words of a question, as terms."""
    return frozenset(term for word in _asking() if word.isascii() for term in analyzer.terms(word))


def _wants(text: str, words: tuple[Word, ...]) -> Iterator[Want]:
    folded = analyzer.fold(text)
    end = words[-1].end if words else 0
    ends = [word.end for word in words]
    spans = [span for span in _asked().longest(text) if span.end <= end and _is_whole(span, words, ends)]
    done = 0
    for span in spans:
        yield from _between(folded, words[bisect_right(ends, done) :], done, span.start)
        yield _covered(folded, words[bisect_right(ends, span.start) :], span)
        done = span.end
    yield from _between(folded, words[bisect_right(ends, done) :], done, end)


def _is_whole(span: Span, words: tuple[Word, ...], ends: list[int]) -> bool:
    """Whether a phrase does not break a word in two; Chinese may be broken anywhere. `ends` are those of the words."""
    for edge in (span.start, span.end):
        place = bisect_right(ends, edge)  # the word that the edge may be within
        if place < len(words) and words[place].start < edge and not _is_chinese(words[place]):
            return False
    return True


def _covered(folded: str, words: tuple[Word, ...], span: Span) -> Want:
    within = takewhile(lambda word: word.start < span.end, words)
    inside = tuple(token.text for word in within for token in _needed(word) if _is_in(token, span.start, span.end))
    named = tuple(concept for concept in span.concepts if concept != _OPTIONAL)
    text = folded[span.start : span.end]
    return Want(text, span.start, span.end, None, inside, named, optional=not named)


def _between(folded: str, words: tuple[Word, ...], start: int, end: int) -> Iterator[Want]:
    for word in words:
        first, last = max(word.start, start), min(word.end, end)
        if word.start >= end:
            break
        if first >= last:
            continue
        text = folded[first:last]
        if not _is_chinese(word):
            yield Want(text, first, last, word.whole.text if word.whole else None, _part_texts(word))
        elif word.whole:
            yield Want(text, first, last, word.whole.text)
        elif last - first == 1:
            # A single character between known words, such as 被; it is found only in pairs, which are scored.
            yield Want(text, first, last, optional=True)
        else:
            yield Want(text, first, last, None, tuple(t.text for t in word.parts if _is_in(t, first, last)))


def _needed(word: Word) -> tuple[Token, ...]:
    return word.parts or ((word.whole,) if word.whole else ())


def _part_texts(word: Word) -> tuple[str, ...]:
    return tuple(part.text for part in word.parts)


def _is_in(token: Token, start: int, end: int) -> bool:
    return start <= token.start and token.end <= end


def _is_chinese(word: Word) -> bool:
    return analyzer.is_cjk(word.tokens()[0].text[0])


def _row(words: Iterable[Word]) -> tuple[str, ...]:
    rows = (_texts(tuple(some)) for chinese, some in groupby(words, _is_chinese) if not chinese)
    return max(rows, key=len, default=())


def _first(text: str) -> tuple[Word, ...]:
    kept: list[Word] = []
    seen: set[str] = set()
    for word in analyzer.words(text):
        room = MAX_TERMS - len(seen)
        if room <= 0 or len(kept) == MAX_WORDS:
            break
        kept.append(word._replace(parts=word.parts[:room]))
        seen.update(_texts((kept[-1],)))
    return tuple(kept)


def _texts(words: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(token.text for word in words for token in word.tokens())
