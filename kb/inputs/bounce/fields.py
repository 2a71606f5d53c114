"""The fields of a delivery status report (RFC 3464 section 2), with their places, even when the report was pasted without
its MIME frame or its folding was lost.
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.record import Record

# One of these has to begin a line for a text to be looked at.
TELLING = re2.compile(r"(?im)^[ \t>|]*(?:final-recipient|original-recipient|diagnostic-code)[ \t]*:")
MAX_RECIPIENTS = 5000
# Recipients of whom these are told are no failures (RFC 3464 section 2.3.3).
SUCCESSES = ("delivered", "relayed", "expanded")

_LINE = re2.compile(r"^[ \t>|]*([A-Za-z][A-Za-z0-9-]*)[ \t]*:")
_FIELDS = {
    "reporting-mta",
    "dsn-gateway",
    "received-from-mta",
    "arrival-date",
    "original-envelope-id",
    "original-recipient",
}
_FIELDS |= {"final-recipient", "action", "status", "remote-mta", "diagnostic-code", "last-attempt-date", "final-log-id"}
_FIELDS |= {"will-retry-until"}
_TYPE = re2.compile(r"^\s*([A-Za-z][A-Za-z0-9-]*)\s*;\s*")
_ADDRESS = re2.compile(r"<([^<>\s]+)>|([^\s<>;]+@[^\s<>;]+)")


class Field(Record):
    """A field's value in the text, without the type that goes before it (`smtp;`, `rfc822;`), which is `type`."""

    text: str
    begin: int
    end: int
    type: str

    @property
    def value(self) -> str:
        """The value on one line."""
        return " ".join(self.text[self.begin : self.end].split())


Group = dict[str, Field]


def read_groups(text: str) -> tuple[Group, list[Group]]:
    """The fields of the whole report, and those of each recipient that it tells something about."""
    report: Group = {}
    recipients: list[Group] = []
    for group in _groups(text):
        if "diagnostic-code" in group or "final-recipient" in group or "original-recipient" in group:
            recipients.append(group)
        if "reporting-mta" in group:
            report = report or group
        if len(recipients) >= MAX_RECIPIENTS:
            break
    return report, recipients


def recipient_of(group: Group) -> str | None:
    """Whom a group is about."""
    for name in ("final-recipient", "original-recipient"):
        field = group.get(name)
        found = _ADDRESS.search(field.value) if field else None
        if found:
            return str(found.group(1) or found.group(2))
        if field and field.value:
            return field.value
    return None


def action_of(group: Group) -> str | None:
    """failed, delayed or another word of the report, in lower case; None for a success."""
    field = group.get("action")
    words = field.value.lower().split() if field else []
    status = group["status"].value if "status" in group else ""
    if (words and words[0].startswith(SUCCESSES)) or (not words and status.startswith("2")):
        return None
    return words[0] if words else "failed"


def _groups(text: str) -> Iterator[Group]:
    """The fields, a group for each recipient: a blank line, or a field that comes again, begins the next."""
    group: Group = {}
    for name, begin, end in _spans(text):
        if group and (not name or (name in group and name in _FIELDS)):
            yield group
            group = {}
        if name and name not in group:
            head = _TYPE.match(text[begin : min(end, begin + 80)])
            group[name] = Field(text, begin + head.end() if head else begin, end, head.group(1).lower() if head else "")
    if group:
        yield group


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, begin, end) of each field with its continuation lines; name "" for a blank line."""
    name, begin, place = "", 0, 0
    for line in text.split("\n"):
        found = _LINE.match(line[:200]) if ":" in line else None
        word = found.group(1).lower() if found else ""
        blank = not line.strip(" \t>|")
        if blank or word in _FIELDS or ("-" in word and line[:1] not in " \t"):
            if name:
                yield name, begin, place
            name, begin = (word, place + found.end()) if found else ("", 0)
            if blank:
                yield "", 0, 0
        place += len(line) + 1
    if name:
        yield name, begin, len(text)
