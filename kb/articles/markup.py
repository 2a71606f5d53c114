"""Markdown to sanitised HTML, and HTML to its outline."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from html.parser import HTMLParser

import nh3
from markdown import Markdown
from pygments.token import STANDARD_TYPES

from .model import Heading
from .source import join_cjk, prepared

INLINE_TAGS = frozenset({"a", "br", "code", "del", "em", "strong"})
HEADING_TAGS = frozenset({"h2", "h3", "h4"})
BLOCK_TAGS = frozenset({"blockquote", "div", "hr", "li", "ol", "p", "pre", "span", "ul"})
TABLE_TAGS = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
TAGS = INLINE_TAGS | HEADING_TAGS | BLOCK_TAGS | TABLE_TAGS

_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # without it nh3 lets `title` and `lang` through at every tag
    "a": {"href"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
    **{tag: {"id"} for tag in HEADING_TAGS},
}
_VALUES = {
    "align": re.compile("left|center|right"),
    "id": re.compile("[a-z][a-z0-9-]{0,63}"),
    "start": re.compile(r"\d{1,4}"),
}
_CLASSES = {"div": {"highlight"}, "span": {name for name in STANDARD_TYPES.values() if name}}
_SCHEMES = {"http", "https", "mailto"}
_SAFE_LINK = re.compile(r"https?://[^/]|mailto:|#|/(?!/)|[\w.-]+(?:[/?#]|$)", re.ASCII)
_UNSAFE_CHARACTER = re.compile(r"[\x00-\x20\x7f\\]")
_SIBLING = re.compile(r"(?:\./)?([a-z0-9-]{1,80})\.(?:zh|en)\.md(#[a-z0-9-]+)?")
_HEADING_ID = re.compile(r"<(h[2-4])>(.*?)[ ]*\{#([a-z][a-z0-9-]{0,63})\}</\1>")
_EXTENSIONS = ("tables", "sane_lists", "pymdownx.superfences", "pymdownx.highlight")
_SETTINGS = {"tables": {"use_align_attribute": True}, "pymdownx.highlight": {"guess_lang": False}}
_BLOCK_SYNTAX = ("code", "hashheader", "hr", "indent", "olist", "quote", "reference", "setextheader", "ulist")
_RENDERING = threading.Lock()


def render_block(markdown: str) -> str:
    """Markdown of this project (paragraphs, lists, tables, code) as sanitised HTML."""
    return sanitised(unsanitised(markdown))


def render_inline(markdown: str) -> str:
    """Markdown of this project as sanitised HTML without block elements: a leading `1.` or `#` stays what it is."""
    line = " ".join(join_cjk(markdown).split())
    with _RENDERING:
        html: str = _inline_renderer().reset().convert(line)
    return _INLINE.clean(html).strip()


def unsanitised(markdown: str, *, coloured: bool = True) -> str:
    """The HTML as the renderer gives it: only for `sanitised` and for finding out what that will take away.

    Code is `coloured` unless nobody will see it. RecursionError if the text is nested too deeply.
    """
    with _RENDERING:
        try:
            html: str = _block_renderer(coloured).reset().convert(prepared(markdown))
        except RecursionError:
            _block_renderer.cache_clear()  # it has lost its place
            raise
    return _HEADING_ID.sub(r'<\1 id="\3">\2</\1>', html)


def sanitised(html: str) -> str:
    """`html` with what is on the allow-list, and nothing else."""
    return _BLOCK.clean(html)


def link(href: str) -> str | None:
    """The address to link to, or None if it is not allowed; a file beside the article becomes the page beside it."""
    if _UNSAFE_CHARACTER.search(href) or not _SAFE_LINK.match(href):
        return None
    sibling = _SIBLING.fullmatch(href)
    return sibling[1] + (sibling[2] or "") if sibling else href


class Outline(HTMLParser):
    """What sanitised HTML contains: its headings, its links and its text, one line for each block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[Heading] = []
        self.links: list[str] = []
        self._pieces: list[str] = []
        self._heading = ("", 0)
        self._verbatim = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """The text without markup."""
        lines = "".join(self._pieces).split("\n")
        return "\n".join(line.rstrip() for line in lines if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a link, or of where a heading begins."""
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        elif tag in HEADING_TAGS:
            self._heading = values.get("id") or "", len(self._pieces)
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "pre":
            self._verbatim = True

    def handle_endtag(self, tag: str) -> None:
        """Take note of a heading; part what stands apart."""
        if tag in HEADING_TAGS:
            anchor, start = self._heading
            self.headings.append(Heading(int(tag[1]), anchor, "".join(self._pieces[start:]).strip()))
        elif tag == "pre":
            self._verbatim = False
        if tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag not in INLINE_TAGS and tag != "span":
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take the text; outside code a line break is a space, and none at all between two blocks."""
        if self._verbatim:
            self._pieces.append(data)
        elif data != "\n" or not self._pieces or not self._pieces[-1].endswith((" ", "\n")):
            self._pieces.append(data.replace("\n", " "))


@lru_cache(maxsize=2)
def _block_renderer(coloured: bool) -> Markdown:
    highlight = {**_SETTINGS["pymdownx.highlight"], "use_pygments": coloured}
    return Markdown(extensions=list(_EXTENSIONS), extension_configs={**_SETTINGS, "pymdownx.highlight": highlight})


@lru_cache(maxsize=1)
def _inline_renderer() -> Markdown:
    renderer = Markdown()
    for name in _BLOCK_SYNTAX:
        renderer.parser.blockprocessors.deregister(name)
    return renderer


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return link(value)
    allowed = _VALUES.get(name)
    return value if allowed is None or allowed.fullmatch(value) else None


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in {*tags, "*"}},
        attribute_filter=_attribute,
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener",
    )


_BLOCK = _cleaner(TAGS)
_INLINE = _cleaner(INLINE_TAGS)
