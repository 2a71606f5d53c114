"""What an index keeps of each document to show it: part of our Whoosh codec.

Whoosh pickles and compresses all stored fields of a document as one. Here what ranks a page, its terms in order, is read as
it lies there, and what only the pages shown need, their texts, by itself. The file, in the byte order of the machine:

    per document: its terms (see `sequence`); where they start and how long they are, compressed; its texts, compressed
    where each of these ends, three numbers per document (Q)
"""

from __future__ import annotations

import json
import zlib
from array import array
from typing import Any

from whoosh.codec.whoosh3 import W3PerDocReader, W3PerDocWriter

from .sequence import Sequence

EXTENSION = ".kept"
TEXTS = ("title", "summary", "text")
_PARTS = 3
_NUMBER = 8
# The first level of zlib: the others take longer and save a tenth.
_LEVEL = 1


class DocumentWriter(W3PerDocWriter):  # type: ignore[misc]
    """Takes the fields TEXTS and `sequence` of each document."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._file = segment.create_file(storage, EXTENSION)
        self._ends = array("Q")
        self._end = 0

    def finish_doc(self) -> None:
        """Write the document."""
        fields = self._storedfields
        if fields:
            terms, starts, lengths, literals = fields.pop("sequence")
            texts = json.dumps([fields.pop(name) for name in TEXTS], ensure_ascii=False).encode("utf-8")
            places = array("I", [literals]).tobytes() + starts.tobytes() + lengths.tobytes()
            for part in (terms, zlib.compress(places, _LEVEL), zlib.compress(texts, _LEVEL)):
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

    def sequence(self, document: int) -> Sequence:
        """The terms of a document in order."""
        places = zlib.decompress(self._part(document, 1))
        # 4 bytes for each start, after their number, and 2 for each length.
        middle = 4 + (len(places) - 4) // 6 * 4
        starts, lengths = array("I"), array("H")
        starts.frombytes(places[:middle])
        lengths.frombytes(places[middle:])
        literals = starts.pop(0)
        return Sequence(bytes(self._part(document, 0)), starts, lengths, literals)

    def texts(self, document: int) -> tuple[str, str, str]:
        """Title, summary and text of a document."""
        title, summary, text = json.loads(zlib.decompress(self._part(document, 2)))
        return title, summary, text

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """What Whoosh shows of a document."""
        return dict(zip(TEXTS, self.texts(docnum), strict=True))

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()
        super().close()

    def _part(self, document: int, which: int) -> Any:
        number = _PARTS * document + which
        begin = self._ends[number - 1] if number else 0
        return self._file.get(begin, self._ends[number] - begin)
