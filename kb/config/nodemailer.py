"""Nodemailer's transport options, as JSON or as a JavaScript object; read as text and never run.

Meaning and defaults from lib/smtp-connection/index.js and lib/smtp-transport/index.js.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import host_kind
from kb.text import Text

PRODUCTS = frozenset({"nodemailer"})
SHARES = False

_KEYS = (
    *("host", "port", "secure", "requireTLS", "ignoreTLS", "opportunisticTLS", "authMethod", "user", "pass"),
    *("rejectUnauthorized", "servername", "minVersion", "maxVersion", "ca", "name", "service"),
)
_PAIR = re2.compile(
    r"""(?P<lead>(?:^|[{,\s]))(?P<open>["']?)(?P<key>"""
    + "|".join(_KEYS)
    + r""")["']?(?P<sep>\s*:\s*)(?P<value>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|[^,}\n]+)"""
)
# google-re2 knows the place of a group by its number only.
_LEAD, _OPEN, _KEY, _VALUE = 1, 2, 3, 5
_TRUE = ("true", "1", "!0")
_CREDENTIALS = '{ "user": "USER", "pass": "PASSWORD" }'
_LOGIN = {"plain": "plain", "login": "login", "cram-md5": "cram-md5", "xoauth2": "xoauth2"}


def sniff(name: str, text: str) -> bool:
    """Whether a text is a transport's options: createTransport, or an object with a host and a word of Nodemailer's."""
    if "createTransport" in text:
        return True
    keys = {found.group("key") for found in _PAIR.finditer(text[:100_000])}
    words = {"secure", "requireTLS", "ignoreTLS", "authMethod", "rejectUnauthorized", "pass"}
    return "host" in keys and bool(keys & words) and "{" in text


def read(files: Mapping[str, str]) -> Reading:
    """The transport of each file."""
    findings: list[Finding] = []
    return Reading(tuple(_party(name, text, findings) for name, text in files.items()), tuple(findings))


def _settings(name: str, text: str) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for pair in _PAIR.finditer(text):
        key, value = pair.group("key"), pair.group("value").strip().strip("\"'`").strip()
        secret = key == "pass" and value != ""
        line = text.count("\n", 0, pair.start(_KEY)) + 1
        found.setdefault(key, Setting(name, line, key, "***" if secret else value, secret=secret))
    return found


def _party(name: str, text: str, findings: list[Finding]) -> Party:
    settings = _settings(name, text)
    value = {key: setting.value for key, setting in settings.items()}
    host = value.get("host") or "localhost"
    secure = value.get("secure", "").lower() in _TRUE or ("secure" not in value and value.get("port") == "465")
    facts = {
        "library": "nodemailer",
        "tls": _tls(value, secure=secure),
        "verify": "none" if value.get("rejectUnauthorized") == "false" else "full",
        "trust": "file" if "ca" in value else "system",
        "auth": _LOGIN.get(value.get("authMethod", "").lower(), "any") if value.get("user") else "none",
        "host": host_kind(host),
        # Where the host's own name has no dot Nodemailer says EHLO [127.0.0.1].
        "ehlo": "full",
    }
    for key, fact in (("minVersion", "client_tls_min"), ("maxVersion", "client_tls_max")):
        if value.get(key, "").startswith("TLSv1"):
            facts[fact] = value[key].removeprefix("TLSv") if "." in value[key] else "1.0"
    if secure and value.get("port") in ("25", "587"):
        findings.append(_secure_on_plain_port(settings))
    port = value.get("port") or ("465" if secure else "587")
    sources = {
        "tls": ("secure", "requireTLS", "ignoreTLS"),
        "verify": ("rejectUnauthorized",),
        "trust": ("ca",),
        "auth": ("user", "pass", "authMethod"),
        "host": ("host",),
    }
    origins = {fact: tuple(settings[key] for key in keys if key in settings) for fact, keys in sources.items()}
    details = {"host": host, "port": port, "file": name}
    return Party("client", "nodemailer", Text("Nodemailer", "Nodemailer"), facts, origins, details)


def _tls(value: Mapping[str, str], *, secure: bool) -> str:
    if secure:
        return "implicit"
    if value.get("ignoreTLS") == "true":
        return "none"
    return "starttls" if value.get("requireTLS") == "true" else "opportunistic"


def _secure_on_plain_port(settings: Mapping[str, Setting]) -> Finding:
    setting = settings.get("secure", settings["port"])
    text = Text(
        "secure: true 表示一连接就 TLS，只用于 465；587 和 25 端口用 secure: false（会自动 STARTTLS）。",
        "secure: true means TLS from the first byte and is for 465; with 587 and 25 use secure: false, which upgrades itself.",
    )
    return Finding(setting.file, setting.line, setting.key, text)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The options that change the facts; None where there is none for it."""
    made: list[tuple[str, str | None]] = []
    for fact, value in change.items():
        options = _options_for(party, fact, value)
        if options is None:
            return None
        made += options
    return tuple(Edit(party.details["file"], key, value) for key, value in made)


def _options_for(party: Party, fact: str, value: str) -> list[tuple[str, str | None]] | None:
    if fact == "port":
        # Left out, `secure` would follow from the port.
        return [("port", value), ("secure", "true" if party.facts["tls"] == "implicit" else "false")]
    has_user = any(setting.key == "user" for setting in party.origins.get("auth", ()))
    user: list[tuple[str, str | None]] = [] if has_user else [("auth", _CREDENTIALS)]
    options: dict[tuple[str, str], list[tuple[str, str | None]]] = {
        ("tls", "starttls"): [("secure", "false"), ("requireTLS", "true"), ("ignoreTLS", None)],
        ("tls", "implicit"): [("secure", "true"), ("requireTLS", None), ("ignoreTLS", None)],
        ("tls", "none"): [("secure", "false"), ("ignoreTLS", "true"), ("requireTLS", None)],
        ("verify", "none"): [("rejectUnauthorized", "false")],
        ("verify", "full"): [("rejectUnauthorized", "true")],
        ("trust", "file"): [],
        ("auth", "any"): [*user, ("authMethod", None)],
        ("auth", "plain"): [*user, ("authMethod", '"PLAIN"')],
        ("auth", "login"): [*user, ("authMethod", '"LOGIN"')],
        ("auth", "cram-md5"): [*user, ("authMethod", '"CRAM-MD5"')],
        ("auth", "none"): [("auth", None)],
        ("password", "right"): [],
        ("host", "localhost"): [("host", '"localhost"')],
        ("host", "name"): [("host", '"mail.example.com"')],
        ("certificate_name", "matches"): [],
        ("ehlo", "full"): [("name", '"client.example.com"')],
        ("client_tls_min", "1.2"): [("minVersion", None)],
        ("client_tls_max", "1.3"): [("maxVersion", None)],
    }
    return options.get((fact, value))


_OF_TLS = ("rejectUnauthorized", "servername", "minVersion", "maxVersion", "ca")
_AUTH_OBJECT = re2.compile(r"""["']?auth["']?\s*:\s*\{[^{}]*\}\s*,?\s*""")
_TLS_OBJECT = re2.compile(r"""["']?tls["']?\s*:\s*\{""")


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with options replaced, added as the first of their object, or removed."""
    for edit in edits:
        text = _set(text, edit.key, edit.value)
    return _without_trailing_comma(text) if text.lstrip().startswith("{") else text


def _set(text: str, key: str, value: str | None) -> str:
    if key == "auth":
        text = str(_AUTH_OBJECT.sub("", text))
        return text if value is None else _added(text, key, value)
    pair = next((found for found in _PAIR.finditer(text) if found.group("key") == key), None)
    if pair is not None:
        if value is not None:
            return text[: pair.start(_VALUE)] + value + text[pair.end(_VALUE) :]
        after = text[pair.end() :].lstrip(" ").removeprefix(",")
        return (
            text[: pair.start(_OPEN)].rstrip() + after if pair.group("lead") != "{" else text[: pair.end(_LEAD)] + after
        )
    return text if value is None else _added(text, key, value)


def _added(text: str, key: str, value: str) -> str:
    quote = '"' if '"host"' in text else ""
    if key in _OF_TLS:
        opened = _TLS_OBJECT.search(text)
        if opened is None:
            return _added_to_root(text, f"{quote}tls{quote}: {{ {quote}{key}{quote}: {value} }}")
        return f"{text[: opened.end()]} {quote}{key}{quote}: {value},{text[opened.end() :]}"
    return _added_to_root(text, f"{quote}{key}{quote}: {value}")


def _added_to_root(text: str, pair: str) -> str:
    """After the brace that opens the options: that of the object in which the host is."""
    host = next((found.start(_OPEN) for found in _PAIR.finditer(text) if found.group("key") == "host"), len(text))
    closed = 0
    for place in range(host - 1, -1, -1):
        if text[place] == "{" and not closed:
            return f"{text[: place + 1]} {pair},{text[place + 1 :]}"
        closed += (text[place] == "}") - (text[place] == "{")
    return text


_TRAILING = re2.compile(r",(\s*\})")


def _without_trailing_comma(text: str) -> str:
    """JSON allows none before a closing brace."""
    return str(_TRAILING.sub(r"\1", text))
