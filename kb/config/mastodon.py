"""Mastodon's SMTP_* variables (.env.production), which end up in ActionMailer and Net::SMTP.

Read off mastodon (config/email.yml, lib/mastodon/email_configuration_helper.rb), the mail gem
(lib/mail/network/delivery_methods/smtp.rb) and net-smtp (lib/net/smtp.rb): PLAIN unless another mechanism is set, STARTTLS when
offered unless SMTP_ENABLE_STARTTLS says otherwise, `true` alone switches SMTP_TLS and SMTP_SSL on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.config.env import set_variables, variables
from kb.config.options import Changes, client, edits_of, finding, has, not_allowed, setting
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"mastodon"})
SHARES = True

_PREFIXES = ("SMTP_", "LOCAL_DOMAIN")
# What others that have SMTP_SERVER do not: one of these makes it Mastodon.
_MARKS = ("SMTP_LOGIN", "SMTP_AUTH_METHOD", "SMTP_ENABLE_STARTTLS", "SMTP_OPENSSL_VERIFY_MODE", "SMTP_DELIVERY_METHOD")
_STARTTLS = {"always": "starttls", "never": "none", "auto": "opportunistic"}
_MECHANISMS = {"plain": "plain", "login": "login", "cram_md5": "cram-md5"}
_SOURCES = {
    "tls": ("SMTP_TLS", "SMTP_SSL", "SMTP_ENABLE_STARTTLS", "SMTP_ENABLE_STARTTLS_AUTO"),
    "verify": ("SMTP_OPENSSL_VERIFY_MODE",),
    "trust": ("SMTP_CA_FILE",),
    "auth": ("SMTP_LOGIN", "SMTP_PASSWORD", "SMTP_AUTH_METHOD"),
    "host": ("SMTP_SERVER",),
    "ehlo": ("SMTP_DOMAIN", "LOCAL_DOMAIN"),
}
_STORE = "/etc/ssl/certs/ca-certificates.crt"


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Mastodon's variables."""
    return "SMTP_SERVER" in text and any(mark in text for mark in _MARKS)


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    found: dict[str, Setting] = {}
    for item in variables(name, text, _PREFIXES):
        found[item.key] = setting(name, item.line, item.key, item.value, secret=item.key == "SMTP_PASSWORD")
    value = {key: item.value for key, item in found.items()}
    host = value.get("SMTP_SERVER", "")
    if not host or value.get("SMTP_DELIVERY_METHOD", "smtp") != "smtp":
        return None
    implicit = "true" in (value.get("SMTP_TLS"), value.get("SMTP_SSL"))
    _remark(value, found, findings, implicit=implicit)
    domain = value.get("SMTP_DOMAIN") or value.get("LOCAL_DOMAIN", "")
    facts = {
        "library": "ruby",
        "tls": "implicit" if implicit else _starttls(value),
        "verify": "none" if value.get("SMTP_OPENSSL_VERIFY_MODE", "").lower() == "none" else "full",
        "trust": "file" if value.get("SMTP_CA_FILE", _STORE) not in ("", _STORE) else "",
        "auth": _auth(value),
        "ehlo": ("full" if "." in domain else "short") if domain else "",
    }
    details = {"host": host, "port": value.get("SMTP_PORT") or "25", "file": name}
    return client("mastodon", Text("Mastodon", "Mastodon"), facts, found, _SOURCES, details)


def _starttls(value: Mapping[str, str]) -> str:
    asked = _STARTTLS.get(value.get("SMTP_ENABLE_STARTTLS", ""))
    return asked or ("none" if value.get("SMTP_ENABLE_STARTTLS_AUTO") == "false" else "opportunistic")


def _auth(value: Mapping[str, str]) -> str:
    method = value.get("SMTP_AUTH_METHOD") or "plain"
    if method == "none" or not value.get("SMTP_LOGIN"):
        return "none"
    return _MECHANISMS.get(method, "any")


def _remark(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], *, implicit: bool) -> None:
    if not value.get("SMTP_LOGIN") and value.get("SMTP_AUTH_METHOD") != "none":
        zh = (
            "没有 SMTP_LOGIN 而 SMTP_AUTH_METHOD 不是 none：Ruby 仍要认证，会报缺少用户名（ArgumentError）；"
            "不认证要设 SMTP_AUTH_METHOD=none。"
        )
        en = (
            "There is no SMTP_LOGIN, and SMTP_AUTH_METHOD is not none: Ruby still means to authenticate and raises"
            " ArgumentError for the missing user name. To go without, set SMTP_AUTH_METHOD=none."
        )
        findings.append(finding(found["SMTP_SERVER"], zh, en))
    asked = found.get("SMTP_ENABLE_STARTTLS")
    if asked is not None and asked.value and asked.value not in _STARTTLS:
        taken = Text("改看 SMTP_ENABLE_STARTTLS_AUTO", "goes by SMTP_ENABLE_STARTTLS_AUTO instead")
        findings.append(not_allowed("Mastodon", asked, tuple(_STARTTLS), taken))
    if implicit and asked is not None and asked.value in ("always", "auto"):
        zh = "SMTP_TLS（或 SMTP_SSL）与 SMTP_ENABLE_STARTTLS 只能用一个：mail gem 会报 ArgumentError（mutually exclusive）。"
        en = (
            "SMTP_TLS (or SMTP_SSL) and SMTP_ENABLE_STARTTLS exclude one another: the mail gem raises ArgumentError"
            " (mutually exclusive)."
        )
        findings.append(finding(asked, zh, en))
    for key in ("SMTP_TLS", "SMTP_SSL"):
        if value.get(key) not in (None, "", "true", "false"):
            findings.append(not_allowed("Mastodon", found[key], ("true",), Text("当作没有设", "takes it for unset")))
    if implicit and value.get("SMTP_PORT") in ("25", "587"):
        key = "SMTP_TLS" if value.get("SMTP_TLS") == "true" else "SMTP_SSL"
        zh = f"{key}=true 一连接就 TLS，用于 465；{value['SMTP_PORT']} 端口用 SMTP_ENABLE_STARTTLS=always。"
        en = f"{key}=true is TLS from the first byte and is for 465; with {value['SMTP_PORT']} use SMTP_ENABLE_STARTTLS=always."
        findings.append(finding(found[key], zh, en))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts; None where there is none for it."""
    user: Changes = [] if has(party, "login") else [("SMTP_LOGIN", "USER"), ("SMTP_PASSWORD", "PASSWORD")]
    no_tls: Changes = [("SMTP_TLS", None), ("SMTP_SSL", None)]
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [*no_tls, ("SMTP_ENABLE_STARTTLS", "always")],
        ("tls", "implicit"): [("SMTP_ENABLE_STARTTLS", None), ("SMTP_TLS", "true")],
        ("tls", "none"): [*no_tls, ("SMTP_ENABLE_STARTTLS", "never")],
        ("verify", "none"): [("SMTP_OPENSSL_VERIFY_MODE", "none")],
        ("verify", "full"): [("SMTP_OPENSSL_VERIFY_MODE", "peer")],
        ("trust", "file"): [("SMTP_CA_FILE", "/etc/ssl/certs/mail-ca.pem")],
        ("auth", "none"): [("SMTP_LOGIN", None), ("SMTP_PASSWORD", None), ("SMTP_AUTH_METHOD", "none")],
        ("auth", "any"): user,
        ("auth", "plain"): [*user, ("SMTP_AUTH_METHOD", "plain")],
        ("auth", "login"): [*user, ("SMTP_AUTH_METHOD", "login")],
        ("auth", "cram-md5"): [*user, ("SMTP_AUTH_METHOD", "cram_md5")],
        ("host", "localhost"): [("SMTP_SERVER", "localhost")],
        ("host", "name"): [("SMTP_SERVER", "mail.example.com")],
        ("ehlo", "full"): [("SMTP_DOMAIN", "client.example.com")],
    }
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables replaced, added, or removed."""
    return set_variables(text, edits)
