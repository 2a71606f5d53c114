"""`kb fmt`: `errors.yaml`, a provider's table or an article's front matter in canonical form.

The form depends on what a file says alone: ids sorted, keys in their order, quotes and lines as `write` has them, one blank
line between entries. Comments stay above the entry they stand above; one inside an entry moves there. What would change
what the file says is refused instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from kb.catalog.findings import FORM, CatalogError, Finding
from kb.catalog.lines import Comment
from kb.catalog.load import Document, load_yaml
from kb.catalog.model import Catalog
from kb.catalog.providers import ProviderRow, ProviderTable
from kb.catalog.read import keys_of, model_at
from kb.catalog.write import Key, Style, in_order, write_item
from kb.text import Text

FRONT_KEYS = ("title", "summary", "tags", "errors", "updated", "source", "translated_from")
_OPEN = frozenset(
    {"match", "explanation", "causes", "fixes", "verify", "examples", "not_examples", "texts", "server_logs"}
)


def _order(key: Key) -> Sequence[str]:
    return () if key[2:3] in (("when",), ("texts",), ("server_logs",)) else keys_of(model_at(key))


def _is_open(key: Key) -> bool:
    return len(key) < 3 or (len(key) == 3 and key[2] in _OPEN) or (len(key) == 4 and key[2] == "fixes")


def _provider_order(key: Key) -> Sequence[str]:
    return keys_of(ProviderTable) if not key else keys_of(ProviderRow) if len(key) == 2 else ("zh", "en")


CATALOG = Style(_order, _is_open)
PROVIDER = Style(_provider_order, lambda key: len(key) < 3 or key[2:] == ("meaning",))
FRONT = Style(lambda key: FRONT_KEYS, lambda key: key == ("errors",))


def format_catalog(text: str, path: str) -> str:
    """`errors.yaml` in canonical form. Raises CatalogError when it cannot be read whole."""
    document = _loaded(_cleaned(text), path)
    return _same(document, catalog_text(document))


def catalog_text(document: Document) -> str:
    """What `errors.yaml` looks like in canonical form; `document` was read without findings on its content."""
    data: dict[str, Any] = document.data
    above = _above(document.comments, _heads(document, 2)) if document.comments else {}
    first = _header_end(document.text)
    lines = [line.rstrip() for line in document.text.split("\n")[:first]]
    for name, items in in_order(data, keys_of(Catalog)):
        if lines and lines[-1]:
            lines.append("")
        lines += [comment.text for comment in above.get((name,), ()) if comment.line > first]
        if not isinstance(items, dict) or not items:
            lines += write_item((name,), items, 0, CATALOG)
            continue
        lines.append(f"{name}:")
        for number, id_ in enumerate(sorted(items)):
            lines += ["", *format_item(name, id_, items[id_], above.get((name, id_), ()))][not number :]
    lines += ["", *(comment.text for comment in above[()])] if above.get(()) else []
    return "\n".join(lines).rstrip("\n") + "\n"


def format_item(section: str, id_: str, item: Any, comments: Sequence[Comment] = ()) -> list[str]:
    """The lines of one entry or combination, with the comments above it."""
    lines = write_item((section, id_), item, 2, CATALOG)
    return [*(f"  {comment.text}" for comment in comments), *lines]


def format_provider(text: str, path: str) -> str:
    """A provider's table in canonical form. Raises CatalogError."""
    text = _cleaned(text)
    document = _loaded(text, path)
    lines = [comment.text for comment in document.comments]
    for name, item in in_order(document.data, keys_of(ProviderTable)):
        lines += write_item((name,), item, 0, PROVIDER)
    return _same(document, "\n".join(lines) + "\n")


def format_article(text: str, path: str) -> str:
    """An article with its front matter in canonical form and LF at the line ends. Raises CatalogError."""
    text = _cleaned(text)
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        message = Text("没有元数据。", "There is no front matter.")
        raise CatalogError([Finding(path, 1, 1, "KB321", message)])
    end = lines.index("---", 1)
    document = _loaded("\n".join(lines[1:end]) + "\n", path, 2)
    front = [comment.text for comment in document.comments]
    for name, item in in_order(document.data, FRONT_KEYS):
        front += write_item((name,), item, 0, FRONT)
    _same(document, "\n".join(front) + "\n")
    return "\n".join(["---", *front, *lines[end:]]).rstrip("\n") + "\n"


def _cleaned(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _loaded(text: str, path: str, first_line: int = 1) -> Document:
    """The document, sure to be a mapping whose every node says what it seems to. Raises CatalogError."""
    document = load_yaml(text, path, first_line)
    wrong = [finding for finding in document.findings if finding.rule not in FORM]
    if not isinstance(document.data, dict):
        wrong.append(document.finding("KB110", (), Text("应为映射（键: 值）。", "Must be a mapping (key: value).")))
    if wrong:
        raise CatalogError(wrong)
    return document


def _same(document: Document, written: str) -> str:
    """`written`, if it says what `document` does. Raises CatalogError: rather no canonical form than another content."""
    if load_yaml(written, document.path).data != document.data:
        message = Text("无法在不改变内容的情况下改写。", "Cannot be rewritten without a change of content.")
        raise CatalogError([Finding(document.path, 1, 1, "KB007", message)])
    return written


def _header_end(text: str) -> int:
    """How many lines stand before the first key and the comments right above it, which a blank line parts from the header."""
    for number, line in enumerate(text.split("\n")):
        if line.strip() and not line.startswith("#"):
            return number
    return 0


def _heads(document: Document, depth: int) -> list[tuple[int, Key]]:
    """Line and key of everything that comments can stand above, in file order."""
    return sorted((line, key) for key, (line, _) in document.key_places.items() if 0 < len(key) <= depth)


def _above(comments: Sequence[Comment], heads: Sequence[tuple[int, Key]]) -> dict[Key, list[Comment]]:
    """The comments of each head: those above it and those inside it; under () those at the end of the file."""

    def owner(comment: Comment) -> Key:
        after = next((key for line, key in heads if line > comment.line), ())
        if comment.alone and comment.column <= 3:
            return after
        return next((key for line, key in reversed(heads) if line <= comment.line), after)

    owned = sorted(((owner(comment), comment) for comment in comments), key=lambda pair: (str(pair[0]), pair[1].line))
    return {key: [comment for _, comment in pairs] for key, pairs in groupby(owned, key=lambda pair: pair[0])}
