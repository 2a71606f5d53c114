"""Ranked hits from an open index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

from whoosh.query import Or, Term
from whoosh.query import Query as WhooshQuery
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher as WhooshSearcher

from ..text import choose_language
from . import analyzer, schema
from .analyzer import Word
from .query import Query, parse
from .snippet import Snippet, snippet

MAX_LIMIT = 100

_KEY_BOOST = 10.0
_FREQUENT_SHARE = 0.1
_FREQUENT_FLOOR = 50
_MAX_SCORED = 16
_MIN_SCORED = 4
_MAX_PAIRS = 64
_SCORE_HALF = 10.0
_TIER_OF_SOME_WORDS = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One page found, in the user's language where it exists. Scores compare only within one answer."""

    kind: str
    id: str
    lang: str
    title: str
    summary: str
    snippet: Snippet
    score: float


@dataclass(frozen=True, slots=True)
class _Request:
    scoring: WhooshQuery
    lang: str
    limit: int


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    id: str
    document: int
    score: float


class Searcher:
    """Searches one open index; threads may share it. `stale` says that the index is not of the content asked for."""

    def __init__(self, whoosh: WhooshSearcher, stale: bool = False) -> None:
        self._whoosh = whoosh
        self.stale = stale

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; no search may follow."""
        self._whoosh.close()

    def search(self, text: str, lang: str, limit: int = 20, kinds: Collection[str] | None = None) -> list[Hit]:
        """At most `limit` pages for any `text`, best first, each `(kind, id)` once; only of `kinds` if given.

        Pages named exactly so come first (id, title), then those that have each word as a setting name or code, then
        those that have every word, then those that have some. Among these, pages that exist in `lang` come first.
        """
        if limit < 1:
            return []
        query = parse(text)
        request = _Request(self._scoring(query), choose_language(lang), min(limit, MAX_LIMIT))
        allowed = None if kinds is None else self._with_any("kind", kinds)
        found: dict[tuple[str, str], _Found] = {}
        for tier, documents in self._tiers(query, allowed):
            self._rank(request, tier, documents, found)
            if len(found) >= request.limit:
                break
        best = sorted(found.values(), key=lambda one: (-one.score, one.kind, one.id))[: request.limit]
        marked = frozenset(query.terms())
        return [self._hit(one, request.lang, marked) for one in best]

    def _tiers(self, query: Query, allowed: set[int] | None) -> Iterator[tuple[int, set[int] | None]]:
        """Which documents to rank, best first, each worked out when it is asked for; None stands for all that score."""

        def only(documents: set[int]) -> set[int]:
            return documents if allowed is None else documents & allowed

        yield 3, only(self._with("names", query.name))
        yield 2, only(self._with_all("keys", query.keys))
        every_word = (_common(map(self._with_word, words)) for words in query.readings)
        yield 1, only(set[int]().union(*every_word))
        yield _TIER_OF_SOME_WORDS, allowed

    def _rank(
        self, request: _Request, tier: int, documents: set[int] | None, found: dict[tuple[str, str], _Found]
    ) -> None:
        # A page may match in both languages, and pages of the tiers before match again.
        most = 2 * (request.limit + len(found))
        for document, score in self._scored(request.scoring, tier, documents, most):
            fields = self._whoosh.stored_fields(document)
            name = fields["kind"], fields["id"]
            if name not in found:
                shown = document if fields["lang"] == request.lang else self._document(*name, request.lang)
                total = tier + 0.5 * (shown is not None) + 0.5 * score / (score + _SCORE_HALF)
                found[name] = _Found(*name, document if shown is None else shown, total)

    def _scored(
        self, scoring: WhooshQuery, tier: int, documents: set[int] | None, most: int
    ) -> list[tuple[int, float]]:
        if documents is not None and not documents:
            return []
        hits = self._whoosh.search(scoring, limit=most, filter=documents)
        scored = [(hit.docnum, hit.score) for hit in hits]
        if documents is not None and tier != _TIER_OF_SOME_WORDS:
            # They match by terms too frequent to score.
            rest = sorted(documents - {document for document, _ in scored})
            scored += [(document, 0.0) for document in rest[: most - len(scored)]]
        return scored

    def _scoring(self, query: Query) -> WhooshQuery:
        """Keys, and the rarest terms except those in so many documents that they tell nothing."""
        by_frequency = sorted((self._frequency("body", term), term) for term in query.terms())
        frequent = max(_FREQUENT_FLOOR, _FREQUENT_SHARE * self._whoosh.doc_count())
        telling = [term for frequency, term in by_frequency if 0 < frequency <= frequent][:_MAX_SCORED]
        telling = telling or [term for frequency, term in by_frequency if frequency][:_MIN_SCORED]
        keys = [Term("keys", key, boost=_KEY_BOOST) for key in query.keys]
        return Or([*(Term("body", term) for term in telling), *keys])

    def _with_word(self, word: Word) -> set[int]:
        documents = self._with_all("body", [token.text for token in word.parts])
        if word.whole:
            documents |= self._with("body", word.whole.text)
            if analyzer.is_cjk(word.whole.text):
                documents |= self._with_any("body", self._pairs_with(word.whole.text))
        return documents

    def _pairs_with(self, char: str) -> list[str]:
        """Chinese is indexed in pairs: what to look for when the user gave a single character."""
        pairs = [pair for pair in self._pairs if char in pair]
        return sorted(pairs, key=lambda pair: -self._frequency("body", pair))[:_MAX_PAIRS]

    @cached_property
    def _pairs(self) -> tuple[str, ...]:
        terms = self._whoosh.reader().field_terms("body")
        return tuple(term for term in terms if len(term) == 2 and analyzer.is_cjk(term[0]))

    def _with_all(self, field: str, terms: Collection[str]) -> set[int]:
        rarest_first = sorted(terms, key=lambda term: self._frequency(field, term))
        return _common(self._with(field, term) for term in rarest_first)

    def _with_any(self, field: str, terms: Collection[str]) -> set[int]:
        return set[int]().union(*(self._with(field, term) for term in terms))

    def _with(self, field: str, term: str) -> set[int]:
        try:
            return set(self._whoosh.reader().postings(field, term).all_ids())
        except TermNotFound:
            return set()

    def _frequency(self, field: str, term: str) -> int:
        return int(self._whoosh.doc_frequency(field, term))

    def _document(self, kind: str, id_: str, lang: str) -> int | None:
        try:
            return int(self._whoosh.reader().first_id("uid", schema.uid(kind, id_, lang)))
        except TermNotFound:
            return None

    def _hit(self, found: _Found, lang: str, terms: frozenset[str]) -> Hit:
        fields = self._whoosh.stored_fields(found.document)
        shown = fields["lang"]
        pieces = (snippet(fields[name], shown, terms) for name in ("text", "summary"))
        best = next((piece for piece in pieces if piece.marks), None)
        best = best or snippet(fields["summary"] or fields["text"], shown, frozenset())
        return Hit(found.kind, found.id, shown, fields["title"], fields["summary"], best, round(found.score, 4))


def _common(sets: Iterable[set[int]]) -> set[int]:
    """What is in all the sets, taking no further one when nothing is left; nothing for no sets."""
    common: set[int] | None = None
    for one in sets:
        common = one if common is None else common & one
        if not common:
            break
    return common or set()
