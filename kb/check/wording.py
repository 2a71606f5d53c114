"""Chinese typography: full-width punctuation, and a space between Chinese and Latin."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document
from kb.catalog.read import mappings
from kb.text import Text

_HAN = r"[\p{Han}]"
_CODE = re2.compile(r"`[^`]*`")
_HALF = rf"{_HAN}[,;:?!]|{_HAN}\.(?:\s|$)|\({_HAN}|{_HAN}\)"
_TIGHT = rf"{_HAN}[A-Za-z0-9`]|[A-Za-z0-9`%]{_HAN}"
_HALF_WIDTH, _NO_SPACE, _EITHER = re2.compile(_HALF), re2.compile(_TIGHT), re2.compile(f"{_HALF}|{_TIGHT}")


def check(document: Document) -> Iterator[Finding]:
    """Findings on every Chinese text of the document."""
    for key, mapping in mappings(document.data):
        text = mapping.get("zh")
        if isinstance(text, str) and mapping.keys() <= {"zh", "en"}:
            for rule, _, message in complaints(text):
                yield document.finding(rule, (*key, "zh"), message)


def complaints(text: str) -> Iterator[tuple[str, int, Text]]:
    """KB401: full-width punctuation in Chinese. KB402: a space between Chinese and Latin letters or digits.

    Gives the rule, a column from 1, and the message.
    """
    if text.isascii():
        return
    prose = _CODE.sub(lambda code: "`" + "x" * (len(code.group()) - 2) + "`", text) if "`" in text else text
    if not _EITHER.search(prose):
        return
    half = _HALF_WIDTH.search(prose)
    if half:
        message = Text(
            f"中文里请用全角标点：{half.group()!r}。", f"Full-width punctuation in Chinese: {half.group()!r}."
        )
        yield "KB401", half.start() + 1, message
    tight = _NO_SPACE.search(prose)
    if tight:
        message = Text(
            f"中文与西文之间加一个空格：{tight.group()!r}。", f"A space between Chinese and Latin: {tight.group()!r}."
        )
        yield "KB402", tight.start() + 1, message
