"""A catalogue while somebody writes in it: what has changed is read and compiled alone, so that it can be shown at once."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kb.catalog.findings import CatalogError
from kb.catalog.model import Catalog, Entry, Rule
from kb.catalog.providers import read_tables
from kb.catalog.read import FILE, validate
from kb.catalog.recover import SECTIONS, blocks, load_document
from kb.check import matching
from kb.compile import recompile
from kb.match.store import Store

Key = tuple[str, str]  # section and id
Blocks = dict[Key, str]
_CODES = "\n    codes:"


class Edit(NamedTuple):
    """What has changed: the entries that are new or others now, the ids of those that are gone, and all combinations.

    `codes` says whether one of the entries defines, or defined, codes of a provider.
    """

    entries: Mapping[str, Entry]
    gone: frozenset[str]
    rules: Mapping[str, Rule]
    codes: bool


class Draft:
    """The entries and combinations of a file, each as it was when it could last be read; none is read before it is asked for."""

    def __init__(self, text: str = "") -> None:
        """`text` is what is shown already."""
        self._blocks = _blocks(text)
        self._items: dict[Key, Any] = {}

    def read(self, text: str) -> Edit | None:
        """What `errors.yaml` says now that it did not say before; an item with a mistake stays what it was.

        None if there is no entry in it at all, as while an editor writes the file: then all stays what it was.
        """
        old, now = self._blocks, _blocks(text)
        if not any(section == "errors" for section, _ in now):
            return None
        changed = {key: written for key, written in now.items() if old.get(key) != written}
        rules = {key for key in now if key[0] == "combinations"}
        found = _items(changed | {key: now[key] for key in rules - self._items.keys()})
        broken = changed.keys() - found.keys()
        self._items |= _items({key: old[key] for key in (broken & old.keys()) - self._items.keys()}) | found
        self._blocks = now
        touched = [
            blocks_[key] for key in changed.keys() | old.keys() - now.keys() for blocks_ in (old, now) if key in blocks_
        ]
        return Edit(
            {id_: item for (section, id_), item in found.items() if section == "errors"},
            frozenset(id_ for section, id_ in old.keys() - now.keys() if section == "errors"),
            self._section("combinations"),
            any(_CODES in written for written in touched),
        )

    def whole(self) -> Catalog:
        """All of it."""
        self._items |= _items({key: self._blocks[key] for key in self._blocks.keys() - self._items.keys()})
        errors, rules = self._section("errors"), self._section("combinations")
        return Catalog.model_construct(errors=errors, combinations=rules)

    def _section(self, name: str) -> dict[str, Any]:
        return {
            id_: self._items[name, id_]
            for section, id_ in self._blocks
            if section == name and (name, id_) in self._items
        }


class Compiled:
    """The compiled catalogue of a draft; `store`, preloaded, is that of the text that the draft began with."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._tables = read_tables()
        self._linked = {row.entry for table in self._tables for row in table.codes}

    def store(self, draft: Draft, edit: Edit, version: str) -> Store:
        """The catalogue, preloaded: a file of its own each time, since the one before is being read from."""
        # An open file outlives its folder, where it can be removed at all.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "draft.sqlite"
            if self._store is None or self._touches_codes(edit):
                matching.compile_usable(draft.whole(), version, path, self._tables)
                store = Store(str(path))
                store.preload()
            else:
                self._store.copy_to(str(path))
                numbers = {entry.id: entry.number for entry in self._store.entries()}
                catalog = Catalog.model_construct(errors=edit.entries, combinations=edit.rules)
                changed = recompile(matching.usable(catalog), edit.entries.keys() | edit.gone, version, path, numbers)
                store = Store(str(path))
                store.preload_like(self._store, changed)
        self._store = store
        return store

    def _touches_codes(self, edit: Edit) -> bool:
        """Whether a change is one of the providers' codes too, which depend on one another."""
        known = {entry.id for entry in self._store.entries()} if self._store else set()
        return edit.codes or bool(self._linked & (edit.gone | edit.entries.keys() - known))


def _blocks(text: str) -> Blocks:
    """The lines of each item."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    lines = text.split("\n")
    return {(block.section, block.id): "\n".join(lines[block.head : block.end]) for block in blocks(text)}


def _items(changed: Blocks) -> dict[Key, Any]:
    """The items that can be read."""
    if not changed:
        return {}
    written = ["errors:"]
    for section in SECTIONS:
        own = [text for (name, _), text in changed.items() if name == section]
        written += own if section == "errors" else [f"{section}:", *own] if own else []
    try:
        catalog, _ = validate(load_document(Path(FILE), FILE, "\n".join(written) + "\n"))
    except CatalogError:
        return {}
    read: dict[Key, Any] = {("errors", id_): item for id_, item in catalog.errors.items()}
    return read | {("combinations", id_): item for id_, item in catalog.combinations.items()}
