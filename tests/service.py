"""A real `kb serve` on a little content of its own, for tests of running it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import ROOT, free_port

ENTRY = "mail-null-sender-refused"
READY_SECONDS = 300


def catalogue(title: str) -> str:
    """One real entry under another title."""
    lines = (ROOT / "errors.yaml").read_text("utf-8").split("\n")
    first = lines.index(f"  {ENTRY}:")
    last = next(
        number for number in range(first + 1, len(lines)) if lines[number][:3].strip() and lines[number][2] != " "
    )
    entry = [line for line in lines[first:last] if not line.startswith("    articles:")]
    entry = [
        f"    title: {{zh: '{title}', en: '{title}'}}" if line.startswith("    title:") else line for line in entry
    ]
    return "errors:\n" + "\n".join(entry) + "\n"


def make_content(folder: Path, title: str = "Before") -> Path:
    """A folder with `catalogue(title)`."""
    folder.mkdir(exist_ok=True)
    write_catalogue(folder, title)
    return folder


def write_catalogue(folder: Path, title: str) -> None:
    """Exchange the catalogue at once, as a deployment should."""
    new = folder / "errors.new"
    new.write_text(catalogue(title), "utf-8")
    new.replace(folder / "errors.yaml")


def wait_for(condition: Callable[[], bool], seconds: float = 240) -> None:
    """Until `condition` holds; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


class Service:
    """A running `kb serve`; `address` answers, `log` is the file of its standard error."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, Any]:
        """Status, body and headers of a GET; of a failure too."""
        request = urllib.request.Request(self.address + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.read(), response.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def title(self) -> str:
        return str(json.loads(self.get(f"/api/v1/errors/{ENTRY}?lang=en")[1])["title"])

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@contextmanager
def serving(root: Path, cache: Path, *options: str, **environment: str) -> Iterator[Service]:
    """Run `kb serve` on the content in `root`; killed at the end if it runs still."""
    port = free_port()
    cache.mkdir(exist_ok=True)
    log = cache / f"serve-{port}.log"
    known = {**os.environ, "KB_ROOT": str(root), "KB_CACHE": str(cache), "KB_RELOAD": "0", **environment}
    with log.open("wb") as errors:
        command = [sys.executable, "-m", "kb", "serve", "--port", str(port), *options]
        process = subprocess.Popen(command, cwd=ROOT, env=known, stderr=errors)
    service = Service(process, port, log)
    try:
        wait_for(lambda: process.poll() is not None or _ready(service), READY_SECONDS)
        assert process.poll() is None, log.read_text("utf-8")
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(service: Service) -> bool:
    try:
        return service.get("/readyz")[0] == 200
    except OSError:
        return False


class Load:
    """Threads that ask without pause; `answers` counts what was right, `wrong` holds everything else."""

    def __init__(self, ask: Callable[[], object], threads: int = 4) -> None:
        """`ask` returns what is wrong with an answer, or None."""
        self.wrong: list[object] = []
        self.answers = 0
        self._ask = ask
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                wrong = self._ask()
            except Exception as error:
                wrong = repr(error)
            if wrong is None:
                self.answers += 1
            else:
                self.wrong.append(wrong)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
