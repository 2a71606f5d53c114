"""An index on disk: Whoosh's files, written in one go and read under one lock.

Whoosh's own writer takes text apart, sorts postings on disk and merges segments; we have the finished terms of all the
documents in memory and write one segment through the codec.
"""

from __future__ import annotations

import json
import shutil
import threading
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from whoosh.fields import ID, STORED, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from .codec import MOST, Codec, Postings, TermsReader
from .kept import PLACES, TEXTS, DocumentReader, Text
from .sequence import Places

SCORED = ("body", "head")
LISTED = ("kind", "keys", "lang", "names", "product", "reason", "stage")
TABLES = "tables.json"
_NAME = "MAIN"
# All fields are lists of terms; the codec keeps a weight (how often the term stands there) in each, whatever the type.
_SCHEMA = Schema(**dict.fromkeys((*SCORED, *LISTED), ID), **dict.fromkeys((*TEXTS, PLACES), STORED))


class Row(NamedTuple):
    """What the index holds of one document: for each field its terms with how often they stand there, and what is kept:
    title, summary and text, and the places of the terms.
    """

    terms: Mapping[str, Mapping[str, int]]
    texts: tuple[str, str, str]
    places: Places


class Tables(Protocol):
    """Whatever has a form in JSON."""

    def json(self) -> object:
        """That form."""


NOTHING = Postings(array("I"), array("H"))


def write(directory: Path, rows: Iterable[Row], tables: Tables) -> None:
    """Write an index of `rows` into an empty directory. `tables`, what a reader wants at once, may grow with each row."""
    codec, storage = Codec(), FileStorage(str(directory))
    segment = codec.new_segment(storage, _NAME)
    inverted: dict[str, dict[bytes, Postings]] = {name: {} for name in sorted((*SCORED, *LISTED))}
    count = _write_documents(codec.per_document_writer(storage, segment), rows, inverted)
    writer = codec.field_writer(storage, segment)
    for field, lists in inverted.items():
        writer.add_field(field, lists)
    writer.close()
    segment.set_doc_count(count)
    shutil.rmtree(directory / f"{_NAME}.tmp")
    segment.create_compound_file(storage)
    TOC(_SCHEMA, [segment] if count else [], 1).write(storage, _NAME)
    (directory / TABLES).write_text(json.dumps(tables.json(), separators=(",", ":")), encoding="ascii")


def _write_documents(writer: Any, rows: Iterable[Row], inverted: dict[str, dict[bytes, Postings]]) -> int:
    number = -1
    for number, row in enumerate(rows):
        writer.start_doc(number)
        for name, value in zip((*TEXTS, PLACES), (*row.texts, row.places), strict=True):
            writer.add_field(name, _SCHEMA[name], value, 0)
        writer.finish_doc()
        for field, terms in row.terms.items():
            lists = inverted[field]
            for term, weight in terms.items():
                key = term.encode("utf-8")
                if (found := lists.get(key)) is None:
                    found = lists[key] = Postings(array("I"), array("H"))
                found.documents.append(number)
                found.weights.append(min(weight, MOST))
    writer.close()
    return number + 1


class Reader:
    """An open index; threads may share it.

    One lock for every access: Whoosh moves a position in the file before it reads from there, and two threads that read
    at once would get each other's bytes.
    """

    def __init__(self, directory: Path) -> None:
        """Open what `write` wrote. Only for a directory that verified: Whoosh unpickles it."""
        self._lock = threading.Lock()
        self.tables: dict[str, Any] = json.loads((directory / TABLES).read_bytes())
        storage = FileStorage(str(directory), readonly=True)
        segments = TOC.read(storage, _NAME).segments
        self.count = sum(int(segment.doc_count_all()) for segment in segments)
        self._files: list[Any] = []
        self._terms: TermsReader | None = None
        for segment in segments:
            folder = segment.open_compound_file(storage)
            self._terms = segment.codec().terms_reader(folder, segment)
            self._documents: DocumentReader = segment.codec().per_document_reader(folder, segment)
            self._files = [self._terms, self._documents, folder]

    def close(self) -> None:
        """Let go of the files; nothing may be read after that."""
        with self._lock:
            while self._files:
                self._files.pop(0).close()

    def frequency(self, field: str, term: str) -> int:
        """How many documents have a term."""
        with self._lock:
            return self._terms.doc_frequency(field, term.encode("utf-8")) if self._terms else 0

    def postings(self, field: str, term: str) -> Postings:
        """The documents that have a term."""
        with self._lock:
            return (self._terms and self._terms.postings(field, term.encode("utf-8"))) or NOTHING

    def terms(self, field: str) -> list[str]:
        """All the terms of a field."""
        with self._lock:
            return [term.decode("utf-8") for _, term in self._terms.terms_from(field, b"")] if self._terms else []

    def texts(self, document: int) -> tuple[str, str, Text]:
        """Title, summary and text of a document."""
        with self._lock:
            return self._documents.texts(document)

    def places(self, document: int) -> Places:
        """Where the terms of a document stand."""
        with self._lock:
            return self._documents.places(document)
