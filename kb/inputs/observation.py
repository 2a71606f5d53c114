"""What an input format found in a pasted text: one `Observation` per thing that somebody said went wrong."""

from __future__ import annotations

from kb.record import Record


class Observation(Record):
    """One diagnostic and what is known about it.

    diagnostic: the text that says what went wrong, as pasted. start: where it begins in the pasted text. Of a bounce (format
    "dsn") the diagnostic has blanks where line breaks, tabs and the marks of a transcript stand, and of qmail's log where `_`
    stands, so every place in it is a place in the paste all the same; when the text stands there encoded, start is where its
    first line can be found, or 0. Marks with which a whole text is quoted are blanks too.
    format: the input format that found it. stage, side, emitter: words of the catalogue's vocabulary, or None.
    own: whether a program speaks of itself there, in words of its own: no reply, and no text of another.
    reply_code: like "550". enhanced_status: like "5.7.1". relay: the peer. recipient, action: of a delivery report.
    """

    diagnostic: str
    start: int = 0
    format: str = "plain"
    stage: str | None = None
    reply_code: str | None = None
    enhanced_status: str | None = None
    emitter: str | None = None
    side: str | None = None
    relay: str | None = None
    recipient: str | None = None
    action: str | None = None
    own: bool = False

    def said(self) -> tuple[object, ...]:
        """All of it but the place where it stands: equal where a text says the same again."""
        return tuple([getattr(self, name) for name in _SAID])


_SAID = tuple(name for name in Observation.__annotations__ if name != "start")


class Paste(Record):
    """A pasted text, taken apart. `observations` is empty when nothing in it went wrong."""

    format: str
    observations: tuple[Observation, ...]


# A line that a format recognised and that reports no failure.
BENIGN = Observation(diagnostic="")
