"""Whose pages they are: a query that names a product wants its pages, and one that names none what is true of many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import cached_property

from . import analyzer
from .postings import Field
from .query import Query
from .storage import Reader
from .termbase import CONCEPT, concepts

COMMON_SHARE = 1 / 3
_ANY = "any"
_RIGHT = 1.3
_OTHER = 0.6
_OTHER_ANSWER = 0.8
_TELLING_SHARE = 0.3


class Products:
    """The products of an open index; threads may share it."""

    def __init__(self, reader: Reader, body: Field, having: Callable[[str, str], frozenset[int]]) -> None:
        """`having` gives the documents that have a value in a field."""
        self._reader = reader
        self._body = body
        self._having = having

    def named(self, query: Query) -> frozenset[str]:
        """The products that a query names."""
        terms = (*query.literal, *query.concepts)
        return frozenset[str]().union(*(self._by_term.get(term, ()) for term in terms))

    def favour(self, named: Set[str], total: dict[int, float]) -> None:
        """Whoever names a product means it; else what is of no one product tells more people something."""
        right = self._of(named or {_ANY})
        for document in right & total.keys():
            total[document] *= _RIGHT
        if named:
            for document in (self._specific - right) & total.keys():
                total[document] *= _OTHER

    def answers(self, named: Set[str], alike: Mapping[int, float]) -> dict[int, float]:
        """How well pages answer, less so if products are named and they are of others."""
        if not named:
            return dict(alike)
        right = self._of(named)
        return {one: how if one in right else _OTHER_ANSWER * how for one, how in alike.items()}

    def _of(self, products: Set[str]) -> frozenset[int]:
        return frozenset[int]().union(*(self._having("product", product) for product in products))

    @cached_property
    def _specific(self) -> frozenset[int]:
        """The documents that are of some products alone."""
        return self._of(set(self._reader.terms("product")) - {_ANY}) - self._having("product", _ANY)

    @cached_property
    def _by_term(self) -> dict[str, set[str]]:
        """The products that a term names: `gmail`, and `amazon` for `amazon-ses`, but not `mail` or `docker` (a container);
        a concept of the term base that has the name of a product names that.
        """
        found: dict[str, set[str]] = {}
        for product in self._reader.terms("product"):
            found[CONCEPT + product] = {product}
            for word in {product, *product.split("-")} - {_ANY}:
                for term in () if concepts(word) else analyzer.terms(word):
                    if self._body.frequency(term) <= COMMON_SHARE * self._reader.count:
                        found.setdefault(term, set()).add(product)
        whole = {term for product in self._reader.terms("product") for term in analyzer.terms(product)[:1]}
        return {term: some for term, some in found.items() if term in whole or self._tells(term, some)}

    def _tells(self, term: str, products: Set[str]) -> bool:
        """Whether a part of names is of these rather than a word of its own, such as `home` of `home-assistant`."""
        having = self._body.having(term)
        return len(having & self._of(products)) >= _TELLING_SHARE * len(having)
