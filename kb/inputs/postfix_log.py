"""Postfix log lines, as syslog, journald or a container print them.

A delivery line says what the peer or Postfix's own client said in its last parentheses; a `reject:` line says what
Postfix answered; `warning:`, `error:`, `fatal:` and `panic:` are Postfix speaking of itself.
"""

from __future__ import annotations

import re2

from kb.inputs.codes import failure_status, find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host

NAME = "postfix-log"

_STAGES = {
    "CONNECT": "connect",
    "CONNECT from": "connect",
    "HELO": "ehlo",
    "EHLO": "ehlo",
    "STARTTLS": "starttls",
    "AUTH": "auth",
    "MAIL": "mail",
    "MAIL FROM": "mail",
    "RCPT": "rcpt",
    "RCPT TO": "rcpt",
    "DATA": "data",
    "BDAT": "data",
    "end of DATA": "data",
    "END-OF-MESSAGE": "data",
    "end of data": "data",
    "VRFY": "rcpt",
    "QUIT": "quit",
}
_BENIGN_STARTS = (
    "connect from ",
    "disconnect from ",
    "statistics: ",
    "daemon started ",
    "Trusted TLS connection ",
    "Untrusted TLS connection ",
    "Anonymous TLS connection ",
    "Verified TLS connection ",
    "setting up TLS connection ",
    "terminating on signal ",
    "reload ",
    "refreshing the Postfix ",
    "starting the Postfix ",
    "stopping the Postfix ",
)
_BENIGN_AFTER_QUEUE_ID = (
    "info: ",
    "client=",
    "message-id=",
    "from=<",
    "removed",
    "uid=",
    "sender non-delivery notification: ",
)
_LEVELS = ("warning", "reject")  # words that stand where a queue id can stand
_IN_REPLY_TO = re2.compile(r"\(in reply to ([A-Za-z ]+?)(?: command)?\)")
_REJECT = re2.compile(r"^(?:milter-reject|reject|discard|hold|filter|warn|reject_warning): ([A-Za-z -]+?) from [^ ]+: ")
_SAID = (" said: ", " refused to talk to me: ")


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no Postfix log line."""
    end = line.find("]: ", line.find("postfix") + 1)
    tag = line.rfind("postfix", 0, end) if end >= 0 else -1
    if tag < 0 or " " in line[tag:end]:
        return None
    program = line[tag:end].partition("[")[0].rpartition("/")[2]
    offset = end + 3
    message = line[offset:]
    if message.startswith(_BENIGN_STARTS):
        return BENIGN
    queue_id, colon, rest = message.partition(": ")
    if colon and 6 <= len(queue_id) <= 20 and queue_id.isalnum() and queue_id not in _LEVELS:
        offset += len(queue_id) + 2
        message = rest
        if message.startswith(_BENIGN_AFTER_QUEUE_ID) and " status=expired" not in message:
            return BENIGN
    status = message.find(" status=")
    if status >= 0:
        return _delivery(message, start + offset, status)
    rejected = _REJECT.search(message)
    if rejected:
        return _rejection(rejected, message, start + offset)
    return _remark(message, start + offset, program)


def _delivery(message: str, start: int, status: int) -> Observation:
    """`to=<…>, relay=…, dsn=5.1.1, status=bounced (…)`."""
    if message.startswith("sent", status + 8):
        return BENIGN
    opening = message.find("(", status)
    closing = message.rfind(")")
    begin, end = (opening + 1, closing) if 0 <= opening < closing else (status + 1, len(message))
    diagnostic = message[begin:end]
    relay = _field(message, "relay=")
    stage = _IN_REPLY_TO.search(diagnostic)
    reply, enhanced = find_codes(diagnostic)
    remote = any(said in diagnostic for said in _SAID)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        stage=_STAGES.get(stage.group(1)) if stage else None,
        reply_code=reply,
        enhanced_status=enhanced or failure_status(_field(message, "dsn=")),
        emitter=emitter_of_host(relay or "") if remote else "postfix",
        side="server" if remote else "client",
        relay=relay if relay != "none" else None,
        recipient=(_field(message, "to=") or "").strip("<>") or None,
    )


def _rejection(rejected: re2._Match, message: str, start: int) -> Observation:
    """`reject: RCPT from client[192.0.2.1]: 554 5.7.1 <…>: Relay access denied; from=<…> …`."""
    begin = rejected.end()
    envelope = message.find("; from=<", begin)
    diagnostic = message[begin:envelope] if envelope >= 0 else message[begin:]
    reply, enhanced = find_codes(diagnostic)
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        stage=_STAGES.get(rejected.group(1)),
        reply_code=reply,
        enhanced_status=enhanced,
        emitter="postfix",
        side="server",
    )


def _remark(message: str, start: int, program: str) -> Observation:
    """Anything else that Postfix says; whether it is an error is the catalogue's to know."""
    remote = any(said in message for said in _SAID)
    reply, enhanced = find_codes(message) if remote else (None, None)
    return Observation(
        diagnostic=message,
        start=start,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=None if remote else "postfix",
        side="client" if program in ("smtp", "lmtp") and not remote else "server",
    )


def _field(message: str, name: str) -> str | None:
    begin = message.find(name)
    if begin < 0:
        return None
    begin += len(name)
    end = message.find(", ", begin)
    return message[begin:end] if end >= 0 else None
