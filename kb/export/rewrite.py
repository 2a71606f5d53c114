"""A page of the application as a page that needs no server: relative addresses, no forms, no dead links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from kb.export.places import place_of, relative
from kb.export.words import ASK, SEARCH, SEARCH_LINK

# Pages are made of our own templates and sanitised Markdown, where quotes are always double and closed.
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'\s(href|src)="([^"]*)"')
_FORM = re.compile(r"<form\b([^>]*)>.*?</form>", re.DOTALL)
_SERVED_ONLY = re.compile(r'<a href="/(?:zh|en)/(?:diagnose|explore)">[^<]*</a>\s*')
_AGAIN = re.compile(r'<section class="again">.*?</section>', re.DOTALL)
_MAIN = re.compile(r"(<main\b[^>]*>).*?(</main>)", re.DOTALL)
_BODY = re.compile(r'<body\b(?:[^<>"]|"[^"]*")*>')
_UNSPOKEN = re.compile(r' data-(?!lang|copy|copied)[a-z-]+="[^"]*"')  # what only the served site's scripts say
_SERVED_LINKS = ('rel="search"', "application/atom+xml", 'rel="canonical"')
_CHARSET = '<meta charset="utf-8">'
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none';"
    " base-uri 'none'"
)
POLICY = f'<meta http-equiv="Content-Security-Policy" content="{CSP}"><meta name="referrer" content="no-referrer">'


def addresses(page: str, own: str) -> Iterator[str]:
    """The addresses on this site that the links of the page at the address `own` name, without fragments."""
    for _, name, attributes in _TAG.findall(page):
        if name != "a":
            continue
        for _, value in _ATTRIBUTE.findall(attributes):
            address = urljoin(own, unescape(value)).partition("#")[0]
            if address.startswith("/"):
                yield address


def rewritten(
    page: str, own: str, source: str, lang: str, assets: Mapping[str, str], exists: Callable[[str], bool]
) -> str:
    """The page at the address `own` for the file `source`. assets: name -> file; exists: whether a file is part of the export."""
    page = _AGAIN.sub("", page)
    page = _BODY.sub(lambda body: _UNSPOKEN.sub("", body[0]), page, count=1)
    page = _FORM.sub(lambda form: _instead(form[1], lang), page)
    page = _SERVED_ONLY.sub("", page)
    page = page.replace(_CHARSET, f"{_CHARSET}\n{POLICY}", 1)
    opened: list[bool] = []  # for the link that is open: whether it is kept

    def tag(found: re.Match[str]) -> str:
        end, name, attributes = found[1], found[2].lower(), found[3]
        if name == "a":
            if end:
                return found[0] if opened.pop() else "</span>"
            changed = _attributes(attributes, own, source, assets, exists)
            opened.append(changed is not None)
            return "<span>" if changed is None else f"<a{changed}>"
        if name == "link" and any(mark in attributes for mark in _SERVED_LINKS):
            return ""
        if end or not _ATTRIBUTE.search(attributes):
            return found[0]
        changed = _attributes(attributes, own, source, assets, exists)
        return "" if changed is None else f"<{found[2]}{changed}>"

    return _TAG.sub(tag, page)


def with_main(page: str, content: str) -> str:
    """The page with other content."""
    return _MAIN.sub(lambda main: main[1] + content + main[2], page, count=1)


def _attributes(
    attributes: str, own: str, source: str, assets: Mapping[str, str], exists: Callable[[str], bool]
) -> str | None:
    """The attributes with addresses of files; None when one leads nowhere."""
    dead = False

    def attribute(found: re.Match[str]) -> str:
        nonlocal dead
        address = _relative(unescape(found[2]), own, source, assets, exists)
        dead = dead or address is None
        return f' {found[1]}="{escape(address or "")}"'

    changed = _ATTRIBUTE.sub(attribute, attributes)
    return None if dead else changed


def _relative(
    address: str, own: str, source: str, assets: Mapping[str, str], exists: Callable[[str], bool]
) -> str | None:
    if address.startswith("#") or urlsplit(address).scheme:
        return address
    address = urljoin(own, address)
    if address.startswith("/static/"):
        target = assets.get(urlsplit(address).path.rpartition("/")[2])
    else:
        target = place_of(address.partition("#")[0])
    if target is None or not exists(target):
        return None
    fragment = address.partition("#")[2]
    return relative(target, source) + (f"#{fragment}" if fragment else "")


def _instead(attributes: str, lang: str) -> str:
    """What stands in the place of a form."""
    if 'role="search"' in attributes:
        return f'<a class="search" href="/{lang}/search">{SEARCH_LINK.get(lang)}</a>'
    if "paste" in attributes:
        return ask_and_search(lang)
    return ""


def ask_and_search(lang: str) -> str:
    """How to ask without a server, and the search, which a script brings to life and which is not seen without it."""
    return f'<p class="note">{ASK.get(lang)}</p>\n{SEARCH.get(lang)}'
