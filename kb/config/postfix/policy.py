"""Whom a service lets in and for whom it relays, as facts; read off its restriction lists (src/smtpd/smtpd_check.c).

Three clients stand for all: a stranger, one whose address is in mynetworks, one that has authenticated. Each fact names who of
them is refused, and by which list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.config.postfix.effective import Effective
from kb.config.postfix.restrictions import FIRST_LISTS, Client, Lists

_UNAUTHORISED = ("reject_unauth_destination", "defer_unauth_destination", "check_relay_domains")
_FULL_NAME = frozenset({"reject_non_fqdn_helo_hostname", "reject_non_fqdn_hostname"})
_RELAY, _RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
_CLIENT, _HELO, _SENDER = FIRST_LISTS
STRANGER, TRUSTED, KNOWN = Client(False, False, True), Client(True, False, True), Client(False, True, True)
_EVERYONE = (STRANGER, TRUSTED, KNOWN)
_OWNER = frozenset({"reject_sender_login_mismatch", "reject_authenticated_sender_login_mismatch"})

# Which of (stranger, trusted, authenticated) a list refuses, even with a local recipient -> the gate's name, by list.
_GATES: Mapping[tuple[bool, ...], Mapping[str, str]] = {
    (True, True, False): {_CLIENT: "client", _HELO: "client", _SENDER: "sender", _RECIPIENT: "recipient"},
    (True, False, False): {
        _CLIENT: "strangers", _HELO: "strangers", _SENDER: "sender-strangers", _RECIPIENT: "recipient-strangers",
    },
    (True, False, True): {
        _CLIENT: "networks-client", _SENDER: "networks-sender", _RECIPIENT: "networks-recipient",
    },
    (True, True, True): {_CLIENT: "closed-client", _SENDER: "closed-sender", _RECIPIENT: "closed-recipient"},
}  # fmt: skip


def policy(effective: Effective) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(fact, value, the parameters that say so)."""
    lists = Lists(effective)
    relay = _relay(lists)
    # Without protection smtpd does not start, so it relays for nobody: kb/config/postfix/startup.py says so.
    if relay and lists.protected():
        yield "relay", relay, lists.last()
    gate, said = _gate(lists, relay, at_once=not effective.yes("smtpd_delay_reject"))
    if gate:
        yield "gate", gate, said
    kept = "smtpd_reject_unlisted_recipient"
    yield "checks_recipient", "yes" if effective.yes(kept) else "no", (kept,)
    every = (*FIRST_LISTS, *lists.last())
    named = tuple(name for name in every if _FULL_NAME & {word.lower() for word in lists.words(name)})
    yield "helo_check", _helo_check(lists), named or (_HELO,)
    if lists.reaches(KNOWN, _OWNER) and not effective.text("smtpd_sender_login_maps"):
        holding = tuple(name for name in every if _OWNER & {word.lower() for word in lists.words(name)})
        yield "sender_owner", "nobody", holding
    if {"0.0.0.0/0", "0/0"} & set(effective.words("mynetworks")):
        yield "trusts_client", "yes", ("mynetworks",)


def _gate(lists: Lists, relay: str | None, *, at_once: bool) -> tuple[str, tuple[str, ...]]:
    """Who is refused whatever the recipient, and the lists that do it; "" for nobody.

    at_once: without smtpd_delay_reject the first two lists judge before a client can authenticate.
    """
    gate, so_far = "", (False,) * len(_EVERYONE)
    for name in FIRST_LISTS:
        unknown_yet = at_once and name != _SENDER
        known = Client(False, not unknown_yet, True)
        own = (_refuses(lists, who, name) for who in (STRANGER, TRUSTED, known))
        refused = tuple(before or now for before, now in zip(so_far, own, strict=True))
        if refused != so_far:
            gate, so_far = _GATES.get(refused, {}).get(name, gate), refused
    if gate:
        return gate, tuple(other for other in FIRST_LISTS if lists.words(other))
    if relay in ("login-only", "members-only", "networks-only", "closed"):
        return "", ()
    refused = tuple(_refuses(lists, who, _RECIPIENT) for who in _EVERYONE)
    return _GATES.get(refused, {}).get(_RECIPIENT, ""), (_RECIPIENT,)


def _refuses(lists: Lists, client: Client, *names: str) -> bool:
    return lists.verdict(client, names)[0] != "permit"


def _helo_check(lists: Lists) -> str:
    """Of whom a full name in EHLO is demanded: of everyone whom the lists do not let through before they come to that."""
    if not lists.reaches(Client(False, False), _FULL_NAME):
        late = [lists.reaches(who, _FULL_NAME) for who in _EVERYONE]
        return "full-late" if late == [True, False, False] else "none"
    trusted, known = (lists.reaches(client, _FULL_NAME) for client in (Client(True, False), Client(False, True)))
    if trusted:
        return "full" if known else "full-unless-known"
    return "full-unless-trusted" if known else "full-from-strangers"


def _relay(lists: Lists) -> str | None:
    """For whom it relays."""
    names = lists.last()
    stranger, by = lists.verdict(Client(False, False), names)
    if stranger == "permit":
        return "anyone"
    trusted = not _refuses(lists, Client(True, False), *names)
    known = not _refuses(lists, Client(False, True), *names)
    if trusted and known:
        if _refuses(lists, STRANGER, *_for_relaying(lists)):
            return "members-only"
        # smtpd_client_restrictions and the like judge before, and may refuse relaying as well.
        early = lists.verdict(Client(False, False), FIRST_LISTS)[1].lower()
        by = early if early in _UNAUTHORISED else by.lower()
        return "defer" if by == "defer_unauth_destination" else "reject"
    if trusted:
        return "networks-only" if _refuses(lists, KNOWN, *_for_relaying(lists)) else "trusted-only"
    if not known:
        return _for_nobody(lists)
    shut = _refuses(lists, TRUSTED, _RECIPIENT)
    if shut and lists.words(_RELAY) and not _refuses(lists, Client(True, False), _RELAY):
        # Only smtpd_recipient_restrictions shut strangers out; the fact `gate` says so.
        deferred = lists.verdict(Client(False, False), (_RELAY,))[1].lower() == "defer_unauth_destination"
        return "defer" if deferred else "reject"
    return "login-only" if _refuses(lists, STRANGER, *_for_relaying(lists)) else "auth-only"


def _for_nobody(lists: Lists) -> str | None:
    """What refuses everyone: None where only smtpd_recipient_restrictions do, even local recipients; `gate` says that."""
    everyone = (*_EVERYONE, Client(True, True, True))
    if all(_refuses(lists, who, *_for_relaying(lists)) for who in everyone):
        return "closed"
    if lists.words(_RELAY) and all(_refuses(lists, who, _RECIPIENT) for who in _EVERYONE):
        return None
    return "nobody"


def _for_relaying(lists: Lists) -> tuple[str, ...]:
    """The list that decides about relaying; before Postfix 2.10 the other one did, and still does where this one is empty."""
    return (_RELAY,) if lists.words(_RELAY) else lists.last()
