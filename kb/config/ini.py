"""Files in sections: `[section]`, `key = value`, comments after `;` and `#`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import re2

from kb.config.setting import Edit

_SECTION = re2.compile(r"^\s*\[(?P<name>[^\]]*)\]\s*$")
_PAIR = re2.compile(r"^(?P<lead>\s*)(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)(?P<sep>\s*[=:]\s*)(?P<value>.*?)\s*$")
_LONGEST = 4000


def pairs(text: str) -> Iterator[tuple[str, int, str, str]]:
    """(section, line from 1, key, value as it stands) of every setting; the section is "" before the first."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST or line.lstrip().startswith(("#", ";")):
            continue
        opened = _SECTION.match(line)
        if opened:
            section = opened.group("name").strip()
            continue
        found = _PAIR.match(line)
        if found:
            yield section, number, found.group("key"), found.group("value")


def value_of(text: str) -> str:
    """A value without its quotes, of one, three or back quotes, and without a comment after it."""
    for quote in ('"""', "`", '"', "'"):
        if text.startswith(quote):
            end = text.find(quote, len(quote))
            return text[len(quote) : end] if end > 0 else text
    for mark in (" ;", " #", "\t;", "\t#"):
        text = text.split(mark, 1)[0]
    return text.strip()


def set_pairs(text: str, section: str, edits: Sequence[Edit]) -> str:
    """The text with settings of a section replaced, removed, or added at its beginning."""
    lines = text.splitlines(keepends=True)
    for edit in edits:
        lines = _set(lines, section, edit)
    return "".join(lines)


def _set(lines: list[str], section: str, edit: Edit) -> list[str]:
    current, start = "", 0
    for index, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        opened = _SECTION.match(bare)
        if opened:
            current = opened.group("name").strip()
            if current == section:
                start = index + 1
            continue
        found = None if bare.lstrip().startswith(("#", ";")) or len(bare) > _LONGEST else _PAIR.match(bare)
        if found and current in (section, "") and found.group("key") == edit.key:
            new = [] if edit.value is None else [f"{found.group('lead')}{edit.key}{found.group('sep')}{edit.value}\n"]
            return lines[:index] + new + lines[index + 1 :]
    return lines if edit.value is None else [*lines[:start], f"{edit.key} = {edit.value}\n", *lines[start:]]
