"""New content while serving: without a restart, without a failed request.

A thread looks whether `errors.yaml` or an article has changed. Catalogue and index are then made in a process of their own,
loaded beside what is served, and one reference is exchanged: a request that has begun ends with the content it began with,
which is let go with the last of them. Content that cannot be used changes nothing; the log says what is wrong with it. What
failed for another reason, such as a full disk or a killed process, is tried again until it succeeds.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.catalog.findings import CatalogError
from kb.content import UNUSABLE
from kb.web.site import Site

DEFAULT_SECONDS = 2.0
_PREPARE_SECONDS = 900.0
_ASK_SECONDS = 0.1
_ERROR_TAIL = 2000
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0  # seconds before what failed is tried again
_log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Problem:
    """Why new content is not served. Unless it is the content that must be mended, trying again may help."""

    text: str
    of_content: bool


class Reloader:
    """Exchanges the Site of an application when its content has changed."""

    def __init__(
        self,
        extensions: MutableMapping[str, Any],
        root: str,
        seen: Stamp | None = None,
        report: Callable[[int | None], None] | None = None,
    ) -> None:
        """`extensions` of the application hold its Site as `kb`, loaded from content that had the stamp `seen`, or has now.

        `report` is told the number of entries, None if unusable.
        """
        self._extensions = extensions
        self._report = report
        self._root = root
        self._stamp = stamp(root) if seen is None else seen
        self._asked = threading.Event()
        self._pause: float | None = None

    def check(self, force: bool = False) -> bool:
        """Load the content if it has changed since it was last looked at; whether it was. With `force`, in any case."""
        now = stamp(self._root)
        if now == self._stamp and not force:
            return False
        self._stamp = now
        problem = prepare(self._root) or self._exchange()
        usable = problem is None
        self._pause = None if problem is None or problem.of_content else _next(self._pause)
        if self._report:
            self._report(len(self._extensions["kb"].entries) if usable else None)
        if problem is not None:
            again = f"; tried again in {self._pause:.0f} s" if self._pause else ""
            _log.warning("new content is not used: %s%s", problem.text, again)
        return usable

    def _exchange(self) -> Problem | None:
        try:
            site = Site.load(self._root)
        except Exception as error:
            return Problem(str(error), of_content=isinstance(error, CatalogError))
        self._extensions["kb"] = site
        return Problem("the search index is the former one", of_content=False) if site.searcher.stale else None

    def has_changed(self) -> bool:
        """Whether the content is another than when it was last looked at."""
        return stamp(self._root) != self._stamp

    @property
    def retries(self) -> bool:
        """Whether what failed is tried again without being asked."""
        return self._pause is not None

    def ask(self) -> None:
        """Have the watching thread load the content now."""
        self._asked.set()

    def watch(self, seconds: float | None) -> None:
        """Look every `seconds` (None: only when asked), until the process ends, in a thread."""
        threading.Thread(target=self._loop, args=(seconds,), name="kb-reload", daemon=True).start()

    def _loop(self, seconds: float | None) -> None:
        while True:
            failed = self._pause
            asked = self._asked.wait(seconds if failed is None else failed)
            self._asked.clear()
            try:
                self.check(force=asked or failed is not None)
            except Exception:
                _log.exception("looking for new content failed")


def _next(pause: float | None) -> float:
    return _FIRST_PAUSE if pause is None else min(2 * pause, _LONGEST_PAUSE)


def stamp(root: str) -> Stamp:
    """What shows that the content of `root` has changed: name, time and size of its files."""
    paths = [Path(root) / "errors.yaml", *sorted(Path(root).glob("articles/*.md"))]
    found = []
    for path in paths:
        try:
            info = path.stat()
        except OSError:
            continue  # Being replaced; the next look sees the new one.
        found.append((path.name, info.st_mtime_ns, info.st_size))
    return tuple(found)


def start(
    extensions: MutableMapping[str, Any],
    root: str,
    seen: Stamp | None = None,
    report: Callable[[int | None], None] | None = None,
) -> Reloader:
    """Watch the content of `root` as `KB_RELOAD` says: seconds between two looks, 0 for only when asked. ValueError otherwise."""
    seconds = float(os.environ.get("KB_RELOAD", DEFAULT_SECONDS))
    reloader = Reloader(extensions, root, seen, report)
    reloader.watch(seconds if seconds > 0 else None)
    return reloader


def on_hangup(reloader: Reloader) -> None:
    """Have SIGHUP load the content, where there is such a signal and this is the thread that may say so."""
    if not hasattr(signal, "SIGHUP") or threading.current_thread() is not threading.main_thread():
        return
    # Python runs a handler in the main thread, which may be about to wait for something else for ever: the signal itself
    # writes to a pipe, from which a thread takes it. A server that has such a pipe of its own wakes up by that, and keeps it.
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    others = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    if others >= 0:
        signal.set_wakeup_fd(others)
        os.close(told)
        os.close(tell)
        signal.signal(signal.SIGHUP, lambda number, frame: reloader.ask())
    else:
        signal.signal(signal.SIGHUP, lambda number, frame: None)
        threading.Thread(target=_listen, args=(told, reloader), name="kb-hangup", daemon=True).start()
    if reloader.has_changed():
        reloader.ask()  # A signal may have come before there was somebody to take it.


def _listen(told: int, reloader: Reloader) -> None:
    while received := os.read(told, 64):
        if signal.SIGHUP in received:
            reloader.ask()


def prepare(root: str, obsolete: Callable[[], bool] | None = None) -> Problem | None:
    """Make catalogue and index of `root` in a process of their own; what went wrong, or None."""
    try:
        status, _, said = run("kb.content", root, obsolete)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Problem(str(error), of_content=False)
    if status == 0:
        return None
    return Problem(said.strip()[-_ERROR_TAIL:] or f"exit status {status}", of_content=status == UNUSABLE)


def run(module: str, root: str, obsolete: Callable[[], bool] | None = None) -> tuple[int, bytes, str]:
    """Run a module of ours on the content of `root`: exit status, output, and what it said.

    Once it is `obsolete`, which is asked now and then, it is ended. Raises OSError, TimeoutExpired.
    """
    package = str(Path(__file__).parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", module, root],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        begun = time.monotonic()
        while True:
            try:
                output, said = process.communicate(timeout=_ASK_SECONDS if obsolete else _PREPARE_SECONDS)
                return process.returncode, output, said.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                if obsolete and obsolete():
                    process.terminate()
                elif time.monotonic() - begun > _PREPARE_SECONDS:
                    process.kill()
                    raise
