"""Bounces and complaints as Amazon SES reports them through SNS: JSON, often JSON inside of JSON, so quotes may be escaped
(Amazon SES Developer Guide, "Amazon SNS notification contents").
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.record import Record

_QUOTE = r"\\*\""
_RECIPIENT = re2.compile(rf"\{{[^{{}}]*?{_QUOTE}emailAddress{_QUOTE}[^{{}}]*\}}")
_VALUE = re2.compile(
    rf"{_QUOTE}(emailAddress|action|status|diagnosticCode){_QUOTE}\s*:\s*{_QUOTE}((?:[^\"\\]|\\+[^\"\\])*)"
)
_BOUNCE = ("bouncedRecipients", "delayedRecipients")
_COMPLAINT = re2.compile(rf"(?:notificationType|eventType){_QUOTE}\s*:\s*{_QUOTE}Complaint")


class Notified(Record):
    """What a notification says of a recipient: each value, and where the diagnostic stands in the text."""

    recipient: str
    action: str
    status: str | None
    begin: int
    end: int


def is_notification(text: str) -> bool:
    """Whether a text tells of bounced or late recipients."""
    return any(name in text for name in _BOUNCE)


def complaint_span(text: str) -> tuple[int, int] | None:
    """Where a text says that a recipient complained; None when it does not."""
    found = _COMPLAINT.search(text)
    return found.span() if found else None


def read_notification(text: str) -> Iterator[Notified]:
    """The recipients, in order."""
    for found in _RECIPIENT.finditer(text):
        values = {value.group(1): value for value in _VALUE.finditer(found.group())}
        if "emailAddress" not in values:
            continue
        diagnostic = values.get("diagnosticCode") or values.get("status") or values["emailAddress"]
        begin, end = diagnostic.span(2)
        said = diagnostic.group(2)
        if said.startswith("smtp;"):
            begin += len("smtp;")
        yield Notified(
            values["emailAddress"].group(2),
            values["action"].group(2).lower() if "action" in values else "failed",
            values["status"].group(2) if "status" in values else None,
            found.start() + begin,
            found.start() + end,
        )
