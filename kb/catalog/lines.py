"""A file as lines, before it is YAML: its bytes, its characters, its line ends, its comments."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import re2

from kb.catalog.findings import CatalogError, Finding
from kb.text import Text

MAX_BYTES = 32 * 1024 * 1024
_BOM = "\ufeff"
# Controls but tab and line ends, what no font has, and what changes how a text is shown without being seen: directions,
# joiners, fillers.
_INVISIBLE = re2.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


# A letter of Greek or Cyrillic beside a Latin one.
_MIXED = re2.compile("[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]")


# Characters of a kind of which the place is told. Who has more of them mends the file as a whole, and to tell the place of
# each takes time that grows with the square of the file.
_MOST_TOLD = 200


class Comment(NamedTuple):
    """A comment: its line and column from 1, its text from `#` on, and whether it has the line for itself."""

    line: int
    column: int
    text: str
    alone: bool


def read_text(path: Path, shown: str, most: int = MAX_BYTES) -> str:
    """The text of a file as it is. Raises CatalogError (KB001) unless it is a regular file in UTF-8 of at most `most` bytes."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            message = Text(
                "须是普通文件，不能是符号链接或目录。", "Must be a regular file, neither symlink nor folder."
            )
            raise CatalogError([Finding(shown, 1, 1, "KB001", message)])
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        message = Text(f"无法读取：{error.strerror}。", f"Cannot be read: {error.strerror}.")
        raise CatalogError([Finding(shown, 1, 1, "KB001", message)]) from error
    if len(raw) > most:
        message = Text(f"超过 {most} 字节：请删减或拆分。", f"Is larger than {most} bytes: shorten or split it.")
        raise CatalogError([Finding(shown, 1, 1, "KB001", message)])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        before = raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start]
        message = Text(
            "从这里起不是 UTF-8：请另存为 UTF-8（不带 BOM）。", "Is not UTF-8 from here on: save the file as UTF-8."
        )
        raise CatalogError([Finding(shown, line, len(before.decode()) + 1, "KB001", message)]) from error


def check_lines(text: str, path: str) -> Iterator[Finding]:
    """KB004: characters that nobody sees. KB005: line ends, byte order mark, end of the file. KB008: letters that look alike."""
    if text.startswith(_BOM):
        message = Text("文件开头有 BOM：请存为不带 BOM 的 UTF-8。", "Begins with a byte order mark: save without it.")
        yield Finding(path, 1, 1, "KB005", message)
        text = text[1:]
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        column = text.index("\r") - (text.rfind("\n", 0, text.index("\r")) + 1) + 1
        message = Text("换行符请用 LF，不用 CRLF 或 CR。", "Line ends must be LF, not CRLF or CR.")
        yield Finding(path, line, column, "KB005", message)
    if text and not text.endswith("\n"):
        last = text.count("\n") + 1
        message = Text("文件末尾缺少换行符。", "The last line has no line end.")
        yield Finding(path, last, len(text.rpartition("\n")[2]) + 1, "KB005", message)
    if text.isascii() and text.isprintable():
        return
    for match in islice(_INVISIBLE.finditer(text), _MOST_TOLD):
        start = match.start()
        line = text.count("\n", 0, start) + 1
        code = f"U+{ord(match.group()):04X}"
        name = unicodedata.name(match.group(), "CONTROL CHARACTER" if match.group() < "\ue000" else "PRIVATE USE")
        message = Text(
            f"看不见的字符 {code}（{name}）：请删去。", f"The invisible character {code} ({name}): remove it."
        )
        yield Finding(path, line, start - text.rfind("\n", 0, start), "KB004", message)
    for match in islice(_MIXED.finditer(text), _MOST_TOLD):
        other = match.group().strip(string.ascii_letters)
        start = match.start() + match.group().index(other)
        name = unicodedata.name(other)
        message = Text(
            f"拉丁字母的单词里夹着形近的 {other}（{name}）：换成键盘上的字母。",
            f"A word of Latin letters has {other} ({name}) in it, which only looks alike: write it on the keyboard.",
        )
        line = text.count("\n", 0, start) + 1
        yield Finding(path, line, start - text.rfind("\n", 0, start), "KB008", message)


def find_comments(text: str, ends: Mapping[int, int], inside: Iterable[tuple[int, int]]) -> tuple[Comment, ...]:
    """The comments of a YAML text.

    ends: line from 0 -> the column where its last token ends. inside: first and last line, from 0, within scalars of many
    lines, where `#` is text.
    """
    lines = text.split("\n")
    covered = {number for first, last in inside for number in range(first, last + 1)}
    found = []
    for number, line in enumerate(lines):
        if "#" not in line or number in covered:
            continue
        start = line.find("#", ends.get(number, 0))
        while start > 0 and line[start - 1] not in " \t,[]{}":
            start = line.find("#", start + 1)
        if start >= 0:
            found.append(Comment(number + 1, start + 1, line[start:].rstrip(), not line[:start].strip()))
    return tuple(found)
