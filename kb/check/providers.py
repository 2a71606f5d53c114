"""The providers' codes: read without findings, each code once per provider, and linked to entries that exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.catalog.findings import CatalogError, Finding, did_you_mean
from kb.catalog.load import Document
from kb.catalog.model import Catalog
from kb.catalog.providers import ProviderTable, load_tables
from kb.check import wording
from kb.text import Text


def check(document: Document, catalog: Catalog, root: Path) -> tuple[tuple[ProviderTable, ...], list[Finding]]:
    """The tables and what is wrong with them; no tables when they cannot be read.

    The tables are the program's: findings on them are only those of its own checkout, not of another catalogue.
    """
    try:
        loaded = load_tables()
    except CatalogError as error:
        return (), list(error.findings)
    if not (root / "kb" / "providers").is_dir():
        return tuple(table for _, table in loaded), []
    findings = [finding for written, table in loaded for finding in _table(written, table, catalog)]
    tables = tuple(table for _, table in loaded)
    return tables, [*findings, *_entries(document, catalog, tables)]


def _table(document: Document, table: ProviderTable, catalog: Catalog) -> Iterator[Finding]:
    """KB602: one meaning per code. KB603: an entry that exists. KB604: the reason stands in one place. Wording as in entries."""
    yield from document.findings
    yield from wording.check(document)
    seen: set[str] = set()
    for index, row in enumerate(table.codes):
        for code in row.each():
            if code in seen:
                message = Text(f"{code} 已在前面出现。", f"{code} stands in this table before.")
                yield document.finding("KB602", ("codes", index, "codes"), message)
            seen.add(code)
        if row.entry is not None and row.entry not in catalog.errors:
            hint = did_you_mean(row.entry, catalog.errors)
            message = Text(f"没有条目 {row.entry}。{hint.zh}", f"There is no entry {row.entry}. {hint.en}")
            yield document.finding("KB603", ("codes", index, "entry"), message)
        if row.entry is not None and row.reason is not None:
            message = Text(
                "有 entry 时 reason 以条目为准，请删去。", "With an entry, the reason is the entry's: leave it out."
            )
            yield document.finding("KB604", ("codes", index, "reason"), message)


def _entries(document: Document, catalog: Catalog, tables: tuple[ProviderTable, ...]) -> Iterator[Finding]:
    """KB605: what an entry says under `codes` is not in a provider's table too, unless the table links that entry."""
    linked = {(t.provider, code): row.entry for t in tables for row in t.codes for code in row.each()}
    for id_, entry in catalog.errors.items():
        for code in entry.codes:
            if any(linked.get((emitter, code), id_) != id_ for emitter in entry.emitters):
                message = Text(
                    f"服务商表里的 {code} 没有指向本条目。", f"The provider's table does not link {code} to this entry."
                )
                yield document.finding("KB605", ("errors", id_, "codes"), message)
