"""A catalogue while somebody writes in it: what has changed is read and compiled alone, so that it can be shown at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kb.catalog.findings import CatalogError
from kb.catalog.model import Catalog
from kb.catalog.providers import read_tables
from kb.catalog.read import FILE, validate
from kb.catalog.recover import SECTIONS, blocks, load_document
from kb.check import matching
from kb.compile import recompile
from kb.match.store import Store

Blocks = dict[tuple[str, str], str]


class Draft:
    """The entries and combinations of a file, each as it was when it could last be read."""

    def __init__(self) -> None:
        self._blocks: Blocks = {}
        self._items: dict[tuple[str, str], object] = {}

    def read(self, text: str) -> Catalog:
        """The catalogue that `errors.yaml` is now; an item with a mistake stays what it was."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        lines = text.split("\n")
        now = {(b.section, b.id): "\n".join(lines[b.head : b.end]) for b in blocks(text)}
        changed = {key: written for key, written in now.items() if self._blocks.get(key) != written}
        if changed:
            self._items |= _items(changed)
        self._blocks = now
        parts: dict[str, dict[str, object]] = {section: {} for section in SECTIONS}
        for section, id_ in now:
            if (section, id_) in self._items:
                parts[section][id_] = self._items[section, id_]
        return Catalog.model_construct(**parts)  # type: ignore[arg-type]


class Compiled:
    """The compiled catalogue of a draft."""

    def __init__(self) -> None:
        self._catalog = Catalog(errors={})
        self._store: Store | None = None
        self._tables = read_tables()
        self._linked = {row.entry for table in self._tables for row in table.codes}

    def store(self, catalog: Catalog, version: str) -> Store:
        """The catalogue, preloaded: a file of its own each time, since the one before is being read from."""
        old = self._catalog.errors
        changed = {id_ for id_ in old.keys() | catalog.errors.keys() if old.get(id_) is not catalog.errors.get(id_)}
        # An open file outlives its folder, where it can be removed at all.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "draft.sqlite"
            if self._store is None or self._touches_codes(catalog, changed):
                matching.compile_usable(catalog, version, path, self._tables)
                store = Store(str(path))
                store.preload()
            else:
                self._store.copy_to(str(path))
                entries = {entry.id: entry.number for entry in self._store.entries()}
                numbers = recompile(matching.usable(catalog), changed, version, path, entries)
                store = Store(str(path))
                store.preload_like(self._store, numbers)
        self._catalog, self._store = catalog, store
        return store

    def _touches_codes(self, catalog: Catalog, changed: set[str]) -> bool:
        """Whether a change is one of the providers' codes too, which depend on one another."""
        for id_ in changed:
            before, after = self._catalog.errors.get(id_), catalog.errors.get(id_)
            if any(entry is not None and entry.codes for entry in (before, after)):
                return True
            if (before is None or after is None) and id_ in self._linked:
                return True
        return False


def _items(changed: Blocks) -> dict[tuple[str, str], object]:
    """The items that can be read."""
    written = ["errors:"]
    for section in SECTIONS:
        own = [text for (name, _), text in changed.items() if name == section]
        written += own if section == "errors" else [f"{section}:", *own] if own else []
    try:
        catalog, _ = validate(load_document(Path(FILE), FILE, "\n".join(written) + "\n"))
    except CatalogError:
        return {}
    read = {("errors", id_): item for id_, item in catalog.errors.items()}
    return read | {("combinations", id_): item for id_, item in catalog.combinations.items()}
