"""One rule: an entry, and an expression (RE2) over a normalised reply in which addresses are `@` and hosts `~`."""

from __future__ import annotations

import re2

from kb.match.normalize import normalize
from kb.record import Record
from kb.regex import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What may stand between two words of one sentence; a dot within a name or a number ends none.
GAP = r"(?:[^.;!?。；！？]|\.[^ ])*?"


class Rule(Record):
    """`entry`: the id that a match stands for. `unless`: an expression that must not match, or None.

    gate: an expression of which every text that matches has a match, short to compile. sure: whether its words say something
    particular, as `spam` or `quota` do, that goes before a code and a generic wording.
    """

    entry: str
    gate: str
    regex: Late
    unless: Late | None
    sure: bool


class Rules:
    """The rules of a language. Most are never compiled: one pass over a text tells which could match.

    Their order says nothing: kb.match.own_words.precedence decides between two that match.
    """

    def __init__(self, *rules: Rule) -> None:
        self.rules = rules
        self._gates: re2.Set | None = None

    def open(self, text: str) -> Iterator[Rule]:
        """The rules that may match a text."""
        if self._gates is None:
            gates = re2.Set.SearchSet()
            for rule_ in self.rules:
                gates.Add(rule_.gate)
            gates.Compile()
            self._gates = gates
        for number in self._gates.Match(text) or ():
            yield self.rules[number]


def rule(entry: str, *choices: str, unless: str = "") -> Rule:
    """A rule of which one of `choices` must match, and whose words are sure."""
    # What begins a choice, up to the first gap: one family of `near`, the first part of `then`, or all of it.
    gate = "|".join(choice.partition(GAP)[0] for choice in choices)
    return Rule(entry, gate, Late("|".join(choices)), Late(unless) if unless else None, True)


def loose(entry: str, *choices: str, unless: str = "") -> Rule:
    """A rule like `rule`, of words that also stand in replies which mean something else by their code."""
    return rule(entry, *choices, unless=unless).replace(sure=False)


def normalized(words: str) -> str:
    """Words with `|` between them in the normal form that texts are searched in."""
    return "|".join(map(normalize, words.split("|")))


def near(one: str, other: str) -> str:
    """Both in one sentence, in either order."""
    return f"(?:{one}){GAP}(?:{other})|(?:{other}){GAP}(?:{one})"


def then(*parts: str) -> str:
    """All in one sentence, in this order."""
    return GAP.join(f"(?:{part})" for part in parts)
