"""Which documents of an index answer a query, and how well.

Tiers, best first: pages named so (id, title); the page of the error that the query is; pages that have each word as a setting
name or a code; for Chinese that breaks off in the middle of a word, pages that have it to the letter; pages that have all that
is wanted; pages that have some of it. Of many words that are not quoted the last two tiers are one, since any long page has
them all. Within a tier by score: the literal terms, and less for concepts; more for words that stand together as in the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from . import analyzer
from .asked import Asked
from .filters import Filters
from .postings import Field, best
from .products import COMMON_SHARE, Products
from .query import Query, Want, required
from .sequence import Places, densest, number
from .storage import Reader
from .termbase import CONCEPT
from .vocabulary import Vocabulary

NAMED, QUOTED, KEYED, LITERAL, COMPLETE, PARTIAL = 5, 4, 3, 2, 1, 0
_FREQUENT_SHARE = 0.1
_FREQUENT_FLOOR = 50
_MAX_SCORED = 24
_FREQUENT_SCORED = 4
_MAX_PAIRS = 32
_CONCEPT_WEIGHT = 0.6
_KEY_SCORE = 10.0
_HEAD_WEIGHT = 2.2
_COVERED_OF = 200
_ENOUGH = 1000
_FEW = 3
_BY_THE_WAY = 0.7
_LEAST_SHARE = 0.1
_ARTICLE = 1.3
_ASKED_WEIGHT = 1.0
_ANSWERED = 0.5
# From here on a query is taken for the error that it quotes; below that is a hint.
QUOTE = 0.9
_QUOTED_WEIGHT = 0.7
NOTHING: Mapping[str, float] = MappingProxyType({})
_NEAR_OF = 16
_NEAR_TERMS = 12
_NEAR = 100
_NEAR_WEIGHT = 0.5
_ORDER_WEIGHT = 1.0
_KEPT = 2048
_CODE = re.compile(r"[245]\d\d|[245x]\.\d{1,3}\.\d{1,3}")


class _Sought(NamedTuple):
    """What one search asks for: the products that it names, its terms with what each counts, the pages that answer a question
    like it and how well, the only documents that are let through, and how many.
    """

    query: Query
    named: frozenset[str]
    weights: list[tuple[str, float]]
    alike: Mapping[int, float]
    allowed: set[int] | None
    most: int

    def near(self) -> list[int]:
        """The terms that should stand near each other, by their numbers."""
        return [number(term) for term, _ in self.weights[:_NEAR_TERMS]]


class Ranking:
    """Ranks the documents of an open index; threads may share it."""

    def __init__(self, reader: Reader, places: Callable[[int], Places]) -> None:
        """`reader` stays open as long as this is used; `places` is its `places`, or that with a memory."""
        self._reader = reader
        self._places = places
        tables = reader.tables
        self._pages: list[tuple[str, str, str]] = [(kind, id_, lang) for kind, id_, lang in tables["pages"]]
        self._numbers = {page: number for number, page in enumerate(self._pages)}
        self._with = lru_cache(maxsize=_KEPT)(self._documents_with)
        self._body = Field(reader, "body")
        self._head = Field(reader, "head")
        self._pairs: dict[str, int] = tables["pairs"]
        self._asked = Asked(tables["asked"])
        self._products = Products(reader, self._body, self._with)
        self.vocabulary = Vocabulary(tables["words"], tables["settings"])

    def tiers(
        self, query: Query, filters: Filters, most: int, quoted: Mapping[str, float] = NOTHING
    ) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """The tiers, best first, with the `most` best of their documents; each is worked out when it is asked for.

        `quoted`: ids of pages of which the query quotes the error, with how sure that is, at most 1.
        """
        sought = self._sought(query, filters, most, quoted)

        def ranked(documents: Set[int], near: bool = False) -> list[tuple[int, float]]:
            found = self._scored(documents, sought)
            return self._nearest(found, sought) if near else found

        yield NAMED, ranked(self._with("names", query.name))
        if all(map(_CODE.fullmatch, query.keys)):
            # 5.7.26 says more than 550.
            telling = [key for key in query.keys if "." in key] or query.keys
            yield NAMED, ranked(self._with_any("names", telling))
        yield QUOTED, ranked(self._with_any("names", (one for one, sure in quoted.items() if sure >= QUOTE)))
        if all(map(_CODE.fullmatch, query.keys)):
            yield KEYED, ranked(self._with_any("keys", telling))
        yield KEYED, ranked(self._with_keys(query.keys))
        yield KEYED, ranked(self._with_part_of_name(query))
        literal = self._all_of(query.literal)
        if query.is_cut:
            yield LITERAL, ranked(literal, True)
        complete = literal.union(*map(self._complete, query.readings))
        complete |= {one for one, how in sought.alike.items() if how >= _ANSWERED}
        if not query.is_own_words or max(len(required(wants)) for wants in query.readings) <= _FEW:
            # A page may have all of it by the way, and another be about most of it.
            some = self._some(sought)
            least = _BY_THE_WAY * max((score for _, score in some), default=0.0)
            whole = [one for one in self._scored(complete, sought) if one[1] >= least]
            yield COMPLETE, self._nearest(whole, sought)
            yield PARTIAL, self._nearest(some, sought)
        else:
            # Of many words all stand in any long page, and a short one that is about them may lack one.
            whole = self._scored(complete, sought)[: _NEAR_OF // 2]
            found = best({**dict(self._some(sought)), **dict(whole)}, most)
            yield PARTIAL, self._nearest(list(dict.fromkeys((*whole, *found))), sought)

    def is_named(self, query: Query) -> bool:
        """Whether a page is named so."""
        return bool(self._with("names", query.name))

    def unknown(self, want: Want) -> bool:
        """Whether no page has what is wanted."""
        terms = (*((want.whole,) if want.whole else ()), *want.concepts, *want.others)
        if any(self._body.frequency(term) for term in terms):
            return False
        single = want.whole and analyzer.is_cjk(want.whole)
        return not (self._pairs_with(want.whole) if single and want.whole else self._all_of(want.parts))

    def share(self, query: Query, parts: Iterable[str]) -> float:
        """How much of what a query says is in parts of it, rare words counting more: at most 1."""
        there = {term for part in parts for term in analyzer.terms(part)}
        said = {term: weight * self._body.rarity(term) for term, weight in query.weights.items()}
        whole = sum(said.values())
        return sum(weight for term, weight in said.items() if term in there) / whole if whole else 0.0

    def telling(self, query: Query) -> list[str]:
        """The terms and concepts of a query that tell most, the rarest first."""
        return [term for term, _ in self._weights(query)[:_NEAR_TERMS]]

    def marked(self, query: Query) -> frozenset[str]:
        """What to mark in a text: not the concepts of every page, such as that of `Message` in `Message-ID` for 邮件."""
        every = query.marked()
        return frozenset(term for term in every if not (term.startswith(CONCEPT) and self._is_common(term))) or every

    def page(self, document: int) -> tuple[str, str, str]:
        """Kind, id and language of a document."""
        return self._pages[document]

    def document(self, kind: str, id_: str, lang: str) -> int | None:
        """The number of a document."""
        return self._numbers.get((kind, id_, lang))

    def _allowed(self, filters: Filters) -> set[int] | None:
        allowed = None
        for name, values in filters:
            some = self._with_any(name, values)
            allowed = set(some) if allowed is None else allowed & some
        return allowed

    def _weights(self, query: Query) -> list[tuple[str, float]]:
        """The terms to score with, the rarest first, and what each counts; few of those that are in many pages."""
        weighted = [(weight, term) for term, weight in query.weights.items()] + [
            (_CONCEPT_WEIGHT, c) for c in query.concepts
        ]
        by_frequency = sorted((self._body.frequency(term), weight, term) for weight, term in weighted)
        frequent = max(_FREQUENT_FLOOR, _FREQUENT_SHARE * self._reader.count)
        there = [one for one in by_frequency if one[0]]
        telling = sum(one[0] <= frequent for one in there)
        chosen = (*there[: min(telling, _MAX_SCORED)], *there[telling : telling + _FREQUENT_SCORED])
        return [(term, weight) for _, weight, term in chosen]

    def _sought(self, query: Query, filters: Filters, most: int, quoted: Mapping[str, float]) -> _Sought:
        named = self._products.named(query)
        alike = self._products.answers(named, self._asked.alike(query))
        for id_, sure in quoted.items():
            for document in self._with("names", id_):
                alike[document] = max(_QUOTED_WEIGHT * sure, alike.get(document, 0.0))
        return _Sought(query, named, self._weights(query), alike, self._allowed(filters), most)

    def _scored(self, documents: Set[int], sought: _Sought) -> list[tuple[int, float]]:
        """The best of some documents."""
        among = documents if sought.allowed is None else documents & sought.allowed
        if not among:
            return []
        total = dict.fromkeys(among, 0.0)
        for term, weight in sought.weights:
            self._body.add(term, weight, total, more=False)
        self._add_names(sought.query, total)
        self._favour(sought, total)
        _answer(sought.alike, total, among)
        return best(total, sought.most)

    def _favour(self, sought: _Sought, total: dict[int, float]) -> None:
        """A question is answered rather by an article, and by what is of the products named."""
        self._products.favour(sought.named, total)
        if sought.query.is_question:
            for document in self._with("kind", "article") & total.keys():
                total[document] *= _ARTICLE

    def _add_names(self, query: Query, total: dict[int, float]) -> None:
        """What the title and the keys of documents add to their scores."""
        for term, weight in query.weights.items():
            self._head.add(term, weight * _HEAD_WEIGHT, total, more=False)
        for concept in query.concepts:
            self._head.add(concept, _CONCEPT_WEIGHT * _HEAD_WEIGHT, total, more=False)
        for key in query.keys:
            having = self._with("keys", key)
            worth = _KEY_SCORE * (
                1 if key.isalnum() else 2
            )  # 5.7.26 says more than 550, relay_transport than relayhost.
            for document in having & total.keys():
                total[document] += worth

    def _some(self, sought: _Sought) -> list[tuple[int, float]]:
        """The best of those that have some of what is wanted."""
        query, weights, alike, allowed, most = sought.query, sought.weights, sought.alike, sought.allowed, sought.most
        total: dict[int, float] = {}
        for term, weight in weights:
            # What the rarest terms have found is enough to choose from; the others only tell which is better.
            self._body.add(term, weight, total, more=len(total) < _ENOUGH)
        if allowed is not None:
            total = {one: score for one, score in total.items() if one in allowed}
        self._add_names(query, total)
        self._favour(sought, total)
        found = best(total, max(most, _COVERED_OF))
        among = {one for one, _ in found}
        having = [self._each_having(required(wants), among) for wants in query.readings]
        shares = [_shares(among, sets) for sets in having if sets]
        total = {one: score * max((some[one] for some in shares), default=1.0) for one, score in found}
        _answer(alike, total, alike.keys() if allowed is None else alike.keys() & allowed)
        return best(total, most)

    def _nearest(self, found: list[tuple[int, float]], sought: _Sought) -> list[tuple[int, float]]:
        """The first of `found` again, those with the words of the query together and in its order further up."""
        row, terms = [number(term) for term in sought.query.row], sought.near()
        if len(found) < 2 or len(terms) < 2:
            return found
        first = found[:_NEAR_OF]
        known = [self._places(document) for document, _ in first]
        gathered = [densest(one.occurrences(terms), _NEAR)[0] for one in known]
        most = max(gathered) or 1
        nearer = {}
        for (document, score), one, count in zip(first, known, gathered, strict=True):
            order = one.nearness(row) if len(row) > 1 else 0.0
            nearer[document] = score * (1 + _ORDER_WEIGHT * order) * (1 + _NEAR_WEIGHT * count / most)
        return best(nearer, _NEAR_OF) + found[_NEAR_OF:]

    def _is_common(self, term: str) -> bool:
        """Whether so many pages have a term that it says nothing by itself."""
        return self._body.frequency(term) > COMMON_SHARE * self._reader.count

    def _complete(self, wants: Iterable[Want]) -> set[int]:
        """The documents that have all that is wanted; the rarest is looked for first."""
        common: set[int] | None = None
        different = {want.sought(): want for want in required(wants)}
        for want in sorted(different.values(), key=self._estimate):
            common = self._having(want, common)
            if not common:
                break
        return common or set()

    def _estimate(self, want: Want) -> int:
        """About how many documents have what is wanted."""
        parts = min((self._body.frequency(part) for part in want.parts), default=0)
        others = (*((want.whole,) if want.whole else ()), *want.concepts, *want.others)
        return parts + sum(self._body.frequency(term) for term in others)

    def _each_having(self, wants: Iterable[Want], among: set[int]) -> list[set[int]]:
        """Of each that is wanted the documents that have it; what is wanted several times is looked for once."""
        known: dict[tuple[object, ...], set[int]] = {}
        for want in (asked := list(wants)):
            if want.sought() not in known:
                known[want.sought()] = self._having(want, among)
        return [known[want.sought()] for want in asked]

    def _having(self, want: Want, among: set[int] | None = None) -> set[int]:
        """The documents that have what is wanted: all, or those `among` some."""
        documents = self._all_of(want.parts, among)
        for term in (*((want.whole,) if want.whole else ()), *want.concepts, *want.others):
            documents |= self._body.having(term, among)
        if want.whole and analyzer.is_cjk(want.whole):
            for pair in self._pairs_with(want.whole):
                documents |= self._body.having(pair, among)
        return documents

    def _all_of(self, terms: Iterable[str], among: set[int] | None = None) -> set[int]:
        """The documents that have each of some terms; none for no terms."""
        common, asked = among, False
        for term in sorted(terms, key=self._body.frequency):
            common, asked = self._body.having(term, common), True
            if not common:
                break
        return (common or set()) if asked else set()

    def _pairs_with(self, char: str) -> list[str]:
        """Chinese is indexed in pairs: what to look for when the user gave a single character."""
        return self._pairs_of.get(char, [])

    @cached_property
    def _pairs_of(self) -> dict[str, list[str]]:
        """The first _MAX_PAIRS pairs that each character is in: a query may have hundreds of single ones."""
        found: dict[str, list[str]] = {}
        for pair in self._pairs:
            for char in set(pair):
                known = found.setdefault(char, [])
                if len(known) < _MAX_PAIRS:
                    known.append(pair)
        return found

    def _with_any(self, field: str, terms: Iterable[str]) -> frozenset[int]:
        return frozenset[int]().union(*(self._with(field, term) for term in terms))

    def _with_keys(self, keys: Collection[str]) -> set[int]:
        found = [self._with("keys", key) for key in keys]
        return set(found[0].intersection(*found[1:])) if found else set()

    def _with_part_of_name(self, query: Query) -> set[int]:
        """Pages with a setting that the whole query is a part of, its words joined: `tls security level`."""
        if len(query.text) > 2 * analyzer.MAX_TOKEN:
            return set()
        words = [word for want in query.readings[0] for word in want.text.split()]
        if len(words) < 2 and not {"_", "."} & set(query.name):
            return set()
        parts = {joint.join(words) for joint in "_."}
        names = {name for part in parts if len(part) > 2 and part.isascii() for name in self.vocabulary.names(part)}
        return set(self._with_any("keys", names))

    def _documents_with(self, field: str, term: str) -> frozenset[int]:
        return frozenset(self._reader.postings(field, term).documents)


def _answer(alike: Mapping[int, float], total: dict[int, float], among: Set[int]) -> None:
    """Add to the scores of pages `among` some that answer a question like the query: at most as much as the best page has."""
    highest = max(total.values(), default=0.0) or 1.0
    for one in alike.keys() & among:
        total[one] = total.get(one, 0.0) + _ASKED_WEIGHT * highest * alike[one]


def _shares(among: set[int], sets: list[set[int]]) -> dict[int, float]:
    """How much of what is wanted each document has, as a factor of its score."""
    shares, each = dict.fromkeys(among, _LEAST_SHARE), (1 - _LEAST_SHARE) / len(sets)
    for one in sets:
        for document in one:
            shares[document] += each
    return shares
