"""MailHog as the server that programs send to.

Read off mailhog/MailHog-Server 50f74a1 (config/config.go, smtp/session.go) and mailhog/smtp 0c4e9b7 (protocol.go, reply.go): port
1025 in clear, no STARTTLS; EHLO lists AUTH PLAIN, LOGIN and CRAM-MD5 are taken too, with any user name and password; nothing
demands a login; every sender and recipient is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config import image
from kb.config.setting import Edit, Party, Reading
from kb.text import Text

PRODUCT = "mailhog"
PRODUCTS = frozenset({PRODUCT})
SHARES = True
PORT = "1025"
TITLE = "MailHog"
LOGS = "Sent {{any}} bytes: '{reply}"

_IMAGE = image.of("mailhog/mailhog|cd2team/mailhog|jcalonso/mailhog")
_BIND = re2.compile(r"(?:MH_SMTP_BIND_ADDR\W+|-smtp-bind-addr[= ]\W?)[0-9A-Za-z.:\[\]]*?:([0-9]{1,5})\b")
DEFAULTS: Mapping[str, str] = {
    **{"serves": "yes", "recipient": "local", "recipient_exists": "yes", "relay": "reject", "gate": "open"},
    **{"helo_check": "none", "backend": "works", "trusts_client": "yes", "client_certificate": "not-required"},
    **{"offers_login": "unlisted", "offers_cram": "no", "offers_xoauth2": "no"},
    **{"plaintext_clear": "allowed", "plaintext_tls": "allowed"},
    **{"listens": "plain", "starttls": "not-offered", "requires_tls": "no", "auth_offer": "always"},
}
REPLIES: Mapping[str, str] = {
    "starttls-not-offered": "500 Unrecognised command",
    "auth-mechanism-missing": "504 Unsupported authentication mechanism",
}
WHY: Mapping[str, Text] = {
    "starttls-not-offered": Text(
        "MailHog 不支持 TLS：EHLO 回应里没有 STARTTLS，也没有打开它的设置。",
        "MailHog has no TLS: EHLO lists no STARTTLS, and no setting turns it on.",
    ),
    "starttls-implicit-tls-on-plain-port": Text(
        "MailHog 的 SMTP 端口只说明文，客户端却一连接就开始 TLS；MailHog 没有隐式 TLS。",
        "MailHog's port speaks in clear only, and the client begins with TLS; MailHog has no implicit TLS.",
    ),
    "connect-nothing-listens": Text(
        "MailHog 的 SMTP 不在客户端所用的端口上（默认 1025，8025 是网页界面），或者它没有启动。",
        "MailHog's SMTP is not at the client's port (1025 by default; 8025 is its web interface), or it did not start.",
    ),
    "auth-mechanism-missing": Text(
        "MailHog 只列出 PLAIN，另外也接受 LOGIN；用户名和密码随便填都能通过。",
        "MailHog lists PLAIN only and takes LOGIN besides; any user name and password will do.",
    ),
}
TITLES: Mapping[str, Text] = {
    "connect-nothing-listens": Text(
        "MailHog 不在客户端所用的端口上监听", "MailHog does not listen at the client's port"
    )
}


def sniff(name: str, text: str) -> bool:
    """Whether a file has its image or one of its settings."""
    return "/mailhog" in text or "MH_SMTP_BIND_ADDR" in text


def read(files: Mapping[str, str]) -> Reading:
    """The MailHog that a file starts. Never raises."""
    return Reading(tuple(_party(name, text) for name, text in files.items() if _IMAGE.search(text)), ())


def _party(name: str, text: str) -> Party:
    bound = _BIND.search(text)
    port = bound.group(1) if bound else PORT
    names = " ".join(image.names(text, _IMAGE, PRODUCT))
    details = {"port": port, "file": name, "names": names, "outside": image.outside(text, port)}
    return Party("server", PRODUCT, Text(f"MailHog（端口 {port}）", f"MailHog (port {port})"), DEFAULTS, {}, details)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """None: it has no setting for TLS or logins."""
    return None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text as it is: there is nothing to set."""
    return text
