"""The pages in a real Chromium: axe, every page in both languages and schemes, the script's conveniences, a first visit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'smtp-kb[browser]'")

from browsing import Watched, browser, from_npm, visit
from playwright.sync_api import Page, expect
from test_browser import XSS
from test_redact import ADVERSARIAL, HARMLESS, SECRETS

from kb.articles import render_block
from kb.redact import redact_secrets

__all__ = ["browser", "visit"]

pytestmark = pytest.mark.browser

TEXT = "error response to AUTH command: unencrypted connection"
ENTRY = "auth-unencrypted-connection"
SIZES = (320, 768, 1440)
PATHS = (
    "/{lang}/",
    f"/{{lang}}/lookup?q={TEXT.replace(' ', '+')}",
    "/{lang}/lookup?q=qwertz+550+5.9.99+zxcvb",
    f"/{{lang}}/errors/{ENTRY}",
    "/{lang}/errors/",
    "/{lang}/errors/?product=mailpit&stage=auth",
    "/{lang}/explore?tls=none",
    "/{lang}/diagnose",
    "/{lang}/articles/",
    "/{lang}/articles/mailpit-postfix-relay-without-tls",
    "/{lang}/codes/",
    "/{lang}/codes/5.7.1",
    "/{lang}/search?q=smtpd_tls_auth_only",
    "/{lang}/nowhere",
)
TEXTS = (*SECRETS.values(), *HARMLESS, *XSS)


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, from npm by tests/axe/package-lock.json, kept in the virtual environment."""
    return (from_npm("axe", "axe-core") / "axe.min.js").read_text(encoding="utf-8")


BLANK = """async (texts) => { const version = new URL(document.scripts[0].src).search;
  const { load } = await import(`/static/redact.js${version}`); const redact = await load();
  return texts.map((text) => redact(text).text); }"""
RULES = """async (only) => (await axe.run(document, {resultTypes: ["violations"], ...(only && {runOnly: only})})).violations.map(
  (found) => `${found.id}: ${found.nodes.map((node) => node.html).slice(0, 3).join(" | ").slice(0, 400)}`)"""


# What the other rules say is the same in light and in dark.
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(visit: Callable[..., Watched], axe: str, lang: str) -> None:
    """Every page at three widths, in light and in dark; the rules need to look at one width of each."""
    watched = visit(viewport={"width": SIZES[0], "height": 900})
    faults: list[str] = []
    for number, path in enumerate(PATHS):
        page = watched.open(path.format(lang=lang))
        page.evaluate(axe)
        for scheme, only in (("light", None), ("dark", OF_COLOUR)):
            page.emulate_media(color_scheme=scheme)
            for width in SIZES:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    faults.append(f"{path} is wider than {width}, {scheme}")
            page.set_viewport_size({"width": SIZES[number % 3], "height": 900})
            faults += [f"{path} in {scheme}: {fault}" for fault in page.evaluate(RULES, only)]
    assert faults == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_works_without_a_script(visit: Callable[..., Watched], lang: str) -> None:
    watched = visit(viewport={"width": 320, "height": 900}, java_script_enabled=False)
    for path in PATHS:
        page = watched.open(path.format(lang=lang))
        assert page.locator("main h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_forms_of_a_setting_are_tabs_without_a_script(visit: Callable[..., Watched]) -> None:
    page = visit(java_script_enabled=False).open(f"/en/errors/{ENTRY}")
    best = page.locator(".fixes > .best")
    expect(best.locator("pre:visible")).to_have_text("MP_SMTP_RELAY_PORT=587\nMP_SMTP_RELAY_STARTTLS=true")
    best.get_by_text("Docker Compose").click()
    expect(best.locator("pre:visible")).to_contain_text("environment:")
    expect(best.locator("pre:visible")).to_have_count(1)
    page.locator(".only label", has_text="Postfix").click()
    # What is for a role, as the sending program, stays whatever is chosen.
    shown, postfix = page.locator(".fixes > li[class*=for]:visible"), page.locator(".target", has_text="Postfix")
    expect(shown.filter(has_not=postfix)).to_have_count(0)
    expect(shown.filter(has=postfix)).not_to_have_count(0)
    page.locator(".only label").first.click()
    assert page.locator(".fixes > li:visible").count() > 3


def test_what_a_reader_chose_is_kept_and_by_keyboard_too(visit: Callable[..., Watched]) -> None:
    watched = visit()
    page = watched.open(f"/en/errors/{ENTRY}")
    page.locator("input[value=env]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".best pre:visible")).to_contain_text("services:")
    page = watched.open(f"/en/errors/{ENTRY}")
    expect(page.locator(".best pre:visible")).to_contain_text("services:")


def test_the_browser_blanks_out_what_the_server_does(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    assert page.evaluate(BLANK, list(TEXTS)) == [redact_secrets(text) for text in TEXTS]


def test_nothing_is_sent_before_it_was_shown_and_then_without_secrets(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.locator("#text").fill(f"MP_SMTP_RELAY_PASSWORD=hunter2\n{TEXT}")
    expect(page.locator(".before")).to_contain_text("MP_SMTP_RELAY_PASSWORD=")
    assert sent == []
    page.locator(".paste button[type=submit]").click()
    expect(page.locator("article.answer h1")).to_be_visible()
    assert len(sent) == 1
    assert "hunter2" not in sent[0]
    assert "unencrypted" in sent[0]


def test_the_answer_follows_the_typing_where_that_was_switched_on(visit: Callable[..., Watched]) -> None:
    watched = visit()
    page = watched.open("/en/")
    page.locator("#live").check()
    page.locator("#text").fill(TEXT)
    expect(page.locator("article.answer h1")).to_contain_text("unencrypted")
    expect(page.locator(".paste .status")).to_contain_text("Updated: The client refuses")
    assert page.evaluate("document.activeElement.id") == "text"
    page.locator("#text").fill("554 5.7.1 <bob@example.net>: Relay access denied")
    expect(page.locator("article.answer h1")).not_to_contain_text("unencrypted")
    assert page.locator("article.answer").count() == 1
    expect(page).to_have_url(re.compile("/en/$"))
    expect(page.locator("article.answer pre button").first).to_be_visible()
    page = watched.open("/en/")
    expect(page.locator("#live")).to_be_checked()


def test_a_shared_link_fills_the_box_and_sends_nothing(visit: Callable[..., Watched]) -> None:
    watched = visit(permissions=["clipboard-read", "clipboard-write"])
    page = watched.open(f"/en/lookup?q={TEXT.replace(' ', '+')}")
    page.locator("button.share").click()
    expect(page.locator("button.share")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{watched.address}/en/#q=error%20response")
    other = visit()
    asked: list[str] = []
    other.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    other.page.goto(link)
    expect(other.page.locator("#text")).to_have_value(TEXT)
    expect(other.page.locator(".paste .status")).to_contain_text("sent to nobody")
    assert not [url for url in asked if "unencrypted" in url or "lookup" in url]
    other.page.locator(".paste button[type=submit]").click()
    expect(other.page.locator("article.answer h1")).to_be_visible()


def _compose(page: Page, key: str) -> bool:
    """Press a key as an input method does while it composes; whether the page took it."""
    return bool(
        page.evaluate(
            """(key) => { const event = new KeyboardEvent("keydown", {key, ctrlKey: key === "k", isComposing: true,
            bubbles: true, cancelable: true}); document.activeElement.dispatchEvent(event); return event.defaultPrevented; }""",
            key,
        )
    )


def test_quick_find(visit: Callable[..., Watched]) -> None:
    page = visit(locale="zh-CN").open("/zh/codes/")
    expect(page.locator("footer details")).to_be_visible()  # by then keys are listened to
    assert not _compose(page, "k")
    page.keyboard.press("Control+k")
    box = page.locator("dialog input")
    expect(box).to_be_focused()
    page.keyboard.insert_text("中继")
    expect(page.locator("dialog li").first).to_be_visible()
    assert not _compose(page, "Enter")
    assert page.locator("dialog li[aria-selected=true]").count() == 1
    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog li").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog li[aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/codes/$"))
    expect(page.locator("h1")).to_be_visible()


def test_the_slash_and_its_switch(visit: Callable[..., Watched]) -> None:
    watched = visit()
    page = watched.open("/en/")
    expect(page.locator("footer details")).to_be_visible()
    assert not _compose(page, "/")
    page.keyboard.press("/")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#text")).to_have_value("/")
    page.locator("footer summary").click()
    page.locator("footer input").uncheck()
    page = watched.open("/en/")
    expect(page.locator("footer details")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#text")).not_to_be_focused()


def test_everything_works_where_storage_and_clipboard_are_blocked(visit: Callable[..., Watched]) -> None:
    watched = visit()
    watched.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    watched.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )  # as without https
    page = watched.open(f"/en/errors/{ENTRY}")
    expect(page.locator(".copy-button").first).to_be_visible()
    page.locator(".best").get_by_text("Docker Compose").click()
    expect(page.locator(".best pre:visible")).to_contain_text("services:")
    page.locator(".best pre:visible button").click()
    expect(page.locator(".best pre:visible button")).to_have_text("Copied")
    page = watched.open("/en/")
    page.locator("#text").focus()
    page.keyboard.press("Control+v")
    expect(page.locator("#text")).to_have_value(re.compile("^services:"))
    page.locator("#live").check()
    page.locator("#text").fill(TEXT)
    expect(page.locator("article.answer h1")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_combinations(visit: Callable[..., Watched], javascript: bool) -> None:
    page = visit(java_script_enabled=javascript).open("/en/explore")
    outcome = page.locator("#outcome .answer > h2").first
    expect(outcome).to_contain_text("goes through")
    page.locator("#c-tls").select_option("none")
    if not javascript:
        page.locator(".choose button").click()
    expect(outcome).to_contain_text("will not hand over the password")
    expect(page).to_have_url(re.compile("tls=none"))
    expect(page.locator("#outcome .diff").first).to_contain_text("+MP_SMTP_RELAY_STARTTLS=true")
    if javascript:  # on a narrow screen the outcome is said beside the choice
        page.set_viewport_size({"width": 375, "height": 667})
        expect(page.locator(".outcome-now a")).to_have_text(outcome.inner_text())
        expect(page.locator(".outcome-now a")).to_be_in_viewport()
        page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".pairs .works a").first.click()
    expect(outcome).to_contain_text("goes through")
    page.locator("#c-client").select_option("django")
    if not javascript:
        page.locator(".choose button").click()
    expect(page.locator("#c-auth option")).to_have_count(2)
    page.locator("a.language").click()
    expect(page).to_have_url(re.compile("/zh/explore.*client=django"))


def test_a_first_visit(visit: Callable[..., Watched]) -> None:
    """docs/visitor-path.md, walked: paste, ask, copy; the check is on the same page."""
    options = {"locale": "zh-CN", "permissions": ["clipboard-read", "clipboard-write"]}
    page = visit(viewport={"width": 1280, "height": 800}, **options).open("/")
    log = f'time="2026/07/20 16:51:26" level=error msg="[relay] error: {TEXT}"'
    page.locator("#text").fill(log)  # 1
    page.locator(".paste button[type=submit]").click()  # 2
    expect(page.locator("h1")).to_have_text("客户端拒绝在未加密的连接上发送密码")
    expect(page.locator(".verdict .meaning")).to_contain_text("不是服务器")
    expect(page.locator(".card")).to_contain_text("客户端（发信方）")
    expect(page.locator(".rungs [aria-current=step]")).to_contain_text("AUTH")
    expect(page.locator(".pasted mark")).to_contain_text("unencrypted connection")
    best = page.locator(".fixes > .best pre:visible")
    expect(best).to_be_in_viewport(ratio=0.01)
    best.get_by_role("button").click()  # 3
    expect(best.get_by_role("button")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "MP_SMTP_RELAY_PORT=587\nMP_SMTP_RELAY_STARTTLS=true"
    expect(page.locator("section:has(#verify) pre")).to_contain_text("swaks --server smtp.example.com:587 --tls")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_the_answer_is_seen_without_scrolling(visit: Callable[..., Watched], lang: str) -> None:
    """What it means and what to do now; where else to go is behind one button, also without a script."""
    page = visit(viewport={"width": 375, "height": 667}, java_script_enabled=False).open(f"/{lang}/")
    page.locator("#text").fill(TEXT)
    page.locator(".paste button[type=submit]").click()
    for seen, ratio in ((".verdict h1", 1), (".verdict .meaning", 1), (".card", 1), ("#fix", 1), (".best .target", 1)):
        expect(page.locator(seen)).to_be_in_viewport(ratio=ratio)
    expect(page.locator("nav")).to_be_hidden()
    page.locator(".menu").click()
    page.locator("nav a").nth(3).click()
    expect(page).to_have_url(re.compile(f"/{lang}/articles/$"))


def test_print_shows_every_form_and_no_controls(visit: Callable[..., Watched]) -> None:
    watched = visit()
    page = watched.open(f"/en/errors/{ENTRY}")
    page.emulate_media(media="print", color_scheme="dark")  # on white paper all the same
    assert page.locator(".best").evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".best pre:visible").count() == 5
    assert page.locator(":is(nav, .search, .copy-button, .picks):visible").count() == 0
    folded = watched.open("/en/errors/rcpt-user-unknown").locator(".sources details li").first
    expect(folded).to_be_visible()  # what is folded away on a screen is printed


def test_payloads_never_run_in_what_the_script_puts_in(visit: Callable[..., Watched]) -> None:
    """In the list of what will be blanked, in a live answer, in quick find, in the combinations and from a shared link."""
    watched = visit()
    page = watched.open("/en/")
    page.locator("#live").check()
    page.locator("#text").fill("\n".join([TEXT, *(f"password={payload}" for payload in XSS), *XSS]))
    expect(page.locator(".before li").first).to_be_visible()
    expect(page.locator("article.answer h1")).to_be_visible()
    _is_untouched(page)
    page.keyboard.press("Control+k")
    for payload in XSS[::8]:
        page.locator("dialog input").fill(payload)
        expect(page.locator("dialog [role=status]")).not_to_be_empty()
    _is_untouched(page)
    for text in page.evaluate("(texts) => texts.map(encodeURIComponent)", XSS[::8]):
        _is_untouched(watched.open(f"/en/explore?tls={text}&client={text}"))
        _is_untouched(watched.open(f"/en/errors/?q={text}&product={text}"))
        _is_untouched(watched.open(f"/en/#q={text}"))


def test_payloads_never_run_in_an_article(visit: Callable[..., Watched]) -> None:
    """Rendered as Markdown of each kind, on a page without the policy that would stop them too."""
    forms = (
        "{}",
        "# {}",
        "- {}",
        "> {}",
        "`{}`",
        "[x]({})",
        "![x]({})",
        "| a |\n|---|\n| {} |",
        "```\n{}\n```",
        "[x]: {}\n\n[x]",
    )
    html = "\n".join(render_block(form.format(payload)) for payload in XSS for form in forms)
    page = visit().page
    page.set_content(f"<!doctype html><title>articles</title><main>{html}</main>", wait_until="load")
    assert page.evaluate("document.querySelectorAll('main *').length") > 500
    assert (
        page.evaluate("document.querySelectorAll('[autofocus], script, style, iframe, form, base, meta').length") == 0
    )
    _is_untouched(page, scripts=0)


def test_a_very_long_word_is_left_to_the_server_and_not_sent_by_itself(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    page.locator("#live").check()
    long = [(unit * 20_000)[:20_000] for unit in ADVERSARIAL]
    assert page.evaluate(BLANK, long) == [
        redact_secrets(text) if " " in text or "\n" in text else text for text in long
    ]
    page.locator("#text").fill("password" * 2000)
    expect(page.locator(".before")).to_contain_text("not checked in the browser")
    expect(page.locator("article.answer")).to_have_count(0)


def _is_untouched(page: Page, scripts: int = 1) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.scripts.length") == scripts
    assert page.evaluate("document.querySelectorAll('main :is(img, svg, iframe, style, object, embed)').length") == 0
