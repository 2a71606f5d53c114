"""What is worth saying about a pair even when the mail goes through: passwords in clear, unchecked certificates, open relays."""

from __future__ import annotations

from collections.abc import Callable

from kb.config.catchers import is_catcher
from kb.config.diagnose import Diagnosis
from kb.config.world import UnsettledError, World
from kb.text import Text


def remarks(diagnosis: Diagnosis) -> list[Text]:
    """Security remarks on the settings as they are, gravest first."""
    # The last names a setting of Postfix.
    return [
        text for holds, text in _REMARKS[: -1 if is_catcher(diagnosis.server) else None] if _holds(holds, diagnosis)
    ]


def _holds(condition: Callable[[World], bool], diagnosis: Diagnosis) -> bool:
    try:
        return condition(World(diagnosis.facts))
    except UnsettledError:
        return False


def _open_relay(world: World) -> bool:
    return world["relay"] == "anyone" and world["gate"] == "open"


def _password_in_clear(world: World) -> bool:
    return (
        world["encrypted"] == "no"
        and world["auth_attempt"] in ("plain", "login", "xoauth2", "blind")
        and world["host"] != "localhost"
    )


def _unchecked(world: World) -> bool:
    return world["verify"] == "none" and world["encrypted"] == "yes"


def _clear_auth_offered(world: World) -> bool:
    return world["auth_offer"] == "always" and world["plaintext_clear"] == "allowed" and world["requires_tls"] == "no"


def _downgrade(world: World) -> bool:
    return world["tls"] == "opportunistic" and world["auth"] != "none"


_REMARKS: tuple[tuple[Callable[[World], bool], Text], ...] = (
    (
        _open_relay,
        Text(
            "服务器替任何人转发（开放中继）：会被用来发垃圾邮件，IP 很快进黑名单。",
            "The server relays for anyone (an open relay): it will be used for spam, and its address will be listed.",
        ),
    ),
    (
        _password_in_clear,
        Text(
            "用户名和密码明文经过网络，途中的任何人都能读到。",
            "User name and password cross the network in clear for anyone on the way to read.",
        ),
    ),
    (
        _unchecked,
        Text(
            "客户端不校验证书：连接虽然加密，但挡不住中间人。",
            "The client does not check the certificate: the link is encrypted, but a man in the middle goes unnoticed.",
        ),
    ),
    (
        _downgrade,
        Text(
            "客户端只在服务器提供时才用 STARTTLS：有人去掉那一行，密码就明文发出。",
            "The client uses STARTTLS only when offered: whoever strips that line gets the password in clear.",
        ),
    ),
    (
        _clear_auth_offered,
        Text(
            "服务器在未加密时也提供认证：设 smtpd_tls_auth_only = yes 可让它只在 TLS 之后提供。",
            "The server offers authentication without TLS as well; smtpd_tls_auth_only = yes limits it to TLS.",
        ),
    ),
)
