"""Mail settings of Ghost in variables, and of sSMTP.

Ghost (main): core/server/services/mail/GhostMailer.js, core/shared/config/loader.js (variables with `__`, their values parsed as
JSON) and @tryghost/nodemailer 2.3.14, which hands the options to Nodemailer; secureConnection is taken for secure. sSMTP 2.64:
ssmtp.c, ssmtp.conf(5): it looks at no certificate and at nothing that EHLO says; AUTH LOGIN unless AuthMethod is cram-md5.
"""

from __future__ import annotations

import re2

from kb.config.forms import Form, Values
from kb.config.options import ehlo_kind

_VARIABLE = re2.compile(
    r"""(?m)^(?P<lead>[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?["']?)(?P<key>mail__\w+)(?P<sep>["']?[ \t]*[=:][ \t]*)"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\n"']*?)(?P<tail>["']?[ \t]*,?[ \t\r]*)$"""
)
_KEYWORD = re2.compile(
    r"""(?m)^(?P<lead>[ \t]*)(?P<key>[A-Za-z]+)(?P<sep>[ \t]*=[ \t]*)(?P<value>[^\n#]*?)(?P<tail>[ \t\r]*)$"""
)


def _variables(text: str) -> tuple[int, int] | None:
    return (0, len(text)) if "mail__options__" in text else None


def _ghost(value: Values) -> dict[str, str]:
    secure = value.get("implicit") or value.get("alias") or ("true" if value.get("port") == "465" else "")
    tls = "starttls" if value.get("starttls") == "true" else "opportunistic"
    return {
        "library": "nodemailer",
        "tls": "implicit" if secure == "true" else "none" if value.get("ignore") == "true" else tls,
        "verify": "none" if value.get("verify") == "false" else "full",
        "auth": "any" if value.get("user") else "none",
        "ehlo": "full",
    }


_GHOST = "mail__options__"
GHOST = Form(
    "ghost-variables", "Ghost", _variables, _VARIABLE,
    {
        "host": _GHOST + "host", "port": _GHOST + "port", "user": _GHOST + "auth__user",
        "password": _GHOST + "auth__pass", "implicit": _GHOST + "secure", "alias": _GHOST + "secureConnection",
        "starttls": _GHOST + "requireTLS", "ignore": _GHOST + "ignoreTLS",
        "verify": _GHOST + "tls__rejectUnauthorized",
    },
    {"none": "587", "starttls": "587", "opportunistic": "587", "implicit": "465"}, _ghost,
    {
        ("tls", "starttls"): [("implicit", "false"), ("alias", None), ("starttls", "true"), ("ignore", None)],
        ("tls", "implicit"): [("implicit", "true"), ("alias", None), ("starttls", None), ("ignore", None)],
        ("tls", "none"): [("implicit", "false"), ("alias", None), ("starttls", None), ("ignore", "true")],
        ("verify", "none"): [("verify", "false")],
        ("verify", "full"): [("verify", "true")],
    },
    quote="yaml",
)  # fmt: skip


def _ssmtp_conf(text: str) -> tuple[int, int] | None:
    lower = text[:100_000].lower()
    words = ("authuser=", "usestarttls=", "usetls=", "fromlineoverride=", "rewritedomain=", "root=", "hostname=")
    plain = lower.replace(" ", "").replace("\t", "")
    return (0, len(text)) if "mailhub=" in plain and any(word in plain for word in words) else None


def _ssmtp(value: Values) -> dict[str, str]:
    starttls, tls = value.get("starttls", "").lower() == "yes", value.get("implicit", "").lower() == "yes"
    cram = value.get("method", "").lower() == "cram-md5"
    return {
        "library": "ssmtp",
        "tls": "starttls" if starttls else "implicit" if tls else "none",
        "verify": "none",
        "auth": ("cram-md5" if cram else "login") if value.get("user") else "none",
        "ehlo": ehlo_kind(value.get("helo", "")),
    }


SSMTP = Form(
    "ssmtp", "sSMTP", _ssmtp_conf, _KEYWORD,
    {
        "host": "mailhub", "user": "AuthUser", "password": "AuthPass", "implicit": "UseTLS", "starttls": "UseSTARTTLS",
        "method": "AuthMethod", "helo": "hostname",
    },
    {"none": "25", "starttls": "25", "implicit": "25"}, _ssmtp,
    {
        ("tls", "starttls"): [("implicit", "YES"), ("starttls", "YES")],
        ("tls", "implicit"): [("implicit", "YES"), ("starttls", None)],
        ("tls", "none"): [("implicit", None), ("starttls", None)],
        ("auth", "any"): [("method", None)],
        ("auth", "login"): [("method", None)],
        ("auth", "cram-md5"): [("method", "cram-md5")],
        ("ehlo", "full"): [("helo", "client.example.com")],
    },
    port_in_host=True,
)  # fmt: skip

FORMS = (GHOST, SSMTP)
