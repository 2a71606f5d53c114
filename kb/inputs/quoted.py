"""The marks with which mail programs and chat quote a text: `> ` or `| ` before each of its lines."""

from __future__ import annotations

import re2

_MARK = re2.compile(r"(?m)^[ \t]*(?:>[> \t]*|\|[ \t])")


def without_marks(text: str) -> str:
    """`text` with blanks instead of quoting marks, each place kept; as it is unless nearly all of its lines have one.

    The lines then begin with a blank, as those of a folded text do, so what the quoting wrapped is one again.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    unmarked = 0
    for line in lines:
        unmarked += _MARK.search(line) is None
        if unmarked > 1:
            return text
    if len(lines) - unmarked < 2:
        return text
    return str(_MARK.sub(lambda mark: " " * len(mark.group()), text))
