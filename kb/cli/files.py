"""Text from arguments, files and standard input, whatever its encoding."""

from __future__ import annotations

import sys

from kb.inputs.encoding import decode
from kb.text import for_terminal

MAX_INPUT = 16 * 1024 * 1024
_PATH_STARTS = ("/", "./", "../", "~/")
_FILE_ENDS = (".log", ".txt", ".eml", ".msg", ".mbox")


def read_input(source: str | None) -> str:
    """The text that a command works on: `-` or None reads standard input, the name of a file the file, else the text itself.

    Raises OSError when a file cannot be read.
    """
    if source is None or source == "-":
        return decode(sys.stdin.buffer.read(MAX_INPUT))
    import os

    if len(source) < 1024 and "\n" not in source and (os.path.isfile(source) or _names_a_file(source)):
        with open(source, "rb") as file:
            return decode(file.read(MAX_INPUT))
    return source


def write_text(text: str) -> None:
    """Write UTF-8 whatever the locale, without characters that a terminal would obey."""
    sys.stdout.buffer.write(for_terminal(text).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _names_a_file(source: str) -> bool:
    """Whether a text can only be meant as the name of a file, there or not."""
    return " " not in source and (source.startswith(_PATH_STARTS) or source.endswith(_FILE_ENDS))


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
