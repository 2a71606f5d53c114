"""Mail settings of Odoo's odoo.conf and of Home Assistant's `platform: smtp`; both send with smtplib.

Odoo (as of 15): odoo/addons/base/models/ir_mail_server.py connect(): smtp_ssl means STARTTLS, without a look at the certificate;
there is no setting for implicit TLS; outgoing servers set up in its pages go before the file. Home Assistant (core, 2026):
components/smtp/notify.py and const.py: STARTTLS at port 587 unless set otherwise, `tls` for implicit TLS, verify_ssl on.
"""

from __future__ import annotations

import re2

from kb.config.forms import Form, Values
from kb.config.values import is_true

_INI = re2.compile(
    r"""(?m)^(?P<lead>[ \t]*)(?P<key>smtp_\w+)(?P<sep>[ \t]*=[ \t]*)(?P<value>[^\n]*?)(?P<tail>[ \t\r]*)$"""
)
_YAML = re2.compile(
    r"""(?m)^(?:[ \t]*-)?(?P<lead>[ \t]*)(?P<key>[a-z_]+)(?P<sep>:[ \t]+)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\n#"']*?)"""
    r"""(?P<tail>[ \t]*(?:#[^\n]*)?)$"""
)
_OF_ODOO = ("[options]", "addons_path", "admin_passwd", "smtp_ssl", "db_host", "xmlrpc_port", "proxy_mode")
_SERVER = re2.compile(r"(?m)^[ \t]*smtp_server[ \t]*=[ \t]*[^\s\"']")
_PLATFORM = re2.compile(r"""^\s*(?:-\s+)?platform:\s*["']?smtp["']?\s*(?:#.*)?$""")


def _odoo_conf(text: str) -> tuple[int, int] | None:
    mine = _SERVER.search(text) and any(word in text for word in _OF_ODOO) and "import smtplib" not in text
    return (0, len(text)) if mine else None


def _odoo(value: Values) -> dict[str, str]:
    user = value.get("user", "")
    return {
        "library": "smtplib",
        "tls": "starttls" if is_true(value.get("starttls", "")) else "none",
        "verify": "none",
        "auth": "none" if user.lower() in ("", "false", "none") else "any",
    }


ODOO = Form(
    "odoo", "Odoo", _odoo_conf, _INI,
    {
        "host": "smtp_server", "port": "smtp_port", "user": "smtp_user", "password": "smtp_password",
        "starttls": "smtp_ssl",
    },
    {"none": "25", "starttls": "25"}, _odoo,
    {("tls", "starttls"): [("starttls", "True")], ("tls", "none"): [("starttls", "False")]},
)  # fmt: skip


def _item(text: str) -> tuple[int, int] | None:
    """The list item of YAML that says `platform: smtp`."""
    if "platform:" not in text:
        return None
    lines = text.splitlines(keepends=True)
    number = next((n for n, line in enumerate(lines) if len(line) < 200 and _PLATFORM.match(line.rstrip())), None)
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


_ENCRYPTION = {"": "starttls", "starttls": "starttls", "tls": "implicit", "none": "none"}


def _home_assistant(value: Values) -> dict[str, str]:
    return {
        "library": "smtplib",
        "tls": _ENCRYPTION.get(value.get("security", "").lower(), ""),
        "verify": "full" if is_true(value.get("verify") or "true") else "none",
        "auth": "any" if value.get("user") and value.get("password") else "none",
    }


HOME_ASSISTANT = Form(
    "home-assistant", "Home Assistant", _item, _YAML,
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

FORMS = (ODOO, HOME_ASSISTANT)
