"""Which connection to try next, given how the last one ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.probe.model import Talk, Verdict

# A port that says nothing, or says TLS, is tried with a handshake; one whose handshake gets nowhere, in clear.
_PERHAPS_IMPLICIT = ("silent", "closed", "reset", "tls-bytes", "too-long")
_PERHAPS_PLAIN = ("plain", "closed", "reset", "silent", "tls")
IMPLICIT_PORT = 465


@dataclass(frozen=True)
class Plan:
    """begins: plain or implicit. trust: whose certificates count: system, file (--ca-file), none. legacy: old TLS too."""

    begins: str
    trust: str = "system"
    legacy: bool = False


def first_plan(port: int, begins: str) -> Plan:
    """The connection to try first. begins: auto, plain or implicit."""
    if begins == "auto":
        begins = "implicit" if port == IMPLICIT_PORT else "plain"
    return Plan(begins)


def next_plan(plan: Plan, talk: Talk, tried: Sequence[Plan], *, forced: bool, ca_file: bool) -> Plan | None:
    """The next connection to try, None when nothing more can be learnt.

    forced: the user said how the port begins. ca_file: there is a file of authorities. A plan is never tried twice.
    """
    problem = talk.problem
    if problem is None:
        return None
    following: Plan | None = None
    if problem.kind == "certificate":
        trust = "file" if ca_file and plan.trust == "system" else "none"
        following = replace(plan, trust=trust)
    elif problem.kind == "version" and not plan.legacy:
        following = replace(plan, legacy=True)
    elif not talk.begun and not forced:
        if plan.begins == "plain" and problem.kind in _PERHAPS_IMPLICIT:
            following = Plan("implicit")
        elif plan.begins == "implicit" and problem.kind in _PERHAPS_PLAIN:
            following = Plan("plain")
    if following is None or following in tried or _begun_otherwise(following, plan, tried):
        return None
    return following


def _begun_otherwise(following: Plan, plan: Plan, tried: Sequence[Plan]) -> bool:
    """Whether this would go back to a way of beginning that has been tried."""
    return following.begins != plan.begins and any(old.begins == following.begins for old in tried)


def complaint(text: str) -> Verdict:
    """The verdict of a handshake that the certificate ended; text: `number:words`."""
    number, _, words = text.partition(":")
    return Verdict(None, int(number) if number.isdigit() else 0, words)
