"""Nextcloud's mail settings: mail_* in config.php, or as `occ config:list system` prints them.

Read off lib/private/Mail/Mailer.php: since Nextcloud 26 it sends with Symfony Mailer (Transport/Smtp/EsmtpTransport.php and
Stream/SocketStream.php there), which has TLS from the start with mail_smtpsecure ssl or on port 465, else STARTTLS whenever the
server offers it; certificates are checked unless mail_smtpstreamoptions says otherwise; no AUTH when none is offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.options import Changes, client, edits_of, finding, has, literal, not_allowed, pairs, set_pair, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

PRODUCTS = frozenset({"nextcloud"})
SHARES = False

_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_.-]+)(?P<tail>,?)"""
_PAIR = re2.compile(r"""(?m)(?P<lead>^[ \t]*["'])(?P<key>mail_\w+)(?P<sep>["']\s*(?:=>|:)\s*)""" + _VALUE)
_STREAM = re2.compile(
    r"""(?P<lead>["'])(?P<key>verify_peer_name|verify_peer|allow_self_signed)(?P<sep>["']\s*(?:=>|:)\s*)""" + _VALUE
)
_KEYS = (
    *("mail_domain", "mail_from_address", "mail_smtpdebug", "mail_smtpmode", "mail_smtphost", "mail_smtpport"),
    *(
        "mail_smtptimeout",
        "mail_smtpsecure",
        "mail_smtpauth",
        "mail_smtpauthtype",
        "mail_smtpname",
        "mail_smtppassword",
    ),
    *("mail_template_class", "mail_send_plaintext_only", "mail_smtpstreamoptions", "mail_sendmailmode"),
)
_SOURCES = {
    "tls": ("mail_smtpsecure", "mail_smtpport"),
    "verify": ("verify_peer", "verify_peer_name", "allow_self_signed"),
    "auth": ("mail_smtpauth", "mail_smtpname", "mail_smtppassword"),
    "host": ("mail_smtphost",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Nextcloud's mail settings."""
    return "mail_smtp" in text and any(found for found in _PAIR.finditer(text))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    found: dict[str, Setting] = {}
    for item in pairs(_PAIR, name, text, ("mail_smtppassword",)):
        if item.key not in _KEYS:
            findings.append(unknown("Nextcloud", item, _KEYS))
        found[item.key] = item
    found |= {item.key: item for item in pairs(_STREAM, name, text, ())}
    value = {key: item.value for key, item in found.items()}
    mode = value.get("mail_smtpmode", "smtp")
    if mode not in ("smtp", ""):
        text = f"mail_smtpmode 是 {mode}，Nextcloud 交给本机程序发信，不用下面的 SMTP 设置。"
        en = f"mail_smtpmode is {mode}: Nextcloud hands mail to a program of this machine and not to an SMTP server."
        findings.append(finding(found["mail_smtpmode"], text, en))
        return None
    port = value.get("mail_smtpport") or "25"
    _remark(value, found, findings, port)
    facts = {
        "library": "symfony",
        "tls": "implicit" if value.get("mail_smtpsecure") == "ssl" or port == "465" else "opportunistic",
        **stream_facts(value),
        "auth": "any" if is_true(value.get("mail_smtpauth", "")) and value.get("mail_smtpname") else "none",
        "ehlo": "full",
    }
    details = {"host": value.get("mail_smtphost") or "127.0.0.1", "port": port, "file": name}
    return client("nextcloud", Text("Nextcloud", "Nextcloud"), facts, found, _SOURCES, details)


def stream_facts(value: Mapping[str, str]) -> dict[str, str]:
    """`verify` and `trust` of PHP's stream options. Of a name that is checked without the issuer the vocabulary knows nothing."""
    peer = value.get("verify_peer", "").lower() not in ("false", "0")
    name = value.get("verify_peer_name", "").lower() not in ("false", "0")
    verify = {(True, True): "full", (True, False): "issuer", (False, False): "none"}.get((peer, name), "")
    return {"verify": verify, "trust": "self-signed-too" if is_true(value.get("allow_self_signed", "")) else ""}


def _remark(value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], port: str) -> None:
    secure = value.get("mail_smtpsecure", "")
    if secure == "tls":
        zh = "Nextcloud 26 起 tls 不再起作用：服务器提供 STARTTLS 就会用，不能强制也不能关闭。"
        en = "Since Nextcloud 26 tls does nothing: STARTTLS is used whenever it is offered, neither forced nor switched off."
        findings.append(finding(found["mail_smtpsecure"], zh, en))
    elif secure not in ("", "ssl"):
        taken = Text("当作没有设", "takes it for unset")
        findings.append(not_allowed("Nextcloud", found["mail_smtpsecure"], ("ssl", ""), taken))
    if secure == "ssl" and port in ("25", "587"):
        zh = f"ssl 一连接就 TLS，用于 465；{port} 端口把 mail_smtpsecure 留空。"
        findings.append(
            finding(
                found["mail_smtpsecure"],
                zh,
                f"ssl is TLS from the first byte and is for 465; with {port} leave mail_smtpsecure empty.",
            )
        )
    if value.get("mail_smtpname") and not is_true(value.get("mail_smtpauth", "")):
        zh = "有 mail_smtpname 却没有打开 mail_smtpauth，Nextcloud 不认证。"
        findings.append(
            finding(
                found["mail_smtpname"],
                zh,
                "There is mail_smtpname, but mail_smtpauth is off: Nextcloud does not authenticate.",
            )
        )


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where Nextcloud has none for it, such as going without STARTTLS."""
    user: Changes = [] if has(party, "smtpname") else [("mail_smtpname", "'USER'"), ("mail_smtppassword", "'PASSWORD'")]
    off_465: Changes = [("mail_smtpport", "587")] if party.details["port"] == "465" else []
    options: dict[tuple[str, str], Changes] = {
        ("tls", "implicit"): [("mail_smtpsecure", "'ssl'")],
        ("tls", "starttls"): [("mail_smtpsecure", "''"), *off_465],
        ("tls", "opportunistic"): [("mail_smtpsecure", "''"), *off_465],
        ("verify", "none"): [("verify_peer", "false"), ("verify_peer_name", "false")],
        ("trust", "file"): [],
        ("auth", "none"): [("mail_smtpauth", "false")],
        ("auth", "any"): [("mail_smtpauth", "true"), *user],
        ("host", "localhost"): [("mail_smtphost", "'localhost'")],
        ("host", "name"): [("mail_smtphost", "'mail.example.com'")],
        ("ehlo", "full"): [],
    }
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added after the first one, or removed."""
    json = '"mail_smtp' in text and "=>" not in text
    for edit in edits:
        value = f'"{literal(edit.value)}"' if json and edit.value and edit.value.startswith("'") else edit.value
        if edit.key.startswith("mail_"):
            text = set_pair(text, _PAIR, edit.key, value)
        elif any(found.group("key") == edit.key for found in _STREAM.finditer(text)):
            text = set_pair(text, _STREAM, edit.key, value)
        elif edit.key == "verify_peer":
            options = "{'ssl': {'verify_peer': false, 'verify_peer_name': false}}".replace("'", '"')
            php = "['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]"
            text = set_pair(text, _PAIR, "mail_smtpstreamoptions", options if json else php)
        elif edit.value is not None:
            text = set_pair(text, _STREAM, edit.key, value)
    return text
