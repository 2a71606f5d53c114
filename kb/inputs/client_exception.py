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
    """The unindented lines that follow each stack."""
    spans: list[tuple[int, int]] = []
    place, begin = 0, None
    inside = False
    for line in text.splitlines(keepends=True):
        indented = line[:1] in (" ", "\t") or not line.strip()
        link = line.startswith((_PYTHON, *_PYTHON_LINKS))
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
