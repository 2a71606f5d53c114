"""Builds an index: `python -m kb.search DIRECTORY`, documents as JSON lines on standard input.

A process of its own, so that the memory it needs is given back and its crash is only a failed build.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from .build import load, write

if __name__ == "__main__":
    gc.disable()  # Nothing is let go before the end; looking for what could be takes a tenth of the time.
    write(Path(sys.argv[1]), load(sys.stdin.buffer))
