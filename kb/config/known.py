"""Public mail providers by the host that programs are pointed to: what holds of each, where nobody pasted a server.

All of them have a certificate from a public CA for that host, and take mail of their own accounts only, after a login (RFC 6409
section 4.3). Hosts are those of the catalogue's entries.
"""

from __future__ import annotations

from collections.abc import Mapping

# Their help pages demand TLS for every login: Google Account Help 185833 and Workspace 176600, Microsoft Learn "SMTP AUTH client
# submission", Amazon SES "Connecting to an SMTP endpoint".
_STRICT = ("smtp.gmail.com", "smtp.googlemail.com", "smtp.office365.com", ".amazonaws.com")
_OTHERS = (
    *("smtp.mail.yahoo.com", "smtp.mail.me.com", "smtp.qq.com", "smtp.exmail.qq.com", "smtp.163.com", "smtp.126.com"),
    *("smtp.qiye.aliyun.com", "smtpdm.aliyun.com", "smtp.sendgrid.net", "smtp.mailgun.org", "smtp.sparkpostmail.com"),
    *("smtp.yandex.com", "smtp.yandex.ru", "smtp.mail.ru"),
)
_ALL = {
    "certificate": "trusted",
    "certificate_name": "matches",
    "recipient": "remote",
    "trusts_client": "no",
    "relay": "accounts",
    "backend": "works",
}


def is_known(host: str) -> bool:
    """Whether a host, as a client spells it, is a public provider's."""
    return _is_strict(host) or host.lower().strip("[]") in _OTHERS


def _is_strict(host: str) -> bool:
    host = host.lower().strip("[]")
    amazon = host.startswith("email-smtp.") and host.endswith(".amazonaws.com")
    return amazon or host in _STRICT


def known_facts(host: str, port: str, client: Mapping[str, str]) -> dict[str, str]:
    """What is taken for granted of such a host; client: its facts. Whether others than the strict ones take a login without
    TLS stays open, and matters only to a client that uses none."""
    found = dict(_ALL)
    if port == "587" or (port != "465" and _is_strict(host)):
        found["starttls"] = "offered"
    if _is_strict(host):
        found |= {"auth_offer": "over-tls", "requires_tls": "yes"}
    elif client.get("tls") in ("starttls", "implicit", "opportunistic"):
        found["auth_offer"] = "over-tls"
    return found
