"""One rule: an entry, and an expression (RE2) over a normalised reply in which hosts and addresses are `~`."""

from __future__ import annotations

from kb.record import Record
from kb.regex import Late

# What may stand between two words of one sentence; a dot within a name or a number ends none.
GAP = r"(?:[^.;!?。；！？]|\.[^ ])*?"


class Rule(Record):
    """`entry`: the id that a match stands for. `unless`: an expression that must not match, or None."""

    entry: str
    regex: Late
    unless: Late | None


def rule(entry: str, *choices: str, unless: str = "") -> Rule:
    """A rule of which one of `choices` must match."""
    return Rule(entry, Late("|".join(choices)), Late(unless) if unless else None)


def near(one: str, other: str) -> str:
    """Both in one sentence, in either order."""
    return f"(?:{one}){GAP}(?:{other})|(?:{other}){GAP}(?:{one})"


def then(*parts: str) -> str:
    """All in one sentence, in this order."""
    return GAP.join(f"(?:{part})" for part in parts)
