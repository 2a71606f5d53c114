"""New content while serving: seen, loaded beside what is served, and never in the middle of a request."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from flask import Flask
from served import exchanged_under_load
from service import ENTRY, catalogue, wait_for

from kb.catalog.findings import CatalogError
from kb.content import UNUSABLE, open_searcher
from kb.web import create_app, reload
from kb.web.reload import Reloader, stamp
from kb.web.site import Site

pytestmark = pytest.mark.usefixtures("indexes_built_here")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def prepared_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """New content is prepared without a process of its own; `test_changed_content_is_served_and_found` has it with one."""

    def run(module: str, root: str, obsolete: Callable[[], bool] | None = None) -> tuple[int, bytes, str]:
        assert (module, obsolete) == ("kb.content", None)
        try:
            open_searcher(root).close()
        except CatalogError as error:
            return UNUSABLE, b"", str(error)
        except Exception:
            return 1, b"", traceback.format_exc()
        return 0, b"", ""

    monkeypatch.setattr(reload, "run", run)


@pytest.fixture
def root(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_CACHE", str(cache))
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "errors.yaml").write_text(catalogue("Before"), "utf-8")
    return folder


@pytest.fixture
def app(root: Path) -> Flask:
    return create_app(Site.load(str(root)))


def title(app: Flask) -> Any:
    return app.test_client().get(f"/api/v1/errors/{ENTRY}?lang=en").get_json()["title"]


def found(app: Flask, word: str) -> bool:
    return bool(app.test_client().get(f"/api/v1/search?q={word}&lang=en&kind=entry").get_json()["total"])


@pytest.mark.thorough
def test_changed_content_is_served_and_found(app: Flask, root: Path) -> None:
    reloader = Reloader(app.extensions, str(root))
    assert not reloader.check()
    (root / "errors.yaml").write_text(catalogue("Afterwards"), "utf-8")
    assert title(app) == "Before"
    assert reloader.check()
    assert title(app) == "Afterwards"
    assert found(app, "afterwards")
    assert not reloader.check()


@pytest.mark.usefixtures("prepared_here")
def test_unusable_content_changes_nothing(app: Flask, root: Path, caplog: pytest.LogCaptureFixture) -> None:
    reloader = Reloader(app.extensions, str(root))
    for broken in ("errors: [", "errors:\n  x: {}\n"):
        (root / "errors.yaml").write_text(broken, "utf-8")
        assert not reloader.check()
        assert title(app) == "Before"
        assert "new content is not used" in caplog.text
    shutil.rmtree(root)
    assert not reloader.check()
    assert found(app, "before")


@pytest.mark.usefixtures("prepared_here")
def test_a_request_ends_with_the_content_it_began_with(app: Flask, root: Path) -> None:
    from kb.web.site import site

    with app.test_request_context("/"):
        before = site()
        (root / "errors.yaml").write_text(catalogue("Afterwards"), "utf-8")
        assert Reloader(app.extensions, str(root)).check(force=True)
        assert site() is before
        assert before.searcher.search("null sender", "en")
    with app.test_request_context("/"):
        assert site() is not before


@pytest.mark.thorough
def test_no_request_fails_while_content_is_exchanged(app: Flask, root: Path) -> None:
    reloader = Reloader(app.extensions, str(root))
    wrong: list[object] = []
    ended = threading.Event()
    asked = 0

    def ask() -> None:
        nonlocal asked
        while not ended.is_set():
            response = app.test_client().get("/api/v1/search?q=sender&lang=en&kind=entry")
            asked += 1
            if response.status_code != 200 or response.get_json()["total"] != 1:
                wrong.append(response.get_json())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(4):
            (root / "errors.yaml").write_text(catalogue(f"Sender {number}"), "utf-8")
            assert reloader.check()
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert asked > 10


def test_any_file_of_the_content_counts(root: Path) -> None:
    seen = {stamp(str(root))}
    (root / "articles").mkdir()
    for name in ("a.zh.md", "b.en.md"):
        (root / "articles" / name).write_text("x", "utf-8")
        seen.add(stamp(str(root)))
    (root / "articles" / "a.zh.md").unlink()
    seen.add(stamp(str(root)))
    assert len(seen) == 4


@pytest.mark.thorough
def test_a_real_server_fails_no_request_while_new_indexes_are_published(root: Path) -> None:
    counts = exchanged_under_load(root, 3)
    assert counts.keys() == {"right"}
    assert counts["right"] > 30


@pytest.mark.usefixtures("prepared_here")
def test_content_that_was_exchanged_while_the_process_began_is_loaded(app: Flask, root: Path) -> None:
    seen = stamp(str(root))
    (root / "errors.yaml").write_text(catalogue("Afterwards"), "utf-8")
    reloader = Reloader(app.extensions, str(root), seen)
    assert reloader.has_changed()
    assert reloader.check()
    assert not reloader.has_changed()
    assert title(app) == "Afterwards"


@pytest.mark.usefixtures("prepared_here")
def test_what_failed_without_fault_of_the_content_is_tried_again(
    app: Flask, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prepared, load = reload.run, Site.load
    runs = iter([(-9, b"", ""), (1, b"", "OSError: No space left on device")])
    monkeypatch.setattr(reload, "run", lambda *asked: next(runs, None) or prepared(*asked))
    former = iter([True])
    monkeypatch.setattr(Site, "load", lambda folder: _with_former_index(load(folder), next(former, False)))
    monkeypatch.setattr(reload, "_FIRST_PAUSE", 0.01)
    (root / "errors.yaml").write_text(catalogue("Afterwards"), "utf-8")
    reloader = Reloader(app.extensions, str(root))
    reloader.watch(None)
    reloader.ask()
    wait_for(lambda: title(app) == "Afterwards" and not app.extensions["kb"].searcher.stale)
    for why in ("exit status -9", "No space left", "the search index is the former one"):
        assert why in caplog.text


def _with_former_index(site: Site, former: bool) -> Site:
    site.searcher.stale = former
    return site


@pytest.mark.usefixtures("prepared_here")
def test_content_that_must_be_mended_is_not_tried_again(app: Flask, root: Path) -> None:
    reloader = Reloader(app.extensions, str(root))
    (root / "errors.yaml").write_text("errors: [", "utf-8")
    assert not reloader.check()
    assert not reloader.retries


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_signal_is_taken_while_the_main_thread_waits_for_something_else() -> None:
    """That thread blocks it here, so that it never runs a handler."""
    script = (
        "import os, signal, threading, types; from kb.web import reload\n"
        "reload.on_hangup(types.SimpleNamespace(has_changed=lambda: False, ask=lambda: os._exit(7)))\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP}); os.kill(os.getpid(), signal.SIGHUP)\n"
        "threading.Event().wait(60)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=120).returncode == 7


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_server_that_has_a_pipe_for_signals_keeps_it() -> None:
    """As gunicorn has: it would not end in time if nothing woke it."""
    script = (
        "import os, signal, threading, types; from kb.web import reload\n"
        "told, tell = os.pipe(); os.set_blocking(tell, False); signal.set_wakeup_fd(tell)\n"
        "def ask(): os._exit(7 if signal.SIGHUP in os.read(told, 9) else 8)\n"
        "reload.on_hangup(types.SimpleNamespace(has_changed=lambda: False, ask=ask))\n"
        "os.kill(os.getpid(), signal.SIGHUP); threading.Event().wait(60)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=120).returncode == 7
