"""Server configurations as the text an administrator would have: main.cf, master.cf and the SASL library's smtpd.conf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from lab.model import MAIL_HOST, Server

Settings = Mapping[str, str]

SASL_BACKENDS = {
    "sasldb": "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN CRAM-MD5\nsasldb_path: /etc/postfix/sasl/sasldb2\n",
    "sasldb-plain-login": "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: /etc/postfix/sasl/sasldb2\n",
    "sasldb-cram-md5": "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: CRAM-MD5\nsasldb_path: /etc/postfix/sasl/sasldb2\n",
    "saslauthd-down": "pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN\n",
    "none": "",
}
HEAD = f"""\
compatibility_level = 3.6
myhostname = {MAIL_HOST}
mydestination = $myhostname, example.com, localhost
inet_interfaces = loopback-only
"""
SERVICE_NAMES = {25: "smtp", 465: "smtps", 587: "submission"}
SERVICES = """\
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
MY_CERT = {"smtpd_tls_cert_file": "/etc/postfix/tls/mail.crt", "smtpd_tls_key_file": "/etc/postfix/tls/mail.key"}
INSIDE = {"mynetworks": "127.0.0.0/8 [::1]/128"}
OUTSIDE = {"mynetworks": "192.0.2.0/24"}
REJECTING = {"smtpd_relay_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"}
SASL = {"smtpd_sasl_auth_enable": "yes"}
NOPLAIN = {"smtpd_sasl_security_options": "noanonymous, noplaintext"}
NOPLAIN_CLEAR_ONLY = {**NOPLAIN, "smtpd_sasl_tls_security_options": "noanonymous"}
AUTH_ONLY = {"smtpd_tls_auth_only": "yes"}


def main_cf(settings: Settings) -> str:
    """main.cf with these settings, below the few lines that every server here has."""
    return HEAD + "".join(f"{key} = {value}\n" if value else f"{key} =\n" for key, value in settings.items())


def service_line(port: int, overrides: Settings) -> str:
    """The line of one smtpd in master.cf, with its -o overrides written the way Debian's commented examples are."""
    name = SERVICE_NAMES[port]
    line = f"{name:<9} inet  n       -       n       -       -       smtpd\n"
    return line + "".join(f"  -o {key}={value.replace(', ', ',')}\n" for key, value in overrides.items())


def master_cf(services: Mapping[int, Settings]) -> str:
    """master.cf with one smtpd per port."""
    return "".join(service_line(port, overrides) for port, overrides in services.items()) + SERVICES


def server(
    name: str,
    settings: Settings,
    *,
    port: int = 587,
    certificate: str = "none",
    backend: str = "sasldb",
    per_service: bool = False,
) -> Server:
    """A server whose `settings` are in main.cf or, `per_service`, are overrides of the service in master.cf.

    Port 465 is always an implicit-TLS service. Values with spaces stay in main.cf: master.cf would need braces for them.
    """
    files = {"sasl/smtpd.conf": SASL_BACKENDS[backend]} if SASL_BACKENDS[backend] else {}
    implicit = {"smtpd_tls_wrappermode": "yes"} if port == 465 else {}
    movable = {key: value for key, value in settings.items() if per_service and " " not in value.replace(", ", ",")}
    main = {key: value for key, value in settings.items() if key not in movable}
    services = {25: {}, port: {**movable, **implicit}}
    files |= {"main.cf": main_cf(main), "master.cf": master_cf(services)}
    facts = {
        **settings,
        "backend": backend,
        "certificate": certificate,
        "where": "master.cf" if per_service else "main.cf",
    }
    return Server(name, files, port, certificate, facts)


def level(value: str) -> Settings:
    """smtpd_tls_security_level, left out when empty."""
    return {"smtpd_tls_security_level": value} if value else {}


def _sasl_variants() -> dict[str, Settings]:
    return {
        "nosasl": {},
        "sasl": SASL,
        "sasl-tlsonly": {**SASL, **AUTH_ONLY},
        "sasl-noplain": {**SASL, **NOPLAIN},
        "sasl-noplain-clear": {**SASL, **NOPLAIN_CLEAR_ONLY},
    }


def _networks() -> dict[str, Settings]:
    return {"inside": INSIDE, "outside": OUTSIDE, "outside-reject": {**OUTSIDE, **REJECTING}}


def clear_servers() -> Iterator[Server]:
    """Servers without TLS: no level or `none`."""
    for tls, (sasl_name, sasl), (net_name, net) in product(("", "none"), _sasl_variants().items(), _networks().items()):
        name = f"clear-{tls or 'unset'}-{sasl_name}-{net_name}"
        yield server(name, {**net, **level(tls), **sasl}, per_service=tls == "none" and net_name == "inside")


def starttls_servers() -> Iterator[Server]:
    """Servers that offer or require STARTTLS, with every kind of certificate for the plain case."""
    nets = list(_networks().items())
    number = 0
    for tls, cert, (sasl_name, sasl) in product(
        ("may", "encrypt"),
        ("self-signed", "trusted", "mismatch", "expired", "private-ca", "none"),
        _sasl_variants().items(),
    ):
        if cert not in ("self-signed", "trusted") and sasl_name not in ("nosasl", "sasl"):
            continue
        for net_name, net in nets if cert == "self-signed" else [nets[number % 3]]:
            number += 1
            files = MY_CERT if cert != "none" else {}
            settings = {**net, **level(tls), **files, **sasl}
            yield server(
                f"{tls}-{cert}-{sasl_name}-{net_name}", settings, certificate=cert, per_service=number % 2 == 0
            )


def implicit_servers() -> Iterator[Server]:
    """Servers with implicit TLS on port 465."""
    nets = list(_networks().items())
    certs = ("self-signed", "trusted", "mismatch", "expired", "private-ca", "none")
    variants = [v for v in _sasl_variants().items() if v[0] in ("nosasl", "sasl", "sasl-noplain")]
    for number, (cert, (sasl_name, sasl)) in enumerate(product(certs, variants)):
        net_name, net = nets[number % 3]
        settings = {**net, **(MY_CERT if cert != "none" else {}), **sasl}
        name = f"implicit-{cert}-{sasl_name}-{net_name}"
        yield server(name, settings, port=465, certificate=cert, per_service=number % 2 == 0)


def special_servers() -> Iterator[Server]:
    """One thing out of the ordinary each."""
    may = {**level("may"), **MY_CERT, **SASL}
    encrypt = {**level("encrypt"), **MY_CERT, **SASL}
    for backend in ("sasldb-plain-login", "sasldb-cram-md5", "saslauthd-down", "none"):
        yield server(f"clear-backend-{backend}", {**OUTSIDE, **SASL}, backend=backend)
        yield server(f"may-backend-{backend}", {**OUTSIDE, **may}, certificate="trusted", backend=backend)
    closed = server("closed-port", {**INSIDE, **SASL})
    yield Server(closed.name, closed.files, 2525, "none", closed.settings)
    dovecot = {"smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/auth"}
    yield server("clear-backend-dovecot-down", {**OUTSIDE, **SASL, **dovecot}, backend="none")
    yield server("clear-noplain-plain-only", {**OUTSIDE, **SASL, **NOPLAIN}, backend="sasldb-plain-login")
    yield server(
        "may-noplain-clear-plain-only",
        {**OUTSIDE, **may, **NOPLAIN_CLEAR_ONLY},
        certificate="trusted",
        backend="sasldb-plain-login",
    )
    for name, port, extra in (
        ("encrypt", 587, level("encrypt")),
        ("may", 587, {**level("may"), **AUTH_ONLY}),
        ("implicit", 465, {}),
    ):
        settings = {**OUTSIDE, **REJECTING, **extra, **MY_CERT, **SASL, **NOPLAIN}
        only_plain = "sasldb-plain-login"
        yield server(f"{name}-noplain-plain-only", settings, port=port, certificate="trusted", backend=only_plain)
    yield server(
        "encrypt-backend-dovecot-down", {**OUTSIDE, **encrypt, **dovecot}, certificate="trusted", backend="none"
    )
    extras: dict[str, Settings] = {
        "helo-fqdn": {"smtpd_helo_required": "yes", "smtpd_helo_restrictions": "reject_non_fqdn_helo_hostname"},
        "helo-members": {
            "smtpd_helo_required": "yes",
            "smtpd_helo_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_non_fqdn_helo_hostname",
        },
        "helo-trusted": {"smtpd_helo_restrictions": "permit_mynetworks, reject_non_fqdn_helo_hostname"},
        "helo-late": {
            "smtpd_recipient_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination,"
            " reject_non_fqdn_helo_hostname",
        },
        "small-messages": {"message_size_limit": "2000"},
        "tls13-only": {"smtpd_tls_protocols": ">=TLSv1.3", "smtpd_tls_mandatory_protocols": ">=TLSv1.3"},
        "tls12-only": {"smtpd_tls_protocols": "TLSv1.2", "smtpd_tls_mandatory_protocols": "TLSv1.2"},
        "tls11-only": {"smtpd_tls_protocols": "TLSv1.1", "smtpd_tls_mandatory_protocols": "TLSv1.1"},
        "hide-starttls": {"smtpd_discard_ehlo_keywords": "starttls"},
        "hide-auth": {"smtpd_discard_ehlo_keywords": "auth"},
        "no-sasl-for-us": {"smtpd_sasl_exceptions_networks": "127.0.0.0/8 [::1]/128"},
        "client-cert": {"smtpd_tls_req_ccert": "yes"},
        "reject-client": {"smtpd_client_restrictions": "permit_sasl_authenticated, reject"},
        "sender-login": {"smtpd_sender_restrictions": "reject_unlisted_sender, reject_non_fqdn_sender"},
        "broken-clients": {"broken_sasl_auth_clients": "yes"},
        "recipients-submission": {"smtpd_recipient_restrictions": "permit_sasl_authenticated, reject"},
        "members-only": {"smtpd_relay_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject"},
        "recipients-members": {"smtpd_recipient_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject"},
        "missing-key": {"smtpd_tls_key_file": "/etc/postfix/tls/missing.key"},
    }
    for name, extra in extras.items():
        yield server(f"may-{name}", {**INSIDE, **may, **extra}, certificate="trusted")
        yield server(
            f"encrypt-{name}", {**OUTSIDE, **REJECTING, **encrypt, **extra}, certificate="trusted", per_service=True
        )


def mailserver_servers() -> Iterator[Server]:
    """Port 25 with the restrictions of docker-mailserver, which refuses relaying in its client restrictions already."""
    settings = {
        **OUTSIDE, **level("may"), **MY_CERT,
        "smtpd_helo_required": "yes",
        "smtpd_helo_restrictions": "permit_mynetworks, reject_invalid_helo_hostname, permit",
        "smtpd_relay_restrictions": "permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
        "smtpd_recipient_restrictions": "permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination,"
        " reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname",
        "smtpd_client_restrictions": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
    }  # fmt: skip
    yield server("mailserver-outside", settings, port=25, certificate="trusted")
    yield server("mailserver-inside", {**settings, **INSIDE}, port=25, certificate="trusted")
    yield server("mailserver-login", {**settings, **SASL}, port=25, certificate="trusted")


def submission_servers() -> Iterator[Server]:
    """Whole set-ups as they are in the wild: port 25 in main.cf, Debian's submission or smtps entry uncommented beside it."""
    main = {**OUTSIDE, **REJECTING, **level("may"), **MY_CERT}
    debian = {
        "syslog_name": "postfix/submission", "smtpd_tls_security_level": "encrypt", **SASL, **AUTH_ONLY,
        "smtpd_reject_unlisted_recipient": "no", "smtpd_relay_restrictions": "permit_sasl_authenticated,reject",
    }  # fmt: skip
    smtps = {**debian, "syslog_name": "postfix/smtps", "smtpd_tls_wrappermode": "yes"}
    del smtps["smtpd_tls_security_level"], smtps["smtpd_tls_auth_only"]
    services = {25: {}, 587: debian, 465: smtps}
    for cert, port in product(("self-signed", "trusted", "mismatch"), (25, 587, 465)):
        files = {"main.cf": main_cf(main), "master.cf": master_cf(services), "sasl/smtpd.conf": SASL_BACKENDS["sasldb"]}
        yield Server(f"debian-{cert}-{port}", files, port, cert, {**main, "certificate": cert, "where": "debian"})


def all_servers() -> list[Server]:
    """Every server configuration of the matrix, in a fixed order."""
    return [
        *clear_servers(),
        *starttls_servers(),
        *implicit_servers(),
        *special_servers(),
        *mailserver_servers(),
        *submission_servers(),
    ]
