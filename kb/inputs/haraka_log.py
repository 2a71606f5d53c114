"""Haraka's log: `[NOTICE] [UUID.1.1] [outbound] recipient <…> rejected: 550 …` (logger.js log_if_level, outbound/hmail.js,
connection.js).
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "haraka-log"

_LINE = Late(
    r"\[(?:DATA|PROTOCOL|DEBUG|INFO|NOTICE|WARN|ERROR|CRIT|ALERT|EMERG)\] \[(?:-|[0-9A-Za-z.-]+)\] \[([a-z0-9_./-]+)\] (.*)"
)
# How a session ended: the last refusal, if there was one.
_LAST_REJECT = Late(r' lr="?([45][0-9]{2}[ -].*?)(?:" time=|" ?$| time=)')
_QUIET = ("delivered ", "connect ", "queue ", "message ", "Shutting down", "Listening on ")
_ACCEPTED = (" code=OK", " code=CONT")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no line of Haraka's log."""
    if "] [" not in line:
        return None
    logged = _LINE.search(line)
    if logged is None:
        return None
    origin, diagnostic = logged.groups()
    begin = logged.start(2)
    if diagnostic.startswith(_QUIET) or any(map(diagnostic.__contains__, _ACCEPTED)):
        return BENIGN
    if diagnostic.startswith("disconnect "):
        last = _LAST_REJECT.search(diagnostic)
        if last is None:
            return BENIGN
        begin, diagnostic = begin + last.start(1), last.group(1)
    reply, enhanced = find_codes(diagnostic)
    remote = origin == "outbound" and reply is not None
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=None if remote else "haraka",
        side="client" if origin == "outbound" and not remote else "server",
    )
