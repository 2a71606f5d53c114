"""Many expressions over one text, of which few match: compiled once, tried only where their words are, in bytes first.

`re2.search(expression, …)` looks its options up anew on each call, which takes longer than a short text takes to search; and
in bytes RE2 needs no offsets translated.
"""

from __future__ import annotations

import re2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

_compiled: dict[str, re2._Regexp] = {}
_FEW = 10  # texts for which the words are looked for one by one: to compile them all together takes as long


class Late:
    """An expression that is compiled when it is first asked for something; `kb explain` needs few of all that there are.

    It has the methods of a compiled one.
    """

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def __getattr__(self, name: str) -> Any:
        """A method, which is the instance's own from then on."""
        found = getattr(compiled(self._expression), name)
        self.__dict__[name] = found
        return found


def compiled(expression: str) -> re2._Regexp:
    """An expression of ours, compiled when it is first needed."""
    known = _compiled.get(expression)
    if known is None:
        known = _compiled[expression] = re2.compile(expression)
    return known


def occurs(expression: str, raw: bytes) -> bool:
    """Whether an expression matches anywhere in a text, given as UTF-8."""
    return compiled(expression).search(raw) is not None


def in_text(match: re2._Match, text: str, raw: bytes) -> tuple[int, int]:
    """Where a match in `raw`, the UTF-8 of a text, begins and ends in the text."""
    start, end = match.span()
    if len(raw) == len(text):
        return start, end
    start = len(raw[:start].decode())
    return start, start + len(match.group().decode())


class Gate:
    """Which of a table's rules may match a text: those of whose words, in lower case, at least one is in it."""

    def __init__(self, words: Iterable[Collection[str]]) -> None:
        """`words`: of each rule, in the table's order."""
        rules: dict[str, set[int]] = {}
        for number, own in enumerate(words):
            for word in own:
                rules.setdefault(word, set()).add(number)
        self._rules = tuple((word, frozenset(numbers)) for word, numbers in rules.items())
        self._uses = 0
        self._all: re2.Set | None = None

    def open(self, lower: str) -> list[int]:
        """The numbers of the rules to try, ascending."""
        found: set[int] = set()
        if self._all is not None:
            for place in self._all.Match(lower) or ():
                found |= self._rules[place][1]
            return sorted(found)
        self._uses += 1
        if self._uses > _FEW:
            self._compile()
        for word, numbers in self._rules:
            if word in lower:
                found |= numbers
        return sorted(found)

    def _compile(self) -> None:
        words = re2.Set.SearchSet()
        for word, _ in self._rules:
            words.Add(re2.escape(word))
        words.Compile()
        self._all = words
