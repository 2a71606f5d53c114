"""smtpd_*_restrictions: what they decide for a client that is trusted or not, authenticated or not.

Evaluation follows smtpd_check.c: each list is read from the left until something decides; a reject ends the command, a permit
ends only its list. What a table or an outside service decides cannot be seen, and is taken not to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.config.postfix.effective import Effective
from kb.config.postfix.values import takes_argument

MAX_DEPTH = 8
MAX_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Client:
    """Whom the lists judge: its address is in mynetworks, it has authenticated; the recipient is one the server receives for."""

    trusted: bool
    authenticated: bool
    local_recipient: bool = False


def words(effective: Effective, name: str) -> list[str]:
    """The words of a restriction list, `{...}` as one word without its braces."""
    found: list[str] = []
    piece: list[str] = []
    level = 0
    for character in effective.text(name):
        if character in "{}":
            level = max(level + (1 if character == "{" else -1), 0)
            character = " "
        if level == 0 and (character == "," or character in " \t\r\n"):
            if piece:
                found.append("".join(piece).strip())
            piece = []
        else:
            piece.append(character)
    if piece:
        found.append("".join(piece).strip())
    return [word for word in found if word][:MAX_WORDS]


def order(effective: Effective) -> tuple[str, ...]:
    """The lists that judge a recipient, in their order; from Postfix 3.6 on it depends on a switch."""
    first = ("smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions")
    if effective.yes("smtpd_relay_before_recipient_restrictions"):
        return (*first, "smtpd_relay_restrictions", "smtpd_recipient_restrictions")
    return (*first, "smtpd_recipient_restrictions", "smtpd_relay_restrictions")


def verdict(effective: Effective, client: Client, lists: Sequence[str]) -> tuple[str, str]:
    """What becomes of a recipient by these lists: permit, reject (5xx) or defer (4xx), and the restriction that says so."""
    for name in lists:
        result, by = _judge(effective, words(effective, name), client, 0)
        if result in ("reject", "defer"):
            return result, by
    return "permit", ""


# What smtpd_check.c wants to see before it starts.
_NEEDED = frozenset(
    {
        "reject",
        "defer",
        "defer_if_permit",
        "reject_unauth_destination",
        "defer_unauth_destination",
        "check_relay_domains",
    }
)


def protected(effective: Effective) -> bool:
    """Whether smtpd starts at all: it wants something that refuses relaying in one of two lists."""
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"):
        warned = False
        for word, _ in restrictions(effective, name):
            if word.lower() == "warn_if_reject":
                warned = True
                continue
            if word.lower() == "permit" and not warned:
                break
            if word.lower() in _NEEDED and not warned:
                return True
            warned = False
    return False


def reaches(effective: Effective, client: Client, wanted: frozenset[str]) -> bool:
    """Whether a client that nothing else refuses comes to one of these restrictions."""
    for name in order(effective):
        for word, _ in _pairs(words(effective, name)):
            if word.lower() in wanted:
                return True
            if _one(effective, word, client, 0):
                break
    return False


def _judge(effective: Effective, listed: Sequence[str], client: Client, depth: int) -> tuple[str, str]:
    warn = False
    # defer_if_permit turns a permit of the same list, or the end of all lists, into a 4xx; not followed further than that.
    for word, _ in _pairs(listed):
        result = _one(effective, word, client, depth)
        if word.lower() == "warn_if_reject":
            warn = True
            continue
        if result in ("reject", "defer") and warn:
            warn = False
            continue
        warn = False
        if result:
            return result, word
    return "", ""


def _pairs(listed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Restrictions with their arguments."""
    position = 0
    while position < len(listed):
        word = listed[position]
        position += 1
        if takes_argument(word.lower()) and position < len(listed):
            yield word, listed[position]
            position += 1
        else:
            yield word, ""


def restrictions(effective: Effective, name: str) -> Iterator[tuple[str, str]]:
    """Every restriction of a list with its argument, classes included."""
    todo = [(pair, 0) for pair in _pairs(words(effective, name))]
    seen = 0
    while todo and seen < MAX_WORDS:
        (word, argument), depth = todo.pop(0)
        seen += 1
        yield word, argument
        if depth < MAX_DEPTH and word in effective.words("smtpd_restriction_classes"):
            todo = [(pair, depth + 1) for pair in _pairs(words(effective, word))] + todo


_DECIDES: Mapping[str, str] = {
    "permit": "permit",
    "reject": "reject",
    "defer": "defer",
    "reject_unauth_destination": "reject",
    "check_relay_domains": "reject",
    "defer_unauth_destination": "defer",
}


def _one(effective: Effective, word: str, client: Client, depth: int) -> str:
    """permit, reject, defer or "" (does not decide)."""
    name = word.lower()
    if name == "permit_mynetworks":
        return "permit" if client.trusted else ""
    if name == "permit_sasl_authenticated":
        return "permit" if client.authenticated else ""
    if name in ("reject_unauth_destination", "check_relay_domains", "defer_unauth_destination"):
        return "" if client.local_recipient else _DECIDES[name]
    if name == "permit_auth_destination":
        return "permit" if client.local_recipient else ""
    if name in _DECIDES:
        return _DECIDES[name]
    if depth < MAX_DEPTH and word in effective.words("smtpd_restriction_classes"):
        return _judge(effective, words(effective, word), client, depth + 1)[0]
    return ""
