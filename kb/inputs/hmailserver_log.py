"""hMailServer's log: `"SMTPD" 1234 56 "2026-03-02 10:11:12.345" "192.0.2.5" "SENT: 550 …"`, with tabs between the fields
(Common/Application/Logger.cpp). What it SENT as SMTPD it says itself; what it RECEIVED as SMTPC the other server says.
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "hmailserver-log"

_STARTS = ('"SMTP', '"TCPIP"', '"APPLICATION"', '"ERROR"', '"DEBUG"', '"POP3', '"IMAP')
_LINE = Late(
    r'^"(SMTPD|SMTPC|TCPIP|APPLICATION|ERROR|DEBUG|POP3D|POP3C|IMAPD)"\s+[0-9]+\s+(?:[0-9]+\s+)?"[0-9-]{10} [0-9:.]+"\s+'
    r'(?:"[0-9A-Fa-f.:]*"\s+)?"(.*?)"?\s*$'
)
_REPLY = {"SMTPD": "SENT: ", "SMTPC": "RECEIVED: "}


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no line of hMailServer's log."""
    if not line.startswith(_STARTS):
        return None
    logged = _LINE.search(line)
    if logged is None:
        return None
    kind, diagnostic = logged.groups()
    begin = logged.start(2)
    if kind in _REPLY:
        if not diagnostic.startswith(_REPLY[kind]):
            return BENIGN
        code = diagnostic[len(_REPLY[kind]) :][:3]
        if code[:1] not in ("4", "5") or not code.isdigit():
            return BENIGN
    elif kind.startswith(("POP3", "IMAP")):
        return BENIGN
    # Elsewhere numbers are those of messages and errors.
    reply, enhanced = find_codes(diagnostic) if kind in _REPLY else (None, None)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=None if kind == "SMTPC" else "hmailserver",
        side="server" if kind in _REPLY else None,
    )
