"""Which Postfix a configuration belongs to, as far as it says so itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.config.postfix.expand import ExpansionError, level
from kb.config.postfix.model import DEFAULT_VERSION, NEWEST_PATCH, Assignment, Service, Version
from kb.config.postfix.parameters import parameters

# In the order in which they are supposed: Debian 12's first, then newer, then older ones.
_SERIES: tuple[Version, ...] = (
    *((3, minor, NEWEST_PATCH) for minor in (7, 8, 9, 10, 11)),
    *((3, minor, NEWEST_PATCH) for minor in (6, 5, 4)),
)


def detect(main: Mapping[str, Assignment], services: Sequence[Service]) -> tuple[Version, str]:
    """The version and the parameter that says so ("" when it is only assumed): mail_version of a printed configuration, else
    the compatibility level and parameters that only some versions have."""
    told = main.get("mail_version")
    if told is not None and (found := _told(told.raw)):
        return found, "mail_version"
    wanted = main.get("compatibility_level")
    lowest = _level(wanted.raw) if wanted else (0, 0, 0)
    names = [*main, *(override.name for service in services for override in service.overrides)]
    special = [parameters()[name] for name in names if name in parameters()]
    special = [p for p in special if not all(p.exists(version) for version in _SERIES)]
    possible = [version for version in _SERIES if version >= lowest] or list(_SERIES[:1])
    best = max(possible, key=lambda version: sum(p.exists(version) for p in special))
    if best == DEFAULT_VERSION:
        return DEFAULT_VERSION, ""
    reason = next((p.name for p in special if not p.exists(DEFAULT_VERSION) and p.exists(best)), "compatibility_level")
    return best, reason


def _told(text: str) -> Version | None:
    digits = text.split("-")[0].split(".")
    if len(digits) < 2 or not all(part.isascii() and part.isdigit() and len(part) < 5 for part in digits[:3]):
        return None
    return int(digits[0]), int(digits[1]), int(digits[2]) if len(digits) > 2 else NEWEST_PATCH


def _level(text: str) -> Version:
    try:
        return level(text)
    except ExpansionError:
        return 0, 0, 0


def label(version: Version) -> str:
    """`3.7`, or `3.7.11` where the patch level is known."""
    major, minor, patch = version
    return f"{major}.{minor}" if patch == NEWEST_PATCH else f"{major}.{minor}.{patch}"
