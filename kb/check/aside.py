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
_LARGE = 256 * 1024  # bytes


class Aside(Generic[_T]):
    """Work that is done while the caller does something else, if `fork` asks for it and it can be; otherwise when its result is
    asked for.
    """

    def __init__(self, work: Callable[[], _T], fork: bool) -> None:
        self._work = work
        self._process: multiprocessing.process.BaseProcess | None = None
        if fork and _can_fork():
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


def is_large(catalogue: Path) -> bool:
    """Whether a catalogue is worth a second process, and a file in the cache."""
    try:
        return catalogue.stat().st_size > _LARGE
    except OSError:
        return False


def _can_fork() -> bool:
    """A process with threads must not fork."""
    if sys.platform != "linux" or threading.active_count() > 1 or multiprocessing.current_process().daemon:
        return False
    return len(os.sched_getaffinity(0)) > 1


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
        except Exception:
            return
        pipe.send(found)
