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
    r"(?i)(?:in reply to(?: the)?|error from remote (?:mail )?server (?:after|for)|after (?:pipelined )?(?:sending )?|error following|\[| in |"
    r"did not like our(?: final)?|smtp:|>>> ?)\s*(helo|ehlo|lhlo|starttls|auth|mail(?:[ _](?:from|command))|rcpt(?:[ _](?:to|command))|rcpt|"
    r"data|end of data|end of message|initial connection|text command)\b"
)
_RECIPIENT_STAGE = ("does not like recipient", "recipient address rejected")
_SENDER_STAGE = ("sender was rejected", "sender address rejected")
_DATA_STAGE = ("failed after i sent the message", "failed on data command")
_RELAY = re2.compile(r"(?i)(?:\bhosts?:? |while talking to |remote host |by )([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\.?)(?:\s?[\[(][0-9a-fA-F.:]+[\])])?")
_REMOTE = (" said:", "refused to talk to me", "remote host said", "smtp error from remote", "<<< ", "the other server returned")
_REMOTE += ("while talking to", "responded with", "response from the remote server", "it responded")
_DELAYED = ("delayed", "warning message only", "will be retried", "will retry", "still trying", "not yet been delivered")

_BOUNCE = ("mailer-daemon", "mailer_daemon", "postmaster", "mail delivery", "mail deliver system", "mail administrator", "post_master")
_BOUNCE_SUBJECTS = ("undeliver", "returned mail", "returned to sender", "delivery status", "delivery fail", "failure notice", "delivery report")
_BOUNCE_SUBJECTS += ("mail delivery", "delivery notification", "delivery problem", "could not be delivered", "mail system error", "退信")
_BOUNCE_SUBJECTS += ("message delivery", "not delivered", "non remis", "unzustellbar", "undelivered", "delivery has failed", "error sending your mail")

_AUTOREPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply-from", "x-vacation")
_AUTOREPLY_SUBJECTS = ("automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "autoresponse", "auto:", "out of office")
_AUTOREPLY_SUBJECTS += ("out of the office", "out-of-office", "on vacation", "vacation reply", "away from", "自动回复", "自動回覆", "自動返信")
_AUTOREPLY_SUBJECTS += ("不在通知", "abwesenheit", "automatische antwort", "réponse automatique", "respuesta automática", "risposta automatica")
_AUTOREPLY_SUBJECTS += ("resposta automática", "автоответ", "автоматический ответ")


def is_bounce(mail: Mail) -> bool:
    """Whether the header says that a mail system wrote the message; a paste without a header may be one."""
    if not mail.headers or "x-failed-recipients" in mail.headers:
        return True
    if "report-type=delivery-status" in mail.headers.get("content-type", "").lower().replace('"', ""):
        return True
    subject = mail.header("subject").lower()
    sender = mail.header("from").lower()
    return not sender.strip("<> ") or any(word in sender for word in _BOUNCE) or any(word in subject for word in _BOUNCE_SUBJECTS)


def autoreply_sign(mail: Mail) -> str | None:
    """The field that tells an automatic answer (RFC 3834), as it would stand in a header; None for any other message."""
    submitted = mail.headers.get("auto-submitted", "")
    if submitted.lower().startswith("auto-"):
        return f"Auto-Submitted: {submitted}"
    for name in _AUTOREPLY_FIELDS:
        if name in mail.headers:
            return f"{name.title()}: {mail.headers[name]}"
    precedence = mail.headers.get("precedence", "").lower()
    if precedence in ("auto_reply", "auto-reply"):
        return f"Precedence: {mail.headers['precedence']}"
    subject = mail.header("subject")
    return f"Subject: {subject}" if any(word in subject.lower() for word in _AUTOREPLY_SUBJECTS) else None


def emitter_of(text: str) -> str | None:
    """The program or provider that wrote a report, by words in it."""
    text = text.lower()
    return next((emitter for words, emitter in _EMITTERS if words in text), None)


def stage_of(text: str) -> str | None:
    """The stage of the session at which it went wrong, when the text names it."""
    found = _STAGE.search(text)
    if found:
        words = found.group(1).lower()
        if words.startswith(("end of", "text", "data")):
            return "data"
        return "banner" if words.startswith("initial") else stage_of_command(words.replace("_", " "))
    text = text.lower()
    for stage, signs in (("rcpt", _RECIPIENT_STAGE), ("mail", _SENDER_STAGE), ("data", _DATA_STAGE)):
        if any(sign in text for sign in signs):
            return stage
    return None


def relay_of(text: str) -> str | None:
    """The peer that a text says it talked to."""
    found = _RELAY.search(text)
    return found.group(1).rstrip(".") if found else None


def is_remote(text: str) -> bool:
    """Whether a text says that the words in it are another server's."""
    text = text.lower()
    return any(sign in text for sign in _REMOTE)


def is_delay(text: str) -> bool:
    """Whether a text only warns that a message is late."""
    text = text.lower()
    return any(sign in text for sign in _DELAYED)
