"""The canonical form of YAML in this project: a tree of strings, lists and mappings as lines.

Text stands in single quotes, text of several lines as a `|` block; what single quotes cannot hold, such as a control
character, stands in double quotes and is a finding of `kb check`. Which collections stand in one line is a matter of their
key, not of their length, so that an edit never reflows its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

Key = tuple[str | int, ...]


class Style(NamedTuple):
    """How a kind of file is written: the order of the keys of the mapping at a place, and whether the collection there stands
    open, one item to a line; all others stand in one line where their text allows it.
    """

    order: Callable[[Key], Sequence[str]]
    is_open: Callable[[Key], bool]


_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_QUOTABLE = re.compile("[\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_item(key: Key, value: Any, indent: int, style: Style) -> Iterator[str]:
    """The lines of a mapping's item `key: value`; `key` is its whole path."""
    head = f"{' ' * indent}{_name(str(key[-1]))}:"
    yield from _below(head, key, value, indent, style)


def scalar(text: str) -> str:
    """A text in one line, quoted."""
    if _QUOTABLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(c) or (c if _QUOTABLE.fullmatch(c) else _escape(c)) for c in text) + '"'


def in_order(mapping: dict[str, Any], order: Sequence[str]) -> list[tuple[str, Any]]:
    """The items in their fixed order, those that have none at the end, as they were."""
    known = _ranks(tuple(order))
    return sorted(mapping.items(), key=lambda item: known.get(item[0], len(known)))


@lru_cache(maxsize=64)
def _ranks(order: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(order)}


def _below(head: str, key: Key, value: Any, indent: int, style: Style) -> Iterator[str]:
    """`head` with its value beside it, or below it with two more spaces."""
    if isinstance(value, str):
        yield from _text(head, value, indent)
    elif not value or (not style.is_open(key) and _fits(value)):
        yield f"{head} {_flow(key, value, style)}"
    elif isinstance(value, dict):
        yield head
        for name, item in in_order(value, style.order(key)):
            yield from write_item((*key, name), item, indent + 2, style)
    else:
        yield head
        for number, item in enumerate(value):
            yield from _list_item((*key, number), item, indent + 2, style)


def _list_item(key: Key, value: Any, indent: int, style: Style) -> Iterator[str]:
    dash = f"{' ' * indent}-"
    if isinstance(value, dict) and value and not (not style.is_open(key) and _fits(value)):
        items = in_order(value, style.order(key))
        lines = [line for name, item in items for line in write_item((*key, name), item, indent + 2, style)]
        yield f"{dash} {lines[0].lstrip(' ')}"
        yield from lines[1:]
    elif isinstance(value, list) and value and not _fits(value):
        yield dash
        for number, item in enumerate(value):
            yield from _list_item((*key, number), item, indent + 2, style)
    else:
        yield from _below(dash, key, value, indent, style)


def _fits(value: Any) -> bool:
    """Whether a node holds no text of several lines."""
    if isinstance(value, str):
        return "\n" not in value or not _is_block(value)
    return all(map(_fits, value.values() if isinstance(value, dict) else value))


def _flow(key: Key, value: Any, style: Style) -> str:
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, dict):
        items = in_order(value, style.order(key))
        return "{" + ", ".join(f"{_name(name)}: {_flow((*key, name), item, style)}" for name, item in items) + "}"
    return "[" + ", ".join(_flow((*key, number), item, style) for number, item in enumerate(value)) + "]"


def _text(head: str, text: str, indent: int) -> Iterator[str]:
    if "\n" not in text or not _is_block(text):
        yield f"{head} {scalar(text)}"
        return
    lines = text.removesuffix("\n").split("\n")
    first = next(line for line in lines if line)
    hint = "2" if first[0] in " \t" or (not lines[0] and first[0] == "#") else ""
    yield f"{head} |{hint}{'' if text.endswith(chr(10)) else '-'}"
    yield from (f"{' ' * (indent + 2)}{line}" if line else "" for line in lines)


def _is_block(text: str) -> bool:
    """Whether a text of several lines can be written as a block and read back as it is."""
    lines = text.removesuffix("\n").split("\n")
    if not lines[-1].strip() or not all(map(_QUOTABLE.fullmatch, lines)):
        return False
    return all(line.strip() or not line for line in lines)


def _name(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else scalar(name)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
