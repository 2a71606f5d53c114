"""The words of mail in both languages: where a text speaks of a concept, whichever word it takes for it.

`terms.tsv` has a row for each concept. A document is indexed under the concepts it speaks of, a query asks for them, and
so each language finds the other, and 鉴权 finds 身份验证. A concept is a search term of its own, `=relay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import analyzer

FILE = Path(__file__).with_name("terms.tsv")
_END = ""
CONCEPT = "="


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


class Units(NamedTuple):
    """The units of a text by which phrases are compared, in order: what each is, where it starts and ends."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


class Phrases:
    """Finds many phrases at once, by words in English and by characters in Chinese; linear in the text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases`: each with the name of what it stands for. ValueError if one has no words."""
        self._root: dict[str, Any] = {}
        self._add(phrases)

    def with_others(self, phrases: Iterable[tuple[str, str]]) -> Phrases:
        """These and `phrases`."""
        both = Phrases(())
        both._root = _copied(self._root)
        both._add(phrases)
        return both

    def _add(self, phrases: Iterable[tuple[str, str]]) -> None:
        for phrase, name in phrases:
            texts = units(phrase).texts
            if not texts:
                raise ValueError(f"{phrase!r} has no words")
            node = self._root
            for text in texts:
                node = node.setdefault(text, {})
            node[_END] = tuple(dict.fromkeys((*node.get(_END, ()), name)))

    def every(self, text: str, in_names: bool = False) -> list[Span]:
        """All occurrences, also those inside each other; `in_names`: also in a setting such as `relay_starttls`."""
        return self.among(units(text, in_names))

    def among(self, known: Units) -> list[Span]:
        """All occurrences in a text of which the units are known."""
        root, texts = self._root, known.texts
        found = []
        for first, text in enumerate(texts):
            node, place = root.get(text), first + 1
            while node:
                if _END in node:
                    found.append(Span(known.starts[first], known.ends[place - 1], node[_END]))
                node = node.get(texts[place]) if place < len(texts) else None
                place += 1
        return found

    def longest(self, text: str) -> Iterator[Span]:
        """From left to right the longest occurrence, none overlapping another."""
        known = units(text)
        place = 0
        while place < len(known.texts):
            best = max(self._from(known, place), default=None, key=lambda span: span.end)
            if best:
                yield best
            end = best.end if best else known.ends[place]
            while place < len(known.texts) and known.starts[place] < end:
                place += 1

    def _from(self, known: Units, first: int) -> Iterator[Span]:
        node = self._root
        for place in range(first, len(known.texts)):
            text = known.texts[place]
            if text not in node:
                return
            node = node[text]
            if _END in node:
                yield Span(known.starts[first], known.ends[place], node[_END])


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
    return Phrases((word, CONCEPT + row.concept) for row in rows() for word in (*row.zh, *row.en))


def concepts(text: str, in_names: bool = False) -> list[str]:
    """The concepts that a text speaks of, as search terms, as often as it does."""
    return [concept for span in phrases().every(text, in_names) for concept in span.concepts]


def _copied(node: dict[str, Any]) -> dict[str, Any]:
    return {text: below if text == _END else _copied(below) for text, below in node.items()}


def _listed(field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in field.split(","))


def units(text: str, in_names: bool = False) -> Units:
    """Words and Chinese characters in order, stop words too: `log in` is not `log`. `in_names` as for `every`."""
    found = Units([], [], [])
    for chinese, run, start in analyzer.runs(text):
        add_units(found, chinese, run, start, in_names)
    return found


def add_units(found: Units, chinese: bool, run: str, start: int, in_names: bool) -> None:
    """Add the units of one run (see `analyzer.runs`)."""
    if chinese:
        found.texts.extend(run)
        found.starts.extend(range(start, start + len(run)))
        found.ends.extend(range(start + 1, start + len(run) + 1))
    else:
        for text, first, last in _units_of(run, in_names):
            found.texts.append(text)
            found.starts.append(start + first)
            found.ends.append(start + last)


def _units_of(run: str, in_names: bool) -> tuple[analyzer.Token, ...]:
    return _kept_units(run, in_names) if len(run) <= analyzer.MAX_TOKEN else _read_units(run, in_names)


@lru_cache(maxsize=1 << 15)
def _kept_units(run: str, in_names: bool) -> tuple[analyzer.Token, ...]:
    return _read_units(run, in_names)


def _read_units(run: str, in_names: bool) -> tuple[analyzer.Token, ...]:
    found: list[analyzer.Token] = []
    for word in analyzer.words_of(run):
        if word.whole and (not word.parts or not (in_names or _is_compound(word.whole.text))):
            found.append(word.whole)
        else:
            found += word.parts
    return tuple(found)


def _is_compound(text: str) -> bool:
    """Whether a word with parts is read by them: `start-tls` and `StartTLS`, but neither a setting nor a host name."""
    return "_" not in text and "." not in text
