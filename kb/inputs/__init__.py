"""Raw text in, observations out. One format per module.

Law of this folder: pure functions; a format of a whole text has NAME, `sniff(text)` and `parse(text)`, a log of one line
per event has NAME and `parse_line(line, start)`; it knows nothing of the others, and every place it gives is relative to
the pasted text. A new format is one module and one line: here, or in `lines.LINE_FORMATS`.
"""

from __future__ import annotations

from kb.inputs import lines, plain
from kb.inputs.observation import Observation, Paste
from kb.text import without_surrogates

__all__ = ["Observation", "Paste", "read"]


def read(text: str) -> Paste:
    """Recognise the format of a pasted text and take it apart."""
    text = without_surrogates(text)
    if "\n" in text.strip():
        from kb.inputs import client_exception, dsn, quoted, transcript

        for format_ in (dsn, client_exception, transcript):
            if format_.sniff(text):
                return Paste(format_.NAME, format_.parse(text))
        text = quoted.without_marks(text)
    return lines.read(text) or Paste(plain.NAME, plain.parse(text))
