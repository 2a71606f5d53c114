"""Applications whose mail settings are a few variables of one prefix: authentik, n8n, Discourse and Vaultwarden.

authentik: authentik/root/settings.py, Django's EMAIL_* under AUTHENTIK_EMAIL__, sent with smtplib. n8n:
packages/cli/src/user-management/email/node-mailer.ts and packages/@n8n/config (implicit TLS and port 465 unless set otherwise;
ignoreTLS without N8N_SMTP_STARTTLS). Discourse: app/models/global_setting.rb smtp_settings, for Net::SMTP. Vaultwarden:
src/mail.rs mailer and src/config.rs, for lettre (STARTTLS is required, never opportunistic).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.config.env import set_variables, variables
from kb.config.options import (
    Changes,
    client,
    edits_of,
    ehlo_kind,
    finding,
    has,
    not_allowed,
    setting,
    unknown,
    usual_changes,
)
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

SHARES = True


@dataclass(frozen=True)
class App:
    """An application. names: what its settings are called, without `prefix`, by meaning; others: further ones it knows.

    marks: of which a text holds at least one where the prefix is shared with others. port: the default, by `tls`. facts: those of
    the values by meaning. options: per fact and value the settings, by meaning, that make it so. one_of: values that are allowed.
    """

    title: str
    sends_with: str
    prefix: str
    names: Mapping[str, str]
    port: Mapping[str, str]
    facts: Callable[[Mapping[str, str]], dict[str, str]]
    options: Mapping[tuple[str, str], Changes]
    others: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    one_of: Mapping[str, tuple[str, ...]] | None = None


_NAMES = {"host": "HOST", "port": "PORT"}
_TLS_SSL: Mapping[tuple[str, str], Changes] = {
    ("tls", "starttls"): [("starttls", "true"), ("implicit", "false")],
    ("tls", "implicit"): [("implicit", "true"), ("starttls", "false")],
    ("tls", "none"): [("implicit", "false"), ("starttls", "false")],
}
_MODES = {"off": "none", "starttls": "starttls", "force_tls": "implicit"}
_METHODS = {"plain": "plain", "login": "login", "cram_md5": "cram-md5"}


def _authentik(value: Mapping[str, str]) -> dict[str, str]:
    starttls, implicit = is_true(value.get("starttls", "")), is_true(value.get("implicit", ""))
    login = value.get("user") and value.get("password")
    return {
        "tls": "implicit" if implicit else "starttls" if starttls else "none",
        "verify": "full",
        "auth": "any" if login else "none",
    }


def _n8n(value: Mapping[str, str]) -> dict[str, str]:
    implicit, starttls = is_true(value.get("implicit") or "true"), is_true(value.get("starttls") or "true")
    login = value.get("user") and value.get("password")
    return {
        "tls": "implicit" if implicit else "opportunistic" if starttls else "none",
        "verify": "full",
        "auth": "any" if login else "none",
    }


def _discourse(value: Mapping[str, str]) -> dict[str, str]:
    starttls = is_true(value.get("starttls") or "true")
    login = value.get("user") or value.get("password")
    return {
        "tls": "implicit" if is_true(value.get("implicit", "")) else "opportunistic" if starttls else "none",
        "verify": "none" if value.get("verify", "").lower() == "none" else "full",
        "auth": _METHODS.get(value.get("method") or "plain", "any") if login else "none",
        "ehlo": ehlo_kind(value.get("helo", "")),
    }


def _vaultwarden(value: Mapping[str, str]) -> dict[str, str]:
    tls = _MODES.get(value.get("security", ""), "")
    if not tls:
        starttls, implicit = is_true(value.get("ssl") or "true"), is_true(value.get("explicit", ""))
        tls = "implicit" if implicit else "starttls" if starttls else "none"
    checked = "issuer" if is_true(value.get("any_name", "")) else "full"
    return {
        "tls": tls,
        "verify": "none" if is_true(value.get("any_certificate", "")) else checked,
        "auth": "any" if value.get("user") and value.get("password") else "none",
        "ehlo": ehlo_kind(value.get("helo", "")),
    }


APPS: Mapping[str, App] = {
    "authentik": App(
        "authentik", "smtplib", "AUTHENTIK_EMAIL__",
        {**_NAMES, "user": "USERNAME", "password": "PASSWORD", "starttls": "USE_TLS", "implicit": "USE_SSL"},
        {"none": "25", "starttls": "25", "implicit": "25"}, _authentik, _TLS_SSL,
        others=("TIMEOUT", "FROM", "TEMPLATE_DIR"),
    ),
    "n8n": App(
        "n8n", "nodemailer", "N8N_SMTP_",
        {**_NAMES, "user": "USER", "password": "PASS", "starttls": "STARTTLS", "implicit": "SSL"},
        {"none": "465", "opportunistic": "465", "implicit": "465"}, _n8n,
        {
            ("tls", "opportunistic"): [("implicit", "false"), ("starttls", "true")],
            **{key: made for key, made in _TLS_SSL.items() if key[1] != "starttls"},
        },
        others=("SENDER", "OAUTH_SERVICE_CLIENT", "OAUTH_PRIVATE_KEY"),
    ),
    "discourse": App(
        "Discourse", "ruby", "DISCOURSE_SMTP_",
        {
            **_NAMES, "host": "ADDRESS", "user": "USER_NAME", "password": "PASSWORD", "starttls": "ENABLE_START_TLS",
            "implicit": "FORCE_TLS", "verify": "OPENSSL_VERIFY_MODE", "method": "AUTHENTICATION", "helo": "DOMAIN",
        },
        {"none": "25", "opportunistic": "25", "implicit": "25"}, _discourse,
        {
            ("tls", "opportunistic"): [("implicit", "false"), ("starttls", "true")],
            **{key: made for key, made in _TLS_SSL.items() if key[1] != "starttls"},
            ("verify", "none"): [("verify", "none")], ("verify", "full"): [("verify", None)],
            **{("auth", name): [("method", word)] for word, name in _METHODS.items()},
            ("ehlo", "full"): [("helo", "client.example.com")],
        },
        others=("OPEN_TIMEOUT", "READ_TIMEOUT"),
        one_of={"method": tuple(_METHODS)},
    ),
    "vaultwarden": App(
        "Vaultwarden", "other", "SMTP_",
        {
            **_NAMES, "user": "USERNAME", "password": "PASSWORD", "security": "SECURITY", "ssl": "SSL",
            "explicit": "EXPLICIT_TLS", "any_certificate": "ACCEPT_INVALID_CERTS", "any_name": "ACCEPT_INVALID_HOSTNAMES",
        },
        {"none": "25", "starttls": "587", "implicit": "465"}, _vaultwarden,
        {
            **{("tls", name): [("security", word), ("ssl", None), ("explicit", None)] for word, name in _MODES.items()},
            ("verify", "none"): [("any_certificate", "true")],
            ("verify", "full"): [("any_certificate", "false"), ("any_name", "false")],
        },
        others=("FROM", "FROM_NAME", "TIMEOUT", "AUTH_MECHANISM", "EMBED_IMAGES", "DEBUG"),
        marks=("SMTP_SECURITY", "SMTP_EXPLICIT_TLS", "SMTP_ACCEPT_INVALID_", "SMTP_EMBED_IMAGES", "vaultwarden/server"),
        one_of={"security": tuple(_MODES)},
    ),
}  # fmt: skip
PRODUCTS = frozenset(APPS)
_SOURCES = {
    "tls": ("implicit", "starttls", "security", "explicit", "ssl"),
    "verify": ("verify", "any_certificate", "any_name"),
    "auth": ("user", "password", "method"),
    "host": ("host",),
    "ehlo": ("helo",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds the host of one of the applications."""
    return any(_holds(app, text) for app in APPS.values())


def _holds(app: App, text: str) -> bool:
    return app.prefix + app.names["host"] in text and (not app.marks or any(mark in text for mark in app.marks))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each application in each file."""
    findings: list[Finding] = []
    parties: list[Party] = []
    for name, text in files.items():
        for product, app in APPS.items():
            party = _party(product, name, text, findings) if _holds(app, text) else None
            parties += [party] if party else []
    return Reading(tuple(parties), tuple(findings))


def _party(product: str, name: str, text: str, findings: list[Finding]) -> Party | None:
    app = APPS[product]
    meaning = {app.prefix + key: what for what, key in app.names.items()}
    known = [*meaning, *(app.prefix + other for other in app.others)]
    found: dict[str, Setting] = {}
    for item in variables(name, text, (app.prefix,)):
        what = meaning.get(item.key, "")
        made = setting(name, item.line, item.key, item.value, secret=what == "password")
        if what:
            found[what] = made
        elif item.key not in known and not app.marks:
            findings.append(unknown(app.title, setting(name, item.line, item.key, "***"), known))
    value = {what: item.value for what, item in found.items()}
    if not value.get("host"):
        return None
    for what, allowed in (app.one_of or {}).items():
        if value.get(what) and value[what] not in allowed:
            taken = Text("不认这个值", "does not know this value")
            findings.append(not_allowed(app.title, found[what], allowed, taken))
    facts = {"library": app.sends_with, **app.facts(value)}
    _remark(app, facts["tls"], found, findings)
    port = value.get("port") or app.port.get(facts["tls"], "")
    details = {"host": value["host"], "file": name, **({"port": port} if port.isdigit() else {})}
    return client(product, Text(app.title, app.title), facts, found, _SOURCES, details)


def _remark(app: App, tls: str, found: Mapping[str, Setting], findings: list[Finding]) -> None:
    """A kind of TLS at a port that is for the other one (RFC 8314)."""
    port = found.get("port")
    if port is None:
        return
    if tls == "implicit" and port.value in ("25", "587"):
        zh = f"{app.title} 现在一连接就 TLS，那是 465 端口的用法；{port.value} 端口要用 STARTTLS。"
        en = f"{app.title} now begins with TLS, which is for port 465; with {port.value} it has to use STARTTLS."
        findings.append(finding(port, zh, en))
    elif tls != "implicit" and port.value == "465":
        zh = f"465 端口一连接就要 TLS，而 {app.title} 现在先以明文开始，会一直等不到问候。"
        en = f"Port 465 begins with TLS, but {app.title} now begins in clear and waits for a greeting in vain."
        findings.append(finding(port, zh, en))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts; None where there is none for it."""
    app = APPS[party.product]
    login: Changes = [("user", "USER")] if not has(party, app.names["user"].lower()) else []
    login = [*login, *([] if has(party, app.names["password"].lower()) else [("password", "PASSWORD")])]
    made = edits_of(party, change, {**usual_changes(login, change), **app.options})
    if made is None:
        return None
    return tuple(
        Edit(edit.file, app.prefix + app.names[edit.key], edit.value) for edit in made if edit.key in app.names
    )


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables replaced, added or removed."""
    return set_variables(text, edits)
