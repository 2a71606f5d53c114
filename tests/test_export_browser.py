"""An export of the real content below a path of a plain file server, in a real browser."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'smtp-kb[browser]'")

from browsing import Watched, browser
from playwright.sync_api import Browser, expect

__all__ = ["browser"]

pytestmark = pytest.mark.browser
ENTRY = "auth-unencrypted-connection"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Nothing between the tests' own lines."""


@pytest.fixture(scope="module")
def address(_own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("host")
    target = folder / "some" / "kb"
    done = subprocess.run(
        [sys.executable, "-m", "kb", "export", str(target)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/some/kb"
    server.shutdown()
    server.server_close()


def test_an_export_is_read_and_searched_below_a_path(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page(), address)
    watched.page.on("console", watched.console)
    watched.page.on("request", watched.request)
    watched.page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))
    page = watched.open("/en/")
    for typed, lang, wanted in (
        ("unencrypted connection", "en", f"en/errors/{ENTRY}/"),
        ("smtpd_tls_auth_only", "en", "en/articles/postfix-smtp-auth-not-offered/"),
        ("5.7.1", "en", "en/codes/X.7.1/"),
        ("relay access den", "en", "en/articles/postfix-relay-access-denied/"),
        ("未加密的连接上登录", "zh", f"zh/errors/{ENTRY}/"),
        ("灰名单", "zh", "zh/articles/greylisting/"),
    ):
        page = watched.open(f"/{lang}/")
        page.fill("#find", typed)
        expect(page.locator(".find li a").first).to_be_visible()
        found = [link.evaluate("a => a.href") for link in page.locator(".find li a").all()[:5]]
        assert f"{address}/{wanted}" in found, (typed, found)
    page.locator(".find li a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page = watched.open(f"/en/errors/{ENTRY}/")
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("h1").evaluate("node => getComputedStyle(node).fontFamily")
    page.click("a.language")
    assert page.url == f"{address}/zh/errors/{ENTRY}/"
    page.click("nav a >> nth=0")
    assert page.url == f"{address}/zh/errors/"
    page = watched.open("/zh/search/?q=AUTH")
    expect(page.locator(".find li a").first).to_be_visible()
    page.fill("#find", "qzxqzx")
    expect(page.locator(".find [role=status]")).not_to_be_empty()
    context.close()
    assert watched.faults == []
