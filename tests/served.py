"""A real `kb serve` on content of its own, asked without pause while that content is exchanged."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from conftest import free_port, wait_until_ready
from service import catalogue

ASKING = 4


def exchanged_under_load(root: Path, exchanges: int) -> Counter[str]:
    """How the requests ended that were made while `exchanges` new catalogues were published; `right` is as it has to be.

    `root` has an `errors.yaml` by `catalogue("Before")`. RuntimeError if the server does not take up new content.
    """
    port = free_port()
    environment = {**os.environ, "KB_ROOT": str(root), "KB_RELOAD": "0.2"}
    process = subprocess.Popen([sys.executable, "-m", "kb", "serve", "--port", str(port)], env=environment)
    counts: Counter[str] = Counter()
    ended = threading.Event()
    threads = [threading.Thread(target=_ask, args=(port, ended, counts)) for _ in range(ASKING)]
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        for thread in threads:
            thread.start()
        for number in range(exchanges):
            (root / "errors.yaml").write_text(catalogue(f"Sender exchanged{number}"), "utf-8")
            _wait_for(port, f"Sender exchanged{number}")
    finally:
        ended.set()
        for thread in threads:
            if thread.ident:
                thread.join()
        process.terminate()
        process.wait(timeout=60)
    return counts


def _ask(port: int, ended: threading.Event, counts: Counter[str]) -> None:
    while not ended.is_set():
        try:
            found = _titles(port)
            right = found == ["Before"] or (len(found) == 1 and found[0].startswith("Sender exchanged"))
            counts["right" if right else f"wrong: {found}"] += 1
        except (OSError, ValueError, LookupError, http.client.HTTPException) as error:
            counts[repr(error)] += 1


def _titles(port: int) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/api/v1/search?q=sender&lang=en&kind=entry")
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
