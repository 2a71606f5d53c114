"""An export of the real content below a path of a plain file server, in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'smtp-kb[browser]'")

from browsing import Watched, browser, from_npm
from lookups import SECRET, asks, same, served
from playwright.sync_api import Browser, Page, expect
from test_kept_browser import GUARDED, LARGE, PUT

from kb.web.site import Site

__all__ = ["browser"]

pytestmark = pytest.mark.browser
LOADING = 120_000  # milliseconds; Python takes its time to start on a busy machine
FOUNDING = "error response to AUTH command: unencrypted connection"
ENTRY = "auth-unencrypted-connection"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Nothing between the tests' own lines."""


@pytest.fixture(scope="module")
def exported(_own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("host") / "some" / "kb"
    command = [sys.executable, "-m", "kb", "export", str(target), "--lookup", str(from_npm("pyodide", "pyodide"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def address(exported: Path) -> Iterator[str]:
    folder = exported.parent.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/some/kb"
    server.shutdown()
    server.server_close()


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """A page; when the test is over, it must not have misbehaved or asked for anything but files."""
    context = browser.new_context()
    context.set_default_timeout(LOADING)
    watched = Watched(context.new_page(), address)
    watched.page.on("console", watched.console)
    context.on("request", watched.request)
    watched.page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))
    expect.set_options(timeout=LOADING)
    yield watched
    expect.set_options(timeout=5_000)
    context.close()
    assert watched.faults == []


def test_an_export_is_read_and_searched_below_a_path(watched: Watched, address: str) -> None:
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
    page.click("nav a >> nth=2")
    assert page.url == f"{address}/zh/errors/"
    page = watched.open("/zh/search/?q=AUTH")
    expect(page.locator(".find li a").first).to_be_visible()
    page.fill("#find", "qzxqzx")
    expect(page.locator(".find [role=status]")).not_to_be_empty()


KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const there = async () => (await (await caches.open("kb")).keys()).map((request) => request.url);
  const wanted = ["asm.wasm", "asm.mjs", "pyodide.mjs", "lock.json", "stdlib.zip", "/lookup.", "/worker.", "/pages."];
  for (;;) {
    const urls = await there();
    if (wanted.every((name) => urls.some((url) => url.includes(name)))) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""
ASK = """(asks) => new Promise((done, fail) => {
  const script = [...document.scripts].find((each) => each.src.includes("/lookup."));
  import(script.src);
  fetch(script.src).then((answer) => answer.text()).then((text) => {
    const worker = new Worker(new URL(text.match(/worker\\.\\w+\\.js/)[0], script.src), { type: "module" });
    const answers = [];
    worker.onerror = (problem) => fail(new Error(problem.message));
    worker.onmessage = ({ data }) => {
      if (data.failed || data.broken) fail(new Error(data.failed ?? data.broken));
      if (data.number === undefined) return;
      answers[data.number] = data.html;
      if (data.number === asks.length - 1) { worker.terminate(); done(answers); }
    };
    asks.forEach(([page, lang, fields], number) => worker.postMessage({ number, page, lang, fields }));
  });
})"""


def test_the_lookup_in_the_browser_answers_like_the_served_site(watched: Watched, exported: Path) -> None:
    """150 examples of the catalogue, bounces, a log, unknown texts, settings: the same HTML, so the same entries in the same order."""
    wanted = asks(150)
    answers = watched.open("/en/").evaluate(ASK, wanted)
    places = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()}
    megabytes = int(re.search(r"about (\d+) MB", (exported / "en" / "index.html").read_text("utf-8"))[1])  # type: ignore[index]
    theirs = list(served(Site.load(), wanted, places, megabytes))
    assert [ask for ask, one, other in zip(wanted, answers, theirs, strict=True) if not same(one, other)] == []
    assert sum("<h1>" in answer for answer in answers) >= 150
    assert SECRET not in "".join(answers)


def test_a_first_lookup_tells_what_it_loads_and_works_without_a_network_afterwards(watched: Watched) -> None:
    page = watched.open("/zh/")
    texts = record_status(page)
    page.fill("#text", FOUNDING)
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.answer h1")).to_be_focused()
    told = texts()
    assert any("MB" in text for text in told), told
    assert told[-1].startswith("查到了："), told
    assert page.locator("mark").first.inner_text().endswith("unencrypted connection")
    assert page.locator("footer").inner_text().count("不发送") == 1
    page.evaluate(KEPT)
    page.context.set_offline(True)
    page = watched.open(f"/en/errors/{ENTRY}/")
    expect(page.locator("h1")).to_be_visible()
    page = watched.open("/en/")
    page.fill("#text", "554 5.7.1 <bob@example.net>: Relay access denied")
    page.click("form[data-page] button")
    expect(page.locator("article.answer h1")).to_be_visible()
    page.fill("#find", "greylisting")
    expect(page.locator(".find li a").first).to_be_visible()


def test_settings_and_combinations_are_answered_in_the_browser(watched: Watched) -> None:
    page = watched.open("/en/explore/?client=msmtp&tls=none")
    expect(page.locator(".asking")).to_contain_text("Found: ")
    assert page.locator("#c-client").input_value() == "msmtp"
    assert page.locator("#c-tls").input_value() == "none"
    before = page.locator(".asking").inner_text()
    page.select_option("#c-tls", "implicit")
    expect(page.locator(".asking")).not_to_have_text(before)
    expect(page.locator("#c-tls")).to_be_focused()
    page.click("table.pairs td a >> nth=0")
    expect(page.locator("table.pairs td a").first).to_have_attribute("aria-current", "true")


def test_settings_pasted_into_the_box_are_diagnosed_below_it(watched: Watched) -> None:
    page = watched.open("/en/")
    page.fill("#text", "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_USERNAME=app\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.answer h1")).to_have_text("These are settings, not an error")
    page.click("article.answer form button")
    expect(page.locator(".fresh .ladder")).to_be_visible()
    expect(page.locator(".asking").first).to_contain_text("Found: ")
    expect(page.locator("#client")).to_have_value(re.compile("MP_SMTP_RELAY_HOST"))
    expect(page.locator("#text")).to_be_visible()


def test_what_is_too_large_is_cut_before_anything_is_looked_up(watched: Watched) -> None:
    page = watched.open("/zh/")
    note, box = page.locator(GUARDED), page.locator("#text")
    page.evaluate(PUT, ["#text", LARGE])
    expect(note).to_contain_text("一次最多能查 256 KB")
    page.click("form[data-page] button[type=submit]")
    expect(note.get_by_role("button")).to_be_focused()
    expect(page.locator(".asking")).to_be_empty()
    page.keyboard.press("Enter")
    expect(box).not_to_have_value(LARGE)
    assert 2 <= box.input_value().count("Relay access denied") < 9


def test_a_lookup_that_cannot_load_says_so_and_can_be_tried_again(watched: Watched) -> None:
    page = watched.open("/en/#q=550+5.1.1+user+unknown")
    assert page.input_value("#text") == "550 5.1.1 user unknown"
    expect(page.locator(".asking")).to_contain_text("sent to nobody")
    expect(page.locator("article.answer")).to_have_count(0)
    page.context.route("**/lookup.*.zip", lambda route: route.abort())
    page.click("form[data-page] button")
    expect(page.locator(".asking")).to_contain_text("could not be loaded")
    watched.faults[:] = [fault for fault in watched.faults if "Failed to load resource" not in fault]
    page.context.unroute("**/lookup.*.zip")
    page.click("form[data-page] button")
    expect(page.locator("article.answer h1")).to_be_visible()


def test_an_answer_that_takes_too_long_is_stopped(watched: Watched) -> None:
    page = watched.page
    page.add_init_script(
        "{ const later = setTimeout; window.setTimeout = (what, wait) => later(what, wait === 20000 ? 0 : wait); }"
    )
    page = watched.open("/en/")
    page.fill("#text", "550 5.1.1 user unknown\n" * 2000)
    page.click("form[data-page] button")
    expect(page.locator(".asking")).to_contain_text("Stopped after 20 seconds")


def record_status(page: Page) -> Callable[[], list[str]]:
    """What the status line says from now on, each text once."""
    page.evaluate(
        """() => { window.told = []; new MutationObserver(() => {
          const text = document.querySelector(".asking").textContent;
          if (text && text !== told.at(-1)) told.push(text);
        }).observe(document.body, { subtree: true, childList: true, characterData: true }); }"""
    )
    return lambda: page.evaluate("told")
