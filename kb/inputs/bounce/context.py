"""What was read of one message, for those who choose what to believe."""

from __future__ import annotations

from kb.inputs.bounce import signs
from kb.inputs.bounce.message import Mail, Part
from kb.inputs.bounce.prose import Prose, read_prose, tells
from kb.inputs.bounce.said import Said
from kb.record import Record


class Context(Record):
    """A message in the paste, and what its prose says.

    of_each: recipient in lower case -> the recipient, and what is said of it alone. of_all: what is said of all of them.
    emitter: the program that wrote the message.
    """

    paste: str
    mail: Mail
    prose: tuple[tuple[Part, Prose], ...]
    of_each: dict[str, tuple[str, Said | None]]
    of_all: Said | None
    emitter: str | None


def read_context(paste: str, mail: Mail) -> Context:
    """Read the prose of a message."""
    prose: list[tuple[Part, Prose]] = []
    of_each: dict[str, tuple[str, Said | None]] = {}
    for part in mail.parts:
        if not part.type.startswith("text/"):
            continue
        told = read_prose(part.text)
        prose.append((part, told))
        for failure in told.failures:
            said = Said(part, failure.begin, failure.end) if failure.begin < failure.end else None
            known = of_each.get(failure.recipient.lower())
            if known is None or (known[1] is None and said):
                of_each[failure.recipient.lower()] = (failure.recipient, said)
        if told.cut is not None and not mail.headers:
            break  # What follows are the parts of the returned message.
    common = [Said(part, told.begin, told.end) for part, told in prose if told.begin < told.end]
    of_all = next((said for said in common if tells(said.text)), common[0] if common else None)
    texts = [part.text for part in mail.parts if not part.type.startswith("text/")]
    texts += [part.text[: told.cut] for part, told in prose]
    emitter = signs.emitter_of("\n".join((mail.header("from"), *mail.headers, *texts)))
    return Context(paste, mail, tuple(prose), of_each, of_all, emitter)
