"""Events of sending services and mail servers as JSON: webhooks of Brevo, Mailgun, Mailjet, Postal, Postmark, Resend, SendGrid
and SparkPost, notifications of Amazon SES, and KumoMTA's log.

One event or a list of them may stand in a line, or in a text that is indented as JSON usually is. An event of success tells of
no failure, whatever the subject of its mail says; of a failure the words of the receiving server decide where they are told.
"""

from __future__ import annotations

from kb.inputs.codes import find_codes
from kb.inputs.observation import BENIGN, Observation
from kb.regex import Late

NAME = "event-log"

# One of these is in every such event; what each is called in.
_KEYS = ('"event', '"notificationType', '"RecordType', '"type"', '\\"eventType', '\\"notificationType')
_KIND = Late(
    r'\\*"(?:event|eventType|event_type|notificationType|RecordType|type)\\*"\s*:\s*\\*"([A-Za-z][A-Za-z._ -]{2,40})\\*"'
)
# The names of events, in lower case without what parts their words.
_GOOD = frozenset(
    (
        *("accepted", "click", "clicked", "delivered", "delivery", "emailclicked", "emaildelivered", "emailopened"),
        *(
            "emailscheduled",
            "emailsent",
            "initialopen",
            "injection",
            "messagelinkclicked",
            "messageloaded",
            "messagesent",
        ),
        *("open", "opened", "processed", "proxyopen", "reception", "request", "send", "sent", "stored", "uniqueopened"),
        "uniqueproxyopen",
    )
)
_BAD = frozenset(
    (
        *("adminbounce", "blocked", "bounce", "bounced", "complained", "complaint", "deferred", "delay", "delayed"),
        *("deliverydelay", "dropped", "emailbounced", "emailcomplained", "emaildeliverydelayed", "emailfailed"),
        *("emailsuppressed", "error", "expiration", "failed", "feedback", "generationfailure", "generationrejection"),
        *(
            "hardbounce",
            "invalidemail",
            "messagebounced",
            "messagedelayed",
            "messagedeliveryfailed",
            "messageheld",
            "oob",
        ),
        *("outofband", "policyrejection", "reject", "rejected", "rejection", "renderingfailure", "softbounce", "spam"),
        *("spamcomplaint", "spamreport", "transientfailure"),
    )
)
# What only such events have beside their name: `"event":"error"` alone may be of any program.
_SIGNS = (
    *("sg_event_id", "sg_message_id", '"smtp-id"', '"message-id"', '"ts_epoch"', '"event-data"', '"delivery-status"'),
    *(
        '"RecordType"',
        '"email_id"',
        '"enhanced_code"',
        '"bounce_class',
        '"rcpt_to"',
        '"payload"',
        '"mj_',
        '"error_related_to"',
    ),
    *(
        '"bounceType',
        '\\"bounceType',
        '"complaint"',
        '"deliveryDelay"',
        '"messageId"',
        '\\"messageId',
        '"asm_group_id"',
    ),
    '"event":"dropped"',
)
# What the receiving server said, in the fields that hold it.
_SAID = Late(
    r'\\*"(?:reason|raw_reason|response|diagnosticCode|Details|output|message|content|error|comment)\\*"\s*:\s*\\*"'
    r'((?:smtp; ?|[A-Za-z]+Error: | )*(?:[45][0-9]{2}[ -]|[45]\.[0-9]{1,3}\.[0-9]{1,3} )(?:[^"\\]|\\[^"]|\\+"[^,}\]])*)'
)
# KumoMTA and Mailgun give the codes apart from the words.
_CONTENT = Late(r'"content"\s*:\s*"((?:[^"\\]|\\.)+)"')
_CODE = Late(r'"(?:code|error_code)"\s*:\s*"?([45][0-5][0-9])\b')
_PARTS = Late(r'"class"\s*:\s*([45])\s*,\s*"subject"\s*:\s*([0-9]{1,3})\s*,\s*"detail"\s*:\s*([0-9]{1,3})\b')
_STATUS = Late(r'\\*"(?:status|code)\\*"\s*:\s*\\*"([45]\.[0-9]{1,3}\.[0-9]{1,3})')


def parse_line(line: str, start: int) -> Observation | None:
    """What one event says went wrong; BENIGN when nothing did; None when it is no such event."""
    if "{" not in line or not any(map(line.__contains__, _KEYS)):
        return None
    kinds = {_plain(kind.group(1)) for kind in _KIND.finditer(line)}
    bad = kinds & _BAD
    if not (bad or kinds & _GOOD) or not any(map(line.__contains__, _SIGNS)):
        return None
    if not bad:
        return None if '"error"' in line else BENIGN
    begin, end = _told(line)
    diagnostic = line[begin:end]
    reply, enhanced = find_codes(diagnostic)
    code, parts, status = _CODE.search(line), _PARTS.search(line), _STATUS.search(line)
    reply = reply or (code.group(1) if code else None)
    if enhanced is None and (parts or status):
        stated = ".".join(parts.groups()) if parts else status.group(1)
        enhanced = stated if reply is None or stated[0] == reply[0] else None
    return Observation(
        diagnostic=diagnostic,
        start=start + begin,
        format=NAME,
        reply_code=reply,
        enhanced_status=enhanced,
        side="server",
    )


def _plain(kind: str) -> str:
    return kind.lower().replace("_", "").replace(".", "").replace(" ", "").replace("-", "")


def _told(line: str) -> tuple[int, int]:
    """Where what the receiving server said begins and ends; the whole line where it is not told apart."""
    told = _SAID.search(line) or (_CONTENT.search(line) if '"enhanced_code"' in line else None)
    return told.span(1) if told else (0, len(line))
