"""Settings chosen one by one in place of files: what can be chosen on either side, and the files of real products that say it.

The diagnosis reads these files as it reads pasted ones, so an outcome and the changes that cure it are those of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.config.choices_files import HOST, host_of, writer
from kb.config.facts import FACTS
from kb.text import Text


@dataclass(frozen=True)
class Choice:
    """Something to choose. values: those it takes, with what a reader sees; the first is taken where nothing was chosen."""

    name: str
    side: str
    label: Text
    values: Mapping[str, Text]


@dataclass(frozen=True)
class Product:
    """A client that can be chosen, and the values of `tls`, `verify` and `auth` that its settings can say.

    ports: for a value of `tls` the ports with which it can be said, where not with every one.
    """

    name: Text
    tls: tuple[str, ...]
    verify: tuple[str, ...]
    auth: tuple[str, ...]
    write: Callable[[Mapping[str, str]], Mapping[str, str]]
    ports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _of_fact(name: str, *values: str) -> Choice:
    fact = FACTS[name]
    return Choice(name, fact.side, fact.label, {value: fact.values[value] for value in values or fact.values})


def _mailpit(chosen: Mapping[str, str]) -> Mapping[str, str]:
    lines = [
        f"MP_SMTP_RELAY_HOST={host_of(chosen)}",
        f"MP_SMTP_RELAY_PORT={chosen['port']}",
        f"MP_SMTP_RELAY_STARTTLS={'true' if chosen['tls'] == 'starttls' else 'false'}",
    ]
    lines += ["MP_SMTP_RELAY_TLS=true"] if chosen["tls"] == "implicit" else []
    lines += ["MP_SMTP_RELAY_ALLOW_INSECURE=true"] if chosen["verify"] == "none" else []
    lines += [f"MP_SMTP_RELAY_AUTH={chosen['auth']}"]
    if chosen["auth"] != "none":
        secret = "SECRET" if chosen["auth"] == "cram-md5" else "PASSWORD"
        lines += ["MP_SMTP_RELAY_USERNAME=app@example.com", f"MP_SMTP_RELAY_{secret}=${{SMTP_PASSWORD}}"]
    return {".env": "\n".join(lines) + "\n"}


def _msmtp(chosen: Mapping[str, str]) -> Mapping[str, str]:
    lines = [
        "account default",
        f"host {host_of(chosen)}",
        f"port {chosen['port']}",
        f"tls {'off' if chosen['tls'] == 'none' else 'on'}",
        f"tls_starttls {'off' if chosen['tls'] == 'implicit' else 'on'}",
        *(["tls_certcheck off"] if chosen["verify"] == "none" else []),
        f"auth {({'none': 'off', 'any': 'on'}).get(chosen['auth'], chosen['auth'])}",
        *([] if chosen["auth"] == "none" else ["user app@example.com", 'passwordeval "cat ~/.smtp-password"']),
        "from app@example.com",
    ]
    return {"msmtprc": "\n".join(lines) + "\n"}


def _nodemailer(chosen: Mapping[str, str]) -> Mapping[str, str]:
    auth = chosen["auth"]
    lines = [
        f'host: "{host_of(chosen)}",',
        f"port: {chosen['port']},",
        f"secure: {'true' if chosen['tls'] == 'implicit' else 'false'},",
        *({"starttls": ["requireTLS: true,"], "none": ["ignoreTLS: true,"]}.get(chosen["tls"], [])),
        *([] if auth == "none" else ['auth: { user: "app@example.com", pass: process.env.SMTP_PASSWORD },']),
        *([] if auth in ("none", "any") else [f'authMethod: "{auth.upper()}",']),
        *(["tls: { rejectUnauthorized: false },"] if chosen["verify"] == "none" else []),
    ]
    body = "\n".join(f"  {line}" for line in lines)
    return {"mail.js": f"nodemailer.createTransport({{\n{body}\n}});\n"}


def _django(chosen: Mapping[str, str]) -> Mapping[str, str]:
    lines = [
        f'EMAIL_HOST = "{host_of(chosen)}"',
        f"EMAIL_PORT = {chosen['port']}",
        f"EMAIL_USE_TLS = {chosen['tls'] == 'starttls'}",
        f"EMAIL_USE_SSL = {chosen['tls'] == 'implicit'}",
    ]
    if chosen["auth"] != "none":
        lines += ['EMAIL_HOST_USER = "app@example.com"', 'EMAIL_HOST_PASSWORD = os.environ["SMTP_PASSWORD"]']
    return {"settings.py": "\n".join(lines) + "\n"}


_METHODS = ("plain", "login", "cram-md5")
_MODES = ("starttls", "implicit", "none")
_NO_465 = ("587", "25", "2525")
_ALL_TLS, _NEVER_PLAIN = ("opportunistic", "implicit", "none"), ("opportunistic", "implicit")
_CHECKED, _EITHER = ("full",), ("full", "none")
# name, title, tls, verify, auth, ports
_OTHERS: tuple[tuple[Any, ...], ...] = (
    (
        "grafana",
        "Grafana",
        _MODES,
        _EITHER,
        ("any", "none"),
        {"implicit": ("465",), "starttls": _NO_465, "none": _NO_465},
    ),
    ("gitea", "Gitea / Forgejo", _ALL_TLS, _EITHER, ("any", "none"), {}),
    ("gitlab", "GitLab", _ALL_TLS, _EITHER, (*_METHODS, "none"), {}),
    ("nextcloud", "Nextcloud", _NEVER_PLAIN, _EITHER, ("any", "none"), {"opportunistic": _NO_465}),
    ("mastodon", "Mastodon", ("opportunistic", *_MODES), _EITHER, (*_METHODS, "none"), {}),
    ("alertmanager", "Alertmanager", _MODES, _EITHER, ("any", "cram-md5", "none"), {}),
    ("phpmailer", "PHPMailer", _MODES, _EITHER, ("any", *_METHODS, "none"), {}),
    ("laravel", "Laravel", _NEVER_PLAIN, _CHECKED, ("any", "none"), {"opportunistic": _NO_465}),
    ("symfony", "Symfony Mailer", _ALL_TLS, _EITHER, ("any", "none"), {"opportunistic": _NO_465, "none": _NO_465}),
    ("spring", "Spring Boot", _MODES, _EITHER, ("any", "none"), {}),
)


def _by_adapter(name: str, title: str, *values: Any) -> Product:
    tls, verify, auth, ports = values
    return Product(Text(title, title), tls, verify, auth, writer(name), ports)


PRODUCTS: Mapping[str, Product] = {
    "mailpit": Product(
        Text("Mailpit 中继", "Mailpit relay"),
        ("starttls", "implicit", "none"),
        ("full", "none"),
        ("plain", "login", "cram-md5", "none"),
        _mailpit,
    ),
    "nodemailer": Product(
        Text("Nodemailer", "Nodemailer"),
        ("opportunistic", "starttls", "implicit", "none"),
        ("full", "none"),
        ("any", *_METHODS, "none"),
        _nodemailer,
    ),
    "msmtp": Product(
        Text("msmtp", "msmtp"),
        ("starttls", "implicit", "none"),
        ("full", "none"),
        ("any", *_METHODS, "none"),
        _msmtp,
    ),
    "django": Product(Text("Django", "Django"), ("starttls", "implicit", "none"), ("full",), ("any", "none"), _django),
    **{name: _by_adapter(name, *values) for name, *values in _OTHERS},
}

_PORTS = {port: Text(port, port) for port in ("587", "465", "25", "2525")}
_STARTTLS = {
    "offered": Text("提供，不强制", "offered, not required"),
    "required": Text("强制", "required"),
    "not-offered": Text("不提供", "not offered"),
}
_MECHANISMS = {
    "plain-login": Text("PLAIN、LOGIN", "PLAIN, LOGIN"),
    "all": Text("PLAIN、LOGIN、CRAM-MD5", "PLAIN, LOGIN, CRAM-MD5"),
    "noplaintext": Text("只有 CRAM-MD5（noplaintext）", "CRAM-MD5 only (noplaintext)"),
}
CHOICES: tuple[Choice, ...] = (
    Choice("client", "client", Text("发信程序", "Client"), {name: product.name for name, product in PRODUCTS.items()}),
    _of_fact("tls", "starttls", "opportunistic", "implicit", "none"),
    _of_fact("verify", "full", "none"),
    _of_fact("auth", "plain", "login", "cram-md5", "any", "none"),
    _of_fact("host", "name", "localhost", "address"),
    Choice("port", "client", Text("端口", "Port"), _PORTS),
    _of_fact("listens", "plain", "implicit"),
    Choice("starttls", "server", Text("STARTTLS", "STARTTLS"), _STARTTLS),
    _of_fact("certificate"),
    _of_fact("certificate_name"),
    _of_fact("auth_offer", "over-tls", "always", "never"),
    Choice("mechanisms", "server", Text("机制", "Mechanisms"), _MECHANISMS),
    _of_fact("relay", "reject", "auth-only", "trusted-only"),
    _of_fact("trusts_client", "no", "yes"),
    _of_fact("recipient", "remote", "local"),
)
_BY_NAME = {choice.name: choice for choice in CHOICES}


def allowed(name: str, client: str, tls: str = "") -> tuple[str, ...]:
    """The values of a choice that a client product can be given, with its `tls` where that was chosen."""
    own = PRODUCTS[client]
    if name == "port" and tls in own.ports:
        return own.ports[tls]
    return {"tls": own.tls, "verify": own.verify, "auth": own.auth}.get(name, tuple(_BY_NAME[name].values))


def settled(asked: Mapping[str, str]) -> dict[str, str]:
    """A value for every choice: the one that was asked for where the client can have it, else the first."""
    client = asked.get("client", "")
    client = client if client in PRODUCTS else next(iter(PRODUCTS))
    chosen: dict[str, str] = {}
    for choice in CHOICES:
        values = (client,) if choice.name == "client" else allowed(choice.name, client, chosen.get("tls", ""))
        wanted = asked.get(choice.name, "")
        chosen[choice.name] = wanted if wanted in values else values[0]
    return chosen


def written(chosen: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(file name -> content of both sides, facts that no file says) of settled choices."""
    files = {**PRODUCTS[chosen["client"]].write(chosen), "main.cf": _main_cf(chosen), "master.cf": _master_cf(chosen)}
    answers = {name: chosen[name] for name in ("certificate", "certificate_name", "recipient", "trusts_client")}
    answers["offers_cram"] = "no" if chosen["mechanisms"] == "plain-login" else "yes"
    return files, answers


_RELAY = {
    "reject": "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
    "auth-only": "permit_sasl_authenticated, reject_unauth_destination",
    "trusted-only": "permit_mynetworks, reject_unauth_destination",
}


def _main_cf(chosen: Mapping[str, str]) -> str:
    level = {"offered": "may", "required": "encrypt", "not-offered": "none"}[chosen["starttls"]]
    options = "noanonymous, noplaintext" if chosen["mechanisms"] == "noplaintext" else "noanonymous"
    networks = " 192.0.2.10/32" if chosen["trusts_client"] == "yes" else ""
    lines = [
        f"myhostname = {HOST}",
        f"mynetworks = 127.0.0.0/8 [::1]/128{networks}",
        f"smtpd_relay_restrictions = {_RELAY[chosen['relay']]}",
        f"smtpd_tls_security_level = {level}",
    ]
    if chosen["certificate"] != "missing":
        lines.append("smtpd_tls_chain_files = /etc/postfix/mail.key, /etc/postfix/mail.crt")
    if chosen["auth_offer"] == "never":
        return "\n".join([*lines, "smtpd_sasl_auth_enable = no"]) + "\n"
    lines += [
        "smtpd_sasl_auth_enable = yes",
        "smtpd_sasl_type = dovecot",
        "smtpd_sasl_path = private/auth",
        f"smtpd_sasl_security_options = {options}",
        f"smtpd_tls_auth_only = {'yes' if chosen['auth_offer'] == 'over-tls' else 'no'}",
    ]
    return "\n".join(lines) + "\n"


def _master_cf(chosen: Mapping[str, str]) -> str:
    service = {"25": "smtp", "465": "submissions", "587": "submission"}.get(chosen["port"], chosen["port"])
    line = f"{service} inet n - y - - smtpd\n"
    return f"{line}  -o smtpd_tls_wrappermode=yes\n" if chosen["listens"] == "implicit" else line


# The client's ways with TLS against the server's, for the table of what happens for each pair.
SERVER_TLS: Mapping[str, Mapping[str, str]] = {
    "none": {"listens": "plain", "starttls": "not-offered"},
    "offered": {"listens": "plain", "starttls": "offered"},
    "required": {"listens": "plain", "starttls": "required"},
    "implicit": {"listens": "implicit", "starttls": "offered"},
}
SERVER_TLS_NAMES: Mapping[str, Text] = {
    "none": Text("没有 TLS", "no TLS"),
    "offered": Text("提供 STARTTLS", "STARTTLS offered"),
    "required": Text("强制 STARTTLS", "STARTTLS required"),
    "implicit": Text("隐式 TLS", "implicit TLS"),
}
