"""Findings in the order of their weight: what ends the dialogue first, then what comes after it, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.config.combine import Case
from kb.config.cures import Cure
from kb.config.setting import Finding, Party

# Facts by the stage at which they matter (kb/smtp/stage.py).
_STAGES = (
    ("startup", "serves"),
    ("reachable", "host", "listens"),
    ("tls", "starttls", "verify", "trust", "name_check", "certificate", "certificate_name", "client_certificate"),
    ("client_tls_min", "client_tls_max", "server_tls_min", "server_tls_max", "requires_tls"),
    ("auth", "filter", "password", "auth_offer", "offers_plain", "offers_login", "offers_cram", "offers_xoauth2"),
    ("plaintext_clear", "plaintext_tls", "backend"),
    ("ehlo", "helo_check", "gate", "sender_owner", "relay", "trusts_client", "recipient", "after_refusal"),
    ("size",),
)
_STAGE_OF = {fact: number for number, facts in enumerate(_STAGES) for fact in facts}
_LAST = len(_STAGES)


def ordered(
    findings: Sequence[Finding], parties: Iterable[Party | None], failing: Case | None, cures: Sequence[Cure]
) -> tuple[Finding, ...]:
    """The findings: first those on settings that the best cure changes, then those on settings of the two parties by the stage at
    which they matter, then all others as they came. Of settings that say the same fact the one that counts comes first."""
    facts = _facts_at(parties)
    changed = {name for cure in cures[:1] for move in cure.moves for name in move.change} if failing else set[str]()

    def weight(finding: Finding) -> tuple[int, int, int]:
        here = facts.get((finding.file, finding.line), {})
        if not here and finding.line and finding.key.lower().endswith("port"):
            here = dict.fromkeys(_OF_A_PORT, 0)
        deciding = here.keys() & changed
        rank = min((here[fact] for fact in deciding or here), default=0)
        stage = min((_STAGE_OF.get(fact, _LAST) for fact in deciding or here), default=_LAST)
        return (0 if deciding else 1 if here else 2, stage, rank)

    return tuple(sorted(findings, key=weight))


# What is said of a port is about how the connection begins there.
_OF_A_PORT = ("tls", "listens")


def _facts_at(parties: Iterable[Party | None]) -> dict[tuple[str, int], dict[str, int]]:
    """(file, line) -> the facts that a setting there says, each with its place among the settings that say it."""
    found: dict[tuple[str, int], dict[str, int]] = {}
    for party in parties:
        for fact, items in party.origins.items() if party else ():
            for place, item in enumerate(items):
                if item.line:
                    found.setdefault((item.file, item.line), {}).setdefault(fact, place)
    return found
