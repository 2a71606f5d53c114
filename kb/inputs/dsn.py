"""Mail that comes back: delivery status reports (RFC 3464), bounces in prose, complaints (RFC 5965), automatic answers.

One observation for each failed recipient. What went wrong is taken from the report's own fields, or from its prose when they
say nothing, never from the message that it returns.
"""

from __future__ import annotations

import re2

from kb.inputs.observation import Observation

NAME = "dsn"

_FIELDS = re2.compile(
    r"(?im)^[ \t>|]*(?:final-recipient|original-recipient|diagnostic-code|reporting-mta|feedback-type)[ \t]*:"
)
_FIRST_LINE = re2.compile(r"^\s*(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*[ \t]*:")
_HEADER = re2.compile(r"(?im)^(?:from|subject|received|return-path|message-id|auto-submitted)[ \t]*:")
_ENCODED_SUBJECT = re2.compile(r"(?im)^subject[ \t]*:[ \t]*([^\n]*=\?[^\n]*(?:\n[ \t][^\n]*){0,20})")
_SNIFFED = 64 * 1024
# What only mail about mail says in its header.
_SIGNS = (
    "mailer-daemon",
    "postmaster",
    "multipart/report",
    "auto-submitted: auto-",
    "x-failed-recipients",
    "undeliver",
    "returned mail",
    "delivery status",
    "failure notice",
    "delivery fail",
    "mail delivery",
    "not be delivered",
    "automatic reply",
    "autoreply",
    "autorespon",
    "out of office",
    "auto_reply",
    "退信",
    "自动回复",
    "loop alert",
    "feedback-report",
    "subject: auto",
    "bouncedrecipients",
    "mail system error",
    "post_master@",
    "delivery report",
    "not delivered",
    "from: <>",
    "delivery has failed",
    "delivery notification",
)
# How the prose of a bounce goes when its header was not pasted.
_OPENINGS = (
    "qmail-send program at",
    "this is the mail system at host",
    "created automatically by mail delivery software",
    "transcript of session follows",
    "delivery has failed to these recipients",
    "did not reach the following recipient",
    "delivery to the following recipient",
    "your message wasn't delivered to",
    "permanent fatal errors",
    "was not delivered to:\n",
    "unable to deliver your message to the following",
    "unable to deliver message to the following",
    "following address(es) failed",
    "diagnostic information for administrators",
    "an error has occurred while attempting to deliver a message for",
    "your message could not\nbe delivered to one or more recipients",
    "bouncedrecipients",
    "complainedrecipients",
)


def sniff(text: str) -> bool:
    """Whether the text is mail about mail: a report's fields, the header of such a message, or how its prose opens."""
    if _FIELDS.search(text):
        return True
    start = text[:_SNIFFED].lower().replace("\r", "")
    if any(words in start for words in _OPENINGS):
        return True
    if not _FIRST_LINE.search(text[:1000]) or not _HEADER.search(text[:_SNIFFED]):
        return False
    encoded = _ENCODED_SUBJECT.search(text[:_SNIFFED])
    if encoded:
        from kb.inputs.bounce.decode import decode_words

        start += decode_words(f"subject: {encoded.group(1)}").lower()
    return any(sign in start for sign in _SIGNS)


def parse(text: str) -> tuple[Observation, ...]:
    """One observation for each recipient that was not delivered to; one for a complaint or an automatic answer."""
    from kb.inputs.bounce.message import read_mail
    from kb.inputs.bounce.report import observe

    text = text.replace("\r", " ")
    return observe(text, read_mail(text))
