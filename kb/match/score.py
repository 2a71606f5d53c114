"""Ranking: the more of the text a pattern explains, the better; the observation's own facts tip the balance.

A generic entry (wording that only wraps another's error) yields to any other. The file's order never decides.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import MAX_TEXT, Hit, LateHit, find_hits
from kb.match.normalize import normalize
from kb.match.store import Store
from kb.record import Record

EMITTER_AGREES = 6
STAGE_AGREES = 3
CODE_PRESENT = 4
CONFIDENT = 10
UNKNOWN = "unknown"  # the reason of entries that only wrap another error
_HALF = 20


class Ranked(Record):
    """A hit with its points; `confident` says whether it may be given as the answer."""

    hit: Hit | LateHit
    points: int
    confident: bool

    @property
    def score(self) -> float:
        """The points on a scale from 0 to 1."""
        return round(self.points / (self.points + _HALF), 2)


def rank(store: Store, observation: Observation) -> list[Ranked]:
    """All entries that match an observation, best first."""
    hits = _own_words(find_hits(store, observation.diagnostic), observation.diagnostic)
    if not hits:
        return []
    ranked = [_rank(hit, observation) for hit in hits]
    ranked.sort(key=lambda r: (r.hit.entry.generic, r.hit.entry.reason == UNKNOWN, -r.points, r.hit.entry.id))
    return ranked


def _own_words(hits: list[Hit | LateHit], text: str) -> list[Hit | LateHit]:
    """Without the hits that only stand on words of a longer generic wording: it yields to other text, not to its own."""
    generic = [hit for hit in hits if hit.entry.generic]
    if not generic:
        return hits
    return [hit for hit in hits if hit.entry.generic or not any(_covers(wrapper, hit, text) for wrapper in generic)]


def _covers(outer: Hit | LateHit, inner: Hit | LateHit, text: str) -> bool:
    """Whether `inner` is part of the literal words of `outer`, not of what one of its gaps stands for."""
    # What needs no places comes first: an engine may have to look them up.
    if outer.specificity <= inner.specificity or not (outer.start <= inner.start and inner.end <= outer.end):
        return False
    gaps = outer.pattern.gaps(normalize(text[:MAX_TEXT]))
    return not any(start < inner.end and inner.start < end for start, end in gaps)


def _rank(hit: Hit | LateHit, observation: Observation) -> Ranked:
    entry = hit.entry
    points = hit.specificity
    if observation.emitter in entry.emitters:
        points += EMITTER_AGREES
    if observation.stage == entry.stage:
        points += STAGE_AGREES
    sure = points + (CODE_PRESENT if observation.reply_code or observation.enhanced_status else 0)
    return Ranked(hit, points, sure >= CONFIDENT)
