"""The observations of a message: a complaint, a report's fields, prose, an automatic answer, or a report passed on."""

from __future__ import annotations

import re2

from kb.inputs.bounce import signs
from kb.inputs.bounce.context import read_context
from kb.inputs.bounce.from_fields import from_fields
from kb.inputs.bounce.from_prose import from_prose, from_text
from kb.inputs.bounce.message import Mail, read_mail
from kb.inputs.bounce.notification import complaint_span
from kb.inputs.bounce.said import NAME, Said
from kb.inputs.observation import Observation

MAX_DEPTH = 3
_HEADER = 64 * 1024

# A complaint (RFC 5965) or a receipt (RFC 8098).
_FEEDBACK = re2.compile(r"(?im)^[ \t>|]*(Feedback-Type[ \t]*:[^\n]*|Disposition[ \t]*:[^\n]*;[^\n]*)")
_FEEDBACK_PARTS = ("message/feedback", "message/disposition")


def observe(paste: str, mail: Mail, depth: int = MAX_DEPTH) -> tuple[Observation, ...]:
    """What a message tells, in the order in which it tells it; nothing when all of it is success."""
    feedback = _feedback(mail)
    if feedback:
        return (feedback.observation(paste),)
    context = read_context(paste, mail)
    reported = from_fields(context)
    if reported is not None:
        return reported
    automatic = signs.autoreply_field(mail)
    if automatic and not signs.is_bounce(mail):
        return (_automatic(paste, mail, automatic),)
    told = from_prose(context)
    if not told and mail.returned and depth:
        inner = read_mail(paste, *mail.returned)
        if inner.headers and signs.is_bounce(inner):
            told = observe(paste, inner, depth - 1)
    return told or from_text(context)


def _automatic(paste: str, mail: Mail, name: str) -> Observation:
    """The header field that says that a message is an automatic answer."""
    found = re2.search(rf"(?im)^{name}[ \t]*:[^\n]*", paste[:_HEADER])
    line = found.group().strip() if found else ""
    if mail.header(name) in line:
        return Observation(diagnostic=line, start=found.start() if found else 0, format=NAME)
    return Observation(diagnostic=f"{name.title()}: {mail.header(name)}", format=NAME)


def _feedback(mail: Mail) -> Said | None:
    for part in mail.parts:
        found = _FEEDBACK.search(part.text[:4096])
        if found and (part.type.startswith(_FEEDBACK_PARTS) or not mail.headers):
            return Said(part, *found.span(1))
        complaint = complaint_span(part.text)
        if complaint:
            return Said(part, *complaint)
    return None
