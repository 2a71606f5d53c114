"""Shared fixtures: the catalogue, the application, a real server, and a real browser."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tables

# Each process of a run imports this file, also the one that only hands out the tests; so it imports nothing heavy.
if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from kb.knowledge_base import KnowledgeBase

# A job in the background of a shell ignores SIGINT, and so would the programs that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Derived files of the tests stay apart from the user's; the workers of a run share them.

    `KB_TEST_CACHE` is a folder for them that several runs share: `make test` has one, which is empty when it begins.
    """
    shared = Path(os.environ.get("KB_TEST_CACHE") or tmp_path_factory.getbasetemp())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_CACHE", str(shared / "cache"))
        if os.environ.get("PYTHONDONTWRITEBYTECODE"):
            # Hundreds of processes are started, each of which would compile all that it imports.
            patch.delenv("PYTHONDONTWRITEBYTECODE")
            patch.setenv("PYTHONPYCACHEPREFIX", str(shared / "bytecode"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _templates_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each application of the tests would compile the templates that it shows anew, which takes longer than to show them."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    folder = Path(os.environ.get("KB_TEST_CACHE") or tmp_path_factory.getbasetemp()) / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", FileSystemBytecodeCache(str(folder)))
        yield


@pytest.fixture(scope="session")
def base(_own_cache: None) -> KnowledgeBase:
    from kb.knowledge_base import KnowledgeBase

    opened = KnowledgeBase.open(str(ROOT), preload=True)
    gc.freeze()
    return opened


@pytest.fixture(scope="session")
def client(_own_cache: None) -> FlaskClient:
    from kb.web import create_app

    made = create_app().test_client()
    gc.freeze()
    return made


@pytest.fixture(scope="session")
def server(_own_cache: None) -> Iterator[str]:
    """The address of a real `kb serve`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "kb", "serve", "--port", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def provider_tables_kept() -> Iterator[None]:
    """A check of any content reads the program's own tables of providers' codes, which takes longer than all the rest of a small one."""
    from kb.catalog import providers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_load", _kept_loader())
        yield


@pytest.fixture(scope="module")
def indexes_built_here() -> Iterator[None]:
    """Small indexes without a process for each, which takes most of a second to start and builds in a few milliseconds."""
    from kb.search import build, index

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_build", build.write)
        yield


@cache
def _kept_loader() -> object:
    from kb.catalog import providers

    return cache(providers._load)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait for a `kb serve`. RuntimeError if it ends, or is not ready within 300 s."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"kb serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("kb serve did not become ready within 300 s")


def chromium() -> str | None:
    """A Chromium of the system, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--row", default="", metavar="TEXT", help="of tables, try only the rows with TEXT in their names")


def pytest_configure(config: pytest.Config) -> None:
    tables.choose(config.getoption("--row"))
    if config.getoption("numprocesses", None):
        everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
        config.pluginmanager.register(SharedCache(everything), "shared-cache")


class SharedCache:
    """In the process that hands out the tests: one cache for all workers.

    Where all tests are run, it is made while the workers collect them, and not by one for which the others then wait.
    """

    def __init__(self, make: bool) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if not os.environ.get("KB_TEST_CACHE"):
            self._folder = tempfile.TemporaryDirectory(prefix="kb-tests-")
            os.environ["KB_TEST_CACHE"] = self._folder.name
        self._making: subprocess.Popen[bytes] | None = None
        if make:
            self._making = self._prepare()

    def _prepare(self) -> subprocess.Popen[bytes]:
        """Where this fails, so will the first test, and say why."""
        known = {**os.environ, "KB_CACHE": str(Path(os.environ["KB_TEST_CACHE"]) / "cache")}
        return subprocess.Popen(
            [sys.executable, "-m", "kb", "serve", "--prepare"],
            cwd=ROOT,
            env=known,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def pytest_unconfigure(self) -> None:
        if self._making:
            self._making.terminate()
            self._making.wait()
        if self._folder:
            self._folder.cleanup()


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector of garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files without a test that `-m` asks for: looking into each takes a hundredth of the time in which all are imported."""
    wanted = config.getoption("markexpr")
    if not wanted or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    whole = re.search(r"^pytestmark = pytest\.mark\.(\w+)$", text, re.MULTILINE)
    if whole and f"not {whole[1]}" in wanted:
        return True
    names = re.fullmatch(r"\w+(?: or \w+)*", wanted) and wanted.split(" or ")
    there = {"sampled": "from effort import"}
    return True if names and not any(there.get(name, f"mark.{name}") in text for name in names) else None


def index_last(items: list[pytest.Item]) -> list[pytest.Item]:
    """The files whose tests need the search index at the end of each worker's half, so that none waits while it is built."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    needing = {
        item.path
        for item in items
        if {"client", "server"} & set(getattr(item, "fixturenames", ())) or item.path.name in SEARCHING
    }
    halves: list[list[Path]] = [[], []]
    for path in sorted(files, key=lambda path: len(files[path]), reverse=True):
        halves[0 if _tests(halves[0], files) <= _tests(halves[1], files) else 1].append(path)
    return [
        item
        for half in halves
        for path in sorted(half, key=lambda path: (path in needing, path))
        for item in files[path]
    ]


def _tests(paths: list[Path], files: dict[Path, list[pytest.Item]]) -> int:
    return sum(len(files[path]) for path in paths)


SEARCHING = ("test_cli.py", "test_search_quality.py")  # these open it themselves
# By time and not by number of tests, so that with a file for each worker none is left alone with a long one.
LONGEST_FIRST = ("test_export_browser.py", "test_browser.py", "test_page_browser.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out, and say so, where there is no Chromium; in CI nothing may be left out."""
    if any(item.path.name in LONGEST_FIRST for item in items):
        items.sort(key=lambda item: [*LONGEST_FIRST, item.path.name].index(item.path.name))
    elif hasattr(config, "workerinput"):
        items[:] = index_last(items)
    if chromium() or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="no Chromium; on Debian: sudo apt-get install chromium fonts-noto-cjk")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)
