"""Raw text in, observations out. One format per module.

Law of this folder: pure functions; a format of a whole text has NAME, `sniff(text)` and `parse(text)`, a log of one line
per event has NAME and `parse_line(line, start)`; it knows nothing of the others, and every place it gives is relative to
the pasted text. A new format is one module and one line: here, or in `lines.LINE_FORMATS`.
"""

from __future__ import annotations

from kb.inputs import lines, plain
from kb.inputs.observation import Observation, Paste
from kb.text import without_surrogates

__all__ = ["Observation", "Paste", "read", "read_as_one"]
# A text of so few lines may be one line of a log that was broken somewhere.
_FEW_LINES = 6
_LOGS = frozenset((lines.NAME, *(format_.NAME for format_ in lines.LINE_FORMATS)))


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


def read_as_one(text: str, paste: Paste) -> tuple[Observation, ...]:
    """The whole of a text whose few lines were read as those of a log, for when none of them says anything; else nothing.

    Not when a line was left out because it reports no failure.
    """
    count = sum(1 for line in text.splitlines() if line.strip())
    if paste.format not in _LOGS or not 1 < count <= _FEW_LINES or len(paste.observations) != count:
        return ()
    return plain.parse(without_surrogates(text))
