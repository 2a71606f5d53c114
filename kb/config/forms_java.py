"""Mail settings of Keycloak, Jenkins and Quarkus.

Keycloak (main): services/…/email/DefaultEmailSenderProvider.java: Jakarta Mail, STARTTLS when offered, names in certificates
checked (checkserveridentity), all values are strings. Jenkins: mailer plugin (2026-04), hudson/tasks/Mailer.java createSession:
Jakarta Mail; useSsl takes port 465, useTls (STARTTLS required) 587, unless a port is set. Quarkus (main): extensions/mailer
MailerRuntimeConfig.java and Mailers.java, which sends with Vert.x: SMTPInitialDialogue.java, SMTPAuthentication.java,
AuthOperationFactory.java there.
"""

from __future__ import annotations

from collections.abc import Mapping

import re2

from kb.config.forms import Form, Values, block, braced
from kb.config.options import Changes, ehlo_kind
from kb.config.values import is_true

# "starttls": "true", also of keys that are not in quotes.
_JSON = re2.compile(
    r"""(?P<lead>["']?)(?P<key>[A-Za-z_]\w*)(?P<sep>["']?\s*:\s*)(?P<value>"[^"\n]*"|'[^'\n]*'|[\w.+-]+)(?P<tail>,?)"""
)
_ELEMENT = re2.compile(r"""(?P<lead>[ \t]*<)(?P<key>\w+)(?P<sep>>)(?P<value>[^<>\n]*)(?P<tail></\w+>)""")
_YAML = re2.compile(r"""(?m)^(?P<lead>[ \t]*)(?P<key>\w+)(?P<sep>:[ \t]+)(?P<value>[^\n#]*?)(?P<tail>[ \t]*)$""")
_PROPERTY = re2.compile(
    r"""(?m)^(?P<lead>[ \t]*(?:%\w+\.)?)(?P<key>quarkus\.mailer\.[\w.-]+)(?P<sep>[ \t]*[=:][ \t]*)"""
    r"""(?P<value>[^\n]*?)(?P<tail>[ \t\r]*)$"""
)
_AUTH_OFF: Changes = [("user", None), ("password", None)]


def _realm(text: str) -> tuple[int, int] | None:
    """The object smtpServer of a realm."""
    place = text.find('"smtpServer"')
    return None if place < 0 else braced(text, place)


def _keycloak(value: Values) -> dict[str, str]:
    implicit, starttls = value.get("implicit") == "true", value.get("starttls") == "true"
    return {
        "library": "jakarta-mail",
        "tls": "implicit" if implicit else "opportunistic" if starttls else "none",
        "verify": "full",
        "auth": ("xoauth2" if value.get("method") == "token" else "any") if value.get("login") == "true" else "none",
    }


KEYCLOAK = Form(
    "keycloak", "Keycloak", _realm, _JSON,
    {
        "host": "host", "port": "port", "user": "user", "password": "password", "login": "auth", "implicit": "ssl",
        "starttls": "starttls", "method": "authType",
    },
    {"none": "25", "opportunistic": "25", "implicit": "465"}, _keycloak,
    {
        ("tls", "opportunistic"): [("starttls", "true"), ("implicit", "false")],
        ("tls", "implicit"): [("implicit", "true"), ("starttls", "false")],
        ("tls", "none"): [("starttls", "false"), ("implicit", "false")],
        ("auth", "any"): [("login", "true")],
        ("auth", "none"): [("login", "false")],
    },
    quote='"', one_of=dict.fromkeys(("login", "implicit", "starttls"), ("true", "false")),
)  # fmt: skip


def _mailer(text: str) -> tuple[int, int] | None:
    """Jenkins' hudson.tasks.Mailer.xml."""
    return (0, len(text)) if "<hudson.tasks.Mailer" in text and "<smtpHost>" in text else None


def _casc(text: str) -> tuple[int, int] | None:
    """`mailer:` of Jenkins' configuration as code."""
    if "smtpHost:" not in text:
        return None
    lines = text.splitlines()
    number = next((n for n, line in enumerate(lines) if line.strip() == "mailer:"), None)
    return None if number is None else block(text, number)


def _jenkins(value: Values) -> dict[str, str]:
    implicit, starttls = is_true(value.get("implicit", "")), is_true(value.get("starttls", ""))
    return {
        "library": "jakarta-mail",
        "tls": "implicit" if implicit else "starttls" if starttls else "none",
        # With useSsl names are checked; with STARTTLS it depends on the release of Jakarta Mail.
        "verify": "full" if implicit else "full,issuer",
        "auth": "any" if value.get("user") else "none",
    }


_JENKINS_NAMES = {
    "host": "smtpHost", "port": "smtpPort", "user": "username", "password": "password", "implicit": "useSsl",
    "starttls": "useTls",
}  # fmt: skip
_JENKINS_PORT = {"none": "25", "starttls": "587", "implicit": "465"}
_JENKINS_TLS: Mapping[tuple[str, str], Changes] = {
    ("tls", "starttls"): [("starttls", "true"), ("implicit", "false")],
    ("tls", "implicit"): [("implicit", "true"), ("starttls", "false")],
    ("tls", "none"): [("starttls", "false"), ("implicit", "false")],
}
JENKINS = Form(
    "jenkins", "Jenkins", _mailer, _ELEMENT, _JENKINS_NAMES, _JENKINS_PORT, _jenkins, _JENKINS_TLS,
    nested_login=True, closing=lambda key: f"</{key}>",
)  # fmt: skip
JENKINS_CASC = Form(
    "jenkins-casc", "Jenkins", _casc, _YAML, _JENKINS_NAMES, _JENKINS_PORT, _jenkins, _JENKINS_TLS, nested_login=True,
)  # fmt: skip


def _properties(text: str) -> tuple[int, int] | None:
    return (0, len(text)) if "quarkus.mailer." in text else None


_POLICY = {"": "opportunistic", "optional": "opportunistic", "required": "starttls", "disabled": "none"}


def _quarkus(value: Values) -> dict[str, str]:
    any_certificate = is_true(value.get("insecure", ""))
    named = value.get("tls_name", "")
    implicit = is_true(value.get("ssl", "")) or is_true(value.get("implicit") or str(bool(named) or any_certificate))
    login = value.get("user") and value.get("password") and value.get("login", "").lower() != "disabled"
    return {
        "library": "vertx",
        "tls": "implicit" if implicit else _POLICY.get(value.get("policy", "").lower(), ""),
        # Whether names are checked by default depends on the release of Vert.x; a named configuration has its own.
        "verify": "none" if any_certificate else "" if named else "full,issuer",
        "auth": "any" if login else "none",
        "ehlo": ehlo_kind(value.get("helo", "")),
    }


_QUARKUS = "quarkus.mailer."
QUARKUS = Form(
    "quarkus", "Quarkus", _properties, _PROPERTY,
    {
        "host": _QUARKUS + "host", "port": _QUARKUS + "port", "user": _QUARKUS + "username",
        "password": _QUARKUS + "password", "implicit": _QUARKUS + "tls", "ssl": _QUARKUS + "ssl",
        "policy": _QUARKUS + "start-tls", "insecure": _QUARKUS + "trust-all", "login": _QUARKUS + "login",
        "helo": _QUARKUS + "own-host-name", "tls_name": _QUARKUS + "tls-configuration-name",
    },
    {"none": "25", "opportunistic": "25", "starttls": "25", "implicit": "25"}, _quarkus,
    {
        ("tls", "starttls"): [("implicit", "false"), ("ssl", None), ("policy", "REQUIRED")],
        ("tls", "opportunistic"): [("implicit", "false"), ("ssl", None), ("policy", "OPTIONAL")],
        ("tls", "implicit"): [("implicit", "true"), ("policy", None)],
        ("tls", "none"): [("implicit", "false"), ("ssl", None), ("policy", "DISABLED")],
        ("verify", "none"): [("insecure", "true")],
        ("auth", "none"): _AUTH_OFF,
        ("ehlo", "full"): [("helo", "client.example.com")],
    },
    one_of={"policy": ("disabled", "optional", "required")},
)  # fmt: skip

FORMS = (KEYCLOAK, JENKINS, JENKINS_CASC, QUARKUS)
