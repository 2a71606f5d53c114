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
    """A quarter of a number of examples, or of a size, unless everything is to be tried; for tests that are `sampled`."""
    return of if FULL else max(1, of // 4)


def examples(most: int, **more: Any) -> Callable[[Any], Any]:
    """Hypothesis settings for a part of `most` examples, but ten. The machine may be busy: how long one takes says nothing."""
    chosen = settings(max_examples=max(part(most), min(most, 10)), deadline=None, **more)
    return lambda test: sampled(chosen(test))
