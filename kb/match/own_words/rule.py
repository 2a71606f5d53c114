"""One rule: an entry, and an expression (RE2) over a normalised reply in which addresses are `@` and hosts `~`."""

from __future__ import annotations

from kb.record import Record
from kb.regex import Late

# What may stand between two words of one sentence; a dot within a name or a number ends none.
GAP = r"(?:[^.;!?。；！？]|\.[^ ])*?"


class Rule(Record):
    """`entry`: the id that a match stands for. `unless`: an expression that must not match, or None.

    sure: whether its words say something particular, as `spam` or `quota` do, that goes before a code and a generic wording.
    """

    entry: str
    regex: Late
    unless: Late | None
    sure: bool


def rule(entry: str, *choices: str, unless: str = "") -> Rule:
    """A rule of which one of `choices` must match, and whose words are sure."""
    return Rule(entry, Late("|".join(choices)), Late(unless) if unless else None, True)


def loose(entry: str, *choices: str, unless: str = "") -> Rule:
    """A rule like `rule`, of words that also stand in replies which mean something else by their code."""
    return rule(entry, *choices, unless=unless).replace(sure=False)


def near(one: str, other: str) -> str:
    """Both in one sentence, in either order."""
    return f"(?:{one}){GAP}(?:{other})|(?:{other}){GAP}(?:{one})"


def then(*parts: str) -> str:
    """All in one sentence, in this order."""
    return GAP.join(f"(?:{part})" for part in parts)
