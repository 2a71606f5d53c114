"""qmail-send's log: `delivery 7: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/`.

qmail-send.c logs what qmail-rspawn and qmail-lspawn report with `_` for blanks and `/` for line ends (qsutil.c logsafe).
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "qmail-log"

_LINE = Late(r"(?:^|[\s:])(?:delivery [0-9]+: )?(success|deferral|failure): ([^\s]+)")
_QUIET = Late(
    r"(?:^|\s)(?:starting delivery [0-9]+: msg [0-9]|(?:new|end) msg [0-9]+$|info msg [0-9]+: |status: local [0-9]+/)"
)


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong, with blanks for `_`; BENIGN when nothing did; None when it is no line of qmail's log."""
    # One by one: every line of every paste comes by here.
    if not ("delivery " in line or "_said:_" in line or " msg " in line or "status: local " in line):
        return None
    logged = _LINE.search(line) if "_" in line else None
    if logged is None:
        return BENIGN if _QUIET.search(line) else None
    if logged.group(1) == "success":
        return BENIGN
    begin = logged.start(2)
    diagnostic = line[begin:].replace("_", " ")
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter="qmail",
        side="server" if " said: " in diagnostic else None,
    )
