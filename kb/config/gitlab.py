"""Rails mail settings: GitLab's gitlab.rb (gitlab_rails['smtp_…']) and ActionMailer's smtp_settings, both for Net::SMTP.

Read off omnibus-gitlab (gitlab-cookbooks/gitlab/attributes/default.rb, templates/default/smtp_settings.rb.erb), the mail gem
(lib/mail/network/delivery_methods/smtp.rb: STARTTLS when offered unless switched off, tls and STARTTLS exclude one another) and
net-smtp (lib/net/smtp.rb: AUTH is sent without a look at what is offered, PLAIN when no mechanism is set).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, has, not_allowed, pairs, set_pair, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"gitlab", "rails"})
SHARES = False

_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^,;}#\s]+)"""
_GITLAB = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*)?gitlab_rails\[['"]smtp_)(?P<key>\w+)(?P<sep>['"]\]\s*=\s*)"""
    + _VALUE
    + r"(?P<tail>;?)"
)
_KEYS = (
    *(
        "address",
        "port",
        "domain",
        "user_name",
        "password",
        "authentication",
        "enable_starttls",
        "enable_starttls_auto",
    ),
    *("tls", "ssl", "openssl_verify_mode", "ca_file", "ca_path", "open_timeout", "read_timeout"),
)
_OMNIBUS = (*_KEYS, "enable", "pool", "force_ssl", "timeout")
_RAILS = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*|[{ \t][ \t]*):?)(?P<key>"""
    + "|".join(_KEYS)
    + r""")(?P<sep>:\s+|\s*=>\s*)"""
    + _VALUE.replace("[^,;}#\\s]+", "[^,}#\\n]*[^,}#\\s]")
    + r"(?P<tail>,?)"
)
_MECHANISMS = {"plain": "plain", "login": "login", "cram_md5": "cram-md5", "cram-md5": "cram-md5"}
_VERIFY = ("none", "peer", "client_once", "fail_if_no_peer_cert")
_SOURCES = {
    "tls": ("tls", "ssl", "enable_starttls", "enable_starttls_auto"),
    "verify": ("openssl_verify_mode",),
    "trust": ("ca_file", "ca_path"),
    "auth": ("user_name", "password", "authentication"),
    "host": ("address",),
    "ehlo": ("domain",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds gitlab.rb's smtp_* settings or ActionMailer's smtp_settings."""
    return ("gitlab_rails[" in text and "smtp_" in text) or "smtp_settings" in text


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    omnibus = "gitlab_rails[" in text
    found: dict[str, Setting] = {}
    for item in pairs(_GITLAB if omnibus else _RAILS, name, text, ("password",)):
        if omnibus and item.key not in _OMNIBUS:
            findings.append(unknown("GitLab", item, _OMNIBUS))
        found[item.key] = item
    if not found:
        return None
    value = {key: item.value for key, item in found.items()}
    _remark(value, found, findings, omnibus=omnibus)
    tls = _on(value.get("tls")) or _on(value.get("ssl"))
    mechanism = _MECHANISMS.get(value.get("authentication", "").lower() or "plain", "any")
    facts = {
        "library": "ruby",
        "tls": "implicit" if tls else _starttls(value),
        "verify": "none" if value.get("openssl_verify_mode", "").rpartition("_")[2].lower() == "none" else "full",
        "trust": "file" if value.get("ca_file") or value.get("ca_path") else "",
        "auth": mechanism if value.get("user_name") else "none",
        "ehlo": ehlo_kind(value.get("domain", "") or ("localhost.localdomain")),
    }
    details = {"host": value.get("address") or "localhost", "port": value.get("port") or "25", "file": name}
    product = "gitlab" if omnibus else "rails"
    title = Text("GitLab", "GitLab") if omnibus else Text("Rails（ActionMailer）", "Rails (ActionMailer)")
    return client(product, title, facts, found, _SOURCES, details)


def _on(value: str | None) -> bool:
    return value is not None and value not in ("false", "")


def _starttls(value: Mapping[str, str]) -> str:
    """How STARTTLS is used: required with enable_starttls, else when offered unless it is switched off."""
    always = value.get("enable_starttls")
    if _on(always):
        return "opportunistic" if always == "auto" else "starttls"
    auto = value.get("enable_starttls_auto")
    if auto is not None:
        return "opportunistic" if _on(auto) else "none"
    return "opportunistic" if always is None else "none"


def _remark(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], *, omnibus: bool) -> None:
    first = next(iter(found.values()))
    if omnibus and not _on(value.get("enable")):
        zh = "没有 smtp_enable = true，GitLab 不用这些设置，改用本机的 sendmail。"
        findings.append(
            finding(first, zh, "Without smtp_enable = true GitLab uses sendmail and none of these settings.")
        )
    tls = next((found[key] for key in ("tls", "ssl") if _on(value.get(key))), None)
    if tls and (_on(value.get("enable_starttls_auto")) or _on(value.get("enable_starttls"))):
        zh = "tls 与 enable_starttls_auto 只能开一个，新版 mail gem 会报 ArgumentError（mutually exclusive）；465 端口只用 tls。"
        en = "tls and enable_starttls_auto exclude one another: the mail gem raises ArgumentError. With 465 use tls alone."
        findings.append(finding(tls, zh, en))
    if tls and value.get("port") in ("25", "587"):
        zh = f"tls 一连接就加密，用于 465；{value['port']} 端口用 enable_starttls_auto。"
        findings.append(
            finding(
                tls,
                zh,
                f"tls encrypts from the first byte and is for 465; with {value['port']} use enable_starttls_auto.",
            )
        )
    mechanism = value.get("authentication", "")
    if mechanism and mechanism.lower() not in (*_MECHANISMS, "xoauth2", "none", "false"):
        taken = Text("会报 wrong authentication type", "raises wrong authentication type")
        findings.append(not_allowed("Net::SMTP", found["authentication"], tuple(_MECHANISMS)[:3], taken))
    mode = value.get("openssl_verify_mode", "")
    if mode and not mode.startswith("OpenSSL") and mode.lower() not in (*_VERIFY, "0", "1"):
        findings.append(not_allowed("mail", found["openssl_verify_mode"], _VERIFY, Text("会报错", "raises an error")))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where there is none for it."""
    user: Changes = [] if has(party, "user_name") else [("user_name", "'USER'"), ("password", "'PASSWORD'")]
    one = "enable_starttls_auto"
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("tls", None), ("ssl", None), (one, "true")],
        ("tls", "implicit"): [(one, "false"), ("enable_starttls", None), ("tls", "true")],
        ("tls", "none"): [("tls", None), ("ssl", None), ("enable_starttls", None), (one, "false")],
        ("verify", "none"): [("openssl_verify_mode", "'none'")],
        ("verify", "full"): [("openssl_verify_mode", "'peer'")],
        ("trust", "file"): [("ca_file", "'/etc/ssl/certs/mail-ca.pem'")],
        ("auth", "none"): [("user_name", None), ("password", None), ("authentication", None)],
        ("auth", "any"): user,
        ("auth", "plain"): [*user, ("authentication", "'plain'")],
        ("auth", "login"): [*user, ("authentication", "'login'")],
        ("auth", "cram-md5"): [*user, ("authentication", "'cram_md5'")],
        ("host", "localhost"): [("address", "'localhost'")],
        ("host", "name"): [("address", "'mail.example.com'")],
        ("ehlo", "full"): [("domain", "'client.example.com'")],
    }
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added after the first one, or removed."""
    pattern = _GITLAB if "gitlab_rails[" in text else _RAILS
    for edit in edits:
        text = set_pair(text, pattern, edit.key, edit.value)
    return text
