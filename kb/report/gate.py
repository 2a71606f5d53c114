"""Which lines of a log are worth a look: all but those whose beginning says that nothing went wrong.

In mail logs that is one line in twenty or fewer. The gate is one regular expression that is run over whole blocks,
in linear time: the complement of the beginnings listed here, and what a failed delivery says of itself. A line of an
unknown program always gets a look.
"""

from __future__ import annotations

from kb.report.prefixes import Step, one, others, some, text, unless, without

_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALNUM = _DIGITS + _LETTERS + _LETTERS.upper()

# Postfix (src/*/*.c) without a queue id; the most frequent first.
POSTFIX = (
    "connect from ",
    "disconnect from ",
    "Anonymous TLS connection ",
    "Untrusted TLS connection ",
    "Trusted TLS connection ",
    "CONNECT from ",
    "Verified TLS connection ",
    "DISCONNECT ",
    "PASS NEW ",
    "PASS OLD ",
    "ALLOWLISTED ",
    "WHITELISTED ",
    "statistics: ",
    "daemon started ",
    "setting up TLS connection ",
    "terminating on signal ",
    "reload ",
    "refreshing the Postfix ",
    "starting the Postfix ",
    "stopping the Postfix ",
    "NOQUEUE: client=",
)
# Behind a queue id. Of a delivery only its status tells whether it went well.
POSTFIX_QUEUED = (
    "to=<",
    "from=<",
    "client=",
    "removed",
    "message-",
    "uid=",
    "info: ",
    "resent-m",
    "sender n",
    "sender d",
    "placed i",
    "released",
)
_SENDMAIL_QUEUED = ("from=", "to=")
_EXIM = ("<= ", "=> ", "-> ", ">> ", "*> ", "Completed")
_DOVECOT = tuple(f"{kind}-login: Login: " for kind in ("imap", "pop3", "managesieve", "submission"))

_PID = (*text("["), some(_DIGITS), *text("]: "))
_DATE = (*[one(_DIGITS)] * 4, *text("-"), *[one(_DIGITS)] * 2, *text("-"), *[one(_DIGITS)] * 2)
_POSTFIX_TAG = (*text("postfix"), others(" ]\n"), *text("]: "))
# Hexadecimal digits, or with enable_long_queue_ids a digit first and then letters too; no lower-case word.
_QUEUE_ID = (one(_DIGITS + "ABCDEF"), others(" :\n"), *text(": "))


def _programs() -> list[tuple[Step, ...]]:
    """The beginnings of what follows the host's name in a line of syslog."""
    found = [(*_POSTFIX_TAG, *text(start)) for start in POSTFIX]
    found += [(*_POSTFIX_TAG, *_QUEUE_ID, *text(start)) for start in POSTFIX_QUEUED]
    for tag in ("sendmail", "sm-mta", "sm-msp-queue"):
        found += [(*text(tag), *_PID, some(_ALNUM), *text(": "), *text(start)) for start in _SENDMAIL_QUEUED]
    found += [(*text("dovecot: "), *text(start)) for start in _DOVECOT]
    found.append((*text("opendkim"), *_PID, some(_ALNUM), *text(": DKIM-Signature field added ")))
    return found


def _exim() -> list[tuple[Step, ...]]:
    """The beginnings of lines in Exim's main log, with and without its log_timezone and pid selectors."""
    part = some(_ALNUM)
    id_ = (part, *text("-"), part, *text("-"), part, *text(" "))
    time = (*_DATE, *text(" "), some(_DIGITS + ":."), *text(" "))
    zone = (one("+-"), some(_DIGITS), *text(" "))
    pid = (*text("["), some(_DIGITS), *text("] "))
    heads = [(*time, *id_), (*time, *pid, *id_), (*time, *zone, *id_), (*time, *zone, *pid, *id_)]
    found = [(*head, *text(mark)) for head in heads for mark in _EXIM]
    return [*found, *((*time, *text(f"{edge} queue run: ")) for edge in ("Start", "End"))]


# A delivery that did not go well: Postfix' and Sendmail's words for it.
FAILED = (rf" status={unless('sent')}", rf" stat={unless('Sent')}")


def gate() -> str:
    """The source of the gate, for RE2 on bytes in multi-line mode: at least one match for each line worth a look."""
    host = (others(" \n"), *text(" "))
    month = (one(_LETTERS.upper()), one(_LETTERS), one(_LETTERS), *text(" "))
    bsd = (*month, *[Step()] * 11, *text(" "), *host)
    iso = (*_DATE, *text("T"), others(" \n"), *text(" "), *host)
    beginnings = [(*head, *rest) for head in (bsd, iso) for rest in _programs()]
    return "|".join((*FAILED, without([*beginnings, *_exim()])))
