"""Stalwart's log: `2026-03-02T10:11:12Z INFO SMTP RCPT TO rejected (delivery.rcpt-to-rejected) hostname = "…", code = 550,
details = "…"` (crates/trc/src/serializers/text.rs; the events in crates/trc/src/event).
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "stalwart-log"

_LINE = Late(r"(?:^|\s)(?:ERROR|WARN|INFO|DEBUG|TRACE) ([A-Z0-9][^()=]{2,80} \(([a-z0-9-]+\.[a-z0-9-]+)\)(?:\s.*)?$)")
_CODE = Late(r"(?:^|, |\) )code = ([45][0-9]{2})(?:,|$)")
# What the names of the events have that tell of a failure; all others are steps of the way.
_FAILURES = (
    *("fail", "reject", "error", "invalid", "unavailable", "exceeded", "missing", "not-", "null-mx", "greylisted"),
    *(
        "unauthorized",
        "blocked",
        "-ban",
        "expired",
        "disabled",
        "too-",
        "loop",
        "quota",
        "already",
        "timeout",
        "expected",
        "no-certificates",
    ),
)
# Steps whose names have such a word all the same.
_STEPS = ("delivery.dsn-", "security.ip-block-expired", "security.ip-allow-expired", "tls.expired-certificate-removed")
_OUTCOMES = (
    "auth.",
    "dane.",
    "delivery.",
    "dkim.",
    "limit.",
    "message-ingest.",
    "milter.",
    "mta-sts.",
    "queue.",
    "security.",
)
_ROOMS = (*_OUTCOMES, "server.", "smtp.", "spf.", "tls.", "dmarc.", "acme.", "network.")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no line of Stalwart's log."""
    if " = " not in line or " (" not in line:
        return None
    logged = _LINE.search(line)
    if logged is None or not logged.group(2).startswith(_ROOMS):
        return None
    if logged.group(2).startswith(_STEPS) or not any(map(logged.group(2).__contains__, _FAILURES)):
        return BENIGN
    diagnostic = logged.group(1)
    code = _CODE.search(diagnostic)
    _, enhanced = find_codes(diagnostic)
    reply = code.group(1) if code else None
    return Observation(
        diagnostic=diagnostic,
        start=start + logged.start(1),
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced if reply is None or (enhanced or reply)[0] == reply[0] else None,
        side="server" if reply else None,
    )
