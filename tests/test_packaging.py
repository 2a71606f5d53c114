"""What a user gets: the checkout installed into an empty environment, used from elsewhere, without a home folder's help."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from conftest import ROOT

from kb import __version__

pytestmark = pytest.mark.package

TEXT = "error response to AUTH command: unencrypted connection"
ENTRY = "auth-unencrypted-connection"


class Installed:
    """An installation, and a folder and a home to use it from."""

    def __init__(self, folder: Path) -> None:
        self.venv = folder / "venv"
        self.elsewhere = folder / "elsewhere"
        self.home = folder / "home"
        self.elsewhere.mkdir()
        self.home.mkdir()
        subprocess.run([sys.executable, "-m", "venv", str(self.venv)], check=True)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("KB_", "PYTHON", "LC_", "LANG"))
        }
        kept = {name: value for name, value in kept.items() if name not in ("XDG_CACHE_HOME", "VIRTUAL_ENV")}
        return {**kept, "HOME": str(self.home)}

    def run(self, name: str, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            [str(self.venv / "bin" / name), *arguments], cwd=self.elsewhere, env=self.environment, capture_output=True
        )
        if check:
            assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--disable-pip-version-check",
            "--no-deps",
            "-w",
            str(folder),
            str(ROOT),
        ],
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """`pip install .` as the README says it, from the checkout and not from its wheel."""
    installed = Installed(tmp_path_factory.mktemp("installed"))
    subprocess.run(
        [
            str(installed.venv / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            str(ROOT),
        ],
        check=True,
    )
    return installed


def test_the_wheel_holds_the_content(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = Parser().parsestr(archive.read(f"smtp_kb-{__version__}.dist-info/METADATA").decode())
        assert archive.read("kb/_data/errors.yaml") == (ROOT / "errors.yaml").read_bytes()
        assert archive.read("kb/_data/catalog.sqlite").startswith(b"SQLite format 3")
    assert (metadata["Name"], metadata["Version"]) == ("smtp-kb", __version__)
    articles = {f"kb/_data/articles/{path.name}" for path in (ROOT / "articles").iterdir()}
    assert articles
    assert articles <= names
    static = {f"kb/web/{path.relative_to(ROOT / 'kb' / 'web')}" for path in (ROOT / "kb" / "web").rglob("*.*")}
    assert {name for name in static if "__pycache__" not in name} <= names
    assert "kb/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "articles/")) or name.endswith(".pyc")]


def test_explain(installed: Installed) -> None:
    for lang in ("zh", "en"):
        answer = json.loads(installed.run("kb", "explain", "--json", "--lang", lang, TEXT))
        assert (answer["lang"], answer["matches"][0]["id"]) == (lang, ENTRY)
        assert f"[{ENTRY}]" in installed.run("kb", "explain", "--lang", lang, TEXT)


def test_search(installed: Installed) -> None:
    for lang, query in (("zh", "中继被拒绝"), ("en", "relay access denied")):
        found = json.loads(installed.run("kb", "search", "--json", "--lang", lang, query))
        assert {hit["kind"] for hit in found["results"]} >= {"entry"}


def test_version_and_library(installed: Installed) -> None:
    assert installed.run("kb", "--version").split()[-1] == __version__
    code = f"import kb; print(kb.__version__, kb.__file__, kb.KnowledgeBase.open().lookup({TEXT!r}, 'en')['reason'])"
    version, file, reason = installed.run("python", "-c", code).split()
    assert (version, reason) == (__version__, "auth-unencrypted")
    assert Path(file).is_relative_to(installed.venv)


def test_what_was_installed_fits_together(installed: Installed) -> None:
    assert "No broken requirements" in installed.run("python", "-m", "pip", "check")


@pytest.fixture
def address(installed: Installed) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(installed.venv / "bin" / "kb"), "serve", "--port", str(port)],
        cwd=installed.elsewhere,
        env=installed.environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 300
        while True:
            assert process.poll() is None, "kb serve ended"
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=2).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "kb serve did not become ready"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_serve(address: str) -> None:
    request = urllib.request.Request(
        f"{address}/api/v1/lookup",
        json.dumps({"text": TEXT, "lang": "zh"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert json.load(response)["matches"][0]["id"] == ENTRY
    for path in ("/zh/", "/static/style.css", "/zh/articles/", f"/en/errors/{ENTRY}", "/en/search?q=relay"):
        with urllib.request.urlopen(address + path, timeout=10) as response:
            assert response.status == 200
    with urllib.request.urlopen(f"{address}/api/v1/articles", timeout=10) as response:
        assert json.load(response)["total"] == len({path.name.split(".")[0] for path in (ROOT / "articles").iterdir()})
