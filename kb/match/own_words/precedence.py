"""Which entry decides when a refusal's words match rules of several: declared by what they mean, not by where a rule stands.

Every entry that a rule may name has a class here. What is more particular decides: an entry yields to those of the classes
before its own, and within a class only to those that a pair says. What no relation decides is ambiguous and is no answer.
The same holds for every language, so the order of rules and of languages says nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# From what names one check, measure or party to what only says that something is refused.
_CLASSES: tuple[frozenset[str], ...] = (
    # A check or a word of the protocol, by its name.
    frozenset(
        {
            "connect-rdns-missing",
            "data-dkim-failed",
            "data-dmarc-failed",
            "data-mail-loop",
            "data-spf-failed",
            "data-virus-found",
            "ehlo-helo-impersonates-receiver",
            "ehlo-helo-invalid",
            "mail-helo-required",
            "mail-starttls-required",
            "rcpt-greylisted",
            "starttls-cert-expired",
            "starttls-cert-host-name-mismatch",
            "starttls-certificate-verify-failed",
            "starttls-program-says-failed",
        }
    ),
    # A measure: how big, how many, how often.
    frozenset(
        {
            "connect-retry-time-exceeded",
            "data-attachment-type-blocked",
            "data-disk-full",
            "data-line-too-long",
            "mail-message-too-big",
            "mail-rate-limited",
            "rcpt-mailbox-full",
            "rcpt-too-many-bad-recipients",
            "rcpt-too-many-recipients",
        }
    ),
    # What kind of network, address or message it is.
    frozenset(
        {
            "connect-dynamic-ip-refused",
            "connect-geo-blocked",
            "data-header-missing",
            "data-message-malformed",
            "data-mime-malformed",
            "rcpt-address-syntax",
        }
    ),
    # Whose mail the server sends on.
    frozenset(
        {
            "auth-program-says-login-failed",
            "auth-program-says-service-off",
            "mail-authentication-required",
            "mail-sender-not-owned-by-login",
            "mail-sender-requires-login",
            "rcpt-relay-denied",
            "rcpt-relay-needs-login",
        }
    ),
    # A party, and what is wrong with it.
    frozenset(
        {
            "connect-ip-reputation",
            "data-url-listed",
            "mail-sender-domain-blocked",
            "mail-sender-domain-not-found",
            "mail-sender-verify-deferred",
            "mail-sender-verify-failed",
            "rcpt-allowed-senders-only",
            "rcpt-internal-senders-only",
            "rcpt-list-members-only",
            "rcpt-person-left",
            "rcpt-sender-blocked-by-recipient",
        }
    ),
    # Words that reasons of every kind also use, each class vaguer than the one before.
    frozenset({"connect-ip-refused-locally"}),
    frozenset({"data-spam-content"}),
    frozenset({"data-filter-rule-matched"}),
    frozenset({"mail-sender-rejected"}),
    frozenset({"rcpt-mailbox-disabled"}),
    frozenset({"rcpt-user-unknown"}),
    frozenset(
        {
            "connect-host-not-found",
            "connect-program-says-unreachable",
            "connect-server-busy",
            "data-header-syntax",
            "data-policy-rejected",
            "ehlo-bad-sequence",
            "rcpt-local-delivery-failed",
            "rcpt-try-again-later",
        }
    ),
    frozenset({"rcpt-recipient-refused-by-rule"}),
    frozenset({"rcpt-mail-unwanted"}),
)
# Within a class: an entry, and those that yield to it.
_BEFORE: dict[str, frozenset[str]] = {
    # The connection is looked at before the message.
    "connect-rdns-missing": frozenset(
        {"data-dkim-failed", "data-dmarc-failed", "data-spf-failed", "ehlo-helo-invalid"}
    ),
    # DMARC stands on SPF and DKIM and says so; a message without either is told of both, and a signature can be added at once.
    # SPF is also checked for the name in HELO.
    "data-dmarc-failed": frozenset({"data-dkim-failed", "data-spf-failed", "ehlo-helo-invalid"}),
    "data-dkim-failed": frozenset({"data-spf-failed", "ehlo-helo-invalid"}),
    "data-spf-failed": frozenset({"ehlo-helo-invalid"}),
    # A check that failed is a reason to greylist; what is to be done is to wait.
    "rcpt-greylisted": frozenset({"data-dkim-failed", "data-dmarc-failed", "data-spf-failed", "connect-rdns-missing"}),
    # What is said of HELO in particular, before that it is wrong.
    "ehlo-helo-impersonates-receiver": frozenset({"ehlo-helo-invalid", "mail-helo-required"}),
    "mail-helo-required": frozenset({"ehlo-helo-invalid"}),
    # "Full" and "too big" say how much; a limit of a rate and a kind of attachment are also told in such words.
    "rcpt-mailbox-full": frozenset({"mail-rate-limited"}),
    "mail-message-too-big": frozenset({"data-attachment-type-blocked"}),
    # Of parts of a message, the more particular.
    "data-mime-malformed": frozenset({"data-message-malformed"}),
    "data-header-missing": frozenset({"data-message-malformed"}),
    # Whose address a sender uses without a login says what the login is for.
    "mail-sender-requires-login": frozenset(
        {"mail-authentication-required", "rcpt-relay-denied", "rcpt-relay-needs-login"}
    ),
    # A size in octets of a line, before that of the message.
    "data-line-too-long": frozenset({"mail-message-too-big"}),
    # Too many that do not exist, before too many.
    "rcpt-too-many-bad-recipients": frozenset({"mail-rate-limited", "rcpt-too-many-recipients"}),
    # Who sends as somebody else is logged in already.
    "mail-sender-not-owned-by-login": frozenset(
        {
            "auth-program-says-login-failed",
            "mail-authentication-required",
            "mail-sender-requires-login",
            "rcpt-relay-denied",
            "rcpt-relay-needs-login",
        }
    ),
    # A list of senders is what blocks the others; staff and members are lists of a kind that the reply names.
    "rcpt-allowed-senders-only": frozenset({"mail-sender-verify-failed", "rcpt-sender-blocked-by-recipient"}),
    "rcpt-internal-senders-only": frozenset({"rcpt-allowed-senders-only"}),
    # A service that is off is why a login fails; a relay that wants a login refuses without one.
    "auth-program-says-service-off": frozenset({"auth-program-says-login-failed", "mail-authentication-required"}),
    "rcpt-relay-denied": frozenset({"mail-authentication-required"}),
    # What is wrong with a certificate, before that it was not accepted, and that before a handshake that failed.
    "starttls-cert-expired": frozenset({"starttls-certificate-verify-failed", "starttls-program-says-failed"}),
    "starttls-cert-host-name-mismatch": frozenset(
        {"starttls-certificate-verify-failed", "starttls-program-says-failed"}
    ),
    "starttls-certificate-verify-failed": frozenset({"starttls-program-says-failed"}),
    # A disk of the server that is full, before a mailbox on it.
    "data-disk-full": frozenset({"rcpt-mailbox-full"}),
    # A name that is not found is why there is no connection.
    "connect-host-not-found": frozenset({"connect-program-says-unreachable"}),
    # What is being verified is not refused yet.
    "mail-sender-verify-deferred": frozenset({"mail-sender-verify-failed"}),
    # A domain that does not exist is why an address could not be verified.
    "mail-sender-domain-not-found": frozenset({"mail-sender-verify-failed"}),
    # A list that takes mail from its members only may say besides that outsiders are none.
    "rcpt-list-members-only": frozenset({"rcpt-internal-senders-only", "rcpt-allowed-senders-only"}),
}
_CLASS = {entry: number for number, entries in enumerate(_CLASSES) for entry in entries}


def entries() -> frozenset[str]:
    """Every entry that has a class."""
    return frozenset(_CLASS)


def goes_before(one: str, other: str) -> bool:
    """Whether the entry `other` yields to `one`. Raises KeyError for an entry without a class."""
    if _CLASS[one] != _CLASS[other]:
        return _CLASS[one] < _CLASS[other]
    return other in _BEFORE.get(one, ())


def undecided(found: Iterable[str]) -> frozenset[str]:
    """Of the entries found, those that yield to none of the others: one when the relation decides, more when it does not."""
    among = frozenset(found)
    return frozenset(entry for entry in among if not any(goes_before(other, entry) for other in among))
