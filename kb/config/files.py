"""Several files in one paste, as `head` and `tail` print them."""

from __future__ import annotations

import re2

MOST_FILES = 20
_MARK = re2.compile(r"^==>\s*(?P<name>\S.{0,200}?)\s*<==\s*$")


def split_files(name: str, text: str) -> dict[str, str]:
    """File name -> content of a paste: parts that begin with a line `==> name <==`, and what stands before them as `name`."""
    parts: dict[str, list[str]] = {name: []}
    current = parts[name]
    for line in text.splitlines(keepends=True):
        found = _MARK.match(line.rstrip("\r\n")) if line.startswith("==>") else None
        if found and len(parts) < MOST_FILES:
            current = parts.setdefault(found.group("name"), [])
            continue
        current.append(line)
    return {file: content for file, lines in parts.items() if (content := "".join(lines)).strip()}
