"""PHPMailer's properties in PHP code (WordPress's phpmailer_init too), and the WPMS_* constants of WP Mail SMTP.

Read off PHPMailer src/PHPMailer.php smtpConnect (defaults; SMTPAutoTLS uses STARTTLS whenever it is offered, but not with the
host localhost; SMTPAuth is off by default; several hosts with ssl:// and tls:// before them) and src/SMTP.php authenticate;
WP Mail SMTP src/Options.php and src/Processor.php.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.nextcloud import stream_facts
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, has, not_allowed, pairs, set_pair, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

PRODUCTS = frozenset({"phpmailer", "wp-mail-smtp"})
SHARES = False

_PROPERTY = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*)?\$[A-Za-z_][\w>-]*->)(?P<key>[A-Z]\w*)(?P<sep>\s*=\s*)"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^;\n=\[(]+)(?P<tail>;)"""
)
_CONSTANT = re2.compile(
    r"""(?m)(?P<lead>(?:^[ \t]*)?define\(\s*['"])(?P<key>WPMS_\w+)(?P<sep>['"]\s*,\s*)"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^)\n]+?)(?P<tail>\s*\)\s*;)"""
)
_STREAM = re2.compile(
    r"""(?P<lead>["'])(?P<key>verify_peer_name|verify_peer|allow_self_signed)(?P<sep>["']\s*=>\s*)(?P<value>\w+)(?P<tail>,?)"""
)
_NAMES = (
    "Host",
    "Port",
    "SMTPSecure",
    "SMTPAutoTLS",
    "SMTPAuth",
    "Username",
    "Password",
    "AuthType",
    "Helo",
    "Hostname",
)
_WPMS = {
    **{
        "Host": "WPMS_SMTP_HOST",
        "Port": "WPMS_SMTP_PORT",
        "SMTPSecure": "WPMS_SSL",
        "SMTPAutoTLS": "WPMS_SMTP_AUTOTLS",
    },
    **{
        "SMTPAuth": "WPMS_SMTP_AUTH",
        "Username": "WPMS_SMTP_USER",
        "Password": "WPMS_SMTP_PASS",
        "Mailer": "WPMS_MAILER",
    },
    **{"on": "WPMS_ON", "From": "WPMS_MAIL_FROM", "FromName": "WPMS_MAIL_FROM_NAME", "return": "WPMS_SET_RETURN_PATH"},
    **{"force": "WPMS_MAIL_FROM_FORCE", "force_name": "WPMS_MAIL_FROM_NAME_FORCE", "no_send": "WPMS_DO_NOT_SEND"},
}
_SECURE = {"": "", "tls": "starttls", "ssl": "implicit", "PHPMailer::ENCRYPTION_STARTTLS": "starttls", "false": ""}
_SECURE |= {"PHPMailer::ENCRYPTION_SMTPS": "implicit", "none": ""}
_SOURCES = {
    "tls": ("SMTPSecure", "SMTPAutoTLS"),
    "verify": ("verify_peer", "verify_peer_name", "allow_self_signed"),
    "auth": ("SMTPAuth", "Username", "Password", "AuthType"),
    "host": ("Host",),
    "ehlo": ("Helo", "Hostname"),
}


def sniff(name: str, text: str) -> bool:
    """Whether a text sets PHPMailer's properties or WP Mail SMTP's constants."""
    if "WPMS_" in text:
        return any(found for found in _CONSTANT.finditer(text))
    keys = {found.group("key") for found in _PROPERTY.finditer(text[:200_000])} if "->" in text else set()
    return "Host" in keys and bool(keys & set(_NAMES[1:]))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str, findings: list[Finding]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    if "WPMS_" in text:
        meaning = {constant: key for key, constant in _WPMS.items()}
        for item in pairs(_CONSTANT, name, text, ("WPMS_SMTP_PASS",)):
            if item.key in meaning:
                found[meaning[item.key]] = item
            elif not item.key.endswith(("_KEY", "_SECRET", "_ID", "_REGION", "_DOMAIN", "_TOKEN", "_CHANNEL")):
                findings.append(unknown("WP Mail SMTP", item, _WPMS.values()))
        return found
    for item in pairs(_PROPERTY, name, text, ("Password",)):
        found[item.key] = item
    return found | {item.key: item for item in pairs(_STREAM, name, text, ())}


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    found = _settings(name, text, findings)
    value = {key: item.value for key, item in found.items()}
    constants = "WPMS_" in text
    product = "wp-mail-smtp" if constants else "phpmailer"
    if constants:
        value.setdefault("SMTPAuth", "false")
        value.setdefault("SMTPAutoTLS", "false")
    first = value.get("Host", "localhost").split(";")[0].strip()
    scheme, _, rest = first.rpartition("://")
    host, port = _host_and_port(rest)
    port = port or value.get("Port") or "25"
    _remark(value, found, findings, text, constants=constants)
    login = is_true(value.get("SMTPAuth", "")) and bool(value.get("Username", "x"))
    facts = {
        "library": "phpmailer",
        "tls": _tls(value, scheme, host, found, findings),
        **stream_facts(value),
        "auth": _mechanism(value) if login else "none",
        "ehlo": ehlo_kind(value.get("Helo") or value.get("Hostname") or ""),
    }
    title = (
        Text("WP Mail SMTP（PHPMailer）", "WP Mail SMTP (PHPMailer)") if constants else Text("PHPMailer", "PHPMailer")
    )
    details = {"host": host, "port": port, "file": name}
    return client(product, title, facts, found, _SOURCES, details)


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.rpartition(":")
    return (host, port) if colon and port.isdigit() else (text, "")


def _mechanism(value: Mapping[str, str]) -> str:
    """A mechanism that is set is tried first; where the server lacks it PHPMailer picks another."""
    return {"PLAIN": "plain", "LOGIN": "login", "CRAM-MD5": "cram-md5", "XOAUTH2": "xoauth2"}.get(
        value.get("AuthType", ""), "any"
    )


def _tls(
    value: Mapping[str, str], scheme: str, host: str, found: Mapping[str, Setting], findings: list[Finding]
) -> str:
    secure = value.get("SMTPSecure", "")
    if secure not in _SECURE:
        taken = Text("不识别，当作没有设", "does not know it and takes it for unset")
        findings.append(not_allowed("PHPMailer", found["SMTPSecure"], ("tls", "ssl", ""), taken))
    tls = {"ssl": "implicit", "tls": "starttls"}.get(scheme) or _SECURE.get(secure, "")
    if tls:
        return tls
    automatic = value.get("SMTPAutoTLS", "true").lower() not in ("false", "0", "")
    return "opportunistic" if automatic and host != "localhost" else "none"


def _remark(
    value: Mapping[str, str], found: Mapping[str, Setting], findings: list[Finding], text: str, *, constants: bool
) -> None:
    first = next(iter(found.values()), None)
    if first is None:
        return
    if constants and not is_true(value.get("on", "")):
        findings.append(
            finding(
                first, "没有 WPMS_ON = true，这些常量不起作用。", "Without WPMS_ON = true these constants do nothing."
            )
        )
    if not constants and "issmtp" not in text.lower() and value.get("Mailer", "").lower() != "smtp":
        zh = "没有调用 isSMTP()，PHPMailer 用 PHP 的 mail() 发信，不理会这些设置。"
        findings.append(
            finding(
                first,
                zh,
                "isSMTP() is not called: PHPMailer sends with PHP's mail() and takes no notice of these settings.",
            )
        )
    if value.get("Username") and not is_true(value.get("SMTPAuth", "")):
        zh = "有用户名却没有打开 SMTPAuth，PHPMailer 不认证。"
        findings.append(
            finding(
                found["Username"], zh, "There is a user name, but SMTPAuth is off: PHPMailer does not authenticate."
            )
        )
    secure = _SECURE.get(value.get("SMTPSecure", ""), "")
    if secure == "implicit" and value.get("Port") in ("25", "587"):
        zh = f"ssl 一连接就 TLS，用于 465；{value['Port']} 端口用 tls。"
        findings.append(
            finding(
                found["SMTPSecure"], zh, f"ssl is TLS from the first byte and is for 465; with {value['Port']} use tls."
            )
        )
    if secure != "implicit" and value.get("Port") == "465" and "ssl://" not in value.get("Host", ""):
        findings.append(finding(found["Port"], "465 端口要用 ssl。", "Port 465 needs ssl."))


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where there is none for it."""
    user: Changes = [] if has(party, "username", "smtp_user") else [("Username", "'USER'"), ("Password", "'PASSWORD'")]
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("SMTPSecure", "'tls'")],
        ("tls", "implicit"): [("SMTPSecure", "'ssl'")],
        ("tls", "none"): [("SMTPSecure", "''"), ("SMTPAutoTLS", "false")],
        ("trust", "file"): [],
        ("auth", "none"): [("SMTPAuth", "false")],
        ("auth", "any"): [("SMTPAuth", "true"), *user],
        ("host", "localhost"): [("Host", "'localhost'")],
        ("host", "name"): [("Host", "'mail.example.com'")],
    }
    if party.product == "phpmailer":
        options[("verify", "none")] = [("verify_peer", "false"), ("verify_peer_name", "false")]
        options[("ehlo", "full")] = [("Helo", "'client.example.com'")]
        for mechanism in ("plain", "login", "cram-md5"):
            options[("auth", mechanism)] = [("SMTPAuth", "true"), *user, ("AuthType", f"'{mechanism.upper()}'")]
    made = edits_of(party, change, options)
    if made is None or party.product == "phpmailer":
        return made
    return tuple(Edit(edit.file, _WPMS[edit.key], edit.value) for edit in made)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with settings replaced, added after the first one, or removed."""
    for edit in edits:
        if edit.key.startswith("WPMS_"):
            text = set_pair(text, _CONSTANT, edit.key, edit.value)
        elif edit.key in ("verify_peer", "verify_peer_name"):
            if any(found.group("key") == edit.key for found in _STREAM.finditer(text)):
                text = set_pair(text, _STREAM, edit.key, edit.value)
            elif edit.key == "verify_peer":
                options = "['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]"
                text = set_pair(text, _PROPERTY, "SMTPOptions", options)
            else:
                text = set_pair(text, _STREAM, edit.key, edit.value)
        else:
            text = set_pair(text, _PROPERTY, edit.key, edit.value)
    return text
