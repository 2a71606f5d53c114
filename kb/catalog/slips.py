"""Slips of the hand in YAML that its parser reports somewhere else and in its own words: the place and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.text import Text

_QUOTED = re.compile(r"'(?:[^'\n]|'')*'|\"(?:[^\"\\\n]|\\.)*\"")
_HERE = (
    (
        re.compile(r"^[ ]*(?:- )?[A-Za-z_]+ ?(：)"),
        Text("全角冒号：键后面要写半角冒号和一个空格。", "A full-width colon: write : and a space after the key."),
    ),
    (
        re.compile(r"^[ ]*([\u00a0\u2000-\u200a\u3000])"),
        Text(
            "行首有全角空格或不换行空格：缩进只用普通空格。",
            "A wide or no-break space at the beginning of the line: indent with plain spaces.",
        ),
    ),
    (
        re.compile(r"^[ ]*(?:- )?[A-Za-z_]+(:)[Q\[{|]"),
        Text("冒号后面要有一个空格。", "A space belongs after the colon."),
    ),
    (re.compile(r"^[ ]*(-)Q"), Text("横线后面要有一个空格。", "A space belongs after the hyphen.")),
    (
        re.compile(r"Q[ ]*([，、；])"),
        Text("全角的逗号或分号：项与项之间用半角逗号。", "A full-width comma or semicolon: write , between the items."),
    ),
    (re.compile(r"Q([ ]+)Q"), Text("两项之间少了逗号。", "A comma is missing between the two.")),
    (
        re.compile(r"^([+@]|-(?=[ ]{2,}))"),
        Text(
            "像是从差异（diff）里粘贴的：删去行首的符号。",
            "Looks pasted from a diff: remove what the line begins with.",
        ),
    ),
)
_LONGEST_LINE = 1000  # what is longer nobody typed
_PAIRS = (("[", "]"), ("{", "}"))


def slip(lines: Sequence[str], suspects: Iterator[int] | Sequence[int]) -> tuple[int, int, Text] | None:
    """Line and column, from 0, of the first slip on the lines `suspects`, and what to do; None when there is none known."""
    for number in suspects:
        if not 0 <= number < len(lines) or len(lines[number]) > _LONGEST_LINE:
            continue
        line = _QUOTED.sub(_masked, lines[number])
        for pattern, message in _HERE:
            found = pattern.search(line)
            if found:
                return number, found.start(1), message
        for opening, closing in _PAIRS:
            if line.count(opening) > line.count(closing):
                message = Text(f"{opening} 没有配对的 {closing}。", f"The {opening} has no {closing}.")
                return number, line.index(opening), message
    return None


def _masked(quoted: re.Match[str]) -> str:
    return "Q" * len(quoted.group())
