"""Reply codes and enhanced status codes inside a text (RFC 5321 section 4.2, RFC 3463 section 2)."""

from __future__ import annotations

import re2

from kb.regex import Late

# A reply code stands before its text: `550 No`, `550-5.1.1 No`, `(535, b'No')`, `code "530"`, `error (535): No`,
# `550:5.1.1 No`; but `events:518:28` is a place in a program. Colours of a terminal and the blanks of HTML may stand around it.
_REPLY = re2.compile(
    r"(?:^|[\s\"'`*|(\[{:;,=>：“（]|\[[0-9;]{1,8}m|&nbsp;)"
    r"([245][0-5][0-9])(?:[ -]|&nbsp;|\\?[\"']?,? |[)\]]|\\?[\"']|:(?:[^0-9]|[245]\.|$)|$)"
)
_STATUS = re2.compile(
    r"(?:^|[^0-9A-Za-z.])([245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2}))(?:[^0-9.]|\.?$|\.[^0-9])"
)
_FAILURE = ("4", "5")
_OAUTH_REFUSED = "eyJzdGF0dXMiOiI0"  # `{"status":"4`
# Outlook's number for a reply that it tells in no other way, from 0x800CCC62 on (IXP_E_SMTP_… of Microsoft's mimeole.h).
_OUTLOOK = Late(r"(?i)0x800ccc6([2-9a-f])")
_OUTLOOK_REPLIES = ("500", "501", "502", "503", "504", "421", "450", "550", "451", "551", "452", "552", "553", "554")
# Cisco's own words in front of what the server said: `5.1.0 - Unknown address error 550-'5.2.2 Mailbox full'`.
_GLOSS = Late(r"^\s*(?:[A-Za-z-]+: *[A-Za-z]+; *)?[45]\.[0-9]\.[0-9] - [A-Za-z ]+ ([45][0-9]{2}-'|'[45]\.[0-9])")


def find_codes(text: str) -> tuple[str | None, str | None]:
    """The first failure reply code and the first enhanced status code that agrees with it, None where there is none."""
    if "4" not in text and "5" not in text and "6" not in text:  # Outlook's numbers have a 6
        return None, None
    reply = status = None
    raw = text.encode()
    for match in _REPLY.finditer(raw):
        candidate = match.group(1).decode()
        if candidate[0] in _FAILURE and not _is_process(raw, *match.span(1)):
            reply = candidate
            break
    if reply is None and b"800" in raw and (number := _OUTLOOK.search(raw)):
        reply = _OUTLOOK_REPLIES[int(number.group(1), 16) - 2]
    for match in _STATUS.finditer(raw) if b"4." in raw or b"5." in raw else ():
        candidate = match.group(1).decode()
        if candidate[0] in _FAILURE and (reply is None or candidate[0] == reply[0] or reply == "421"):
            status = candidate
            break
    return reply, status


def _is_process(raw: bytes, start: int, end: int) -> bool:
    """Whether a number is that of a process in the tag of a log line: `policyd-spf[451]: `, `service[550]`."""
    return raw[start - 1 : start] == b"[" and raw[end : end + 2] == b"]:" and raw[start - 2 : start - 1].isalnum()


def is_success(text: str) -> bool:
    """Whether a bare text is a reply of success or an intermediate one: `250 2.0.0 Ok`, `220 …`, `354 …`.

    A farewell that names an error (`221 2.7.0 Error: …`, Postfix) is none, nor a prompt that carries the refusal of a token
    (RFC 7628 section 3.2.2: JSON in Base64).
    """
    head = text.lstrip()[:4]
    if head[:3] == "334" and _OAUTH_REFUSED in text:
        return False
    if head[:3] == "221" and "error" in text.lower():
        return False
    if head[:1] == "3" and head[:3] not in ("334", "354"):
        return False  # the process that Exim's debugging output puts first: `  308   H=…`
    return len(head) >= 3 and head[:3].isdigit() and head[0] in "23" and (len(head) == 3 or head[3] in " -")


def failure_status(text: str | None) -> str | None:
    """The enhanced status code of a failure that a log field such as `dsn=` holds, or None."""
    return find_codes(text)[1] if text else None


def gloss_end(text: str) -> int:
    """Where the words of the server begin in a diagnostic of Cisco's, which puts a code and words of its own first; else 0."""
    gloss = _GLOSS.search(text[:200]) if " - " in text else None
    return gloss.start(1) if gloss else 0
