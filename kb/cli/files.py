"""Text from arguments, files and standard input, whatever its encoding."""

from __future__ import annotations

import sys

from kb.inputs.encoding import decode

MAX_INPUT = 16 * 1024 * 1024


def read_input(source: str | None) -> str:
    """The text that a command works on: `-` or None reads standard input, the name of a file the file, else the text itself.

    Raises OSError when a file cannot be read.
    """
    if source is None or source == "-":
        return decode(sys.stdin.buffer.read(MAX_INPUT))
    import os

    if len(source) < 1024 and "\n" not in source and os.path.isfile(source):
        with open(source, "rb") as file:
            return decode(file.read(MAX_INPUT))
    return source


def user_language(chosen: str | None) -> str:
    """`--lang`, else the locale of the environment, else English."""
    import os

    from kb.text import choose_language

    environment = os.environ
    return choose_language(
        chosen
        or environment.get("KB_LANG")
        or environment.get("LC_ALL")
        or environment.get("LC_MESSAGES")
        or environment.get("LANG")
    )
