"""The counts in a document, between two marks: `<!-- count:entries -->1151<!-- / -->`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import re2

from kb.catalog.model import Catalog
from kb.catalog.providers import read_tables

_MARK = re2.compile(r"(<!-- count:([a-z-]+) -->)[^<]*(<!-- / -->)")


def counts(catalog: Catalog, root: Path) -> dict[str, str]:
    """What can be counted, by name, with a comma between thousands."""
    entries = catalog.errors.values()
    found = {
        "entries": len(catalog.errors),
        "patterns": sum(len(entry.match) for entry in entries),
        "examples": sum(len(entry.examples) for entry in entries),
        "combinations": len(catalog.combinations),
        "emitters": len({emitter for entry in entries for emitter in entry.emitters} - {"any"}),
        "articles": len({path.name.split(".")[0] for path in (root / "articles").glob("*.md")}),
        "provider-codes": len({code for table in read_tables() for row in table.codes for code in row.each()}),
    }
    return {name: f"{number:,}" for name, number in found.items()}


def with_counts(text: str, numbers: Mapping[str, str]) -> str:
    """`text` with current counts between its marks; a name that is not counted keeps what it says."""
    parts: list[str] = []
    done = 0
    for mark in _MARK.finditer(text):
        parts += (text[done : mark.start()], mark.group())
        done = mark.end()
        if mark.group(2) in numbers:
            parts[-1] = f"{mark.group(1)}{numbers[mark.group(2)]}{mark.group(3)}"
    return "".join((*parts, text[done:]))
