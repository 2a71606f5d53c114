"""Parameter names and version-dependent defaults of Postfix 3.4 to 3.11, from `parameters.tsv`.

A row is: name, type, then `version=default` for every version that changed it; `(none)` says that the version does not have
the parameter, `(unknown)` that its default depends on the machine. Extracted from src/global/mail_params.h and the tables of
the programs at all 159 release tags v3.4.0 to v3.11.6; what the build of Debian decides is from `postconf -d` of Debian's 3.7.11.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kb.config.postfix.model import Version
from kb.text import close_words

OLDEST: Version = (3, 4, 0)
NEWEST: Version = (3, 11, 6)

# Suffixes that every delivery service of master.cf makes a parameter of: `<service>_destination_recipient_limit`.
SERVICE_SUFFIXES = (
    "_time_limit",
    "_recipient_limit",
    "_extra_recipient_limit",
    "_recipient_refill_limit",
    "_recipient_refill_delay",
    "_delivery_slot_cost",
    "_delivery_slot_loan",
    "_delivery_slot_discount",
    "_minimum_delivery_slots",
    "_initial_destination_concurrency",
    "_destination_concurrency_limit",
    "_destination_recipient_limit",
    "_destination_concurrency_positive_feedback",
    "_destination_concurrency_negative_feedback",
    "_destination_concurrency_failed_cohort_limit",
    "_destination_rate_delay",
    "_transport_rate_delay",
)
# What postconf prints beside the parameters; no file sets them.
PRINTED = frozenset({"mail_version", "mail_release_date"})
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of Postfix. type: text, raw (never expanded), yesno, number or time. history: when which default began."""

    name: str
    type: str
    versions: tuple[Version, ...]
    defaults: tuple[str, ...]

    def default(self, version: Version) -> str | None:
        """Its default in a version, unexpanded; None where it does not exist there or depends on the machine."""
        index = bisect_right(self.versions, version) - 1
        if index < 0 or self.defaults[index] in ("(none)", "(unknown)"):
            return None
        return self.defaults[index]

    def exists(self, version: Version) -> bool:
        """Whether a version has it."""
        index = bisect_right(self.versions, version) - 1
        return index >= 0 and self.defaults[index] != "(none)"

    @property
    def since(self) -> Version:
        """The first version that has it."""
        return self.versions[0]


@lru_cache(maxsize=1)
def parameters() -> dict[str, Parameter]:
    """All parameters by name."""
    text = Path(__file__).with_name("parameters.tsv").read_text(encoding="utf-8")
    return {row.name: row for row in map(_row, text.splitlines())}


def _row(line: str) -> Parameter:
    name, kind, *history = line.split("\t")
    pairs = [change.partition("=") for change in history]
    return Parameter(
        name, kind, tuple(version(before) for before, _, _ in pairs), tuple(after for _, _, after in pairs)
    )


def version(text: str) -> Version:
    """`3.7` or `3.7.11` as numbers; a missing patch level is 0. Raises ValueError."""
    numbers = [*(int(part) for part in text.split(".")[:3]), 0, 0]
    return numbers[0], numbers[1], numbers[2]


def known(name: str, services: Iterable[str] = ()) -> bool:
    """Whether some version has the parameter, counting those of the delivery services named."""
    return name in parameters() or name in PRINTED or service_parameter(name, services) is not None


def service_parameter(name: str, services: Iterable[str]) -> str | None:
    """For `relay_transport_rate_delay` and the like: the parameter that gives the default, `default_transport_rate_delay`."""
    for suffix in SERVICE_SUFFIXES:
        if name.endswith(suffix) and name[: -len(suffix)] in services:
            return "command_time_limit" if suffix == "_time_limit" else f"default{suffix}"
    return None


def nearest(name: str) -> str | None:
    """The parameter that was probably meant by a name that does not exist."""
    if not 3 < len(name) <= _LONGEST:
        return None
    folded = _folded().get(name.lower().replace("-", "_"))
    if folded:
        return folded
    close = close_words(name, parameters(), 1, 0.86)
    return close[0] if close else None


@lru_cache(maxsize=1)
def _folded() -> dict[str, str]:
    return {name.lower(): name for name in parameters()}
