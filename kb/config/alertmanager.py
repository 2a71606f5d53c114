"""Alertmanager's mail settings: smtp_* under `global`, and what a receiver's email_configs set over them.

Read off config/config.go, config/notifiers.go (names, smtp_require_tls true and smtp_hello localhost by default; an unknown key
keeps it from starting) and notify/email/email.go (TLS from the start on port 465 or with force_implicit_tls, else STARTTLS when
required and never when not; no AUTH when the server offers none; PLAIN and LOGIN with the password, CRAM-MD5 with the secret).
Before 0.31 (commit bc26ebb5e) require_tls held inside TLS from the start as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import re2

from kb.config.env import unquoted
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, setting, split_port, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

PRODUCTS = frozenset({"alertmanager"})
SHARES = False

_LINE = re2.compile(r"^(?P<lead>\s*(?:-\s+)?)(?P<key>[a-z][a-z0-9_]*)(?P<sep>:(?:\s+|$))(?P<value>.*?)\s*$")
_NAMES = (
    *(
        "smarthost",
        "from",
        "hello",
        "require_tls",
        "force_implicit_tls",
        "tls_config",
        "auth_username",
        "auth_password",
    ),
    *("auth_password_file", "auth_secret", "auth_secret_file", "auth_identity"),
)
_GLOBAL = tuple("smtp_" + name for name in _NAMES)
_RECEIVER = (*_NAMES, "to", "headers", "html", "text", "send_resolved", "threading")
_TLS = ("insecure_skip_verify", "ca_file", "ca", "server_name", "cert_file", "key_file", "min_version", "max_version")
_SECRETS = ("auth_password", "auth_secret")
_SOURCES = {
    "tls": ("require_tls", "force_implicit_tls", "smarthost"),
    "verify": ("insecure_skip_verify",),
    "trust": ("ca_file", "ca"),
    "auth": ("auth_username", "auth_password", "auth_password_file", "auth_secret", "auth_secret_file"),
    "host": ("smarthost",),
    "ehlo": ("hello",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file is an alertmanager.yml that sends mail."""
    return "smtp_smarthost" in text or ("email_configs:" in text and "smarthost:" in text)


def read(files: Mapping[str, str]) -> Reading:
    """The sending side, as the first receiver with email_configs has it."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str, findings: list[Finding]) -> Iterator[tuple[str, Setting]]:
    """(name without smtp_, setting) in the order of the file. Blocks are told by their indentation."""
    blocks: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = None if len(line) > 4000 or line.lstrip().startswith("#") else _LINE.match(line)
        if not found:
            continue
        key, depth = found.group("key"), len(found.group("lead"))
        listed = found.group("lead").rstrip().endswith("-")
        while blocks and depth <= blocks[-1][0]:
            blocks.pop()
        inside = [block for _, block in blocks]
        value = unquoted(found.group("value"))
        if not value:
            blocks.append((depth - 1 if listed else depth, key))
        item = setting(name, number, key, value, secret=key.removeprefix("smtp_") in _SECRETS)
        if key in _GLOBAL:
            yield key.removeprefix("smtp_"), item
        elif key.startswith("smtp_") and (not inside or inside[-1] == "global"):
            effect = Text("不会启动", "does not start")
            findings.append(unknown("Alertmanager", item, _GLOBAL, effect))
        elif ("email_configs" in inside and inside[-1] == "tls_config") or inside[-1:] == ["smtp_tls_config"]:
            if key in _TLS:
                yield key, item
        elif inside[-1:] == ["email_configs"]:
            if key in _NAMES:
                yield key, item
            elif key not in _RECEIVER:
                findings.append(unknown("Alertmanager", item, _RECEIVER, Text("不会启动", "does not start")))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    found: dict[str, Setting] = {}
    for key, item in _settings(name, text, findings):
        # A receiver's own value goes before the global one, and the first receiver is told.
        if key not in found or found[key].key.startswith("smtp_"):
            found[key] = item
    if "smarthost" not in found:
        return None
    value = {key: item.value for key, item in found.items()}
    host, port = split_port(value["smarthost"])
    if not port:
        findings.append(finding(found["smarthost"], "smarthost 要写成 主机:端口。", "smarthost has to be host:port."))
    implicit = is_true(value["force_implicit_tls"]) if value.get("force_implicit_tls") else port == "465"
    required = is_true(value.get("require_tls", "true"))
    if port == "465" and required and not value.get("force_implicit_tls"):
        zh = "Alertmanager 0.30 及以前，465 上的隐式 TLS 之内还要 STARTTLS，发不出去：加上 smtp_require_tls: false。"
        en = "Up to Alertmanager 0.30, 465 wants STARTTLS inside implicit TLS as well and fails: add smtp_require_tls: false."
        findings.append(finding(found["smarthost"], zh, en))
    facts = {
        "library": "alertmanager",
        "tls": "implicit" if implicit else "starttls" if required else "none",
        "verify": "none" if is_true(value.get("insecure_skip_verify", "")) else "full",
        "trust": "file" if value.get("ca_file") or value.get("ca") else "",
        "auth": _auth(value, found, findings),
        "ehlo": ehlo_kind(value.get("hello") or "localhost"),
    }
    details = {"host": host, "port": port or "25", "file": name}
    return client("alertmanager", Text("Alertmanager", "Alertmanager"), facts, found, _SOURCES, details)


def _auth(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding]) -> str:
    if not value.get("auth_username"):
        return "none"
    password = value.get("auth_password") or value.get("auth_password_file")
    secret = value.get("auth_secret") or value.get("auth_secret_file")
    if not password and not secret:
        zh = "有 auth_username 却没有 auth_password 或 auth_secret，认证时会报 missing password。"
        en = "There is auth_username but neither auth_password nor auth_secret: authentication ends with missing password."
        findings.append(finding(found["auth_username"], zh, en))
    return "cram-md5" if secret and not password else "any"


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where Alertmanager has none for it."""
    set_here = {item.key for items in party.origins.values() for item in items}
    at = "smtp_" if "smtp_smarthost" in set_here else ""
    made = edits_of(party, change, _options(party.details["port"], {key.removeprefix("smtp_") for key in set_here}))
    if made is None:
        return None
    return tuple(_placed(edit, at, set_here) for edit in made)


def _placed(edit: Edit, at: str, set_here: Collection[str]) -> Edit:
    """An edit of a name without smtp_, for where the name or the smarthost stands: under `global` or in a receiver."""
    if edit.key in _TLS:
        return Edit(edit.file, edit.key, edit.value, f"{at}tls_config")
    key = edit.key if edit.key in set_here else at + edit.key
    return Edit(edit.file, key, edit.value)


def _options(port: str, names: Collection[str]) -> dict[tuple[str, str], Changes]:
    off = "false" if port == "465" else None
    user: Changes = [] if "auth_username" in names else [("auth_username", "'USER'")]
    password: Changes = [("auth_password", "'PASSWORD'")]
    no_password: Changes = [("auth_password", None), ("auth_password_file", None)]
    if {"auth_password", "auth_password_file"} & set(names):
        password = []
    return {
        ("tls", "starttls"): [("require_tls", "true"), ("force_implicit_tls", off)],
        ("tls", "none"): [("require_tls", "false"), ("force_implicit_tls", off)],
        ("tls", "implicit"): [("force_implicit_tls", "true")],
        ("verify", "none"): [("insecure_skip_verify", "true")],
        ("verify", "full"): [("insecure_skip_verify", "false")],
        ("trust", "file"): [("ca_file", "/etc/ssl/certs/mail-ca.pem")],
        ("auth", "none"): [(name, None) for name in _SOURCES["auth"]],
        ("auth", "any"): [*user, *password],
        ("auth", "cram-md5"): [*user, *no_password, ("auth_secret", "'SECRET'")],
        ("host", "localhost"): [("smarthost", f"localhost:{port}")],
        ("host", "name"): [("smarthost", f"mail.example.com:{port}")],
        ("ehlo", "full"): [("hello", "client.example.com")],
    }


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added after the smarthost, or removed."""
    lines = text.splitlines(keepends=True)
    for edit in edits:
        lines = _set(lines, edit)
    return "".join(lines)


def _set(lines: list[str], edit: Edit) -> list[str]:
    smarthost, block = None, None
    for index, line in enumerate(lines):
        found = None if line.lstrip().startswith("#") or len(line) > 4000 else _LINE.match(line.rstrip("\r\n"))
        if not found:
            continue
        if found.group("key") == edit.key:
            lead = found.group("lead")
            if edit.value is None:
                return lines[:index] + lines[index + 1 :]
            return [*lines[:index], f"{lead}{edit.key}: {edit.value}\n", *lines[index + 1 :]]
        if found.group("key") in ("smtp_smarthost", "smarthost") and smarthost is None:
            smarthost = index, " " * len(found.group("lead"))
        if edit.section and found.group("key") == edit.section and block is None:
            block = index, " " * (len(found.group("lead")) + 2)
    if edit.value is None or smarthost is None:
        return lines
    index, lead = block or smarthost
    new = f"{lead}{edit.key}: {edit.value}\n"
    if edit.section and block is None:
        new = f"{lead}{edit.section}:\n{lead}  {edit.key}: {edit.value}\n"
    before = lines[: index + 1]
    before[-1] = before[-1] if before[-1].endswith("\n") else before[-1] + "\n"
    return [*before, new, *lines[index + 1 :]]
