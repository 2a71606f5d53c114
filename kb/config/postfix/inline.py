"""`inline:{ key=value, { key = value with blanks } }`: tables that stand in main.cf itself."""

from __future__ import annotations

from collections.abc import Iterator

from kb.config.postfix.lines import SPACE

MARK = "inline:{"


def entries(value: str) -> Iterator[tuple[str, str]]:
    """Keys and values of the first inline table in a value."""
    start = value.find(MARK)
    if start < 0:
        return
    for piece in _pieces(value, start + len(MARK)):
        key, equals, found = piece.partition("=")
        if equals and key.strip(SPACE):
            yield key.strip(SPACE), found.strip(SPACE)


def _pieces(value: str, start: int) -> Iterator[str]:
    """The entries up to the brace that closes the table: apart at blanks and commas, one in braces as a whole."""
    level = 1
    piece: list[str] = []
    for position in range(start, len(value)):
        character = value[position]
        if character in "{}":
            level += 1 if character == "{" else -1
            if level == 0:
                break
        elif level > 1 or (character != "," and character not in SPACE):
            piece.append(character)
            continue
        if level == 1:
            yield "".join(piece)
            piece = []
    yield "".join(piece)
