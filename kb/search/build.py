"""Writes an index in a process of its own: `python -m kb.search.build DIRECTORY`, documents as JSON lines on stdin.

A process of its own, because a failed write leaves Whoosh's write lock held until the process ends.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from whoosh.index import create_in, open_dir

from .schema import SCHEMA, Document, row, uid

_MEMORY_MB = 128


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
    seen: set[str] = set()
    writer = create_in(str(directory), SCHEMA).writer(limitmb=_MEMORY_MB)
    for document in documents:
        name = uid(document.kind, document.id, document.lang)
        if name in seen:
            raise ValueError(f"two documents are {name}")
        seen.add(name)
        writer.add_document(**row(document))
    writer.commit(optimize=True)
    _check(directory, seen)


def _check(directory: Path, uids: set[str]) -> None:
    index = open_dir(str(directory), readonly=True)
    try:
        with index.reader() as reader:
            found = set(reader.field_terms("uid")) if uids else set()
            if reader.doc_count() != len(uids) or found != uids:
                raise ValueError(f"the index written has {reader.doc_count()} documents, not {len(uids)}")
    finally:
        index.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]), load(sys.stdin.buffer))
