"""Facts to be changed into settings of Postfix: which parameter, in which file, for which service."""

from __future__ import annotations

from collections.abc import Mapping

from kb.config.postfix.server import MAILBOX_LIMITS
from kb.config.postfix.startup import bracketed
from kb.config.setting import TABLE, Edit, Party

# Placeholders that a person replaces; names of the example ranges (RFC 2606, RFC 5737).
_NAME = "mail.example.com"
_ADDRESS = "192.0.2.10"
_CREDENTIALS = "USER:PASSWORD"

Settings = list[tuple[str, str | None]]
_PASSWORD_MAP: tuple[str, str | None] = ("smtp_sasl_password_maps", "hash:/etc/postfix/sasl_passwd")
_HOSTS = {"name": _NAME, "localhost": "127.0.0.1"}

_SERVER: Mapping[tuple[str, str], Settings] = {
    ("listens", "plain"): [("smtpd_tls_wrappermode", "no")],
    ("listens", "implicit"): [("smtpd_tls_wrappermode", "yes")],
    ("starttls", "not-offered"): [("smtpd_tls_security_level", "none")],
    ("requires_tls", "yes"): [("smtpd_tls_security_level", "encrypt")],
    ("auth_offer", "never"): [("smtpd_sasl_auth_enable", "no")],
    ("plaintext_clear", "allowed"): [("smtpd_sasl_security_options", "noanonymous")],
    ("plaintext_clear", "forbidden"): [
        ("smtpd_sasl_security_options", "noanonymous, noplaintext"),
        ("smtpd_sasl_tls_security_options", "noanonymous"),
    ],
    ("plaintext_tls", "allowed"): [("smtpd_sasl_tls_security_options", "noanonymous")],
    ("client_certificate", "not-required"): [("smtpd_tls_req_ccert", "no")],
    ("relay", "reject"): [
        ("smtpd_relay_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination")
    ],
    ("relay", "auth-only"): [("smtpd_relay_restrictions", "permit_sasl_authenticated, reject_unauth_destination")],
    ("relay", "trusted-only"): [("smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination")],
    ("server_tls_min", "1.2"): [
        ("smtpd_tls_protocols", "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"),
        ("smtpd_tls_mandatory_protocols", "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"),
    ],
    ("server_tls_max", "1.3"): [],
}
# With what else hides them undone.
_SERVER_OFFERS: Mapping[tuple[str, str], Settings] = {
    ("starttls", "offered"): [("smtpd_tls_security_level", "may")],
    ("auth_offer", "over-tls"): [("smtpd_sasl_auth_enable", "yes"), ("smtpd_tls_auth_only", "yes")],
    ("auth_offer", "always"): [("smtpd_sasl_auth_enable", "yes"), ("smtpd_tls_auth_only", "no")],
}
_KEYWORDS = {"starttls": "starttls", "auth_offer": "auth"}
_CLIENT: Mapping[tuple[str, str], Settings] = {
    ("tls", "none"): [("smtp_tls_wrappermode", "no"), ("smtp_tls_security_level", "none")],
    ("tls", "opportunistic"): [("smtp_tls_wrappermode", "no"), ("smtp_tls_security_level", "may")],
    ("tls", "starttls"): [("smtp_tls_wrappermode", "no")],
    ("tls", "implicit"): [("smtp_tls_wrappermode", "yes")],
    ("verify", "none"): [("smtp_tls_security_level", "encrypt")],
    ("verify", "full"): [("smtp_tls_security_level", "secure")],
    ("trust", "system"): [("smtp_tls_CAfile", "/etc/ssl/certs/ca-certificates.crt")],
    ("trust", "file"): [("smtp_tls_CAfile", "/etc/postfix/relay-ca.pem")],
    ("auth", "none"): [("smtp_sasl_auth_enable", "no")],
    ("filter", "plaintext-without-tls"): [
        ("smtp_sasl_tls_security_options", "noanonymous"),
        ("smtp_sasl_mechanism_filter", ""),
    ],
    ("filter", "nothing"): [("smtp_sasl_security_options", "noanonymous"), ("smtp_sasl_mechanism_filter", "")],
    ("ehlo", "full"): [("smtp_helo_name", _NAME)],
    ("client_tls_min", "1.2"): [
        ("smtp_tls_protocols", "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"),
        ("smtp_tls_mandatory_protocols", "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"),
    ],
    ("client_tls_max", "1.3"): [],
}
# What no setting of Postfix says: it is done elsewhere, such as at the SASL backend or in the certificate.
_ELSEWHERE = frozenset(
    {
        *("certificate_name", "backend", "offers_plain", "offers_login", "offers_cram", "password", "reachable"),
        *("recipient_exists", "sender_owner"),
    }
)


def settings(party: Party, change: Mapping[str, str]) -> Settings | None:
    """Parameters and values that change the facts; empty when it is done elsewhere, None when Postfix cannot do it."""
    made: Settings = []
    for fact, value in change.items():
        if fact == "startup" and "tls" in change:
            continue  # the level that comes with implicit TLS
        another_name = fact == "host" and "certificate_name" in change
        if another_name and party.details.get("names"):
            # The name to look for is set by hand, whatever the next hop is.
            if not party.details["match"]:
                return None
            made.append((party.details["match"], _NAME))
            continue
        if (party.facts.get(fact) == value and not another_name) or fact in _ELSEWHERE:
            continue
        found = _special(party, change, fact)
        if found is None:
            found = (_SERVER if party.side == "server" else _CLIENT).get((fact, value))
        if found is None:
            return None
        made += [pair for pair in found if pair not in made]
    return made


def _special(party: Party, change: Mapping[str, str], fact: str) -> Settings | None:
    """Changes that depend on what is set now, or on what else changes."""
    value = change[fact]
    if fact == "certificate":
        return _certificate(party, value)
    if fact == "trusts_client" and value == "yes":
        now = party.details.get("mynetworks") or "127.0.0.0/8 [::1]/128"
        return [("mynetworks", f"{now} {_ADDRESS}")]
    if fact == "size" and value == "fits":
        return _larger(party)
    if fact == "requires_tls" and value == "no":
        return _optional_tls(party)
    if (fact, value) in _SERVER_OFFERS:
        return [*_SERVER_OFFERS[fact, value], *_not_hidden(party, fact)]
    if fact == "gate" and value == "open":
        closed, _, kind = party.facts.get("gate", "").partition("-")
        return [(f"smtpd_{kind}_restrictions", "")] if closed == "closed" else None
    if fact == "relay" and value == "reject":
        return _relaying(party)
    if fact == "serves" and value == "yes":
        return _starting(party)
    if fact == "helo_check" and value == "none":
        return _without_helo_check(party)
    if party.side == "client":
        return _of_client(party, change, fact)
    return None


_USUAL = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"
_REFUSING = ("reject_unauth_destination", "defer_unauth_destination", "check_relay_domains", "reject", "defer")


def _relaying(party: Party) -> Settings:
    """Relaying for trusted networks and logins; a list of recipients that refuses them before it lets them through, too."""
    made: Settings = [("smtpd_relay_restrictions", _USUAL)]
    for setting in party.origins.get("relay", ()):
        words = setting.value.lower().replace(",", " ").split()
        refusing = next((words.index(word) for word in words if word in _REFUSING), len(words))
        permits = ("permit_mynetworks", "permit_sasl_authenticated")
        late = any(word not in words[:refusing] for word in permits)
        if setting.key == "smtpd_recipient_restrictions" and refusing < len(words) and late:
            made.append((setting.key, _USUAL))
    return made


def _starting(party: Party) -> Settings:
    """What keeps smtpd from starting, put right where its right form can be told."""
    setting = next(iter(party.origins.get("serves", ())), None)
    if setting is None:
        return []
    if setting.key == "smtpd_relay_restrictions":
        return [(setting.key, _USUAL)]
    if setting.key == "mynetworks":
        return [(setting.key, " ".join(map(bracketed, setting.value.replace(",", " ").split())))]
    switch = {**dict.fromkeys(("true", "on", "1"), "yes"), **dict.fromkeys(("false", "off", "0"), "no")}
    found = switch.get(setting.value.lower())
    return [(setting.key, found)] if found else []


def _of_client(party: Party, change: Mapping[str, str], fact: str) -> Settings | None:
    value = change[fact]
    if fact == "host" and value in _HOSTS:
        return [("relayhost", f"[{_HOSTS[value]}]:{party.details.get('port', '25')}")]
    if fact == "tls" and value in ("starttls", "implicit"):
        return [*_CLIENT[fact, value], ("smtp_tls_security_level", _required(party, change))]
    if fact == "filter":
        made = _CLIENT.get((fact, value))
        return made and [pair for pair in made if pair[0] != "smtp_sasl_mechanism_filter" or _filters(party)]
    if fact == "name_check" and value == "host":
        return [(party.details["match"], "nexthop")] if party.details.get("match") else None
    if fact == "port":
        return [("relayhost", f"[{_host(party)}]:{value}")]
    if fact == "auth" and value == "any":
        maps = [] if party.facts.get("auth") != "none" or _names_map(party) else [_PASSWORD_MAP]
        one_only = party.facts.get("auth") not in ("none", "any")
        any_mechanism: Settings = [("smtp_sasl_mechanism_filter", "")] if one_only else []
        return [("smtp_sasl_auth_enable", "yes"), *maps, *any_mechanism]
    return None


def _required(party: Party, change: Mapping[str, str]) -> str:
    """The level that requires TLS, and checks the certificate where that is wanted or done now."""
    now = party.details.get("tls_level", "")
    if "verify" not in change and now in ("verify", "secure", "fingerprint", "dane-only"):
        return now
    return "secure" if change.get("verify") == "full" else "encrypt"


def _filters(party: Party) -> bool:
    origins = (*party.origins.get("filter", ()), *party.origins.get("auth", ()))
    return any(setting.key == "smtp_sasl_mechanism_filter" and setting.value for setting in origins)


def _names_map(party: Party) -> bool:
    return any(setting.key == "smtp_sasl_password_maps" and setting.value for setting in party.origins.get("auth", ()))


def _host(party: Party) -> str:
    host = party.details["host"]
    return "127.0.0.1" if host == "localhost" else host


def _certificate(party: Party, value: str) -> Settings | None:
    if value == "missing":
        return None
    if party.facts.get("certificate") != "missing" and value != "trusted":
        return []
    host = party.details.get("hostname", "")
    plain = host.replace("-", "").replace(".", "").isalnum() and host.isascii() and "." in host
    live = f"/etc/letsencrypt/live/{host if plain else _NAME}"
    return [("smtpd_tls_cert_file", f"{live}/fullchain.pem"), ("smtpd_tls_key_file", f"{live}/privkey.pem")]


def _optional_tls(party: Party) -> Settings | None:
    """TLS no longer required. AUTH, which `encrypt` kept to TLS, stays there."""
    if party.facts.get("listens") == "implicit":
        return None if party.details.get("port") == "465" else [("smtpd_tls_wrappermode", "no")]
    over_tls: Settings = [("smtpd_tls_auth_only", "yes")] if party.facts.get("auth_offer") == "over-tls" else []
    return [("smtpd_tls_security_level", "may"), *over_tls]


def _not_hidden(party: Party, fact: str) -> Settings:
    """Settings that keep STARTTLS or AUTH out of the EHLO reply, without that."""
    made: Settings = []
    for setting in party.origins.get(fact, ()):
        words = setting.value.replace(",", " ").split()
        kept = [word for word in words if word.lower() != _KEYWORDS[fact]]
        if setting.key == "smtpd_discard_ehlo_keywords" and kept != words:
            made.append((setting.key, ", ".join(kept)))
    if fact == "auth_offer" and party.details.get("exceptions"):
        made.append(("smtpd_sasl_exceptions_networks", ""))
    return made


def _larger(party: Party) -> Settings:
    """Four times the size, and so much for mailboxes that could not hold it: with such ones local(8) and virtual(8) stop."""
    limit = party.details.get("message_size_limit", "")
    size = int(limit) * 4 if _is_size(limit) else 52428800
    mailboxes = [(name, party.details.get(name, "")) for name in MAILBOX_LIMITS]
    return [
        ("message_size_limit", str(size)),
        *((name, str(size)) for name, now in mailboxes if _is_size(now) and 0 < int(now) < size),
    ]


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 15


def _without_helo_check(party: Party) -> Settings | None:
    """The lists that hold the check, without it."""
    made: Settings = []
    for setting in party.origins.get("helo_check", ()):
        words = setting.value.replace(",", " ").split()
        kept = [
            word for word in words if word.lower() not in ("reject_non_fqdn_helo_hostname", "reject_non_fqdn_hostname")
        ]
        if kept != words:
            made.append((setting.key, " ".join(kept)))
    return made or None


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The same as edits of files: of the service where it has a value of its own, or for its port alone, else of main.cf."""
    found = settings(party, change)
    if found is None:
        return None
    made = [_edit(party, name, value) for name, value in found]
    row = _row(party, change, dict(found).get("relayhost"))
    return tuple([*made, row] if row else made)


def _row(party: Party, change: Mapping[str, str], relayhost: str | None) -> Edit | None:
    """The row of the password map that a new next hop, or a client that shall authenticate, needs."""
    if party.side != "client" or not party.details.get("passwords"):
        return None
    authenticates = change.get("auth", party.facts.get("auth", "none")) != "none"
    if not authenticates or (relayhost is None and "auth" not in change):
        return None
    nexthop, host, port = (party.details[name] for name in ("nexthop", "host", "port"))
    unchanged = host in nexthop and (port in nexthop or port == "25")
    key = relayhost or (nexthop if unchanged else f"[{_host(party)}]:{port}")
    return Edit(party.details["passwords"], key, _CREDENTIALS, TABLE)


def _edit(party: Party, name: str, value: str | None) -> Edit:
    service, master = party.details["service"], party.details["master"]
    overridden = name in party.details.get("overridden", "").split()
    own = name == "smtpd_tls_wrappermode" and party.details.get("master_assumed") == "no"
    if overridden or own:
        return Edit(master, name, value, service)
    return Edit(party.details["main"], name, value)
