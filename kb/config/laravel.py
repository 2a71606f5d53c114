"""Laravel's MAIL_* variables (.env), which build a transport of Symfony Mailer since Laravel 9.

Read off laravel/framework (src/Illuminate/Mail/MailManager.php createSmtpTransport), laravel/laravel (config/mail.php) and
symfony/mailer (Transport/Smtp/EsmtpTransport.php): TLS from the start with MAIL_SCHEME=smtps (Laravel 11) or on port 465, else
STARTTLS whenever it is offered, whatever MAIL_ENCRYPTION says; no variable switches certificate checks off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.config.env import set_variables, variables
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, has, literal, setting
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"laravel"})
SHARES = True

_SOURCES = {
    "tls": ("MAIL_SCHEME", "MAIL_ENCRYPTION", "MAIL_PORT"),
    "auth": ("MAIL_USERNAME", "MAIL_PASSWORD"),
    "host": ("MAIL_HOST",),
    "ehlo": ("MAIL_EHLO_DOMAIN",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Laravel's variables for SMTP."""
    return "MAIL_MAILER" in text and "MAIL_HOST" in text


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    found: dict[str, Setting] = {}
    for item in variables(name, text, ("MAIL_",)):
        secret = item.key in ("MAIL_PASSWORD", "MAIL_URL")
        # Laravel's env() takes null for nothing.
        found[item.key] = setting(name, item.line, item.key, literal(item.value), secret=secret)
    value = {key: item.value for key, item in found.items()}
    mailer = value.get("MAIL_MAILER", "")
    if mailer not in ("smtp", "failover", "roundrobin"):
        if mailer:
            zh = f"MAIL_MAILER 是 {mailer}，Laravel 不经 SMTP 发信，不用下面的设置；要用就设 smtp。"
            en = f"MAIL_MAILER is {mailer}: Laravel does not send by SMTP and uses none of these settings; set it to smtp."
            findings.append(finding(found["MAIL_MAILER"], zh, en))
        return None
    if value.get("MAIL_URL"):
        zh = "MAIL_URL 盖过 MAIL_HOST 等变量，这里没有读它。"
        en = "MAIL_URL overrides MAIL_HOST and the others, and is not read here."
        findings.append(finding(found["MAIL_URL"], zh, en))
        return None
    port = value.get("MAIL_PORT") or "2525"
    implicit = value.get("MAIL_SCHEME") == "smtps" or port == "465"
    _remark(value, found, findings, port)
    facts = {
        "library": "symfony",
        "tls": "implicit" if implicit else "opportunistic",
        "verify": "full",
        "auth": "any" if value.get("MAIL_USERNAME") else "none",
        "ehlo": ehlo_kind(value.get("MAIL_EHLO_DOMAIN", "")),
    }
    details = {"host": value.get("MAIL_HOST") or "127.0.0.1", "port": port, "file": name}
    return client("laravel", Text("Laravel", "Laravel"), facts, found, _SOURCES, details)


def _remark(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], port: str) -> None:
    scheme = value.get("MAIL_SCHEME", "")
    if scheme not in ("", "smtp", "smtps"):
        zh = f'MAIL_SCHEME 只认 smtp 和 smtps；{scheme!r} 会报 The "{scheme}" scheme is not supported。587 端口写 smtp 或留空。'
        en = (
            f'MAIL_SCHEME knows smtp and smtps only; {scheme!r} raises The "{scheme}" scheme is not supported. With 587 write'
            " smtp or leave it empty."
        )
        findings.append(finding(found["MAIL_SCHEME"], zh, en))
    if scheme == "smtps" and port in ("25", "587"):
        zh = f"smtps 一连接就 TLS，用于 465；{port} 端口把 MAIL_SCHEME 留空。"
        en = f"smtps is TLS from the first byte and is for 465; with {port} leave MAIL_SCHEME empty."
        findings.append(finding(found["MAIL_SCHEME"], zh, en))
    if value.get("MAIL_ENCRYPTION", "").lower() == "ssl" and port != "465" and scheme != "smtps":
        zh = (
            f"Laravel 9 起 MAIL_ENCRYPTION=ssl 不会让 {port} 端口一连接就 TLS：只有 465（11 起还有 MAIL_SCHEME=smtps）才会；"
            "8 及以前则会，不加密的测试服务器要设 MAIL_ENCRYPTION=null。"
        )
        en = (
            f"Since Laravel 9 MAIL_ENCRYPTION=ssl does not begin with TLS on port {port}: only port 465 does, and from 11 on"
            " MAIL_SCHEME=smtps. Up to 8 it does: for a test server without TLS set MAIL_ENCRYPTION=null."
        )
        findings.append(finding(found["MAIL_ENCRYPTION"], zh, en))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts; None where Laravel has none for it, such as going without STARTTLS."""
    user: Changes = [] if has(party, "username") else [("MAIL_USERNAME", "USER"), ("MAIL_PASSWORD", "PASSWORD")]
    off_465: Changes = [("MAIL_PORT", "587")] if party.details["port"] == "465" else []
    told = {item.key for item in party.origins.get("tls", ())}
    encryption: Changes = [("MAIL_ENCRYPTION", "null")] if "MAIL_ENCRYPTION" in told else []
    options: dict[tuple[str, str], Changes] = {
        ("tls", "implicit"): [("MAIL_SCHEME", "smtps")],
        ("tls", "starttls"): [("MAIL_SCHEME", "smtp"), *off_465],
        ("tls", "opportunistic"): [("MAIL_SCHEME", "smtp"), *encryption, *off_465],
        ("trust", "file"): [],
        ("auth", "none"): [("MAIL_USERNAME", "null"), ("MAIL_PASSWORD", "null")],
        ("auth", "any"): user,
        ("host", "localhost"): [("MAIL_HOST", "localhost")],
        ("host", "name"): [("MAIL_HOST", "mail.example.com")],
        ("ehlo", "full"): [("MAIL_EHLO_DOMAIN", "client.example.com")],
    }
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables replaced, added, or removed."""
    return set_variables(text, edits)
