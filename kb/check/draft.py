"""A catalogue while somebody writes in it: what has changed is read alone, so that it can be shown at once."""

from __future__ import annotations

from pathlib import Path

from kb.catalog.findings import CatalogError
from kb.catalog.lines import read_text
from kb.catalog.model import Catalog
from kb.catalog.read import FILE, validate
from kb.catalog.recover import SECTIONS, blocks, load_document

Blocks = dict[tuple[str, str], str]


class Draft:
    """The entries and combinations of a file, each as it was when it could last be read."""

    def __init__(self) -> None:
        self._blocks: Blocks = {}
        self._items: dict[tuple[str, str], object] = {}

    def read(self, root: Path) -> Catalog:
        """The catalogue of `root` now; an item with a mistake stays what it was. Raises CatalogError for an unreadable file."""
        text = read_text(root / FILE, FILE).removeprefix("\ufeff").replace("\r\n", "\n")
        lines = text.split("\n")
        now = {(b.section, b.id): "\n".join(lines[b.head : b.end]) for b in blocks(text)}
        changed = {key: written for key, written in now.items() if self._blocks.get(key) != written}
        if changed:
            self._items |= _items(root, changed)
        self._blocks = now
        parts: dict[str, dict[str, object]] = {section: {} for section in SECTIONS}
        for section, id_ in now:
            if (section, id_) in self._items:
                parts[section][id_] = self._items[section, id_]
        return Catalog.model_construct(**parts)  # type: ignore[arg-type]


def _items(root: Path, changed: Blocks) -> dict[tuple[str, str], object]:
    """The items that can be read."""
    written = ["errors:"]
    for section in SECTIONS:
        own = [text for (name, _), text in changed.items() if name == section]
        written += own if section == "errors" else [f"{section}:", *own] if own else []
    try:
        catalog, _ = validate(load_document(root / FILE, FILE, "\n".join(written) + "\n"))
    except CatalogError:
        return {}
    read = {("errors", id_): item for id_, item in catalog.errors.items()}
    return read | {("combinations", id_): item for id_, item in catalog.combinations.items()}
