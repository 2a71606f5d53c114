"""The words of mail in both languages: where a text speaks of a concept, whichever word it takes for it.

`terms.tsv` has a row for each concept. A document is indexed under the concepts it speaks of, a query asks for them, and
so each language finds the other, and 鉴权 finds 身份验证. A concept is a search term of its own, `=relay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from . import analyzer

FILE = Path(__file__).with_name("terms.tsv")
_END = ""
_MARK = "="


class Row(NamedTuple):
    """One concept: its words in Chinese and in English, and where they were found for each other."""

    concept: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    sources: tuple[str, ...]


class Span(NamedTuple):
    """A stretch `[start, end)` of a text that speaks of `concepts` (search terms, such as `=relay`)."""

    start: int
    end: int
    concepts: tuple[str, ...]


class _Unit(NamedTuple):
    text: str
    start: int
    end: int


class Phrases:
    """Finds many phrases at once, by words in English and by characters in Chinese; linear in the text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases`: each with the name of what it stands for. ValueError if one has no words."""
        self._root: dict[str, Any] = {}
        for phrase, name in phrases:
            units = [unit.text for unit in _units(phrase)]
            if not units:
                raise ValueError(f"{phrase!r} has no words")
            node = self._root
            for unit in units:
                node = node.setdefault(unit, {})
            node[_END] = tuple(dict.fromkeys((*node.get(_END, ()), name)))

    def every(self, text: str, in_names: bool = False) -> Iterator[Span]:
        """All occurrences, also those inside each other; `in_names`: also in a setting such as `relay_starttls`."""
        units = _units(text, in_names)
        for place in range(len(units)):
            yield from self._from(units, place)

    def longest(self, text: str) -> Iterator[Span]:
        """From left to right the longest occurrence, none overlapping another."""
        units = _units(text)
        place = 0
        while place < len(units):
            best = max(self._from(units, place), default=None, key=lambda span: span.end)
            if best:
                yield best
            end = best.end if best else units[place].end
            while place < len(units) and units[place].start < end:
                place += 1

    def _from(self, units: list[_Unit], first: int) -> Iterator[Span]:
        node = self._root
        for unit in islice(units, first, None):
            if unit.text not in node:
                return
            node = node[unit.text]
            if _END in node:
                yield Span(units[first].start, unit.end, node[_END])


def rows() -> list[Row]:
    """The term base as it stands in the file. ValueError on a line that is no row."""
    found = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4 or not all(fields):
            raise ValueError(f"{FILE.name}:{number}: a row has four fields")
        concept, zh, en, sources = fields
        found.append(Row(concept, tuple(zh.split("、")), _listed(en), _listed(sources)))
    return found


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """All the words of the term base, each standing for its concept."""
    return Phrases((word, _MARK + row.concept) for row in rows() for word in (*row.zh, *row.en))


def concepts(text: str, in_names: bool = False) -> list[str]:
    """The concepts that a text speaks of, as search terms, as often as it does."""
    return [concept for span in phrases().every(text, in_names) for concept in span.concepts]


def _listed(field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in field.split(","))


def _units(text: str, in_names: bool = False) -> list[_Unit]:
    """Words and Chinese characters in order, stop words too: `log in` is not `log`."""
    units: list[_Unit] = []
    for word in analyzer.words(text, stop_words=True):
        if word.parts and analyzer.is_cjk(word.parts[0].text[0]):
            first = word.parts[0]
            units.append(_Unit(first.text[0], first.start, first.start + 1))
            units += [_Unit(part.text[1], part.start + 1, part.end) for part in word.parts]
        elif word.whole and (not word.parts or not (in_names or _is_compound(word.whole.text))):
            units.append(_Unit(*word.whole))
        else:
            units += [_Unit(*part) for part in word.parts]
    return units


def _is_compound(text: str) -> bool:
    """Whether a word with parts is read by them: `start-tls` and `StartTLS`, but neither a setting nor a host name."""
    return "_" not in text and "." not in text
