"""OpenSMTPD's log: `5f3e9a1b2c3d4e5f mta delivery evpid=… result="PermFail" stat="550 …"`, `… smtp failed-command
command="RCPT TO:<…>" result="550 …"`, `… mta error reason=…` (usr.sbin/smtpd/mta.c mta_log, mda.c mda_log, smtp_session.c).
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host
from kb.regex import Late
from kb.smtp.stage import stage_of_command

NAME = "opensmtpd-log"

_SESSION = Late(r"(?:^|[\s:])[0-9a-f]{16} (mta|mda|smtp) (.*)")
# The field that tells the outcome, the last of its line; the first of these that is there.
_OUTCOMES = (" stat=", " result=", " reason=")
_COMMAND = Late(r'^failed-command command="([A-Za-z]+(?: [A-Za-z]+)?)')
_RELAY = Late(r' relay="[^" ]* \(([^)"]*)\)"')
# What the delivery program printed, in the words that the log puts around it.
_PRINTED = Late(r'^Error \((?:(?:temporary|permanent) failure: )?"([^\n]+)"\)$')
_OWN = "opensmtpd"
_DELIVERED = (' result="Ok"', " result=Ok", " result=ok")
_QUIET = ("reason=quit", "reason=disconnect", "reason=done")
_FAILURES = ("delivery ", "failed-command ", "bad-input ", "error ", "disconnected ", "authentication ", "closing ")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no line of a session of OpenSMTPD's."""
    # One by one: every line of every paste comes by here.
    if not (" mta " in line or " smtp " in line or " mda " in line):
        return None
    logged = _SESSION.search(line)
    if logged is None:
        return None
    said = logged.group(2)
    if not said.startswith(_FAILURES) or any(map(line.__contains__, _DELIVERED)) or said.endswith(_QUIET):
        return BENIGN
    offset, diagnostic = _told(said)
    reply, enhanced = find_codes(diagnostic)
    command = _COMMAND.search(said)
    remote = logged.group(1) == "mta" and reply is not None
    relay = _RELAY.search(said)
    return Observation(
        diagnostic=diagnostic,
        start=start + logged.start(2) + offset,
        format=NAME,
        stage=stage_of_command(command.group(1).upper()) if command else None,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=emitter_of_host(relay.group(1) if relay else "") if remote else _OWN,
        side="server" if remote or logged.group(1) == "smtp" else "client",
    )


def _told(said: str) -> tuple[int, str]:
    """What a line says in its last field, and where; of a login only the whole line says what it was that failed."""
    key = next((key for key in _OUTCOMES if key in said), None)
    if key is None or said.startswith("authentication "):
        return 0, said
    begin = said.rfind(key) + len(key)
    told = said[begin:].rstrip()
    if told.startswith("Error (") and (printed := _PRINTED.search(told)):
        return begin + printed.start(1), printed.group(1)
    return (begin + 1, told[1:].removesuffix('"')) if told.startswith('"') else (begin, told)
