"""Order and size: ids sorted, keys in their fixed order, ids well formed, texts that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.read import keys_of, mappings, model_at
from kb.catalog.vocabulary import STAGES
from kb.text import Text

MAX_TEXT = 4000
_MAX_ID = 80
_ID = re2.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)+$")


def check(document: Document) -> Iterator[Finding]:
    """Findings on order and ids."""
    for part in ("errors", "combinations"):
        items = document.data.get(part) if isinstance(document.data, dict) else None
        if not isinstance(items, dict):
            continue
        yield from _sorted_ids(document, part, list(items))
        for id_, item in items.items():
            yield from _id(document, part, id_, item)
            for key, mapping in mappings(item, (part, id_)):
                yield from _key_order(document, key, list(mapping))
            yield from _long(document, (part, id_), item)
            yield from _repeated(document, (part, id_), item)


def _sorted_ids(document: Document, part: str, ids: list[str]) -> Iterator[Finding]:
    """KB103: entries and combinations are in alphabetical order of their ids."""
    for before, after in pairwise(ids):
        if before > after:
            message = Text(
                f"{after} 应排在 {before} 之前（按字母顺序）。",
                f"{after} belongs before {before} (alphabetical order).",
            )
            yield document.finding("KB103", (part, after), message, at_key=True)


def _id(document: Document, part: str, id_: str, entry: object) -> Iterator[Finding]:
    """KB111: an id is `<stage>-<symptom>` in lower case, with its own stage."""
    stage = entry.get("stage") if isinstance(entry, dict) else None
    if not _ID.search(id_) or id_.endswith("-error") or len(id_) > _MAX_ID:
        shown = id_[:_MAX_ID]
        message = Text(
            f"id {shown} 应为 <阶段>-<现象>，只用小写字母、数字和连字符，不以 -error 结尾，不超过 {_MAX_ID} 个字符。",
            f"The id {shown} must be <stage>-<symptom> in lower case with hyphens, not end in -error, and have at most"
            f" {_MAX_ID} characters.",
        )
        yield document.finding("KB111", (part, id_), message, at_key=True)
    elif stage in STAGES and not id_.startswith(f"{stage}-"):
        message = Text(f"id 应以自己的阶段开头：{stage}-…。", f"The id must begin with its stage: {stage}-….")
        yield document.finding("KB111", (part, id_), message, at_key=True)


def _key_order(document: Document, key: tuple[str | int, ...], names: list[str]) -> Iterator[Finding]:
    """KB104: the keys of a mapping are in their fixed order."""
    order = keys_of(model_at(key))
    known = [name for name in names if name in order]
    if known == sorted(known, key=order.index):
        return
    for before, after in pairwise(known):
        if order.index(before) > order.index(after):
            message = Text(f"键 {after} 应在 {before} 之前。", f"The key {after} belongs before {before}.")
            yield document.finding("KB104", (*key, after), message, at_key=True)


def _repeated(document: Document, key: Key, item: object) -> Iterator[Finding]:
    """KB113: no list of an entry names anything twice; patterns have a rule of their own, settings may be repeated."""
    for name, values in item.items() if isinstance(item, dict) else ():
        if not isinstance(values, list) or name == "match":
            continue
        seen: set[str] = set()
        for index, value in enumerate(values):
            if isinstance(value, str) and value in seen:
                message = Text(f"{name} 里重复了前面的一项。", f"Stands in {name} before.")
                yield document.finding("KB113", (*key, name, index), message)
            elif isinstance(value, str):
                seen.add(value)


def _long(document: Document, key: Key, node: object) -> Iterator[Finding]:
    """KB112: no text is longer than anybody reads."""
    if isinstance(node, str):
        if len(node) > MAX_TEXT:
            message = Text(
                f"这段文字超过 {MAX_TEXT} 个字符：长的内容写成文章。",
                f"A text of more than {MAX_TEXT} characters: what is long belongs in an article.",
            )
            yield document.finding("KB112", key, message)
        return
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        yield from _long(document, (*key, name), value)
