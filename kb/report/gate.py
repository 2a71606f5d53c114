"""Which lines of a log are worth a look: all but those whose beginning says that nothing went wrong.

In mail logs that is one line in twenty or fewer. The gate is one regular expression that is run over whole blocks,
in linear time: the complement of the beginnings listed here, and what a failed delivery says of itself. A line of an
unknown program always gets a look.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.report.prefixes import Step, one, others, some, text, unless, without, written

_OFTEN = 5
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
# Hexadecimal digits, or with enable_long_queue_ids a digit first and then letters too; no word of a message.
_QUEUE_IDS = (
    (one(_DIGITS), others(" :\n"), *text(": ")),
    (one("ABCDEF"), some(_DIGITS + "ABCDEF"), *text(": ")),
)
_HOST = (others(" \n"), *text(" "))
_BSD = (one(_LETTERS.upper()), one(_LETTERS), one(_LETTERS), *text(" "), *[Step()] * 11, *text(" "), *_HOST)
_ISO = (*_DATE, *text("T"), others(" \n"), *text(" "), *_HOST)
_EXIM_TIME = (*_DATE, *text(" "), some(_DIGITS + ":."), *text(" "))


def _postfix(plain: Iterable[str], queued: Iterable[str]) -> list[tuple[Step, ...]]:
    """The beginnings of what follows the host's name in lines of Postfix, without and behind a queue id."""
    found = [(*_POSTFIX_TAG, *text(start)) for start in plain]
    return found + [(*_POSTFIX_TAG, *id_, *text(start)) for start in queued for id_ in _QUEUE_IDS]


def _others() -> list[tuple[Step, ...]]:
    """The same for lines of other programs."""
    found: list[tuple[Step, ...]] = []
    for tag in ("sendmail", "sm-mta", "sm-msp-queue"):
        found += [(*text(tag), *_PID, some(_ALNUM), *text(": "), *text(start)) for start in _SENDMAIL_QUEUED]
    found += [(*text("dovecot: "), *text(start)) for start in _DOVECOT]
    found.append((*text("opendkim"), *_PID, some(_ALNUM), *text(": DKIM-Signature field added ")))
    return found


def _exim() -> list[tuple[Step, ...]]:
    """The beginnings of what follows the time in Exim's main log, with and without its log_timezone and pid selectors."""
    part = some(_ALNUM)
    id_ = (part, *text("-"), part, *text("-"), part, *text(" "))
    zone = (one("+-"), some(_DIGITS), *text(" "))
    pid = (*text("["), some(_DIGITS), *text("] "))
    return [(*head, *id_, *text(mark)) for head in ((), pid, zone, (*zone, *pid)) for mark in _EXIM]


# What failures say of themselves: Postfix' and Sendmail's words for a delivery that did not go well, and Postfix' other ones.
FAILED = (rf" status={unless('sent')}", rf" stat={unless('Sent')}", r"\x5d: (?:NOQUEUE: reject|warning): ")


def gate() -> str:
    """The source of the gate, for RE2 on bytes in multi-line mode: at least one match for each line worth a look.

    A match ends in its line, or with its line feed, which every line has to have.
    """
    of_syslog = without([*_postfix(POSTFIX, POSTFIX_QUEUED), *_others()])
    rests = f"(?:{written(_BSD)}|{written(_ISO)}){of_syslog}|{written(_EXIM_TIME)}{without(_exim())}"
    return "|".join((*FAILED, f"^(?:{without([_BSD, _ISO, _EXIM_TIME])}|{rests})"))


def often(iso: bool) -> str:
    """A gate that knows only the most frequent beginnings, behind one form of time, and no failures: it lets more lines through.

    It has so few states that Hyperscan runs it twice as fast.
    """
    head = _ISO if iso else _BSD
    rest = without(_postfix(POSTFIX[:_OFTEN], POSTFIX_QUEUED[:_OFTEN]))
    return f"^(?:{without([head])}|{written(head)}{rest})"
