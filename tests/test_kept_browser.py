"""What somebody typed or pasted is not lost, whatever becomes of it; and every page can be walked by keyboard. In a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'smtp-kb[browser]'")

from browsing import Watched, browser, visit
from playwright.sync_api import Page, expect

from kb.page.words import MAX_SENT

__all__ = ["browser", "visit"]

pytestmark = pytest.mark.browser

SENT = "Jul 20 16:51:26 mail postfix/smtp[7]: 4XYZ: to=<a@example.com>, relay=none, status=sent (250 ok)\n"
BOUNCED = (
    "Jul 20 16:52:26 mail postfix/smtp[8]: 5XYZ{0}: to=<b{0}@example.net>, relay=mx.example.net[192.0.2.1]:25,"
    " status=bounced (554 5.7.1 <b{0}@example.net>: Relay access denied)\n"
)
LARGE = SENT * 1600 + "".join(BOUNCED.format(number) for number in range(9)) + SENT * 1600
BOUNCE = "Return-Path: <>\nSubject: Undelivered\n\n550 5.1.1 user unknown\n\n" + "QUJD" * 20 * 5000
PUT = """([place, text]) => { const box = document.querySelector(place); box.value = text;
  box.dispatchEvent(new Event("input", {bubbles: true})); }"""
PASTE = """([place, text]) => { const data = new DataTransfer(); data.setData("text/plain", text);
  const box = document.querySelector(place); box.focus();
  return !box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
CUT = """async (text) => (await import(`/static/too-large.js${new URL(document.scripts[0].src).search}`)).cut(text)"""
GUARDED = ".told[role=alert]"  # there once sizes are looked at


def test_what_is_too_large_stays_in_the_box_and_can_be_cut(visit: Callable[..., Watched]) -> None:
    page = visit().open("/zh/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    note = page.locator(GUARDED)
    expect(note).to_be_attached()
    page.evaluate(PUT, ["#text", LARGE])
    expect(note).to_contain_text("一次最多能查 256 KB")
    page.locator(".paste button[type=submit]").click()
    expect(note.get_by_role("button")).to_be_focused()
    assert sent == []
    page.keyboard.press("Enter")
    expect(page.locator(".paste button[type=submit]")).to_be_focused()
    kept = page.locator("#text").input_value()
    assert 2 <= kept.count("Relay access denied") < 9
    assert len(kept) < 3000
    note.get_by_role("button").click()
    expect(page.locator("#text")).to_have_value(LARGE)
    note.get_by_role("button").click()
    page.keyboard.press("Enter")
    expect(page.locator("article.answer h1")).to_contain_text("中继")


def test_what_would_stop_the_browser_is_not_put_into_the_box(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    note = page.locator(GUARDED)
    expect(note).to_be_attached()
    assert not page.evaluate(PASTE, ["#text", SENT])
    assert page.evaluate(PASTE, ["#text", LARGE * 4])
    expect(note).to_contain_text("neither put into the box nor sent")
    note.get_by_role("button").click()
    expect(page.locator("#text")).to_have_value(re.compile("Relay access denied"))


def test_of_settings_that_are_too_large_no_lines_are_taken_out(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/diagnose")
    note = page.locator(GUARDED)
    expect(note).to_be_attached()
    page.locator("#client").fill("MP_SMTP_RELAY_HOST=mail.example.com")
    page.evaluate(PUT, ["#server", f"# {'x' * 1000}\n" * 300])
    page.locator(".paste button[type=submit]").click()
    expect(note).to_contain_text("configuration files only")
    expect(note.get_by_role("button")).to_have_count(0)
    expect(page.locator("#server")).to_be_focused()
    page.evaluate(PUT, ["#server", "smtpd_tls_auth_only = yes\nsmtpd_sasl_auth_enable = yes"])
    expect(note).to_be_hidden()
    page.locator(".paste button[type=submit]").click()
    expect(page.locator("article.answer h1")).to_be_visible()


def test_a_bounce_is_cut_at_its_end_and_a_log_without_failures_at_its_beginning(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    bounce, log, line = page.evaluate(f"(texts) => Promise.all(texts.map({CUT}))", [BOUNCE, SENT * 4000, "x" * 10**6])
    assert bounce == BOUNCE[: len(bounce)]
    assert "550 5.1.1" in bounce
    assert (SENT * 4000).endswith(log)
    assert 0 < len(line) < 10_000
    assert all(len(text) * 2 < MAX_SENT for text in (bounce, log))


def test_without_a_script_going_back_keeps_what_was_refused(visit: Callable[..., Watched]) -> None:
    watched = visit(java_script_enabled=False)
    page = watched.open("/en/")
    page.evaluate(PUT, ["#text", LARGE])
    page.locator(".paste button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("go back in your browser")
    watched.faults[:] = [fault for fault in watched.faults if "status of 413" not in fault]
    page.go_back()
    expect(page.locator("#text")).to_have_value(LARGE)


def test_what_has_no_answer_is_in_the_box_to_be_added_to(visit: Callable[..., Watched]) -> None:
    page = visit(java_script_enabled=False).open("/en/")
    page.locator("#text").fill("qwertz zxcvb passwd=hunter2")
    page.locator(".paste button[type=submit]").click()
    expect(page.locator(".again h2")).to_have_text("Add the lines around it and ask again")
    expect(page.locator("#text")).to_have_value("qwertz zxcvb passwd=[redacted]")
    page = visit().open("/en/search?q=qwertzuiop")
    expect(page.locator("#text")).to_have_value("qwertzuiop")


STOP = """() => { const node = document.activeElement; if (!node || node === document.body) return null;
  const seen = node.matches(".picks input") ? node.nextElementSibling : node;
  const [style, box] = [getComputedStyle(seen), seen.getBoundingClientRect()];
  const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), Math.max(box.top, 0) + Math.min(box.height / 2, 8));
  window.stops ??= []; const again = window.stops.includes(node); if (node === window.stops[0]) return null; window.stops.push(node);
  return { what: node.outerHTML.slice(0, 80), again, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && (seen.contains(over) || over?.contains(seen)),
    after: window.stops.length < 2 || !!(window.stops.at(-2).compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) }; }"""
WALKED = (
    "/en/lookup?q=550+5.7.1+Relay+access+denied",
    "/zh/explore?tls=none",
    "/en/search?q=starttls&kind=article",
    "/zh/errors/auth-unencrypted-conection",
    "/en/diagnose",
)


def test_every_page_is_walked_by_keyboard(visit: Callable[..., Watched]) -> None:
    """On a phone's width: each stop once and in the order of the page, in sight, uncovered and with a ring around it."""
    watched = visit(viewport={"width": 375, "height": 667}, reduced_motion="reduce")
    faults = [f"{path}: {fault}" for path in WALKED for fault in walk(watched.open(path))]
    assert faults == []


def walk(page: Page) -> list[str]:
    expect(page.locator("footer details")).to_be_visible()
    faults = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return faults
        if stop["again"]:
            return [*faults, f"comes back to {stop['what']}"]
        faults += [f"not {name}: {stop['what']}" for name in ("ring", "seen", "after") if not stop[name]]
    return [*faults, "does not end"]


def test_the_menu_by_keyboard(visit: Callable[..., Watched]) -> None:
    page = visit(viewport={"width": 375, "height": 667}).open("/en/")
    page.locator(".menu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("nav")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("nav a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".menu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/diagnose$"))
