"""One table of everything that bench/ measures.

A script in bench/ that takes part has a function `rows()` which gives one `Row` for each figure, and ends with
`if __name__ == "__main__": show(rows())`. `python bench/table.py` (`make bench`) runs them all, one after the other, each in a
process of its own, and prints what they give as one table. A figure means little on another machine; the ratio to a peer that
was measured in the same run means more, so give one wherever there is a peer.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_ROWS = "KB_BENCH_ROWS"  # set for the scripts: print rows as JSON, one on each line
_HELPERS = ("table.py", "maillog.py", "catalogs.py")


class Row(NamedTuple):
    """`what` was measured, its `value` with `unit`, and how many times that of `peer` it is, where there is one."""

    what: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None


def show(rows: Iterable[Row]) -> None:
    """Print rows: as a table, or for `python bench/table.py` as JSON."""
    if os.environ.get(_ROWS):
        for row in rows:
            print(json.dumps(row), flush=True)
    else:
        print(table(list(rows)))


def table(rows: list[Row]) -> str:
    """Rows as aligned text."""
    cells = [("what", "value", "unit", "ratio", "to")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        cells.append((row.what, f"{row.value:,.{0 if row.value >= 100 else 2}f}", row.unit, ratio, row.peer))
    widths = [max(len(cell[i]) for cell in cells) for i in range(5)]
    right = (1, 3)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """The least seconds of processor time that `work` took: other programs on the machine disturb it less than the clock's."""
    return min(_seconds(work) for _ in range(rounds))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _all() -> Iterator[Row]:
    here = Path(__file__).parent
    for script in sorted(here.glob("*.py")):
        if script.name in _HELPERS or "def rows(" not in script.read_text("utf-8"):
            continue
        print(f"{script.name} …", file=sys.stderr)
        run = subprocess.run(
            [sys.executable, script], env={**os.environ, _ROWS: "1"}, stdout=subprocess.PIPE, text=True, check=False
        )
        yield from (Row(*json.loads(line)) for line in run.stdout.splitlines() if line.startswith("["))
        if run.returncode:
            print(f"{script.name} failed with {run.returncode}", file=sys.stderr)


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    print(table(list(_all())))
