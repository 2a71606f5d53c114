"""Gitea's and Forgejo's mail settings: section [mailer] of app.ini, or GITEA__mailer__* and FORGEJO__mailer__* variables.

Read off modules/setting/mailer.go (defaults, older names, what is inferred from the port) and services/mailer/sender/smtp.go
(smtp+starttls goes on in clear when STARTTLS is not offered; the name "localhost" is given to the SMTP library whatever the host,
so that PLAIN is used without TLS too; an error when credentials are set and AUTH is not offered).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.config import ini
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
    split_port,
    unknown,
)
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

PRODUCTS = frozenset({"gitea"})
SHARES = True

_PREFIXES = ("GITEA__mailer__", "FORGEJO__mailer__", "GITEA__MAILER__", "FORGEJO__MAILER__")
_KEYS = (
    *("ENABLED", "PROTOCOL", "SMTP_ADDR", "SMTP_PORT", "USER", "PASSWD", "ENABLE_HELO", "HELO_HOSTNAME"),
    *("FORCE_TRUST_SERVER_CERT", "USE_CLIENT_CERT", "CLIENT_CERT_FILE", "CLIENT_KEY_FILE", "FROM", "ENVELOPE_FROM"),
    *("NAME", "SUBJECT_PREFIX", "SEND_AS_PLAIN_TEXT", "FROM_DISPLAY_NAME_FORMAT", "EMBED_ATTACHMENT_IMAGES"),
    *("SENDMAIL_PATH", "SENDMAIL_ARGS", "SENDMAIL_TIMEOUT", "SENDMAIL_CONVERT_CRLF", "SEND_BUFFER_LEN"),
    *("OVERRIDE_HEADER", "PASSWD__FILE"),
)
_OLD = {
    **{"MAILER_TYPE": "PROTOCOL", "HOST": "SMTP_ADDR", "IS_TLS_ENABLED": "PROTOCOL", "DISABLE_HELO": "ENABLE_HELO"},
    **{"SKIP_VERIFY": "FORCE_TRUST_SERVER_CERT", "USE_CERTIFICATE": "USE_CLIENT_CERT", "CERT_FILE": "CLIENT_CERT_FILE"},
    **{"KEY_FILE": "CLIENT_KEY_FILE", "ENABLE_HTML_ALTERNATIVE": "SEND_AS_PLAIN_TEXT", "USE_SENDMAIL": "PROTOCOL"},
}
_TLS = {"smtp": "none", "smtps": "implicit", "smtp+starttls": "opportunistic"}
_PORTS = {"smtp": "25", "smtps": "465", "smtp+starttls": "587"}
_NOT_SMTP = ("smtp+unix", "sendmail", "dummy")
_SOURCES = {
    "tls": ("PROTOCOL", "IS_TLS_ENABLED", "SMTP_PORT", "HOST"),
    "verify": ("FORCE_TRUST_SERVER_CERT", "SKIP_VERIFY"),
    "auth": ("USER", "PASSWD", "PASSWD__FILE"),
    "host": ("SMTP_ADDR", "HOST"),
    "ehlo": ("HELO_HOSTNAME",),
}


_SERVER = {"SMTP_ADDR", "HOST", "PROTOCOL"}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds the variables, or a section [mailer]; the section may be pasted without its heading."""
    if any(prefix in text for prefix in _PREFIXES):
        return True
    if not any(name in text for name in _SERVER):
        return False
    keys = {key for section, _, key, _ in ini.pairs(text) if section in ("mailer", "")}
    return bool(keys & _SERVER) and bool(keys & {"MAILER_TYPE", "PASSWD", "PROTOCOL", "IS_TLS_ENABLED"})


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of Gitea or Forgejo; variables go before the file."""
    found: dict[str, Setting] = {}
    findings: list[Finding] = []
    for key, item in _settings(files):
        if key not in _KEYS and key not in _OLD:
            findings.append(unknown("Gitea", item, _KEYS))
        elif key not in found or item.key != key:
            found[key] = item
    if not found:
        return Reading((), tuple(findings))
    contained = any("services:" in text or "image:" in text or "containers:" in text for text in files.values())
    party = _party(found, findings, contained=contained)
    return Reading((party,) if party else (), tuple(findings))


def _settings(files: Mapping[str, str]) -> Iterator[tuple[str, Setting]]:
    """(key of the section, setting)."""
    for name, text in files.items():
        for variable in variables(name, text, _PREFIXES):
            key = variable.key.split("__", 2)[2].upper()
            yield key, setting(name, variable.line, variable.key, variable.value, secret=key == "PASSWD")
        if any(prefix in text for prefix in _PREFIXES):
            continue
        for section, line, key, raw in ini.pairs(text):
            if section == "mailer" or (section == "" and (key in _KEYS or key in _OLD)):
                yield key, setting(name, line, key, ini.value_of(raw), secret=key == "PASSWD")


def _party(found: dict[str, Setting], findings: list[Finding], *, contained: bool) -> Party | None:
    value = {key: item.value for key, item in found.items()}
    host, port = split_port(value.get("SMTP_ADDR") or "")
    if not value.get("SMTP_ADDR") and value.get("HOST"):
        host, port = split_port(value["HOST"])
    port = value.get("SMTP_PORT") or port
    protocol = _protocol(value, found, findings)
    port = port or _PORTS.get(protocol, "")
    protocol = protocol or {number: name for name, number in _PORTS.items()}.get(port, "smtps")
    _remark(value, found, findings, protocol)
    if protocol in _NOT_SMTP or not host:
        item = found.get("PROTOCOL") or next(iter(found.values()))
        if protocol in _NOT_SMTP:
            text = f"PROTOCOL 是 {protocol}，Gitea 不经网络用 SMTP 发信。"
            findings.append(finding(item, text, f"PROTOCOL is {protocol}: Gitea does not send over the network."))
        else:
            findings.append(
                finding(item, "没有 SMTP_ADDR，Gitea 无处可发。", "Without SMTP_ADDR Gitea has nowhere to send to.")
            )
        return None
    trusting = value.get("FORCE_TRUST_SERVER_CERT", value.get("SKIP_VERIFY", ""))
    own_name = "" if value.get("ENABLE_HELO", "").lower() in ("false", "0", "no") else value.get("HELO_HOSTNAME", "")
    facts = {
        "library": "gitea",
        "tls": _TLS[protocol],
        "verify": "none" if is_true(trusting) else "full",
        "auth": "any" if value.get("USER") else "none",
        "ehlo": ehlo_kind(own_name) or ("short" if contained else ""),
    }
    where = found.get("SMTP_ADDR") or found["HOST"]
    details = {
        "host": host,
        "port": port or "25",
        "file": where.file,
        "prefix": _prefix(where.key),
        "old": str("SMTP_ADDR" not in found),
    }
    return client("gitea", Text("Gitea / Forgejo", "Gitea / Forgejo"), facts, found, _SOURCES, details)


def _prefix(key: str) -> str:
    return next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")


def _protocol(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding]) -> str:
    """The protocol that is set in today's or older names; "" when it follows from the port."""
    named = value.get("PROTOCOL", "")
    if named == "smtp+startls":
        return "smtp+starttls"
    if named and named not in (*_TLS, *_NOT_SMTP):
        taken = Text("改按端口推断", "goes by the port instead")
        findings.append(not_allowed("Gitea", found["PROTOCOL"], (*_TLS, *_NOT_SMTP), taken))
        return ""
    if named:
        return named
    if value.get("MAILER_TYPE") == "sendmail" or is_true(value.get("USE_SENDMAIL", "")):
        return "sendmail"
    if "IS_TLS_ENABLED" in value:
        return "smtps" if is_true(value["IS_TLS_ENABLED"]) else "smtp+starttls"
    return ""


def _remark(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], protocol: str) -> None:
    """Findings on older names, on a mailer that is off, and on a protocol at the other's port."""
    for old, new in _OLD.items():
        if old in found and new not in found:
            zh = f"{old} 是旧名，Gitea 1.19 起不再保证支持，改用 {new}。"
            findings.append(
                finding(found[old], zh, f"{old} is an old name, announced to go with Gitea 1.19; use {new}.")
            )
    if not is_true(value.get("ENABLED", "")):
        item = found.get("ENABLED") or next(iter(found.values()))
        findings.append(
            finding(item, "ENABLED 不是 true，Gitea 不发信。", "ENABLED is not true, so Gitea sends no mail.")
        )
    if protocol == "smtps" and "SMTP_PORT" in found and value["SMTP_PORT"] in ("25", "587"):
        zh = f"smtps 一连接就 TLS，用于 465；{value['SMTP_PORT']} 端口用 smtp+starttls。"
        en = f"smtps is TLS from the first byte and is for 465; with {value['SMTP_PORT']} use smtp+starttls."
        findings.append(finding(found["SMTP_PORT"], zh, en))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where Gitea has none for it."""
    prefix = party.details["prefix"]
    old = party.details["old"] == "True"
    user: Changes = [] if has(party, "user") else [("USER", "USER")]
    password: Changes = [] if has(party, "passwd", "passwd__file") else [("PASSWD", "PASSWORD")]

    def host(name: str) -> Changes:
        return [("HOST", f"{name}:{party.details['port']}")] if old else [("SMTP_ADDR", name)]

    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("PROTOCOL", "smtp+starttls")],
        ("tls", "none"): [("PROTOCOL", "smtp")],
        ("tls", "implicit"): [("PROTOCOL", "smtps")],
        ("verify", "none"): [("FORCE_TRUST_SERVER_CERT", "true")],
        ("verify", "full"): [("FORCE_TRUST_SERVER_CERT", "false")],
        ("trust", "file"): [],
        ("auth", "none"): [("USER", None), ("PASSWD", None)],
        ("auth", "any"): [*user, *password],
        ("host", "localhost"): host("localhost"),
        ("host", "name"): host("mail.example.com"),
        ("ehlo", "full"): [("HELO_HOSTNAME", "client.example.com")],
    }
    made = edits_of(party, change, options)
    return made if made is None else tuple(Edit(edit.file, prefix + edit.key, edit.value) for edit in made)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added or removed, in the form in which they stand."""
    if any(_prefix(edit.key) for edit in edits):
        return set_variables(text, edits)
    return ini.set_pairs(text, "mailer", edits)
