"""What people ask in words of their own, and the pages that answer it.

`asked.tsv` has such questions for pages, in both languages. They are indexed beside the page, never shown, and a query is
compared with each as a whole: the cosine of their terms and concepts, rare ones counting more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from .query import Query, parse

FILE = Path(__file__).with_name("asked.tsv")
# Below this two questions have little more than the words of every question in common.
_ALIKE = 0.25
_CONCEPT = 1.0
_UNHEARD = 0.5
_FREQUENT_SHARE = 0.15
_DIGITS = 3


class Row(NamedTuple):
    """The questions that some pages, given by their ids, answer."""

    ids: tuple[str, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All the questions of the file. ValueError on a line that is no row."""
    found = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not all(fields):
            raise ValueError(f"{FILE.name}:{number}: a row has three fields")
        ids, zh, en = fields
        found.append(Row(tuple(ids.split()), tuple(zh.split("；")), tuple(one.strip() for one in en.split(";"))))
    return tuple(found)


@lru_cache(maxsize=2)
def _by_page(lang: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows():
        for id_ in row.ids:
            found[id_] = (*found.get(id_, ()), *(row.zh if lang == "zh" else row.en))
    return found


def of_page(id_: str, lang: str) -> tuple[str, ...]:
    """The questions that a page answers, in a language."""
    return _by_page(lang).get(id_, ())


def table(asked: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """What `Asked` wants: of each question its page and its length; of each term how rare it is and where it stands."""
    pages: dict[str, list[int]] = {}
    for page, question in asked:
        pages.setdefault(question, []).append(page)
    vectors = [_terms(parse(question)) for question in pages]
    frequency = Counter(term for vector in vectors for term in vector)
    rarity = {term: log(1 + len(vectors) / count) for term, count in frequency.items()}
    lengths = [sqrt(sum((w * rarity[t]) ** 2 for t, w in one.items())) or 1.0 for one in vectors]
    where: dict[str, list[list[float]]] = {term: [[], []] for term in sorted(rarity)}
    for number, vector in enumerate(vectors):
        for term, weight in vector.items():
            where[term][0].append(number)
            where[term][1].append(round(weight * rarity[term] / lengths[number], _DIGITS))
    return {
        "pages": list(pages.values()),
        "terms": {t: [round(rarity[t], _DIGITS), *some] for t, some in where.items()},
    }


class Asked:
    """The questions of an open index; threads may share it."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        """`known` is what `table` gave."""
        self._pages: list[list[int]] = known["pages"]
        self._terms: dict[str, tuple[float, list[int], list[float]]] = known["terms"]
        self._unheard = _UNHEARD * log(1 + len(self._pages))

    def alike(self, query: Query) -> dict[int, float]:
        """The documents that answer a question like this, and how alike they are: above 0, at most 1."""
        if not self._pages:
            return {}
        length, heard = 0.0, []
        for term, weight in _terms(query).items():
            known = self._terms.get(term)
            wanted = weight * (known[0] if known else self._unheard)
            length += wanted * wanted
            if known:
                heard.append((wanted, known))
        total: dict[int, float] = {}
        most = _FREQUENT_SHARE * len(self._pages)
        for wanted, (_, questions, weights) in sorted(heard, key=lambda one: len(one[1][1])):
            frequent = len(questions) > most
            for one, weight in zip(questions, weights, strict=True):
                # A term of most questions only tells which of those found is nearer.
                if not frequent or one in total:
                    total[one] = total.get(one, 0.0) + wanted * weight
        least, found = _ALIKE * sqrt(length), dict[int, float]()
        for one, product in total.items():
            if product > least:
                alike = min(1.0, product / sqrt(length))
                for page in self._pages[one]:
                    found[page] = max(alike, found.get(page, 0.0))
        return found


def _terms(query: Query) -> dict[str, float]:
    return {**query.weights, **dict.fromkeys(query.concepts, _CONCEPT)}
