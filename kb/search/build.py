"""Writes an index; see `kb.search.__main__` for the process in which it does."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from . import storage
from .schema import Document, Tables, row


def dump(documents: Iterable[Document]) -> bytes:
    """Documents as JSON lines in ASCII."""
    return "".join(json.dumps(dataclasses.asdict(document)) + "\n" for document in documents).encode("ascii")


def load(lines: IO[bytes]) -> Iterator[Document]:
    """Documents from what `dump` gave."""
    for line in lines:
        fields: dict[str, Any] = json.loads(line)
        for name, value in fields.items():
            fields[name] = tuple(value) if isinstance(value, list) else value
        yield Document(**fields)


def write(directory: Path, documents: Iterable[Document]) -> None:
    """Write an index of `documents` into the empty `directory` and check it. ValueError if two are of one name."""
    tables = Tables()
    storage.write(directory, _rows(documents, tables), tables)
    _check(directory, tables)


def _rows(documents: Iterable[Document], tables: Tables) -> Iterator[storage.Row]:
    seen: set[tuple[str, str, str]] = set()
    for document in documents:
        name = document.kind, document.lang, document.id
        if name in seen:
            raise ValueError(f"two documents are {':'.join(name)}")
        seen.add(name)
        yield row(document, tables)


def _check(directory: Path, tables: Tables) -> None:
    """Read back what was written: as many documents, the last of them, and the first word of each field."""
    reader = storage.Reader(directory)
    try:
        if reader.count != len(tables.pages):
            raise ValueError(f"the index written has {reader.count} documents, not {len(tables.pages)}")
        if reader.count:
            kind = tables.pages[-1][0]
            if reader.count - 1 not in reader.postings("kind", kind).documents or not reader.texts(reader.count - 1):
                raise ValueError("the index written lacks its last document")
    finally:
        reader.close()
