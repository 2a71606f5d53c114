"""Real `kb serve` replicas on one data directory, asked without pause while their content is exchanged and builders are killed."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from conftest import ROOT
from service import serving, write_catalogue

ASKING = 4
_TITLE = "Sender exchanged"
_QUERY = "/api/v1/search?q=sender&lang=en&kind=entry"
# A builder that nobody kills needs one to three seconds.
_LONGEST_LIFE = 2.0
# Seconds between two: builders and servers share the processor with those that ask.
_ASK, _START = 0.01, 0.5


def exchanged_under_load(
    root: Path, exchanges: int, replicas: int = 1, workers: int = 1, kills: bool = False
) -> Counter[str]:
    """How the searches ended that were made while `exchanges` new catalogues were published; `right` is as it has to be.

    `root` is given the catalogues. `replicas` of `workers` each serve them from one data directory;
    with `kills` other builders of that directory are killed meanwhile, and `kb search` is run beside them. RuntimeError if a
    server does not take up new content.
    """
    counts: Counter[str] = Counter()
    shown = {f"{_TITLE}0"}
    cache = root / "cache"
    write_catalogue(root, f"{_TITLE}0")
    with ExitStack() as stack:
        options = ("--workers", str(workers), "--rate-limit", "0")
        services = [
            stack.enter_context(serving(root, cache, *options, KB_RELOAD="0.2", KB_LOG_FORMAT="off"))
            for _ in range(replicas)
        ]
        ports = [service.port for service in services]
        stack.enter_context(_repeated(ASKING, _ASK, lambda number: _ask(ports[number % replicas], shown, counts)))
        if kills:
            stack.enter_context(_repeated(1, _START, lambda number: _kill_a_builder(root, cache, number, counts)))
            stack.enter_context(_repeated(1, _START, lambda number: _search(root, cache, shown, counts)))
        for number in range(1, exchanges + 1):
            title = f"{_TITLE}{number}"
            shown.add(title)
            write_catalogue(root, title)
            for port in ports:
                _wait_for(port, title)
    return counts


@contextmanager
def _repeated(threads: int, pause: float, act: Callable[[int], None]) -> Iterator[None]:
    """Do `act(number)` again and again in each of some threads, with `pause` seconds between."""
    ended, numbers = threading.Event(), count()

    def run() -> None:
        while not ended.wait(pause):
            act(next(numbers))

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in running:
            thread.join()


def _ask(port: int, shown: set[str], counts: Counter[str]) -> None:
    try:
        counts[_judged(_titles(port), shown)] += 1
    except (OSError, ValueError, LookupError, http.client.HTTPException) as error:
        counts[repr(error)] += 1


def _search(root: Path, cache: Path, shown: set[str], counts: Counter[str]) -> None:
    """What a process that starts now finds; it may have to build the index itself."""
    command = [sys.executable, "-m", "kb", "search", "sender", "--limit", "1", "--lang", "en", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(root, cache), capture_output=True, check=False)
    if done.returncode:
        counts[f"kb search: {done.returncode}: {done.stderr.decode()[-300:]}"] += 1
    else:
        counts["kb search: " + _judged([hit["title"] for hit in json.loads(done.stdout)["results"]], shown)] += 1


def _judged(titles: list[str], shown: set[str]) -> str:
    return "right" if len(titles) == 1 and titles[0] in shown else f"wrong: {titles}"


def _kill_a_builder(root: Path, cache: Path, number: int, counts: Counter[str]) -> None:
    """Kill a builder of the index, and the process in which it writes, at a random moment of its life."""
    command = [sys.executable, "-P", "-m", "kb.content", str(root)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_environment(root, cache), stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(random.Random(number).uniform(0.05, _LONGEST_LIFE))
        counts["(builder ended by itself)"] += 1
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        counts["(builder killed)"] += 1


def _environment(root: Path, cache: Path) -> dict[str, str]:
    return {**os.environ, "KB_ROOT": str(root), "KB_CACHE": str(cache), "PYTHONPATH": str(ROOT)}


def _titles(port: int) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", _QUERY)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{response.status}: {body[:200]!r}")
        return [hit["title"] for hit in json.loads(body)["results"]]
    finally:
        connection.close()


def _wait_for(port: int, title: str) -> None:
    deadline = time.monotonic() + 300
    while _titles(port) != [title]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{title} is not served after 300 s")
        time.sleep(0.05)
