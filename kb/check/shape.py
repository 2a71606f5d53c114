"""Order and size: ids sorted, keys in their fixed order, ids well formed, texts that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.read import keys_of, mappings, model_at
from kb.catalog.vocabulary import STAGES
from kb.text import LANGUAGES, Text

MAX_TEXT, MAX_TITLE, MAX_WORD, MAX_ITEMS = 4000, 160, 120, 1000
_MAX_ID = 80
_SOURCE = 3
_ADDRESS = re2.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^ :]")
_WORD = re2.compile(rf"[!-~]{{{MAX_WORD + 1}}}")
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
            yield from _aliases_and_sources(document, (part, id_), item)
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
    if not is_id(id_):
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


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return bool(_ID.search(text)) and not text.endswith("-error") and len(text) <= _MAX_ID


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


def _aliases_and_sources(document: Document, key: Key, item: object) -> Iterator[Finding]:
    """KB111: an alias was an id. KB114: a source can be looked up."""
    for index, alias in _texts(item, "aliases"):
        if not _ID.search(alias):
            message = Text(
                "别名是旧 id：只用小写字母、数字和连字符。", "An alias is a former id: lower case, digits and hyphens."
            )
            yield document.finding("KB111", (*key, "aliases", index), message)
    for index, source in _texts(item, "sources"):
        if _ADDRESS.search(source) and not source.startswith("https://"):
            message = Text(
                "网址要以 https:// 开头，否则写成文字。",
                "An address begins with https://; anything else is named in words.",
            )
            yield document.finding("KB114", (*key, "sources", index), message)
        elif len(source.strip()) < _SOURCE:
            message = Text(
                "查不到这个出处：写标准及章节、源码文件、文档的网址，或实测的程序与版本。",
                "Nobody can look that up: name the standard with its section, the source file, the page, or what was run.",
            )
            yield document.finding("KB114", (*key, "sources", index), message)


def _texts(item: object, name: str) -> list[tuple[int, str]]:
    values = item.get(name) if isinstance(item, dict) else None
    return [(n, value) for n, value in enumerate(values if isinstance(values, list) else ()) if isinstance(value, str)]


def _long(document: Document, key: Key, node: object) -> Iterator[Finding]:
    """KB112: no text is longer than anybody reads, and no list."""
    if isinstance(node, list) and len(node) > MAX_ITEMS:
        message = Text(
            f"超过 {MAX_ITEMS} 项：请删减，或分成几个条目。", f"More than {MAX_ITEMS} items: shorten or split it."
        )
        yield document.finding("KB112", key, message)
    elif isinstance(node, str):
        if len(node) > MAX_TITLE and "title" in key[2:3]:
            message = Text(
                f"标题超过 {MAX_TITLE} 个字符：一句话就够。",
                f"A title of more than {MAX_TITLE} characters: one sentence will do.",
            )
            yield document.finding("KB112", key, message)
        elif len(node) > MAX_TEXT:
            message = Text(
                f"这段文字超过 {MAX_TEXT} 个字符：长的内容写成文章。",
                f"A text of more than {MAX_TEXT} characters: what is long belongs in an article.",
            )
            yield document.finding("KB112", key, message)
        elif key[-1] in LANGUAGES and len(node) > MAX_WORD and _WORD.search(node):
            message = Text(f"有一个词超过 {MAX_WORD} 个字符。", f"Has a word of more than {MAX_WORD} characters.")
            yield document.finding("KB112", key, message)
        return
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        yield from _long(document, (*key, name), value)
