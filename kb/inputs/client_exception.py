"""Exceptions with their stack: Python, Java, .NET, Node.js, Ruby, PHP. The stack is left out, the first cause comes first."""

from __future__ import annotations

import re2

from kb.inputs.observation import Observation
from kb.inputs.plain import parse as parse_plain

NAME = "exception"

_FRAME = re2.compile(
    r"(?m)^\s*(?:at [^ ]|File \"|from [^ ]+:[0-9]+:in|#[0-9]+ |\.\.\. [0-9]+ (?:more|common)"
    r"|[^ ]+\.rb:[0-9]+:in [`'][^`'\n]*'\s*$|\^+\s*$|~*\^+~*\s*$)"
)
_PYTHON = "Traceback (most recent call last):"
_PYTHON_LINKS = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_CAUSED_BY = "Caused by:"


def sniff(text: str) -> bool:
    """Whether the text has a stack trace."""
    return _PYTHON in text or (_FRAME.search(text) is not None and "\n" in text)


def parse(text: str) -> tuple[Observation, ...]:
    """One observation for each exception of the chain, its message only, first cause first."""
    if _PYTHON in text:
        return tuple(o for begin, end in _python_messages(text) for o in parse_plain(text[begin:end], begin, NAME))
    starts = [0]
    while (found := text.find(_CAUSED_BY, starts[-1] + 1)) >= 0:
        starts.append(found)
    chain = [_message(text, begin, end) for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return tuple(o for begin, end in reversed(chain) for o in parse_plain(text[begin:end], begin, NAME))


def _message(text: str, begin: int, end: int) -> tuple[int, int]:
    """The part of an exception before its stack; all of it where text follows the stack, as in Node.js."""
    piece = text[begin:end]  # RE2 would read the whole text for each place in it that it is given
    frame = _FRAME.search(piece)
    if frame is None:
        return begin, end
    last = begin
    place = begin
    for line in piece.splitlines(keepends=True):
        if line.strip() and not _FRAME.search(line):
            last = place + len(line)
        place += len(line)
    return begin, max(last, begin + frame.start())


def _python_messages(text: str) -> list[tuple[int, int]]:
    """The lines that follow each stack and are not indented more than where it begins."""
    spans: list[tuple[int, int]] = []
    place, begin = 0, None
    inside = False
    margin = _margin(text)
    for line in text.splitlines(keepends=True):
        words = line.removeprefix(margin)
        indented = words[:1] in (" ", "\t") or not words.strip()
        link = words.startswith((_PYTHON, *_PYTHON_LINKS))
        if link or (indented and begin is not None and inside and not line.strip()):
            if begin is not None:
                spans.append((begin, place))
            begin, inside = None, True
        elif not indented and begin is None:
            begin = place
        place += len(line)
    if begin is not None:
        spans.append((begin, place))
    return spans


def _margin(text: str) -> str:
    """The blanks before the first line of the first stack: the whole paste may be indented."""
    place = text.find(_PYTHON)
    before = text[text.rfind("\n", 0, place) + 1 : place]
    return before if not before.strip(" \t") else ""
