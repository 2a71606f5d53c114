"""The marks with which mail programs and chat quote a text: `> ` or `| ` before each of its lines."""

from __future__ import annotations

_BLANKS = " \t"


def without_marks(text: str) -> str:
    """`text` with blanks instead of quoting marks, each place kept; as it is unless nearly all of its lines have one.

    The lines then begin with a blank, as those of a folded text do, so what the quoting wrapped is one again.
    """
    lines = text.split("\n")
    marked = unmarked = 0
    for line in lines:
        if _mark_end(line):
            marked += 1
        elif line.strip():
            unmarked += 1
            if unmarked > 1:
                return text
    if marked < 2:
        return text
    return "\n".join(" " * (end := _mark_end(line)) + line[end:] for line in lines)


def _mark_end(line: str) -> int:
    """Where the marks before a line end; 0 when it has none."""
    rest = line.lstrip(_BLANKS)
    if rest.startswith(">"):
        return len(line) - len(rest.lstrip(f">{_BLANKS}"))
    return len(line) - len(rest) + 2 if rest.startswith("|") and rest[1:2] in ("\t", " ") else 0
