"""TLS that is required and checked: what comes before mere encryption where a password is sent, for servers that relay.

Of Postfix's levels, `encrypt` takes any certificate and `secure` one that is trusted and has the next hop's name in it
(postconf(5) smtp_tls_security_level; src/smtp/smtp_tls_policy.c); Exim requires with hosts_require_tls and checks with
tls_verify_hosts, OpenSMTPD does both unless told `tls no-verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kb.config.moves import Move
from kb.text import Text

_SUFFIX = "-checked"
_OWN_ISSUER = frozenset({"self-signed", "private-ca"})
# Implementations that begin without a check and can be told to make one; Postfix calls it a level.
_CHECKABLE = {
    "postfix": ("（级别 secure）", " (level secure)"),
    **dict.fromkeys(("exim", "exim-requires-auth", "opensmtpd"), ("", "")),
}


def _public(level: tuple[str, str]) -> Text:
    return Text(
        f"校验证书后再发送：签发者可信，且含有下一跳的主机名{level[0]}。",
        f"Let it check the certificate before it sends anything: a trusted issuer, and the next hop's name{level[1]}.",
    )


def _own(level: tuple[str, str]) -> Text:
    return Text(
        f"校验证书后再发送{level[0]}，并把服务器的证书或签发它的 CA 交给它信任。",
        f"Let it check the certificate before it sends anything{level[1]}, and give it the server's certificate, or the CA"
        " that issued it, to trust.",
    )


def _unchecked(facts: Mapping[str, str]) -> bool:
    return facts.get("library") in _CHECKABLE and facts.get("verify", "none") == "none"


def with_checked(moves: Iterable[Move], facts: Mapping[str, str]) -> Iterator[Move]:
    """The moves, and before each that makes such a server require TLS the same with the certificate checked.

    Only where Postfix checks none yet. With a checking level OpenSSL 3 speaks no TLS below 1.2 (kb/config/postfix/client.py).
    """
    unchecked = _unchecked(facts)
    for move in moves:
        requires = move.side == "client" and move.change.get("tls") in ("starttls", "implicit")
        if unchecked and requires and facts.get("server_tls_max", "1.3") not in ("1.0", "1.1"):
            yield _checked(move, facts)
        yield move


def _checked(move: Move, facts: Mapping[str, str]) -> Move:
    own = facts.get("certificate") in _OWN_ISSUER
    trust = {"trust": "file"} if own else {"trust": "system"} if facts.get("trust") == "nothing" else {}
    level = _CHECKABLE[facts["library"]]
    more = _own(level) if own else _public(level)
    text = Text(move.text.zh + more.zh, f"{move.text.en} {more.en}")
    return replace(move, id=move.id + _SUFFIX, change={**move.change, "verify": "full", **trust}, text=text)


def without_check(facts: Mapping[str, str], moves: Iterable[Move]) -> bool:
    """Whether, after moves that make it require TLS, it gives a password to a server whose certificate it does not check."""
    sends = facts.get("auth") not in (None, "none", "cram-md5") and facts.get("host") != "localhost"
    return sends and _unchecked(facts) and any(move.change.get("tls") in ("starttls", "implicit") for move in moves)


def family(moves: Iterable[Move]) -> frozenset[str]:
    """The moves of a cure by name, checked or not."""
    return frozenset(move.id.removesuffix(_SUFFIX) for move in moves)


def checks(moves: Iterable[Move]) -> bool:
    """Whether one of the moves is a checked one."""
    return any(move.id.endswith(_SUFFIX) for move in moves)


def checks_publicly(moves: Iterable[Move]) -> bool:
    """Whether one of them checks a certificate that nobody has to be given first."""
    return any(move.id.endswith(_SUFFIX) and move.change.get("trust") != "file" for move in moves)
