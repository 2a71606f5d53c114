"""How much of what can be tried without end is tried: a part in `make unit`, all of it in `make thorough`."""

from __future__ import annotations

import os

FULL = bool(os.environ.get("KB_TEST_FULL"))


def part(of: int) -> int:
    """A quarter of a number of examples, or of a size, unless everything is to be tried."""
    return of if FULL else max(1, of // 4)
