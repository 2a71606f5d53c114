"""Markdown as lines: which of them are code, and Chinese lines joined as Chinese is. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_FENCE = re.compile(r" *(`{3,}|~{3,})")
_CJK = re.compile(r"[⺀-鿿豈-﫿︰-﹏＀-￯“”‘’…—]")


class Block(NamedTuple):
    """Lines of a document that are a fenced code block, or of which none is code. `start` counts from 0."""

    start: int
    code: bool
    lines: list[str]


def blocks(markdown: str) -> Iterator[Block]:
    """The text cut at the fences of its code blocks, which stay with the code."""
    lines = markdown.split("\n")
    start, fence = 0, ""
    for number, line in enumerate(lines):
        opening = _FENCE.match(line)
        if fence:
            if line.strip().startswith(fence) and not line.strip(" " + fence[0]):
                yield Block(start, True, lines[start : number + 1])
                start, fence = number + 1, ""
        elif opening:
            if start < number:
                yield Block(start, False, lines[start:number])
            start, fence = number, opening[1]
    if start < len(lines):
        yield Block(start, bool(fence), lines[start:])


def join_cjk(text: str) -> str:
    """`text` without the line breaks between two Chinese characters, which HTML would show as a space."""
    joined: list[str] = []
    for line in text.split("\n"):
        before, after = joined[-1] if joined else "", line.lstrip()
        between = _CJK.fullmatch(before[-1:]) and _CJK.fullmatch(after[:1])
        if between and not before.lstrip().startswith(("#", "|")):
            joined[-1] += after
        else:
            joined.append(line)
    return "\n".join(joined)


def prepared(markdown: str) -> str:
    """What to give to the renderer: Chinese lines joined, code blocks set apart by blank lines, which lists need."""
    return "\n".join(
        "\n".join(["", *block.lines, ""]) if block.code else join_cjk("\n".join(block.lines))
        for block in blocks(markdown)
    )
