"""Everything that the index holds of a text, in one pass over it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from . import analyzer, termbase


class Reading(NamedTuple):
    """The terms of a text with where each starts and how long it is (concepts come last), and its words as written."""

    terms: list[str]
    starts: list[int]
    lengths: list[int]
    spelled: set[str]


class _Run(NamedTuple):
    """What one run that is not Chinese gives, counted from its start."""

    spelled: str | None
    terms: tuple[str, ...]
    starts: tuple[int, ...]
    lengths: tuple[int, ...]


def read(text: str, concepts: bool = True) -> Reading:
    """Read a text, without the concepts of the term base if they are not asked for."""
    found = Reading([], [], [], set())
    terms, starts, lengths, spelled = found
    units = termbase.Units([], [], [])
    for chinese, run, start in analyzer.runs(text):
        if concepts:
            termbase.add_units(units, chinese, run, start, in_names=True)
        if chinese:
            _add_chinese(found, run, start)
            continue
        known = _kept_run(run) if len(run) <= analyzer.MAX_TOKEN else _read_run(run)
        if known.spelled:
            spelled.add(known.spelled)
        terms += known.terms
        starts += [start + place for place in known.starts]
        lengths += known.lengths
    for first, last, names in termbase.phrases().among(units):
        terms += names
        starts += [first] * len(names)
        lengths += [last - first] * len(names)
    return found


def read_lines(lines: Iterable[str]) -> Reading:
    """The same of lines with a blank between each two; no concept goes on from one line to the next.

    Entries share many lines with others and with their translation: each is read once.
    """
    found, start = Reading([], [], [], set()), 0
    for line in lines:
        known = _kept_line(line)
        found.terms.extend(known.terms)
        found.starts.extend([start + place for place in known.starts])
        found.lengths.extend(known.lengths)
        found.spelled.update(known.spelled)
        start += len(line) + 1
    return found


def _add_chinese(found: Reading, run: str, start: int) -> None:
    count = len(run) - 1
    if not count:
        found.terms.append(run)
        found.starts.append(start)
        found.lengths.append(1)
        return
    found.terms.extend([run[place : place + 2] for place in range(count)])
    found.starts.extend(range(start, start + count))
    found.lengths.extend([2] * count)


def _read_run(run: str) -> _Run:
    tokens = [token for word in analyzer.words_of(run) if not word.stop for token in word.tokens()]
    terms, starts = tuple(token.text for token in tokens), tuple(token.start for token in tokens)
    return _Run(analyzer.spelling(run), terms, starts, tuple(token.end - token.start for token in tokens))


_kept_run = lru_cache(maxsize=1 << 15)(_read_run)
_kept_line = lru_cache(maxsize=1 << 15)(read)
