"""A pasted e-mail message taken apart: its header fields and the texts of its parts, without the message that it returns.

Not by the `email` package, which recurses on nesting, loses the places of what it reads, and runs `re` on it. A report
needs little of MIME: one pass over the delimiter lines, however they nest, broken or pasted in half as they may be. Nothing
here raises; what exceeds a limit is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.inputs.bounce.decode import decode_body, decode_words, html_text
from kb.record import Record

MAX_PARTS = 200
MAX_FIELDS = 1000
MAX_FIELD = 16 * 1024
MAX_HEADER = 512 * 1024
MAX_PART = 256 * 1024

Headers = dict[str, str]

_FIELD = re2.compile(r"^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$")
# Fields at the start of a paste are a header only when one of these is among them; `Error: …` is none.
_MAIL = {"from", "to", "subject", "date", "received", "return-path", "message-id", "mime-version", "content-type"}
_BLANK_LINES = re2.compile(r"(?:[ \t]*\n)*")
_BOUNDARY = re2.compile(r"(?i)\bboundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))")
_CHARSET = re2.compile(r"(?i)\bcharset\s*=\s*\"?([^\s;\"]+)")
_RETURNED = ("message/rfc822", "message/global", "message/partial", "text/rfc822-header")
_REPORTS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-",
)


class Part(Record):
    """The text of a part. type: like "text/plain". begin, end: its place in the paste. exact: whether it is that very text."""

    type: str
    text: str
    begin: int
    end: int
    exact: bool


class Mail(Record):
    """A message. headers: the first field of each lower-case name. returned: where the message stands that it returns."""

    headers: Headers
    parts: tuple[Part, ...]
    returned: tuple[int, int] | None = None

    def header(self, name: str) -> str:
        """A field's value with encoded words decoded, "" when there is no such field."""
        return decode_words(self.headers.get(name, ""))


def read_mail(text: str, begin: int = 0, end: int | None = None) -> Mail:
    """Take apart the message in `text[begin:end]`; when it has no header, all of it is a body of unknown type."""
    end = len(text) if end is None else end
    begin += _BLANK_LINES.match(text[begin : min(end, begin + MAX_FIELD)]).end()
    headers, body = read_headers(text, begin, end)
    if not _MAIL & headers.keys():
        headers, body = {}, begin
    parts: list[Part] = []
    returned = None
    for own, start, stop in _segments(text, headers, body, end):
        if _is_returned(own):
            returned = returned or (start, stop)
        elif part := _part(own, text, start, stop):
            parts.append(part)
    return Mail(headers, _readable(parts), returned)


def read_headers(text: str, begin: int, end: int) -> tuple[Headers, int]:
    """The unfolded fields that stand at `begin`, and the place after them."""
    headers: Headers = {}
    name, place = "", begin
    end = min(end, begin + MAX_HEADER)
    while place < end and len(headers) <= MAX_FIELDS:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        line = text[place : min(stop, place + MAX_FIELD)]
        if not line.strip():
            return headers, min(stop + 1, end)
        field = _FIELD.match(line)
        if line[0] in " \t" and headers:
            if name and len(headers[name]) < MAX_FIELD:
                headers[name] += " " + line.strip()
        elif field:
            name = field.group(1).lower() if field.group(1).lower() not in headers else ""
            if name:
                headers[name] = field.group(2).strip()
        elif headers or not line.startswith(("From ", ">From ")):
            return headers, place
        place = min(stop + 1, end)
    return headers, place


def _segments(text: str, headers: Headers, body: int, end: int) -> Iterator[tuple[Headers, int, int]]:
    """(header, begin, end) of the body, or of each part when it has parts, whatever their nesting."""
    if headers and not _type(headers).startswith("multipart/"):
        yield {"content-type": "text/plain", **headers}, body, end
        return
    names = _boundaries(headers)
    # The text before the first delimiter is only for readers without MIME, unless the header was not pasted.
    own, start = {"content-type": "text/x-preamble"} if names else {}, body
    inside = ""
    count = 0
    for at, after, name, closes in _delimiters(text, body, end):
        if (inside and name != inside) or (name not in names and not _opens_part(text, after)):
            continue
        yield own, start, at
        count += 1
        if count > MAX_PARTS:
            return
        own, start = ({}, after) if closes else read_headers(text, after, end)
        names |= {name} | _boundaries(own)
        inside = name if _is_returned(own) else ""
    yield own, start, end


def _delimiters(text: str, place: int, end: int) -> Iterator[tuple[int, int, str, bool]]:
    """(begin, place after, name, whether it closes) of each line that may be a delimiter."""
    at = place if text.startswith("--", place, end) else _next(text, place, end)
    while at >= 0:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        name = text[at + 2 : min(stop, at + 300)].rstrip()
        closes = name.endswith("--") and not _opens_part(text, stop + 1)
        yield at, min(stop + 1, end), name.removesuffix("--") if closes else name, closes
        at = _next(text, stop, end)


def _next(text: str, place: int, end: int) -> int:
    found = text.find("\n--", place, end)
    return found + 1 if found >= 0 else -1


def _opens_part(text: str, place: int) -> bool:
    return text[place : place + 8].lower() == "content-"


def _boundaries(headers: Headers) -> set[str]:
    found = _BOUNDARY.search(headers.get("content-type", ""))
    return {(found.group(1) or found.group(2)).rstrip()} if found else set()


def _type(headers: Headers) -> str:
    return headers.get("content-type", "text/plain").partition(";")[0].strip().lower()


def _is_returned(headers: Headers) -> bool:
    """Whether a part is the message that the report is about, or its header; some programs give it no type at all."""
    return _type(headers).startswith(_RETURNED) or ("received" in headers and "content-type" not in headers)


def _part(headers: Headers, text: str, start: int, end: int) -> Part | None:
    kind = _type(headers)
    if not kind.startswith(("text/", *_REPORTS)) or not text[start:end].strip():
        return None
    end = min(end, start + MAX_PART)
    raw = text[start:end]
    charset = _CHARSET.search(headers.get("content-type", ""))
    decoded = decode_body(raw, headers.get("content-transfer-encoding", ""), charset.group(1) if charset else "utf-8")
    if kind == "text/html":
        decoded = html_text(decoded)
    return Part(kind, decoded, start, end, decoded == raw)


def _readable(parts: list[Part]) -> tuple[Part, ...]:
    """Without what repeats the plain text: HTML, and the text for readers without MIME."""
    plain = any(part.type.startswith("text/") and part.type not in ("text/html", "text/x-preamble") for part in parts)
    shown = [part for part in parts if not plain or part.type not in ("text/html", "text/x-preamble")]
    if any(part.type != "text/x-preamble" for part in shown):
        shown = [part for part in shown if part.type != "text/x-preamble"]
    return tuple(shown)
