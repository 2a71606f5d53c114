"""What an index keeps of each document to show it: part of our Whoosh codec.

Whoosh pickles and compresses all stored fields of a document as one. Here what ranks a page, the places of its terms, is read
as it lies there, and of its text only the pieces that are looked at are unpacked. The file, in the byte order of the machine:

    per document: the places of its terms (see `sequence`); its title and its summary, JSON; its text in pieces (see `Text`)
    where each of these ends, three numbers per document (Q)
"""

from __future__ import annotations

import json
import zlib
from array import array
from typing import Any

from whoosh.codec.whoosh3 import W3PerDocReader, W3PerDocWriter

from .sequence import Places

EXTENSION = ".kept"
TEXTS = ("title", "summary", "text")
PLACES = "places"
_PARTS = 3
_NUMBER = 8
_PIECE = 2048
# The first level of zlib: the others take longer and save a tenth.
_LEVEL = 1


class Text:
    """A text of which pieces of 2,048 characters are compressed each by itself. Threads may share it."""

    def __init__(self, packed: bytes) -> None:
        """`packed`: how long the text is, how many pieces, where each of them ends (I); then the pieces."""
        self._length, count = array("I", packed[:8])
        self._ends = array("I", packed[8 : 8 + 4 * count])
        self._pieces = packed[8 + 4 * count :]
        self._known: dict[int, str] = {}

    @staticmethod
    def packed(text: str) -> bytes:
        """What `__init__` takes."""
        pieces = [zlib.compress(text[at : at + _PIECE].encode("utf-8"), _LEVEL) for at in range(0, len(text), _PIECE)]
        head = array("I", [len(text), len(pieces)])
        end = 0
        for piece in pieces:
            end += len(piece)
            head.append(end)
        return b"".join((head.tobytes(), *pieces))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, wanted: slice) -> str:
        """A stretch of the text, as of any string; only single steps."""
        start, end, _ = wanted.indices(self._length)
        if end <= start:
            return ""
        first = start // _PIECE
        pieces = "".join(self._piece(number) for number in range(first, (end - 1) // _PIECE + 1))
        return pieces[start - first * _PIECE : end - first * _PIECE]

    def _piece(self, number: int) -> str:
        known = self._known.get(number)
        if known is None:
            begin = self._ends[number - 1] if number else 0
            known = zlib.decompress(self._pieces[begin : self._ends[number]]).decode("utf-8")
            self._known[number] = known
        return known


class DocumentWriter(W3PerDocWriter):  # type: ignore[misc]
    """Takes the fields TEXTS and PLACES of each document."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._file = segment.create_file(storage, EXTENSION)
        self._ends = array("Q")
        self._end = 0

    def finish_doc(self) -> None:
        """Write the document."""
        fields = self._storedfields
        if fields:
            places: Places = fields.pop(PLACES)
            title, summary, text = (fields.pop(name) for name in TEXTS)
            heads = json.dumps([title, summary], ensure_ascii=False).encode("utf-8")
            for part in (places.packed(), heads, Text.packed(text)):
                self._file.write(part)
                self._end += len(part)
                self._ends.append(self._end)
        super().finish_doc()

    def close(self) -> None:
        """Write where everything is and close the files."""
        super().close()
        self._file.write(self._ends.tobytes())
        self._file.close()


class DocumentReader(W3PerDocReader):  # type: ignore[misc]
    """Gives what was written."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        count = segment.doc_count_all()
        self._file = segment.open_file(storage, EXTENSION)
        length = storage.file_length(segment.make_filename(EXTENSION))
        self._ends = array("Q")
        self._ends.frombytes(self._file.get(length - _NUMBER * _PARTS * count, _NUMBER * _PARTS * count))

    def places(self, document: int) -> Places:
        """The places of the terms of a document."""
        return Places.unpacked(self._part(document, 0))

    def texts(self, document: int) -> tuple[str, str, Text]:
        """Title, summary and text of a document."""
        title, summary = json.loads(bytes(self._part(document, 1)))
        return title, summary, Text(bytes(self._part(document, 2)))

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """What Whoosh shows of a document."""
        title, summary, text = self.texts(docnum)
        return dict(zip(TEXTS, (title, summary, text[:]), strict=True))

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()
        super().close()

    def _part(self, document: int, which: int) -> Any:
        number = _PARTS * document + which
        begin = self._ends[number - 1] if number else 0
        return self._file.get(begin, self._ends[number] - begin)
