"""Mail settings in an item of a YAML list: Home Assistant's `platform: smtp`, and a media type that Zabbix exports.

Home Assistant (core, 2026): components/smtp/notify.py and const.py, sent with smtplib: STARTTLS at port 587 unless set
otherwise, `tls` for implicit TLS, verify_ssl on. Zabbix (6.0 to 7.4): src/libs/zbxmedia/email.c, which speaks SMTP by itself
without security and login, else through libcurl; ui import validators for names and defaults, which an export leaves out: no
security, no check, no login, port 25.
"""

from __future__ import annotations

from typing import Any

import re2

from kb.config.forms import Form, Values
from kb.config.options import ehlo_kind
from kb.config.values import is_true

_YAML = re2.compile(
    r"""(?m)^(?:[ \t]*-)?(?P<lead>[ \t]*)(?P<key>[a-z_]+)(?P<sep>:[ \t]+)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\n#"']*?)"""
    r"""(?P<tail>[ \t]*(?:#[^\n]*)?)$"""
)
_PLATFORM = re2.compile(r"""^\s*(?:-\s+)?platform:\s*["']?smtp["']?\s*(?:#.*)?$""")
_EMAIL = re2.compile(r"""^\s*(?:-\s+)?(?:smtp_server:|type:\s*["']?EMAIL["']?\s*$)""")


def _item(text: str, line_of: Any) -> tuple[int, int] | None:
    """The list item of YAML with a line that a pattern matches."""
    lines = text.splitlines(keepends=True)
    number = next((n for n, line in enumerate(lines) if len(line) < 200 and line_of.match(line.rstrip())), None)
    if number is None:
        return None
    begin = number
    depth = len(lines[number]) - len(lines[number].lstrip(" "))
    while begin > 0 and not lines[begin].lstrip().startswith("- "):
        above = lines[begin - 1]
        if above.strip() and len(above) - len(above.lstrip(" ")) < depth - 2:
            break
        begin -= 1
    indent = len(lines[begin]) - len(lines[begin].lstrip(" "))
    dash = lines[begin].lstrip().startswith("- ")
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or _inside(lines[end], indent, dash=dash)):
        end += 1
    return sum(map(len, lines[:begin])), sum(map(len, lines[:end]))


def _inside(line: str, indent: int, *, dash: bool) -> bool:
    depth = len(line) - len(line.lstrip(" "))
    return depth > indent or (depth == indent and not dash and not line.lstrip().startswith("- "))


def _platform(text: str) -> tuple[int, int] | None:
    return _item(text, _PLATFORM) if "platform:" in text else None


def _media_type(text: str) -> tuple[int, int] | None:
    mine = "media_types:" in text or "zabbix_export" in text or ("smtp_email:" in text and "smtp_helo:" in text)
    return _item(text, _EMAIL) if mine else None


_ENCRYPTION = {"": "starttls", "starttls": "starttls", "tls": "implicit", "none": "none"}


def _home_assistant(value: Values) -> dict[str, str]:
    return {
        "library": "smtplib",
        "tls": _ENCRYPTION.get(value.get("security", "").lower(), ""),
        "verify": "full" if is_true(value.get("verify") or "true") else "none",
        "auth": "any" if value.get("user") and value.get("password") else "none",
    }


HOME_ASSISTANT = Form(
    "home-assistant", "Home Assistant", _platform, _YAML,
    {
        "host": "server", "port": "port", "user": "username", "password": "password", "security": "encryption",
        "verify": "verify_ssl",
    },
    {"none": "587", "starttls": "587", "implicit": "587"}, _home_assistant,
    {
        ("tls", "starttls"): [("security", "starttls")],
        ("tls", "implicit"): [("security", "tls")],
        ("tls", "none"): [("security", "none")],
        ("verify", "none"): [("verify", "false")],
        ("verify", "full"): [("verify", "true")],
    },
    default_host="localhost", one_of={"security": ("tls", "starttls", "none")},
)  # fmt: skip

_SECURITY = {"": "none", "none": "none", "starttls": "starttls", "ssl_or_tls": "implicit"}


def _zabbix(value: Values) -> dict[str, str]:
    peer, host = (value.get(key, "").upper() == "YES" for key in ("verify", "verify_host"))
    method = value.get("method", "").upper()
    return {
        "library": "zabbix",
        "tls": _SECURITY.get(value.get("security", "").lower(), ""),
        "verify": "none" if not peer else "full" if host else "issuer",
        "auth": {"PASSWORD": "any", "OAUTH": "xoauth2"}.get(method, "none"),
        "ehlo": ehlo_kind(value.get("helo", "")),
    }


ZABBIX = Form(
    "zabbix", "Zabbix", _media_type, _YAML,
    {
        "host": "smtp_server", "port": "smtp_port", "user": "username", "password": "password",
        "security": "smtp_security", "verify": "smtp_verify_peer", "verify_host": "smtp_verify_host",
        "method": "smtp_authentication", "helo": "smtp_helo",
    },
    {"none": "25", "starttls": "25", "implicit": "25"}, _zabbix,
    {
        ("tls", "starttls"): [("security", "STARTTLS")],
        ("tls", "implicit"): [("security", "SSL_OR_TLS")],
        ("tls", "none"): [("security", None)],
        ("verify", "none"): [("verify", None), ("verify_host", None)],
        ("verify", "full"): [("verify", "'YES'"), ("verify_host", "'YES'")],
        ("auth", "any"): [("method", "PASSWORD")],
        ("auth", "none"): [("method", None), ("user", None), ("password", None)],
        ("ehlo", "full"): [("helo", "client.example.com")],
    },
    one_of={"security": ("none", "starttls", "ssl_or_tls"), "method": ("none", "password", "oauth")},
)  # fmt: skip

FORMS = (HOME_ASSISTANT, ZABBIX)
