"""Which documents of an index answer a query, and how well.

Tiers, best first: pages named so (id, title); pages that have each word as a setting name or a code; for Chinese that breaks
off in the middle of a word, pages that have it to the letter; pages that have all that is wanted; pages that have some of it.
Within a tier by score: the literal terms, and less for concepts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from functools import lru_cache

from . import analyzer
from .filters import Filters
from .postings import Postings
from .query import Query, Want, required
from .storage import Reader
from .vocabulary import Vocabulary

NAMED, KEYED, LITERAL, COMPLETE, PARTIAL = 4, 3, 2, 1, 0
_FREQUENT_SHARE = 0.1
_FREQUENT_FLOOR = 50
_MAX_SCORED = 24
_MIN_SCORED = 4
_MAX_PAIRS = 64
_CONCEPT_WEIGHT = 0.6
_KEY_SCORE = 10.0
_HEAD_WEIGHT = 1.5
_NEITHER_PRODUCT = 1.15
_COVERED_OF = 200
_KEPT = 2048
_CODE = re.compile(r"[245]\d\d|[245x]\.\d{1,3}\.\d{1,3}")


class Ranking:
    """Ranks the documents of an open index; threads may share it."""

    def __init__(self, reader: Reader) -> None:
        """`reader` stays open as long as this is used."""
        self._reader = reader
        tables = reader.tables
        self._pages: list[tuple[str, str, str]] = [(kind, id_, lang) for kind, id_, lang in tables["pages"]]
        self._numbers = {page: number for number, page in enumerate(self._pages)}
        self._with = lru_cache(maxsize=_KEPT)(self._documents_with)
        self._body = Postings(reader, "body")
        self._head = Postings(reader, "head")
        self._pairs: list[str] = tables["pairs"]
        self.vocabulary = Vocabulary(tables["words"], tables["settings"])

    def tiers(self, query: Query, filters: Filters) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """The tiers with their documents and scores, best first; each tier is worked out when it is asked for."""
        allowed = self._allowed(filters)
        weights = self._weights(query)

        def only(documents: Set[int]) -> Set[int]:
            return documents if allowed is None else documents & allowed

        yield NAMED, self._scored(only(self._with("names", query.name)), weights)
        yield KEYED, self._scored(only(self._with_keys(query.keys)), weights)
        if all(map(_CODE.fullmatch, query.keys)):
            yield KEYED, self._scored(only(set[int]().union(*(self._with("keys", key) for key in query.keys))), weights)
        yield KEYED, self._scored(only(self._with_part_of_name(query)), weights)
        complete = [_common(map(self._having, required(wants))) for wants in query.readings]
        literal = _common(self._body.scores(term).keys() for term in sorted(query.literal, key=self._body.frequency))
        if query.is_cut:
            yield LITERAL, self._scored(only(literal), weights)
        yield COMPLETE, self._scored(only(set[int]().union(*complete, literal)), weights)
        yield PARTIAL, self._some(query, weights, allowed)

    def unknown(self, want: Want) -> bool:
        """Whether no page has what is wanted."""
        return not self._having(want)

    def page(self, document: int) -> tuple[str, str, str]:
        """Kind, id and language of a document."""
        return self._pages[document]

    def document(self, kind: str, id_: str, lang: str) -> int | None:
        """The number of a document."""
        return self._numbers.get((kind, id_, lang))

    def _allowed(self, filters: Filters) -> set[int] | None:
        allowed = None
        for name, values in filters:
            some = set[int]().union(*(self._with(name, value) for value in values))
            allowed = some if allowed is None else allowed & some
        return allowed

    def _weights(self, query: Query) -> list[tuple[float, Mapping[int, float]]]:
        """The terms to score with, the rarest first, and what each counts; those that are in most pages tell nothing."""
        weighted = [(1.0, term) for term in query.terms()] + [(_CONCEPT_WEIGHT, c) for c in query.concepts]
        by_frequency = sorted((self._body.frequency(term), weight, term) for weight, term in weighted)
        frequent = max(_FREQUENT_FLOOR, _FREQUENT_SHARE * self._reader.count)
        there = [one for one in by_frequency if one[0]]
        telling = [one for one in there if one[0] <= frequent][:_MAX_SCORED] or there[:_MIN_SCORED]
        scored = [(weight, self._body.scores(term)) for _, weight, term in telling]
        scored += [(weight * _HEAD_WEIGHT, scores) for weight, term in weighted if (scores := self._head.scores(term))]
        keys = ((_KEY_SCORE, dict.fromkeys(self._with("keys", key), 1.0)) for key in query.keys)
        return [*scored, *((weight, scores) for weight, scores in keys if scores)]

    def _scored(self, documents: Set[int], weights: list[tuple[float, Mapping[int, float]]]) -> list[tuple[int, float]]:
        general = self._general if documents else frozenset[int]()
        scored = []
        for document in documents:
            score = sum(weight * scores[document] for weight, scores in weights if document in scores)
            scored.append((document, score * _NEITHER_PRODUCT if document in general else score))
        return sorted(scored, key=lambda one: (-one[1], one[0]))

    def _some(
        self, query: Query, weights: list[tuple[float, Mapping[int, float]]], allowed: set[int] | None
    ) -> list[tuple[int, float]]:
        total: dict[int, float] = {}
        for weight, scores in weights:
            for document, score in scores.items():
                total[document] = total.get(document, 0.0) + weight * score
        documents = total.keys() if allowed is None else total.keys() & allowed
        best = sorted(documents, key=lambda one: (-total[one], one))[:_COVERED_OF]
        having = [[self._having(want) for want in required(wants)] for wants in query.readings]
        ranked = [(one, total[one] * max((_share(one, sets) for sets in having), default=1.0)) for one in best]
        return sorted(ranked, key=lambda one: (-one[1], one[0]))

    @property
    def _general(self) -> frozenset[int]:
        return self._with("product", "any")

    def _having(self, want: Want) -> set[int]:
        documents = _common(self._body.scores(part).keys() for part in sorted(want.parts, key=self._body.frequency))
        for term in (*((want.whole,) if want.whole else ()), *want.concepts, *want.others):
            documents |= self._body.scores(term).keys()
        if want.whole and analyzer.is_cjk(want.whole):
            for pair in self._pairs_with(want.whole):
                documents |= self._body.scores(pair).keys()
        return documents

    def _pairs_with(self, char: str) -> list[str]:
        """Chinese is indexed in pairs: what to look for when the user gave a single character."""
        pairs = [pair for pair in self._pairs if char in pair]
        return sorted(pairs, key=lambda pair: -self._body.frequency(pair))[:_MAX_PAIRS]

    def _with_keys(self, keys: Collection[str]) -> set[int]:
        return _common(self._with("keys", key) for key in keys)

    def _with_part_of_name(self, query: Query) -> set[int]:
        """Pages with a setting that the whole query is a part of, its words joined: `tls security level`."""
        if len(query.text) > 2 * analyzer.MAX_TOKEN:
            return set()
        parts = "_".join(query.keys), ".".join(query.keys)
        names = {name for part in parts if len(part) > 2 for name in self.vocabulary.names(part)}
        if len(query.keys) < 2 and not {"_", "."} & set(query.name):
            return set()
        return set[int]().union(*(self._with("keys", name) for name in names))

    def _documents_with(self, field: str, term: str) -> frozenset[int]:
        return frozenset(self._reader.postings(field, term).documents)


def _share(document: int, sets: list[set[int]]) -> float:
    """How much of what is wanted a document has, as a factor of its score."""
    return 0.4 + 0.6 * sum(document in one for one in sets) / len(sets) if sets else 1.0


def _common(sets: Iterable[Collection[int]]) -> set[int]:
    """What is in all the sets, taking no further one when nothing is left; nothing for no sets."""
    common: set[int] | None = None
    for one in sets:
        common = set(one) if common is None else common & set(one)
        if not common:
            break
    return common or set()
