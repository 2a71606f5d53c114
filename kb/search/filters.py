"""Which pages a search may give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = ("kind", "lang", "product", "reason", "stage")


@dataclass(frozen=True, slots=True)
class Filters:
    """For each property the values of which a page must have one; None leaves it open. `lang`: written in it."""

    kind: tuple[str, ...] | None = None
    lang: tuple[str, ...] | None = None
    product: tuple[str, ...] | None = None
    reason: tuple[str, ...] | None = None
    stage: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The properties that are not left open, with their values."""
        for name in FIELDS:
            values = getattr(self, name)
            if values is not None:
                yield name, values


NO_FILTERS = Filters()
