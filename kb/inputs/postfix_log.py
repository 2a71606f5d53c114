"""Postfix log lines, as syslog, journald or a container print them.

A delivery line says what the peer or Postfix's own client said in its last parentheses; a `reject:` line says what
Postfix answered; `warning:`, `error:`, `fatal:` and `panic:` are Postfix speaking of itself.
"""

from __future__ import annotations

import re2

from kb.inputs.codes import failure_status, find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host
from kb.regex import Late

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
_DIGITS = frozenset("0123456789")
_LEVELS = ("warning", "reject")  # words that stand where a queue id can stand
_IN_REPLY_TO = Late(r"\(in reply to ([A-Za-z ]+?)(?: command)?\)")
_REJECT = Late(r"^(?:milter-reject|reject|discard|hold|filter|warn|reject_warning): ([A-Za-z -]+?) from [^ ]+: ")
_SAID = (" said: ", " refused to talk to me: ")


# What `take` gives: kind of line, diagnostic and its place, the peer, the recipient and the content of `dsn=`.
Taken = tuple[str, str, int, str | None, str | None, str | None]
DELIVERY, REJECTION, REMARK = "delivery", "rejection", "remark"
_NOTHING: Taken = ("", "", 0, None, None, None)


def parse_line(line: str, start: int) -> Observation | None:
    """What one line says went wrong; BENIGN when nothing did; None when it is no Postfix log line."""
    taken = take(line)
    if taken is None:
        return None
    return observe(taken, start) if taken[0] else BENIGN


def take(line: str) -> Taken | None:
    """The pieces of a line, for `observe`; without a kind when nothing went wrong, None when it is no Postfix log line.

    The kind is REJECTION and REMARK with a word behind it: where the server was, and the program that speaks.
    """
    end = line.find("]: ", line.find("postfix") + 1)
    tag = line.rfind("postfix", 0, end) if end >= 0 else -1
    if tag < 0 or " " in line[tag:end]:
        return None
    offset = end + 3
    message = line[offset:]
    if message.startswith(_BENIGN_STARTS):
        return _NOTHING
    queue_id, colon, rest = message.partition(": ")
    if colon and _is_queue_id(queue_id):
        offset += len(queue_id) + 2
        message = rest
        if message.startswith(_BENIGN_AFTER_QUEUE_ID) and " status=expired" not in message:
            return _NOTHING
    status = message.find(" status=")
    if status >= 0:
        return _delivery(message, offset, status)
    rejected = _REJECT.search(message) if " from " in message else None
    if rejected:
        return _rejection(rejected, message, offset)
    program = line[tag:end].partition("[")[0].rpartition("/")[2]
    return f"{REMARK} {program}", message, offset, None, None, None


def _is_queue_id(word: str) -> bool:
    """Whether a word before a colon is a queue id, if perhaps a damaged one: no message of Postfix begins with a digit."""
    if word[:1] in _DIGITS and " " not in word:
        return True
    return 6 <= len(word) <= 20 and word.isalnum() and word not in _LEVELS


def _delivery(message: str, offset: int, status: int) -> Taken:
    """`to=<…>, relay=…, dsn=5.1.1, status=bounced (…)`."""
    if message.startswith("sent", status + 8):
        return _NOTHING
    opening = message.find("(", status)
    closing = message.rfind(")")
    begin, end = (opening + 1, closing) if 0 <= opening < closing else (status + 1, len(message))
    recipient = (_field(message, "to=") or "").strip("<>") or None
    return DELIVERY, message[begin:end], offset + begin, _field(message, "relay="), recipient, _field(message, "dsn=")


def _rejection(rejected: re2._Match, message: str, offset: int) -> Taken:
    """`reject: RCPT from client[192.0.2.1]: 554 5.7.1 <…>: Relay access denied; from=<…> …`."""
    begin = rejected.end()
    envelope = message.find("; from=<", begin)
    diagnostic = message[begin:envelope] if envelope >= 0 else message[begin:]
    recipient = message.find(" to=<", envelope) if envelope >= 0 else -1
    to = message[recipient + 5 : message.find(">", recipient)] if recipient >= 0 else None
    client = message[rejected.end(1) + len(" from ") : begin - 2]
    return f"{REJECTION} {rejected.group(1)}", diagnostic, offset + begin, client, to, None


def observe(taken: Taken, start: int) -> Observation:
    """The observation of a line's pieces; `start` is the place of the line in the paste."""
    kind, diagnostic, offset, peer, recipient, dsn = taken
    name, _, word = kind.partition(" ")
    if name == DELIVERY:
        return _of_delivery(diagnostic, start + offset, peer, recipient, dsn)
    remote = name == REMARK and any(said in diagnostic for said in _SAID)
    reply, enhanced = find_codes(diagnostic) if remote or name == REJECTION else (None, None)
    return Observation(
        diagnostic=diagnostic,
        start=start + offset,
        format=NAME,
        stage=_STAGES.get(word) if name == REJECTION else None,
        reply_code=reply,
        enhanced_status=enhanced,
        emitter=None if remote else "postfix",
        side="client" if name == REMARK and word in ("smtp", "lmtp") and not remote else "server",
        own=name == REMARK and not remote,
    )


def _of_delivery(diagnostic: str, start: int, relay: str | None, recipient: str | None, dsn: str | None) -> Observation:
    stage = _IN_REPLY_TO.search(diagnostic)
    reply, enhanced = find_codes(diagnostic)
    remote = any(said in diagnostic for said in _SAID)
    return Observation(
        diagnostic=diagnostic,
        start=start,
        format=NAME,
        stage=_STAGES.get(stage.group(1)) if stage else None,
        reply_code=reply,
        enhanced_status=enhanced or failure_status(dsn),
        emitter=emitter_of_host(relay or "") if remote else "postfix",
        side="server" if remote else "client",
        relay=relay if relay != "none" else None,
        recipient=recipient,
    )


def _field(message: str, name: str) -> str | None:
    begin = message.find(name)
    if begin < 0:
        return None
    begin += len(name)
    end = message.find(", ", begin)
    return message[begin:end] if end >= 0 else None
