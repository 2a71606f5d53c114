"""Tables of many rows as one test: every row is tried, and each that fails is told with its name, what was expected and what came.

For each parameter set pytest takes some milliseconds, which is more than most rows need. `pytest --row TEXT` tries only the rows
with TEXT in their names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any

import pytest

Row = tuple[str, dict[str, Any]]  # its name, and the arguments that it is
Test = Callable[..., None]
Table = Iterable[Any] | Callable[[], Iterable[Any]]
Names = Iterable[object] | Callable[[Any], object] | None

SHOWN = 10  # rows that are told in full; of all others the name
# What pytest makes anew for each test would be shared by all rows.
_OF_ONE_TEST = {"tmp_path", "monkeypatch", "caplog", "capsys", "capfd", "request"}
_FAILURES = (Exception, pytest.fail.Exception, pytest.skip.Exception)
_only = ""


def choose(text: str) -> None:
    """Try only the rows with `text` in their names from now on."""
    global _only
    _only = text


def each(arguments: str, table: Table, names: Names = None) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, but one test for the whole table; one on top of another, for all pairs of their rows.

    `arguments` are separated by blanks. The keys of a mapping are the names of its rows; else `names` are, or make one of a row. A
    function that returns the table is called when the test runs, and not by those who only collect it.
    """
    own = arguments.split()
    named = cache(lambda: _named(own, table() if callable(table) else table, names))

    def decorate(test: Test) -> Test:
        original, taken, inner = getattr(test, "table", (test, [], lambda: [("", {})]))

        def every() -> list[Row]:
            return [
                (f"{name}-{other}".rstrip("-"), {**row, **more}) for name, row in named() for other, more in inner()
            ]

        signature = inspect.signature(original)
        left = [parameter for name, parameter in signature.parameters.items() if name not in {*own, *taken}]
        if shared := _OF_ONE_TEST & {parameter.name for parameter in left}:
            raise TypeError(f"{original.__name__}: {', '.join(sorted(shared))} would be shared by all rows")

        @wraps(original)
        def whole(**given: Any) -> None:
            __tracebackhide__ = True
            _try(original, given, every())

        whole.table = (original, [*own, *taken], every)  # type: ignore[attr-defined]
        whole.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return whole

    return decorate


def _named(arguments: list[str], table: Iterable[Any], names: Names) -> list[Row]:
    """The rows of a table with their names. ValueError if there are none, or if a row has too many values or too few."""
    rows = list(table.values()) if isinstance(table, Mapping) else list(table)
    if not rows:
        raise ValueError("a table without rows proves nothing")
    if names is None:
        names = table if isinstance(table, Mapping) else map(_name, range(len(rows)), rows)
    labels = map(names, rows) if callable(names) else names
    values = [(row,) if len(arguments) == 1 else row for row in rows]
    return [(str(label), dict(zip(arguments, row, strict=True))) for label, row in zip(labels, values, strict=True)]


def _name(number: int, row: Any) -> str:
    """What stands for a row that has no name: its short values, else its number."""
    parts = row if isinstance(row, tuple) else (row,)
    plain = [str(part)[:60] for part in parts if isinstance(part, str | int | float | None)]
    return "-".join(plain) if len(plain) == len(parts) else str(number)


def _try(test: Test, given: dict[str, Any], every: list[Row]) -> None:
    """Every chosen row; `pytest.fail` with all that fail. A row that skips fails: it would leave out those after it."""
    __tracebackhide__ = True
    chosen = [(name, row) for name, row in every if _only in name]
    if not chosen:
        pytest.skip(f"no row has {_only!r} in its name")
    failed, told = [], []
    for name, row in chosen:
        try:
            test(**given, **row)
        except _FAILURES as error:
            failed.append(name)
            if len(told) < SHOWN:
                told.append(_told(name, row, error))
    if failed:
        rest = f"and {len(failed) - SHOWN} more: {', '.join(failed[SHOWN:])}" if failed[SHOWN:] else ""
        head = f"{len(failed)} of {len(chosen)} rows fail"
        pytest.fail("\n\n".join(filter(None, (head, *told, rest))), pytrace=False)


def _told(name: str, row: dict[str, Any], error: BaseException) -> str:
    """A row that fails: its name and values, where it does, and what pytest says of the assertion."""
    info = pytest.ExceptionInfo.from_exception(error)
    info.traceback = info.traceback[1:]
    values = "".join(f"{argument} = {value!r:.500}\n" for argument, value in row.items())
    return f"--- {name}\n{values}{info.getrepr(style='short')}"
