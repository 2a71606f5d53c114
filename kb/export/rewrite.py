"""A page of the application as a page that needs no server: relative addresses, no forms, no dead links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from kb.export.places import place_of, relative
from kb.export.words import ASK, FOOT, FOOT_LOCAL, LOCAL, SEARCH, SEARCH_LINK

# Pages are made of our own templates and sanitised Markdown, where quotes are always double and closed.
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'\s(href|src)="([^"]*)"')
_FORM = re.compile(r"<form\b([^>]*)>.*?</form>", re.DOTALL)
_ASKED = re.compile(r'\saction="/(?:zh|en)/(lookup|diagnose|explore)(?:#[^"]*)?"')
_ADDRESSED = re.compile(r'\s(?:action|method)="[^"]*"')
_SERVED_ONLY = re.compile(r'<a href="/(?:zh|en)/(?:diagnose|explore)">[^<]*</a>\s*')
_AGAIN = re.compile(r'<section class="again">.*?</section>', re.DOTALL)
_MAIN = re.compile(r"(<main\b[^>]*>).*?(</main>)", re.DOTALL)
_BODY = re.compile(r'<body\b(?:[^<>"]|"[^"]*")*>')
# What only the served site's scripts say; and what they say where a text is too large, for pages with a box.
_UNSPOKEN = re.compile(r' data-(?!lang|copy|copied|too-large|cut)[a-z-]+="[^"]*"')
_TOO_LARGE = re.compile(r' data-(?:too-large|cut)[a-z-]*="[^"]*"')
_SERVED_LINKS = ('rel="search"', "application/atom+xml", 'rel="canonical"')
_ABOUT = re.compile(r"(<footer>\s*<p>)[^<]*</p>")
LIMIT = 20  # seconds that an answer may take in the browser
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


@dataclass(frozen=True)
class Target:
    """The file that a page becomes.

    place: its name. assets: name -> file. exists: whether a file is part of the export. lookup: whether the forms of the page
    are answered in the reader's browser, for which it loads so many megabytes; else they are taken out, and links to pages that
    are nothing without them.
    """

    place: str
    lang: str
    assets: Mapping[str, str]
    exists: Callable[[str], bool]
    lookup: bool = False
    megabytes: int = 0


def rewritten(page: str, own: str, target: Target) -> str:
    """The page at the address `own`, or a part of one, as a file."""
    page = _AGAIN.sub("", page)
    page = _BODY.sub(lambda body: _UNSPOKEN.sub("", body[0]), page, count=1)
    page = _FORM.sub(lambda form: _form(form, target), page)
    if "data-most=" not in page:
        page = _BODY.sub(lambda body: _TOO_LARGE.sub("", body[0]), page, count=1)
    if not target.lookup:
        page = _SERVED_ONLY.sub("", page)
    about = FOOT_LOCAL if target.lookup else FOOT
    page = _ABOUT.sub(lambda start: f"{start[1]}{about.get(target.lang)}</p>", page, count=1)
    page = page.replace(_CHARSET, f"{_CHARSET}\n{POLICY}", 1)
    opened: list[bool] = []  # for the link that is open: whether it is kept

    def tag(found: re.Match[str]) -> str:
        end, name, attributes = found[1], found[2].lower(), found[3]
        if name == "a":
            if end:
                return found[0] if opened.pop() else "</span>"
            changed = _attributes(attributes, own, target)
            opened.append(changed is not None)
            return "<span>" if changed is None else f"<a{changed}>"
        if name == "link" and any(mark in attributes for mark in _SERVED_LINKS):
            return ""
        if end or not _ATTRIBUTE.search(attributes):
            return found[0]
        changed = _attributes(attributes, own, target)
        return "" if changed is None else f"<{found[2]}{changed}>"

    return _TAG.sub(tag, page)


def with_main(page: str, content: str) -> str:
    """The page with other content."""
    return _MAIN.sub(lambda main: main[1] + content + main[2], page, count=1)


def _attributes(attributes: str, own: str, target: Target) -> str | None:
    """The attributes with addresses of files; None when one leads nowhere."""
    dead = False

    def attribute(found: re.Match[str]) -> str:
        nonlocal dead
        address = _relative(unescape(found[2]), own, target)
        dead = dead or address is None
        return f' {found[1]}="{escape(address or "")}"'

    changed = _ATTRIBUTE.sub(attribute, attributes)
    return None if dead else changed


def _relative(address: str, own: str, target: Target) -> str | None:
    if address.startswith("#") or urlsplit(address).scheme:
        return address
    address, _, fragment = urljoin(own, address).partition("#")
    behind = f"#{fragment}" if fragment else ""
    path, _, query = address.partition("?")
    if target.lookup and query and path == own.partition("?")[0]:
        return f"?{query}{behind}"  # this page's own form, filled in
    if target.lookup and query.startswith("q=") and path == f"/{target.lang}/lookup":
        return f"{relative(f'{target.lang}/index.html', target.place)}#{query}"
    asset = target.assets.get(path.rpartition("/")[2]) if path.startswith("/static/") else None
    file = asset or place_of(address)
    if file is None or not target.exists(file):
        return None
    return relative(file, target.place) + behind


def _form(form: re.Match[str], target: Target) -> str:
    """The form as the script answers it, or what stands in its place."""
    if 'role="search"' in form[1]:
        return f'<a class="search" href="/{target.lang}/search">{SEARCH_LINK.get(target.lang)}</a>'
    asked = _ASKED.search(form[1])
    if asked is None:
        return ""
    if not target.lookup:
        return ask_and_search(target.lang) if "paste" in form[1] else ""
    name = "" if asked[1] == "lookup" else asked[1]
    tag = _ADDRESSED.sub("", form[1])
    asking = form[0].replace(f"<form{form[1]}>", f'<form{tag} data-page="{name}" hidden>', 1)
    said = LOCAL.get(target.lang).replace("{size}", str(target.megabytes)).replace("{limit}", str(LIMIT))
    return f"{asking}\n{said}"


def ask_and_search(lang: str) -> str:
    """How to ask without a server, and the search, which a script brings to life and which is not seen without it."""
    return f'<p class="note">{ASK.get(lang)}</p>\n{SEARCH.get(lang)}'
