"""A part of the work in a process of its own, where there is a second processor and a process costs little.

The process is forked, so that it has all that was read already. Where that cannot be done, or does not work out, the work is
done here: what comes out is the same.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, TypeVar

_T = TypeVar("_T")
_LARGE = 256 * 1024  # bytes of a catalogue that is worth a second process


class Aside(Generic[_T]):
    """Work that is done while the caller does something else, if `fork` says so; otherwise when its result is asked for."""

    def __init__(self, work: Callable[[], _T], fork: bool) -> None:
        self._work = work
        self._process: multiprocessing.process.BaseProcess | None = None
        if fork:
            context = multiprocessing.get_context("fork")
            self._pipe, other = context.Pipe(duplex=False)
            self._process = context.Process(target=_send, args=(other, work), daemon=True)
            self._process.start()
            other.close()

    def result(self) -> _T:
        """What the work gives; raises what it raises. To be asked for once."""
        if self._process is None:
            return self._work()
        found: list[_T] = []
        try:
            found.append(self._pipe.recv())
        except (EOFError, OSError):
            pass  # it has ended without a result
        finally:
            self._pipe.close()
            self._process.join()
        return found[0] if found else self._work()


def can_fork(catalogue: Path) -> bool:
    """Whether a second process is possible and worth it for a catalogue of this size: a process with threads must not fork."""
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.current_process().daemon:
        return False
    try:
        return len(os.sched_getaffinity(0)) > 1 and catalogue.stat().st_size > _LARGE
    except OSError:
        return False


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: what was read lives to the end, and each collection would walk all of it."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def _send(pipe: Connection, work: Callable[[], object]) -> None:
    with pipe:
        try:
            found = work()
        except Exception:  # noqa: BLE001 - the caller does the work itself then, and gets what it raises
            return
        pipe.send(found)
