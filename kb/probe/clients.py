"""The usual kinds of clients, and how each would fare at a measured server: the same evaluation as for pasted settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.config.combine import Case, Combination, cases
from kb.config.values import host_kind
from kb.text import Text

_CERTIFICATE = frozenset(
    {"starttls-certificate-untrusted", "starttls-certificate-name-differs", "starttls-certificate-expired"}
)


@dataclass(frozen=True)
class Kind:
    """A kind of client: its facts, beside those that all have.

    without_check_of: the kind that does the same and checks the certificate; this one only matters where that is the trouble.
    safe: a password does not cross the network in clear, and a man in the middle is noticed.
    """

    id: str
    title: Text
    facts: Mapping[str, str]
    without_check_of: str | None = None
    safe: bool = True


KINDS = (
    Kind(
        "implicit",
        Text("隐式 TLS，登录", "implicit TLS and a login"),
        {"tls": "implicit", "verify": "full", "auth": "any"},
    ),
    Kind(
        "starttls", Text("STARTTLS，登录", "STARTTLS and a login"), {"tls": "starttls", "verify": "full", "auth": "any"}
    ),
    Kind(
        "implicit-unchecked",
        Text(
            "隐式 TLS，登录，不校验证书（挡不住中间人）",
            "implicit TLS and a login, certificate not checked (a man in the middle goes unnoticed)",
        ),
        {"tls": "implicit", "verify": "none", "auth": "any"},
        without_check_of="implicit",
        safe=False,
    ),
    Kind(
        "starttls-unchecked",
        Text(
            "STARTTLS，登录，不校验证书（挡不住中间人）",
            "STARTTLS and a login, certificate not checked (a man in the middle goes unnoticed)",
        ),
        {"tls": "starttls", "verify": "none", "auth": "any"},
        without_check_of="starttls",
        safe=False,
    ),
    Kind(
        "clear",
        Text("不用 TLS，登录", "a login without TLS"),
        {"tls": "none", "verify": "none", "auth": "any"},
        safe=False,
    ),
    Kind(
        "anonymous",
        Text("不登录（有 STARTTLS 就用）", "no login (STARTTLS where offered)"),
        {"tls": "opportunistic", "verify": "none", "auth": "none"},
    ),
    Kind(
        "anonymous-implicit",
        Text("隐式 TLS，不登录", "implicit TLS, no login"),
        {"tls": "implicit", "verify": "none", "auth": "none"},
    ),
)


@dataclass(frozen=True)
class Fate:
    """How a kind of client fares: works, fails or depends; the case that says how, None for depends."""

    kind: Kind
    outcome: str
    case: Case | None


def fates(rules: Sequence[Combination], server: Mapping[str, str], host: str) -> list[Fate]:
    """All kinds that make sense at this server, safest first. server: its facts. host: as the client spells it."""
    shared = {"library": "other", "host": host_kind(host), "recipient": "remote"}
    found: list[Fate] = []
    for kind in KINDS:
        if kind.without_check_of and not _troubled_by_certificate(found, kind.without_check_of):
            continue
        if kind.id.startswith("anonymous") and (kind.id == "anonymous-implicit") != (
            server.get("listens") == "implicit"
        ):
            continue
        ends = cases(rules, {**shared, **kind.facts, **server})
        outcomes = {case.outcome for case in ends}
        if len(outcomes) == 1:
            found.append(Fate(kind, "works" if ends[0].works else "fails", ends[0]))
        else:
            found.append(Fate(kind, "depends", None))
    return found


def _troubled_by_certificate(found: Sequence[Fate], id_: str) -> bool:
    ends = [fate.case.combination for fate in found if fate.kind.id == id_ and fate.case]
    return any(combination is not None and combination.id in _CERTIFICATE for combination in ends)
