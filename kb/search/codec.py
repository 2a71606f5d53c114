"""How an index keeps its terms: a Whoosh codec whose posting lists are plain arrays.

Whoosh's own codec pickles and compresses every list in blocks of 128, and walks them one posting at a time. Written and read
as arrays, an index of ours is built in half the time and a list of ten thousand postings is read at once. `kept` does the same
for what is kept of documents; columns and segments are Whoosh's. The file, in the byte order of the machine that wrote it:

    length of the header, 4 bytes; the header, JSON: field -> [terms, postings, bytes of terms, where its arrays begin]
    per field: where each term ends in the text of the terms (I), where each list ends in the postings (I),
               the terms in order (bytes), the documents of all lists (I), how often each has the term (H)
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from .kept import DocumentReader, DocumentWriter

EXTENSION = ".lists"
# One term in so many is kept as an object, so that most steps of looking one up need not make one.
_STEP = 32
MOST = 0xFFFF


class Postings(NamedTuple):
    """The documents that have a term, in order, and how often each has it."""

    documents: array[int]
    weights: array[int]


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec, but for the terms and what is kept of documents."""

    def per_document_writer(self, storage: Any, segment: Any) -> DocumentWriter:
        """Writes what is kept of the documents of a segment."""
        return DocumentWriter(self, storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        """Reads what is kept of the documents of a segment."""
        return DocumentReader(storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """Writes the terms of a segment."""
        return FieldWriter(segment.create_file(storage, EXTENSION))

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """Reads the terms of a segment."""
        return TermsReader(segment.open_file(storage, EXTENSION))


class FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Takes whole fields; they are written when it is closed."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._fields: dict[str, Mapping[bytes, Postings]] = {}
        self.is_closed = False

    def add_field(self, name: str, lists: Mapping[bytes, Postings]) -> None:
        """All the terms of a field."""
        self._fields[name] = lists

    def close(self) -> None:
        """Write everything and close the file."""
        header, begin = {}, 0
        for name, lists in self._fields.items():
            postings, text = sum(len(one.documents) for one in lists.values()), sum(map(len, lists))
            header[name] = [len(lists), postings, text, begin]
            begin += 8 * len(lists) + text + 6 * postings
        raw = json.dumps(header).encode("ascii")
        self._file.write(array("I", [len(raw)]).tobytes() + raw)
        for lists in self._fields.values():
            self._write(lists)
        self._file.close()
        self.is_closed = True

    def _write(self, lists: Mapping[bytes, Postings]) -> None:
        terms = sorted(lists)
        text_ends, list_ends, documents, weights = array("I"), array("I"), array("I"), array("H")
        end = 0
        for term in terms:
            end += len(term)
            text_ends.append(end)
            documents.extend(lists[term].documents)
            weights.extend(lists[term].weights)
            list_ends.append(len(documents))
        for part in (text_ends.tobytes(), list_ends.tobytes(), b"".join(terms), documents.tobytes(), weights.tobytes()):
            self._file.write(part)


class _Field:
    """The terms of one field: a sorted table with two columns of ends."""

    def __init__(self, file: Any, place: int, terms: int, postings: int, text: int) -> None:
        self._file, self._postings = file, postings
        self.count = terms
        self._text_ends = _array("I", file.get(place, 4 * terms))
        self._list_ends = _array("I", file.get(place + 4 * terms, 4 * terms))
        self._text = file.get(place + 8 * terms, text)
        self._lists = place + 8 * terms + text
        self._every = [self.term(number) for number in range(0, terms, _STEP)]

    def term(self, number: int) -> bytes:
        return bytes(self._text[self._text_ends[number - 1] if number else 0 : self._text_ends[number]])

    def first_from(self, term: bytes) -> int:
        """The number of the first term that is not before `term`."""
        block = bisect_left(self._every, term)
        low, high = max(0, block - 1) * _STEP, min(block * _STEP, self.count)
        return low + bisect_left(range(low, high), term, key=self.term)

    def find(self, term: bytes) -> int | None:
        number = self.first_from(term)
        return number if number < self.count and self.term(number) == term else None

    def span(self, number: int) -> tuple[int, int]:
        return self._list_ends[number - 1] if number else 0, self._list_ends[number]

    def postings(self, number: int) -> Postings:
        first, last = self.span(number)
        documents = self._file.get(self._lists + 4 * first, 4 * (last - first))
        weights = self._file.get(self._lists + 4 * self._postings + 2 * first, 2 * (last - first))
        return Postings(_array("I", documents), _array("H", weights))


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment, as Whoosh asks for them; `postings` gives a whole list."""

    def __init__(self, file: Any) -> None:
        self._file = file
        length = _array("I", file.get(0, 4))[0]
        header: dict[str, list[int]] = json.loads(bytes(file.get(4, length)))
        self._fields = {
            name: _Field(file, 4 + length + begin, terms, postings, text)
            for name, (terms, postings, text, begin) in header.items()
        }

    def postings(self, field: str, term: bytes) -> Postings | None:
        """The list of a term; None if no document has it."""
        number = self._fields[field].find(term) if field in self._fields else None
        return None if number is None else self._fields[field].postings(number)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in self._fields and self._fields[field].find(text) is not None

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return list(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """All terms of all fields."""
        return ((name, field.term(n)) for name, field in self._fields.items() for n in range(field.count))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of a field from `prefix` on."""
        field = self._fields[fieldname]
        return ((fieldname, field.term(n)) for n in range(field.first_from(prefix), field.count))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """All terms with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """The terms of a field from `prefix` on with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """What Whoosh wants to know of a term. TermNotFound if no document has it."""
        found = self.postings(fieldname, text)
        if found is None:
            raise TermNotFound(f"no term {fieldname}:{text!r}")
        documents, weights = found
        return TermInfo(sum(weights), len(documents), 1, 1, max(weights), documents[0], documents[-1])

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term stands in all documents together; KeyError if in none."""
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term."""
        field = self._fields.get(fieldname)
        number = field.find(text) if field else None
        if field is None or number is None:
            return 0
        first, last = field.span(number)
        return last - first

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """The documents that have a term, one after the other. TermNotFound if there are none."""
        info = self.term_info(fieldname, text)
        documents, weights = self.postings(fieldname, text) or (array("I"), array("H"))
        values = [b""] * len(documents)
        return ListMatcher(
            documents, list(map(float, weights)), values, format_, scorer, 0, None, (fieldname, text), info
        )

    def cursor(self, fieldname: str, fieldobj: Any) -> NoReturn:
        """Only Whoosh's fuzzy queries need one."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _array(kind: str, raw: bytes) -> array[int]:
    found: array[int] = array(kind)
    found.frombytes(raw)
    return found
