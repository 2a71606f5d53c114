"""Ranked hits from an open index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Self

from ..text import choose_language
from . import analyzer, spelling
from .filters import NO_FILTERS, Filters
from .query import Query, clipped, parse
from .ranking import NOTHING, Ranking
from .snippet import Snippet, Sought, snippet
from .storage import Reader

MAX_LIMIT = 100
_SCORE_HALF = 10.0
_KEPT = 1024  # documents, of 1 to 100 kB


@dataclass(frozen=True, slots=True)
class Hit:
    """One page found, in the user's language where it exists. Scores compare only within one answer.

    `twin` is the other language in which the page exists, if it does.
    """

    kind: str
    id: str
    lang: str
    title: str
    summary: str
    snippet: Snippet
    score: float
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a search gives. `searched_for` is another text than the one typed, if only that has hits for each word."""

    hits: tuple[Hit, ...]
    searched_for: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    id: str
    document: int
    score: float


class Searcher:
    """Searches one open index; threads may share it. `stale` says that the index is not of the content asked for."""

    def __init__(self, reader: Reader, stale: bool = False) -> None:
        self._reader = reader
        self._texts = lru_cache(maxsize=_KEPT)(reader.texts)
        self._places = lru_cache(maxsize=_KEPT)(reader.places)
        self._ranking = Ranking(reader, self._places)
        self._prose: dict[int, int] = dict(reader.tables["prose"])
        self.stale = stale

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; no search may follow."""
        self._reader.close()

    def search(self, text: str, lang: str, limit: int = 20, kinds: Collection[str] | None = None) -> list[Hit]:
        """The hits of `find`, only of `kinds` if given."""
        filters = NO_FILTERS if kinds is None else Filters(kind=tuple(kinds))
        return list(self.find(text, lang, limit, filters).hits)

    def share(self, text: str, parts: Iterable[str]) -> float:
        """How much of what a query says is in parts of it, rare words counting more: at most 1."""
        return self._ranking.share(parse(text), parts)

    def find(
        self,
        text: str,
        lang: str,
        limit: int = 20,
        filters: Filters = NO_FILTERS,
        quoted: Mapping[str, float] = NOTHING,
    ) -> Result:
        """At most `limit` pages for any `text`, best first, each `(kind, id)` once; only those that `filters` let through.

        Pages named so come first (id, title), then those that have each word as a setting name or code, then those that
        have all that is wanted, then those that have some of it (see `ranking`). Among these, those in `lang` come first.
        Other spellings are tried only for words that no page has. `quoted`: ids of the pages of errors that `text` quotes, with
        how sure that is, at most 1; from `QUOTE` on they come next after those named so.
        """
        if limit < 1:
            return Result(())
        limit = min(limit, MAX_LIMIT)
        query = parse(text)
        language = choose_language(lang)
        ranking = self._ranking
        if ranking.is_named(query):
            return Result(self._hits(query, language, limit, filters, quoted))
        query = spelling.complete(query, ranking.vocabulary, ranking.unknown)
        better = spelling.corrected(query, ranking.vocabulary, ranking.unknown)
        if better is not None:
            hits = self._hits(parse(better), language, limit, filters, quoted)
            if hits:
                return Result(hits, better)
        return Result(self._hits(query, language, limit, filters, quoted))

    def complete(self, text: str, limit: int = 10) -> list[str]:
        """Setting names and codes that `text` is the beginning or a part of, as they are written; any text will do."""
        folded = analyzer.key(clipped(text))
        return self._ranking.vocabulary.complete(folded, min(limit, MAX_LIMIT)) if limit > 0 else []

    def _hits(
        self, query: Query, lang: str, limit: int, filters: Filters, quoted: Mapping[str, float]
    ) -> tuple[Hit, ...]:
        found: dict[tuple[str, str], _Found] = {}
        shown = filters.lang[0] if filters.lang is not None and len(filters.lang) == 1 else lang
        # A page may match in both languages, and pages of the tiers before match again.
        for tier, documents in self._ranking.tiers(query, filters, 4 * limit, quoted):
            for document, score in documents:
                kind, id_, written = self._ranking.page(document)
                name = kind, id_
                if name not in found:
                    own = document if written == shown else self._ranking.document(kind, id_, shown)
                    total = tier + 0.5 * (own is not None) + 0.5 * score / (score + _SCORE_HALF)
                    found[name] = _Found(*name, document if own is None else own, total)
            if len(found) >= limit:
                break
        best = sorted(found.values(), key=lambda one: (-one.score, one.kind, one.id))[:limit]
        sought = Sought.of(self._ranking.marked(query), self._ranking.telling(query))
        return tuple(self._hit(one, sought) for one in best)

    def _hit(self, found: _Found, sought: Sought) -> Hit:
        title, summary, text = self._texts(found.document)
        shown = self._ranking.page(found.document)[2]
        best = snippet(text, shown, sought, self._places(found.document), self._prose.get(found.document))
        if not best.marks and summary:
            best = snippet(summary, shown, sought)
        other = "en" if shown == "zh" else "zh"
        twin = other if self._ranking.document(found.kind, found.id, other) is not None else None
        score = round(found.score, 4)
        return Hit(found.kind, found.id, shown, title, summary, best, score, twin)
