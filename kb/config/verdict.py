"""What a server says to the recipient: whom its restrictions refuse, and for whom it relays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Facts(Protocol):
    """Facts by name, those that follow from others too (kb/config/world.py)."""

    def __getitem__(self, name: str, /) -> str:
        """The value of a fact."""


VERDICTS = (
    *("accepted", "client-refused", "helo-refused", "login-required", "relay-rejected", "relay-deferred"),
    *("recipient-refused", "user-unknown", "network-refused", "sender-refused", "everyone-refused"),
    *("every-sender-refused", "login-for-sender", "sender-not-owned", "relay-closed"),
)
_OF_CLIENT = {
    **{"client": "client-refused", "strangers": "client-refused"},
    **{"networks-client": "network-refused", "closed-client": "everyone-refused"},
}
_OF_SENDER = {
    **{"sender": "login-for-sender", "sender-strangers": "login-for-sender"},
    **{"networks-sender": "sender-refused", "closed-sender": "every-sender-refused"},
}


def recipient_verdict(world: Facts) -> str:
    """What the server says to the recipient: accepted, or by what it refuses; the order is Postfix's, with smtpd_delay_reject."""
    known = world["authenticated"] == "yes"
    gate = world["gate"]
    if _shut_out(world, "client", known=known):
        return _OF_CLIENT[gate]
    if _helo_refused(world, known=known):
        return "helo-refused"
    if _shut_out(world, "sender", known=known):
        return _OF_SENDER[gate]
    if world["sender_owned"] == "no":
        return "sender-not-owned"
    relayed = _relay_verdict(world, known=known)
    if relayed != "accepted":
        return relayed
    if world["helo_check"] == "full-late" and _short_name_of_stranger(world, known=known):
        return "helo-refused"
    if _shut_out(world, "recipient", known=known):
        return "recipient-refused"
    if world["recipient_exists"] == "yes" or world["recipient"] == "remote":
        return "accepted"
    return "user-unknown" if world["checks_recipient"] == "yes" else "accepted"


# By list: the gates that refuse everyone, who has not authenticated, who is outside trusted networks, and who is both.
_GATES: Mapping[str, tuple[str, str, str, str]] = {
    "client": ("closed-client", "client", "networks-client", "strangers"),
    "sender": ("closed-sender", "sender", "networks-sender", "sender-strangers"),
    "recipient": ("closed-recipient", "recipient", "networks-recipient", "recipient-strangers"),
}


def _shut_out(world: Facts, by: str, *, known: bool) -> bool:
    """Whether the restrictions of clients, senders or recipients refuse this client whatever the addresses are."""
    gate = world["gate"]
    everyone, unauthenticated, networks, strangers = _GATES[by]
    if gate == everyone or (gate == unauthenticated and not known):
        return True
    if gate == networks or (gate == strangers and not known):
        return world["trusts_client"] == "no"
    return False


def _helo_refused(world: Facts, *, known: bool) -> bool:
    check = world["helo_check"]
    if check in ("none", "full-late") or world["ehlo"] == "full":
        return False
    if known and check in ("full-from-strangers", "full-unless-known"):
        return False
    return check in ("full", "full-unless-known") or world["trusts_client"] == "no"


def _short_name_of_stranger(world: Facts, *, known: bool) -> bool:
    return not known and world["ehlo"] == "short" and world["trusts_client"] == "no"


def _relay_verdict(world: Facts, *, known: bool) -> str:
    """accepted, relay-rejected (554) or relay-deferred (454), by smtpd_relay_restrictions."""
    relay = world["relay"]
    if relay == "closed":
        return "login-required"
    if known and relay not in ("trusted-only", "networks-only", "nobody"):
        return "accepted"
    if relay == "login-only" or (relay in ("members-only", "networks-only") and world["trusts_client"] == "no"):
        return "login-required"
    if relay == "anyone" or world["recipient"] != "remote":
        return "accepted"
    trusted = relay in ("nobody", "trusted-only", "networks-only") and world["trusts_client"] == "yes"
    if relay == "nobody" or (known and not trusted):
        return "relay-closed" if known or trusted else "relay-rejected"
    if relay != "auth-only" and world["trusts_client"] == "yes":
        return "accepted"
    return "relay-deferred" if relay == "defer" else "relay-rejected"
