"""Ranking: the more of the text a pattern explains, the better; the observation's own facts tip the balance.

A generic entry (wording that only wraps another's error) yields to any other. The file's order never decides.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import MAX_TEXT, Hit, find_hits
from kb.match.normalize import normalize
from kb.match.store import Store
from kb.record import Record

EMITTER_AGREES = 6
STAGE_AGREES = 3
CODE_PRESENT = 4
CONFIDENT = 10
# What the programs of mail are linked with: its words stand in their logs.
_LIBRARIES = frozenset({"cyrus-sasl", "gnutls", "openssl"})
UNKNOWN = "unknown"  # the reason of entries that only wrap another error
_HALF = 20


class Ranked(Record):
    """A hit with its points; `confident` says whether it may be given as the answer."""

    hit: Hit
    points: int
    confident: bool

    @property
    def score(self) -> float:
        """The points on a scale from 0 to 1."""
        return round(self.points / (self.points + _HALF), 2)


def rank(store: Store, observation: Observation) -> list[Ranked]:
    """All entries that match an observation, best first."""
    hits = find_hits(store, observation.diagnostic)
    if observation.own:
        hits = [hit for hit in hits if _may_say(observation.emitter, hit)]
    hits = _own_words(hits, observation.diagnostic)
    if not hits:
        return []
    ranked = [_rank(hit, observation) for hit in hits]
    ranked.sort(key=lambda r: (r.hit.entry.generic, r.hit.entry.reason == UNKNOWN, -r.points, r.hit.entry.id))
    return ranked


def _may_say(program: str | None, hit: Hit) -> bool:
    """Whether an entry is written for what a program says of itself: the wordings that all servers reply with are none."""
    return program in hit.entry.emitters or not _LIBRARIES.isdisjoint(hit.entry.emitters)


def _own_words(hits: list[Hit], text: str) -> list[Hit]:
    """Without the hits that only stand on words of a longer generic wording: it yields to other text, not to its own."""
    generic = [hit for hit in hits if hit.entry.generic]
    if not generic:
        return hits
    inside = [(wrapper, hit) for wrapper in generic for hit in hits if _spans(wrapper, hit)]
    if not inside:
        return hits
    normalized = normalize(text[:MAX_TEXT])
    gaps = {wrapper.entry.number: wrapper.pattern.gaps(normalized) for wrapper, _ in inside}
    covered = {
        hit.entry.number
        for wrapper, hit in inside
        if not any(start < hit.end and hit.start < end for start, end in gaps[wrapper.entry.number])
    }
    return [hit for hit in hits if hit.entry.number not in covered]


def _spans(outer: Hit, inner: Hit) -> bool:
    """Whether a less specific hit stands within another. If no gap of the other has a part of it, it is of its literal words.

    One generic wording is inside another only where the other spells out all of it.
    """
    return (
        outer.pattern.specificity > inner.pattern.specificity
        and outer.start <= inner.start
        and inner.end <= outer.end
        and (not inner.entry.generic or outer.pattern.specificity >= outer.end - outer.start)
    )


def _rank(hit: Hit, observation: Observation) -> Ranked:
    entry = hit.entry
    points = hit.pattern.specificity
    if observation.emitter in entry.emitters:
        points += EMITTER_AGREES
    if observation.stage == entry.stage:
        points += STAGE_AGREES
    sure = points + (CODE_PRESENT if observation.reply_code or observation.enhanced_status else 0)
    return Ranked(hit, points, sure >= CONFIDENT)
