"""How much of what can be tried without end is tried: a part in `make unit`, all of it in `make thorough`.

A test that tries a part is marked `sampled`, by which `make thorough` finds it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

FULL = bool(os.environ.get("KB_TEST_FULL"))
sampled = pytest.mark.sampled


def part(of: int) -> int:
    """An eighth of a number, or of a size, unless everything is to be tried; for tests that are `sampled`."""
    return of if FULL else max(1, of // 8)


def examples(most: int, **more: Any) -> Callable[[Any], Any]:
    """Hypothesis settings for `most` examples, or from 10 to 25 of them unless everything is to be tried.

    The machine may be busy: how long one takes says nothing.
    """
    some = most if FULL else min(most, max(10, min(25, part(most))))
    chosen = settings(max_examples=some, deadline=None, **more)
    return lambda test: sampled(chosen(test))
