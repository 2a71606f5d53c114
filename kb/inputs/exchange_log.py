"""The CSV logs of Exchange: message tracking, connectivity and the protocol logs of its connectors (Microsoft Learn,
"Message tracking", "Connectivity logging", "Protocol logging").
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "exchange-log"

_DATE = Late(r'^"?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}Z"?,')
_EVENT = Late(
    r",(?:ADMIN|AGENT|APPROVAL|BOOTLOADER|DNS|DSN|GATEWAY|MAILBOXRULE|MEETINGMESSAGEPROCESSOR|ORAR|PICKUP|POISONMESSAGE"
    r"|PUBLICFOLDER|QUEUE|REDUNDANCY|RESOLVER|ROUTING|SAFETYNET|SMTP|STOREDRIVER),([A-Z]+),"
)
_FAILED = ("BADMAIL", "DEFER", "DELIVERFAIL", "DROP", "FAIL", "POISONMESSAGE", "SUBMITDEFER", "SUBMITFAIL")
_FIELD = Late(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)')
# Behind the event: internal id, message id, network message id, recipient, what it got.
_STATUS_FIELD = 4
_CONTEXT = "LED="
# `…,connector,session,sequence,local,remote,event,data,context`.
_PROTOCOL = Late(r",[0-9A-F]{16},[0-9]+,[^,]*,[^,]*,([<>*+-]),(.*)$")
# `…,session,SMTP,destination,direction,description`.
_CONNECTIVITY = Late(r'^[^,]*,[0-9A-F]{16},SMTP,[^,]*,([>+-]),"?(.*?)"?$')
_COUNTED = Late(r"^Messages: [0-9]+ Bytes: [0-9]+ ?(?:\(\))?$")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no line of these logs."""
    if "T" not in line[10:12] or line.count(",", 0, 400) < 5 or _DATE.search(line) is None:
        return None
    if event := _EVENT.search(line):
        return _tracked(line, start, event.group(1), event.end()) if event.group(1) in _FAILED else BENIGN
    if step := _PROTOCOL.search(line):
        return _step(step.group(1), step.group(2), start + step.start(2))
    if connection := _CONNECTIVITY.search(line):
        said = connection.group(2)
        if connection.group(1) == "+" or _COUNTED.search(said):
            return BENIGN
        return _observation(said, start + connection.start(2), "exchange", "client")
    return None


def _tracked(line: str, start: int, event: str, end: int) -> Observation:
    """A message that failed: what its recipient got, or the last error that the context tells of."""
    rest = line[end:]
    fields = [(field.start(1), field.group(1)) for field in _FIELD.finditer(rest)]
    at, said = fields[_STATUS_FIELD] if len(fields) > _STATUS_FIELD else (0, "")
    if not said.strip('"'):
        at, said = next((field for field in fields if _CONTEXT in field[1]), (0, rest))
    return _observation(said, start + end + at, None, None)


def _step(mark: str, said: str, start: int) -> Observation:
    """A line of a dialogue: a reply of failure from either side, or a remark of Exchange's own."""
    if mark in "<>":
        if said[:1] not in ("4", "5") or not said[:3].isdigit():
            return BENIGN
        return _observation(said.rstrip(","), start, "exchange" if mark == ">" else None, "server")
    if mark in "+-" or not said.strip(","):
        return BENIGN
    return _observation(said, start, "exchange", "client")


def _observation(diagnostic: str, start: int, emitter: str | None, side: str | None) -> Observation:
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=emitter,
        side=side,
    )
