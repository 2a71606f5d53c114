"""Mail settings of Odoo's odoo.conf, which sends with smtplib.

Odoo (as of 15): odoo/addons/base/models/ir_mail_server.py connect(): smtp_ssl means STARTTLS, without a look at the certificate;
there is no setting for implicit TLS; outgoing servers set up in its pages go before the file.
"""

from __future__ import annotations

import re2

from kb.config.forms import Form, Values
from kb.config.values import is_true

_INI = re2.compile(
    r"""(?m)^(?P<lead>[ \t]*)(?P<key>smtp_\w+)(?P<sep>[ \t]*=[ \t]*)(?P<value>[^\n]*?)(?P<tail>[ \t\r]*)$"""
)
_OF_ODOO = ("[options]", "addons_path", "admin_passwd", "smtp_ssl", "db_host", "xmlrpc_port", "proxy_mode")
_SERVER = re2.compile(r"(?m)^[ \t]*smtp_server[ \t]*=[ \t]*[^\s\"']")


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


FORMS = (ODOO,)
