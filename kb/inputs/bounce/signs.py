"""What the wording of a bounce gives away: the program that wrote it, the stage, the peer, whether it is a bounce at all."""

from __future__ import annotations

import re2

from kb.inputs.bounce.message import Mail
from kb.smtp.stage import stage_of_command

# Words of the whole report, in lower case -> the program that wrote it; the first that is there counts.
_EMITTERS = (
    ("qmail-send program", "qmail"),
    ("amavisd-new", "amavis"),
    ("email-bounces.amazonses.com", "amazon-ses"),
    ("smtp-out.amazonses.com", "amazon-ses"),
    ("inbound-smtp.", "amazon-ses"),
    (".prod.outlook.com", "microsoft-365"),
    (".protection.outlook.com", "microsoft-365"),
    ("diagnostic information for administrators", "exchange"),
    ("microsoft exchange", "exchange"),
    ("msexch:im", "exchange"),
    ("lotus domino", "lotus-domino"),
    ("x-notes;", "lotus-domino"),
    ("opensmtpd", "opensmtpd"),
    ("this is the mailer-daemon, please do not reply", "opensmtpd"),
    ("hmailserver", "hmailserver"),
    ("courier mail server", "courier"),
    ("@googlemail.com", "gmail"),
    ("automatically generated message from sendgrid", "sendgrid"),
    ("symantec email security.cloud", "messagelabs"),
    ("messagelabs.com", "messagelabs"),
    ("mailer-daemon@yahoo", "yahoo"),
    ("mailer-daemon@mail.zoho", "zoho"),
    ("mailer-daemon@yandex", "yandex"),
    ("mailer-daemon@corp.mail.ru", "mail-ru"),
    ("mailer-daemon@mail.gmx", "gmx"),
    ("postmaster@qq.com", "qq-mail"),
    ("postmaster@163.com", "netease-mail"),
    ("postmaster@126.com", "netease-mail"),
    ("x-postfix-queue-id", "postfix"),
    ("this is the mail system at host", "postfix"),
    ("this is the postfix program at host", "postfix"),
    ("(exim ", "exim"),
    ("x-failed-recipients", "exim"),
    ("transcript of session follows", "sendmail"),
)
_STAGE = re2.compile(
    r"(?i)(?:in reply to(?: the)?|error from remote (?:(?:mail )?server|mailer) (?:after|for)|after (?:pipelined )?(?:sending )?"
    r"|error following|did not like our(?: final)?|smtp:|>>> ?)\s*"
    r"(helo|ehlo|lhlo|starttls|auth|mail[ _](?:from|command)|rcpt(?:[ _](?:to|command))?"
    r"|data|end of data|end of message|initial connection|text command)\b"
)
_STAGE_BEHIND = re2.compile(r"(?:\[|\bin )(RCPT|MAIL|DATA)(?:[_ ](?:TO|FROM))?\b")  # Yahoo, SendGrid
_STAGE_WORDS = (
    ("does not like recipient", "rcpt"),
    ("recipient address rejected", "rcpt"),
    ("sender was rejected", "mail"),
    ("sender address rejected", "mail"),
    ("my name was rejected", "ehlo"),
    ("greeting failed", "banner"),
    ("failed after i sent the message", "data"),
    ("failed on data command", "data"),
)
_RELAY = re2.compile(
    r"(?i)(?:\bhosts?:? |while talking to |remote host |by )([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\.?"
    r"(?:\s?[\[(][0-9a-fA-F.:]+[\])])?"
)
_REMOTE = (
    " said:",
    "refused to talk to me",
    "remote host said",
    "smtp error from remote",
    "<<< ",
    "the other server returned",
    "while talking to",
    "responded with",
    "response from the remote server",
    "it responded",
)
_DELAYED = (
    "delayed",
    "warning message only",
    "will be retried",
    "will retry",
    "still trying",
    "not yet been delivered",
)

_BOUNCE = (
    "mailer-daemon",
    "mailer_daemon",
    "postmaster",
    "mail delivery",
    "mail deliver system",
    "mail administrator",
    "post_master",
)
_BOUNCE_SUBJECTS = (
    "undeliver",
    "returned mail",
    "returned to sender",
    "delivery status",
    "delivery fail",
    "failure notice",
    "delivery report",
    "mail delivery",
    "delivery notification",
    "delivery problem",
    "could not be delivered",
    "mail system error",
    "退信",
    "message delivery",
    "not delivered",
    "non remis",
    "unzustellbar",
    "undelivered",
    "delivery has failed",
    "error sending your mail",
)

_AUTOREPLY_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-auto-reply-from",
    "x-vacation",
)
_AUTOREPLY_SUBJECTS = (
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "auto:",
    "out of office",
    "out of the office",
    "out-of-office",
    "on vacation",
    "vacation reply",
    "away from",
    "自动回复",
    "自動回覆",
    "自動返信",
    "不在通知",
    "abwesenheit",
    "automatische antwort",
    "réponse automatique",
    "respuesta automática",
    "risposta automatica",
    "resposta automática",
    "автоответ",
    "автоматический ответ",
)


def is_bounce(mail: Mail) -> bool:
    """Whether the header says that a mail system wrote the message; a paste without a header may be one."""
    if not mail.headers or "x-failed-recipients" in mail.headers:
        return True
    if "report-type=delivery-status" in mail.headers.get("content-type", "").lower().replace('"', ""):
        return True
    subject = mail.header("subject").lower()
    sender = mail.header("from").lower()
    return (
        not sender.strip("<> ")
        or any(word in sender for word in _BOUNCE)
        or any(word in subject for word in _BOUNCE_SUBJECTS)
    )


def autoreply_field(mail: Mail) -> str | None:
    """The name of the field that tells an automatic answer (RFC 3834); None for any other message."""
    if mail.headers.get("auto-submitted", "").lower().startswith("auto-"):
        return "auto-submitted"
    if mail.headers.get("precedence", "").lower() in ("auto_reply", "auto-reply"):
        return "precedence"
    subject = mail.header("subject").lower()
    named = next((name for name in _AUTOREPLY_FIELDS if name in mail.headers), None)
    return named or ("subject" if any(word in subject for word in _AUTOREPLY_SUBJECTS) else None)


def emitter_of(text: str) -> str | None:
    """The program or provider that wrote a report, by words in it."""
    text = text.lower()
    return next((emitter for words, emitter in _EMITTERS if words in text), None)


def stage_of(text: str) -> str | None:
    """The stage of the session at which it went wrong, when the text names it."""
    text = " ".join(text.split())
    found = _STAGE.search(text) or _STAGE_BEHIND.search(text)
    if found:
        words = found.group(1).lower()
        if words.startswith(("end of", "text")):
            return "data"
        return "banner" if words.startswith("initial") else stage_of_command(words.replace("_", " "))
    text = text.lower()
    return next((stage for words, stage in _STAGE_WORDS if words in text), None)


def relay_of(text: str) -> str | None:
    """The peer that a text says it talked to."""
    found = _RELAY.search(text)
    return str(found.group(1)) if found else None


def is_remote(text: str) -> bool:
    """Whether a text says that the words in it are another server's."""
    text = text.lower()
    return any(sign in text for sign in _REMOTE)


def is_delay(text: str) -> bool:
    """Whether a text only warns that a message is late."""
    text = text.lower()
    return any(sign in text for sign in _DELAYED)
