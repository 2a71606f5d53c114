"""Grafana's mail settings: section [smtp] of grafana.ini, or GF_SMTP_* variables.

Read off pkg/setting/setting_smtp.go and pkg/services/notifications/smtp.go: it sends with gopkg.in/mail.v2 (smtp.go, auth.go
there): TLS from the start on port 465 and on no other, the policy decides on STARTTLS elsewhere; a host has to carry its port;
CRAM-MD5 when offered, LOGIN only where PLAIN is not, else PLAIN, which Go refuses to use without TLS; no AUTH
when none is offered.
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

PRODUCTS = frozenset({"grafana"})
SHARES = True

_PREFIX = "GF_SMTP_"
_KEYS = (
    *("enabled", "host", "user", "password", "cert_file", "key_file", "skip_verify", "from_address", "from_name"),
    *("ehlo_identity", "startTLS_policy", "enable_tracing"),
)
_BY_VARIABLE = {_PREFIX + key.upper(): key for key in _KEYS} | {_PREFIX + "PASSWORD__FILE": "password"}
_POLICIES = {
    "": "opportunistic",
    "OpportunisticStartTLS": "opportunistic",
    "MandatoryStartTLS": "starttls",
    "NoStartTLS": "none",
}
_SOURCES = {
    "tls": ("host", "startTLS_policy"),
    "verify": ("skip_verify",),
    "auth": ("user", "password"),
    "host": ("host",),
    "ehlo": ("ehlo_identity",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Grafana's variables, or a section [smtp] with its keys."""
    if _PREFIX in text:
        return True
    keys = {key for section, _, key, _ in ini.pairs(text) if section == "smtp"} if "[smtp]" in text else set()
    return "host" in keys and bool(
        keys & {"skip_verify", "startTLS_policy", "from_address", "ehlo_identity", "enabled"}
    )


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of Grafana; variables go before the file."""
    found: dict[str, Setting] = {}
    findings: list[Finding] = []
    for item in sorted(_settings(files, findings), key=lambda item: item.key.startswith(_PREFIX)):
        found[_BY_VARIABLE.get(item.key, item.key)] = item
    if not found:
        return Reading((), tuple(findings))
    contained = any("services:" in text or "image:" in text or "containers:" in text for text in files.values())
    return Reading((_party(found, findings, contained=contained),), tuple(findings))


def _settings(files: Mapping[str, str], findings: list[Finding]) -> Iterator[Setting]:
    for name, text in files.items():
        for variable in variables(name, text, (_PREFIX,)):
            item = setting(name, variable.line, variable.key, variable.value, secret="PASSWORD" in variable.key)
            if variable.key in _BY_VARIABLE:
                yield item
            elif not variable.key.startswith(_PREFIX + "STATIC_HEADERS_"):
                findings.append(unknown("Grafana", item, _BY_VARIABLE))
        for section, line, key, raw in ini.pairs(text) if "[smtp]" in text else ():
            if section != "smtp":
                continue
            item = setting(name, line, key, ini.value_of(raw), secret=key == "password")
            if key == "password" and not raw.startswith(('"', "`")) and any(mark in raw for mark in "#;"):
                zh = "密码里有 # 或 ;，要用三个双引号括起来，否则从那里起被当作注释。"
                en = (
                    "The password has # or ; in it: put it in triple double quotes, or the rest is taken for a comment."
                )
                findings.append(finding(item, zh, en))
            if key in _KEYS:
                yield item
            else:
                findings.append(unknown("Grafana", item, _KEYS))


def _party(found: dict[str, Setting], findings: list[Finding], *, contained: bool) -> Party:
    value = {key: item.value for key, item in found.items()}
    first = next(iter(found.values()))
    address = value.get("host") or "localhost:25"
    host, port = split_port(address)
    if not port:
        text = "host 要写成 主机:端口，没有端口 Grafana 会报 missing port in address。"
        findings.append(
            finding(
                found["host"],
                text,
                "host needs a port (host:port); without one Grafana fails with missing port in address.",
            )
        )
    if not is_true(value.get("enabled", "")):
        item = found.get("enabled", first)
        findings.append(
            finding(item, "enabled 不是 true，Grafana 不会发信。", "enabled is not true, so Grafana sends no mail.")
        )
    policy = value.get("startTLS_policy", "")
    if policy not in _POLICIES:
        taken = Text("当作 OpportunisticStartTLS", "takes it for OpportunisticStartTLS")
        findings.append(not_allowed("Grafana", found["startTLS_policy"], tuple(_POLICIES)[1:], taken))
    facts = {
        "library": "go-gomail",
        "tls": "implicit" if port == "465" else _POLICIES.get(policy, "opportunistic"),
        "verify": "none" if is_true(value.get("skip_verify", "")) else "full",
        "auth": "any" if value.get("user") else "none",
        "ehlo": ehlo_kind(value.get("ehlo_identity", "")) or ("short" if contained else ""),
    }
    form = "env" if first.key.startswith(_PREFIX) or "host" not in found else "ini"
    form = "env" if "host" in found and found["host"].key.startswith(_PREFIX) else form
    details = {"host": host, "port": port or "25", "file": found.get("host", first).file, "form": form}
    return client("grafana", Text("Grafana", "Grafana"), facts, found, _SOURCES, details)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where Grafana has none for it."""
    host, port = party.details["host"], party.details["port"]
    plain = "587" if port == "465" else port
    user: Changes = [] if has(party, "user") else [("user", "USER")]
    password: Changes = [] if has(party, "password", "password__file") else [("password", "PASSWORD")]
    move: Changes = [("host", f"{host}:587")] if port == "465" else []
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [*move, ("startTLS_policy", "MandatoryStartTLS")],
        ("tls", "none"): [*move, ("startTLS_policy", "NoStartTLS")],
        ("tls", "implicit"): [("host", f"{host}:465")],
        ("verify", "none"): [("skip_verify", "true")],
        ("verify", "full"): [("skip_verify", "false")],
        ("trust", "file"): [],
        ("auth", "none"): [("user", None), ("password", None)],
        ("auth", "any"): [*user, *password],
        ("host", "localhost"): [("host", f"localhost:{plain}")],
        ("host", "name"): [("host", f"mail.example.com:{port}")],
        ("ehlo", "full"): [("ehlo_identity", "client.example.com")],
    }
    made = edits_of(party, change, options)
    if made is None or party.details["form"] == "ini":
        return made
    return tuple(Edit(edit.file, _PREFIX + edit.key.upper(), edit.value) for edit in made)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added or removed, in the form in which they stand."""
    if any(edit.key.startswith(_PREFIX) for edit in edits):
        return set_variables(text, edits)
    return ini.set_pairs(text, "smtp", edits)
