"""`errors.yaml` with mistakes in it: whatever can be read is, so that one broken entry does not hide the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import re2

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.lines import check_lines, read_text
from kb.catalog.load import Document, Key, load_yaml
from kb.text import Text

SECTIONS = ("errors", "combinations")
_SECTION = re2.compile(r"^([a-z_]+):")
_HEAD = re2.compile(r"^([ \t]{1,3})'?([A-Za-z0-9][A-Za-z0-9_-]*)'?:[ \t]*(?:#.*)?$")
_INDENT = "  "
_CLOSED = ("'", '"', "]", "}", ":", "|", "-")


class Block(NamedTuple):
    """The lines of one entry or combination, from the first comment above it on; `start` and `end` count from 0, end excluded."""

    section: str
    id: str
    start: int
    head: int
    end: int


def load_document(path: Path, shown: str, text: str | None = None) -> Document:
    """The document of a file, as far as it can be read, with all findings of its lines and its syntax.

    `text` is what the file is going to say, if not what it says. Raises CatalogError (KB001) when the file cannot be read.
    """
    text = read_text(path, shown) if text is None else text
    wrong = list(check_lines(text, shown))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        document = load_yaml(text, shown)
    except CatalogError as error:
        document = _in_blocks(text, shown, error)
    wrong += _comments(document)
    return replace(document, findings=(*wrong, *document.findings))


def blocks(text: str) -> Iterator[Block]:
    """The entries and combinations of `errors.yaml`, found by their indentation alone."""
    lines = text.split("\n")
    section = ""
    open_block: Block | None = None
    comment: int | None = None
    for number, line in enumerate([*lines, "end:"]):
        said = line.strip()
        if said in ("", "---") or (said.startswith("#") and len(line) - len(line.lstrip()) < 4):
            comment = number if comment is None and said else comment
            continue
        if line.startswith("    "):  # nearly all lines, none of which begins anything
            comment = None
            continue
        top, head = _SECTION.match(line), _HEAD.match(line)
        if top or head:
            start = number if comment is None else comment
            if open_block:
                yield open_block._replace(end=start)
            open_block = Block(section, head.group(2), start, number, number) if head and section else None
        if top:
            section = top.group(1) if top.group(1) in SECTIONS else ""
        comment = None


def _in_blocks(text: str, shown: str, error: CatalogError) -> Document:
    """What the blocks say that can be read one by one; `error` counts when none of them is at fault."""
    data: dict[str, dict[str, object]] = {}
    places: dict[Key, tuple[int, int]] = {}
    key_places: dict[Key, tuple[int, int]] = {}
    findings: list[Finding] = []
    lines = text.split("\n")
    at_fault = False
    for block in blocks(text):
        section = data.setdefault(block.section, {})
        written = lines[block.head : block.end]
        indent = written[0][: len(written[0]) - len(written[0].lstrip())]
        if indent != _INDENT:
            at_fault = True
            message = Text("id 须缩进两个空格。", "An id is indented by two spaces.")
            findings.append(Finding(shown, block.head + 1, 1, "KB002", message))
            continue
        try:
            part = load_yaml("\n".join(written) + "\n", shown, block.head + 1)
        except CatalogError as broken:
            at_fault = True
            findings += broken.findings
            section.setdefault(block.id, None)
            key_places.setdefault((block.section, block.id), (block.head + 1, len(indent) + 1))
            continue
        findings += part.findings
        for id_, value in part.data.items() if isinstance(part.data, dict) else ():
            if id_ in section:
                first = key_places[block.section, id_][0]
                message = Text(
                    f"键 {id_} 重复，前一处在第 {first} 行。", f"Duplicate key {id_}, first at line {first}."
                )
                findings.append(Finding(shown, block.head + 1, 3, "KB101", message))
                continue
            section[id_] = value
            places.update({(block.section, *key): place for key, place in part.places.items() if key})
            key_places.update({(block.section, *key): place for key, place in part.key_places.items()})
    if not at_fault:
        findings += error.findings
    return Document(shown, data, places, key_places, tuple(findings), (), text, whole=False)


def _comments(document: Document) -> Iterator[Finding]:
    """KB006: a comment stands above an entry, never after a value nor between the keys."""
    lines = document.text.split("\n")
    for comment in document.comments:
        if not comment.alone or comment.column > len(_INDENT) + 1:
            message = Text(
                "注释只写在条目上方；kb fmt 会把它移上去。",
                "Comments stand above an entry; kb fmt moves this one there.",
            )
            if not comment.alone and not lines[comment.line - 1][: comment.column - 1].rstrip().endswith(_CLOSED):
                message = Text(
                    "文字没加引号，从 # 起成了注释：把整段文字放进单引号。",
                    "Without quotes the text ends here, and the rest is a comment: put the whole text in single quotes.",
                )
            yield Finding(document.path, comment.line, comment.column, "KB006", message)
