"""Closed sets of values, and the words of lists, as the programs of Postfix check them."""

from __future__ import annotations

from collections.abc import Mapping

# Parameters that take one word of a set ("" where empty is allowed). Source: name tables in the sources of Postfix 3.4 to 3.11.
_SERVER_LEVELS = ("none", "may", "encrypt")
_CLIENT_LEVELS = ("none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure")
_GRADES = ("export", "low", "medium", "high", "null")
_BOTH = ("smtp", "lmtp")
ONE_OF: Mapping[str, tuple[str, ...]] = {
    "postscreen_tls_security_level": ("", *_SERVER_LEVELS),
    "tlsproxy_tls_security_level": ("", *_SERVER_LEVELS),
    "smtpd_sasl_type": ("cyrus", "dovecot"),
    "mynetworks_style": ("class", "subnet", "host"),
    "smtpd_tls_eecdh_grade": ("none", "auto", "strong", "ultra"),
    "smtpd_forbid_bare_newline": ("normalize", "yes", "note", "reject", "no"),
    "milter_default_action": ("accept", "reject", "tempfail", "quarantine", "shutdown"),
    "smtpd_upstream_proxy_protocol": ("", "haproxy"),
    "postscreen_upstream_proxy_protocol": ("", "haproxy"),
    "postscreen_greet_action": ("ignore", "enforce", "drop"),
    "postscreen_dnsbl_action": ("ignore", "enforce", "drop"),
    "internal_mail_filter_classes": (),
    **{f"{prefix}_tls_security_level": ("", *_CLIENT_LEVELS) for prefix in _BOTH},
    **{f"{prefix}_sasl_type": ("cyrus",) for prefix in _BOTH},
    **{f"{prefix}_dns_support_level": ("", "disabled", "enabled", "dnssec") for prefix in _BOTH},
    **{f"{prefix}_address_preference": ("any", "ipv4", "ipv6") for prefix in _BOTH},
    **{f"{prefix}_tls_ciphers": _GRADES for prefix in ("smtp", "lmtp", "smtpd")},
    **{f"{prefix}_tls_mandatory_ciphers": _GRADES for prefix in ("smtp", "lmtp", "smtpd")},
}
ONE_OF = {name: values for name, values in ONE_OF.items() if values}

_OPTIONS = ("noplaintext", "noactive", "nodictionary", "noanonymous", "forward_secrecy", "mutual_auth")
_EHLO = (
    *("8bitmime", "auth", "chunking", "dsn", "enhancedstatuscodes", "etrn", "pipelining", "size", "smtputf8"),
    *("starttls", "verp", "vrfy", "xclient", "xforward", "requiretls", "silent-discard"),
)
# Parameters whose value is a list of words, each of a set.
LIST_OF: Mapping[str, tuple[str, ...]] = {
    "inet_protocols": ("all", "ipv4", "ipv6"),
    "smtpd_discard_ehlo_keywords": _EHLO,
    "smtp_discard_ehlo_keywords": _EHLO,
    "notify_classes": ("bounce", "2bounce", "data", "delay", "policy", "protocol", "resource", "software"),
    **{f"{prefix}_host_lookup": ("dns", "native") for prefix in _BOTH},
    **{
        f"{prefix}_sasl{kind}_security_options": _OPTIONS
        for prefix in (*_BOTH, "smtpd")
        for kind in ("", "_tls", "_tls_verified")
    },
}

PROTOCOLS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
PROTOCOL_LISTS = frozenset(
    f"{prefix}_tls_{kind}protocols" for prefix in (*_BOTH, "smtpd", "tlsproxy") for kind in ("", "mandatory_")
)
# Numbers by which OpenSSL knows a version, accepted after >= and <= from Postfix 3.6 on.
_HEX = {"0301": "TLSv1", "0302": "TLSv1.1", "0303": "TLSv1.2", "0304": "TLSv1.3", "0300": "SSLv3"}


def protocol(word: str) -> str | None:
    """The protocol that a word of a protocol list is about, in its usual spelling; None where it is none."""
    name = word.lstrip("<>=!")
    name = _HEX.get(name.lower().removeprefix("0x"), name)
    return next((known for known in PROTOCOLS if known.lower() == name.lower()), None)


def protocol_range(words: list[str]) -> tuple[str, str]:
    """Lowest and highest protocol that a list lets through: `>=TLSv1.2`, `!SSLv2, !SSLv3`, `TLSv1.2 TLSv1.3`."""
    allowed = list(PROTOCOLS)
    named = [found for word in words if word[:1] not in ("!", "<", ">") and (found := protocol(word))]
    if named:
        allowed = [known for known in PROTOCOLS if known in named]
    for word in words:
        found = protocol(word)
        if found is None:
            continue
        place = PROTOCOLS.index(found)
        if word.startswith(">="):
            allowed = [known for known in allowed if PROTOCOLS.index(known) >= place]
        elif word.startswith("<="):
            allowed = [known for known in allowed if PROTOCOLS.index(known) <= place]
        elif word.startswith("!"):
            allowed = [known for known in allowed if known != found]
    return (allowed[0], allowed[-1]) if allowed else ("", "")


RESTRICTION_LISTS = tuple(
    f"smtpd_{when}_restrictions"
    for when in ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data", "etrn")
)
# Restrictions without an argument.
_PLAIN = """
    permit defer reject defer_if_permit defer_if_reject warn_if_reject reject_plaintext_session reject_unknown_client
    reject_unknown_client_hostname reject_unknown_reverse_client_hostname reject_unknown_forward_client_hostname
    permit_inet_interfaces permit_mynetworks permit_naked_ip_address permit_sasl_authenticated permit_tls_clientcerts
    permit_tls_all_clientcerts reject_maps_rbl reject_invalid_helo_hostname reject_invalid_hostname
    reject_unknown_helo_hostname reject_unknown_hostname reject_non_fqdn_helo_hostname reject_non_fqdn_hostname
    reject_non_fqdn_sender reject_non_fqdn_recipient reject_unknown_sender_domain reject_unknown_recipient_domain
    reject_unknown_address reject_unlisted_sender reject_unlisted_recipient reject_unverified_recipient
    reject_unverified_sender reject_multi_recipient_bounce permit_auth_destination reject_unauth_destination
    defer_unauth_destination check_relay_domains permit_mx_backup reject_unauth_pipelining reject_sender_login_mismatch
    reject_authenticated_sender_login_mismatch reject_known_sender_login_mismatch
    reject_unauthenticated_sender_login_mismatch check_recipient_maps
"""
PLAIN_RESTRICTIONS = frozenset(_PLAIN.split())
# Restrictions that take the word after them.
_WITH_ARGUMENT = """
    sleep check_policy_service reject_rbl_client reject_rbl permit_dnswl_client reject_rhsbl_client permit_rhswl_client
    reject_rhsbl_reverse_client reject_rhsbl_helo reject_rhsbl_sender reject_rhsbl_recipient
"""
WITH_ARGUMENT = frozenset(_WITH_ARGUMENT.split())


def takes_argument(word: str) -> bool:
    """Whether a restriction takes the word after it: check_sender_access hash:/etc/postfix/access and the like."""
    return word in WITH_ARGUMENT or (word.startswith("check_") and word.endswith("_access"))
