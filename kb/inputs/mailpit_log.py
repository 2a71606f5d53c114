"""Mailpit's log: logrus' logfmt, or its coloured terminal form, with the prefixes of all versions.

Since v1.22.0 relay and forward failures begin `[relay] error: ` and `[forward] error: `; before, `[smtp] error sending
message: ` or `[smtp] error relaying message: ` (internal/smtpd/relay.go, forward.go).
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation

NAME = "mailpit-log"

_SMTP_PREFIXES = ("[relay] ", "[forward] ", "[smtp] error ", "[smtp] TLS ", "[smtpd] ")
_PREFIXES = (*_SMTP_PREFIXES, "[tls] ", "[ui] ", "[http] ", "[db] ", "[pop3] ")
_BENIGN_LEVELS = ("level=info", "level=debug", "INFO[", "DEBU[")
# What relay.go and forward.go put before the error they pass on, and the stage it belongs to.
_STAGES = {
    "error connecting to ": "connect",
    "TLS dial error: ": "connect",
    "SMTP client error: ": "banner",
    "error saying HELO/EHLO to ": "ehlo",
    "error creating StartTLS config: ": "starttls",
    "error response to AUTH command: ": "auth",
    "error sending MAIL command: ": "mail",
    "error response to MAIL command: ": "mail",
    "error response to RCPT command for ": "rcpt",
    "error response to DATA command: ": "data",
    "error sending message: ": "data",
    "error closing connection: ": "data",
}


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no Mailpit log line."""
    if "] " not in line and "level=" not in line:
        return None
    prefixed = next((found for prefix in _PREFIXES if (found := line.find(prefix)) >= 0), -1)
    if prefixed < 0 and "level=" not in line:
        return None
    stage, at = _stage(line)
    if prefixed < 0 and at < 0:
        return None
    if at < 0 and any(level in line for level in _BENIGN_LEVELS):
        return BENIGN
    begin = prefixed if prefixed >= 0 else at
    diagnostic = line[begin:].rstrip(' \t\r"\\')
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        stage=stage,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter="mailpit",
        side="client" if reply is None else "server",
    )


def _stage(line: str) -> tuple[str | None, int]:
    """The stage that Mailpit's own words name, and where they begin; the last such words decide, -1 for none."""
    best: tuple[str | None, int] = (None, -1)
    for words, stage in _STAGES.items():
        at = line.find(words)
        if at > best[1]:
            best = (stage, at)
    return best
