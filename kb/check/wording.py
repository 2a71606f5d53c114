"""Chinese typography: full-width punctuation, and a space between Chinese and Latin."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.read import mappings
from kb.text import Text

_HAN = r"[\p{Han}]"
_CODE = re2.compile(r"`[^`]*`")
_HALF_WIDTH = re2.compile(rf"{_HAN}[,;:?!]|{_HAN}\.(?:\s|$)|\({_HAN}|{_HAN}\)")
_NO_SPACE = re2.compile(rf"{_HAN}[A-Za-z0-9`]|[A-Za-z0-9`%]{_HAN}")


def check(document: Document) -> Iterator[Finding]:
    """Findings on every Chinese text of the document."""
    for key, mapping in mappings(document.data):
        text = mapping.get("zh")
        if isinstance(text, str) and "en" in mapping:
            yield from check_text(document, (*key, "zh"), text)


def check_text(document: Document, key: Key, text: str) -> Iterator[Finding]:
    """KB401: full-width punctuation in Chinese. KB402: a space between Chinese and Latin letters or digits."""
    prose = _CODE.sub("`x`", text)
    half = _HALF_WIDTH.search(prose)
    if half:
        message = Text(
            f"中文里请用全角标点：{half.group()!r}。", f"Full-width punctuation in Chinese: {half.group()!r}."
        )
        yield document.finding("KB401", key, message)
    tight = _NO_SPACE.search(prose)
    if tight:
        message = Text(
            f"中文与西文之间加一个空格：{tight.group()!r}。", f"A space between Chinese and Latin: {tight.group()!r}."
        )
        yield document.finding("KB402", key, message)
