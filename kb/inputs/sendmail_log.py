"""Sendmail's syslog lines: `to=<…>, delay=…, relay=…, dsn=5.1.1, stat=User unknown`, `ruleset=check_rcpt, … reject=550 …`."""

from __future__ import annotations

from kb.inputs.codes import failure_status, find_codes
from kb.inputs.observation import BENIGN, Observation

NAME = "sendmail-log"

_STATUS = " stat="
_REJECT = " reject="


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no Sendmail log line."""
    status = line.find(_STATUS)
    if status >= 0 and ("mailer=" in line or "dsn=" in line or "to=" in line):
        begin = status + len(_STATUS)
        if line.startswith("Sent", begin):
            return BENIGN
        return _observation(
            line[begin:], start + begin, failure_status(line.partition(" dsn=")[2].partition(",")[0]), side=None
        )
    reject = line.find(_REJECT)
    if reject >= 0 and "ruleset=" in line:
        begin = reject + len(_REJECT)
        return _observation(line[begin:], start + begin, None, side="server")
    return None


def _observation(diagnostic: str, start: int, dsn: str | None, side: str | None) -> Observation:
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced or dsn,
        emitter="sendmail",
        side=side,
    )
