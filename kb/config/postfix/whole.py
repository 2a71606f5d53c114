"""Whether what was pasted is a whole main.cf, and what is taken for granted of the compatibility level where it is not.

Without a level Postfix takes 0, whose smtpd_relay_restrictions are empty: smtpd then stops with `fatal: in parameter
smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of …` (measured with 3.7.11).
Stock main.cf files have set one since 3.0, so a few lines without it are no sign of level 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from kb.config.postfix.model import Assignment, Config

# What Debian 12 ships; with any level from 2 on the defaults that matter to clients are the same.
USUAL_LEVEL = "3.6"
_LEVEL = "compatibility_level"
_LEAST = 8


def is_printed(main: Mapping[str, Assignment]) -> bool:
    """Whether a main.cf is what `postconf -n` prints: every set parameter, sorted, one line after the other."""
    lines = sorted(main.values(), key=lambda found: (found.file, found.line))
    if len(lines) < _LEAST or len({found.file for found in lines}) != 1:
        return False
    names = [found.name for found in lines]
    following = all(after.line == before.last + 1 for before, after in pairwise(lines))
    return following and names == sorted(names)


def is_long(main: Mapping[str, Assignment]) -> bool:
    """Whether so much was pasted that it may be the whole file."""
    return len(main) >= _LEAST


def with_usual_level(config: Config) -> Config:
    """The configuration with the compatibility level of a stock main.cf, where a part without one was pasted."""
    if not config.main or _LEVEL in config.main or is_printed(config.main):
        return config
    file = min(found.file for found in config.main.values())
    usual = Assignment(file, 0, 0, 0, _LEVEL, USUAL_LEVEL)
    return replace(config, main={**config.main, _LEVEL: usual})
