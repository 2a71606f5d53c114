"""Exim's main log and panic log (Exim specification, chapter "Log files").

`==` is a deferral, `**` a failure, `=>` `->` `<=` `Completed` are no errors; anything else is a remark that the catalogue
may know.
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host
from kb.regex import Late

NAME = "exim-log"

_LINE = Late(
    r"(?:^|[\s:])(?:[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,12}(?: [+-][0-9]{4})? )?(?:\[[0-9]+\] )?"
    r"[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4} (==|\*\*|=>|->|<=|>>|\*>|Completed|[A-Z][A-Za-z]|[a-z])"
)
_ROUTED = Late(r"(?:^|\s)R=[^ ]+ T=[^ ]+ (?:defer|H=|:)|(?:^|\s)(?:R|T)=[^ ]+: | R=[^ ]+ (?:T=[^ ]+ )?defer \(")
_AFTER = Late(r"after (?:pipelined )?(?:sending )?([A-Z]+(?: FROM| TO)?|initial connection|end of data|data)")
_HOST = Late(r"H=([^ ]+)|host ([^ ]+)")
_MARKS = (
    " R=",
    " T=",
    " == ",
    " ** ",
    " => ",
    " -> ",
    " <= ",
    " >> ",
    " *> ",
    " Completed",
    " H=",
    "exim",
    " acl condition: ",
    " DKIM: ",
    " SSL verify ",
    "pool file ",
)
_STAGES = {
    "EHLO": "ehlo",
    "HELO": "ehlo",
    "STARTTLS": "starttls",
    "AUTH": "auth",
    "MAIL FROM": "mail",
    "MAIL": "mail",
    "RCPT TO": "rcpt",
    "RCPT": "rcpt",
    "DATA": "data",
    "end of data": "data",
    "data": "data",
    "initial connection": "banner",
}


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no Exim log line."""
    if " " not in line or not any(map(line.__contains__, _MARKS)):
        return None
    logged = _LINE.search(line)
    if logged is None and not _ROUTED.search(line):
        return None
    if logged and logged.group(1) in ("=>", "->", "<=", ">>", "*>", "Completed"):
        return BENIGN
    begin = logged.start(1) if logged else 0
    diagnostic = line[begin:]
    reply, enhanced = find_codes(diagnostic)
    after = _AFTER.search(diagnostic)
    host = _HOST.search(diagnostic)
    remote = "SMTP error from remote mail server" in diagnostic or "from remote mail server after" in diagnostic
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        stage=_STAGES.get(after.group(1)) if after else None,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=emitter_of_host(host.group(1) or host.group(2) or "") if remote and host else "exim",
        side="server" if remote else None,
    )
