"""What is remembered of a log, bounded: what says something new over and over must not fill the memory."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    K = TypeVar("K")
    V = TypeVar("V")

_MOST = 20_000


def keep(remembered: dict[K, V], key: K, value: V) -> None:
    """Remember a value, and forget all others when there are too many."""
    if len(remembered) >= _MOST:
        remembered.clear()
    remembered[key] = value
