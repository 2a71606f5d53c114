"""A rule as `kb check --explain` tells it."""

from __future__ import annotations

from typing import NamedTuple

from kb.text import Text


class Rule(NamedTuple):
    """One rule: its number, what it says, why and how to mend it, and, where it helps, lines that break it and keep it."""

    number: str
    title: Text
    body: Text
    wrong: str = ""
    right: str = ""
