"""Ranking: the more of the text a pattern explains, the better; the observation's own facts tip the balance.

A generic entry (wording that only wraps another's error) yields to any other. The file's order never decides.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import Hit, find_hits
from kb.match.store import Store
from kb.record import Record

EMITTER_AGREES = 6
STAGE_AGREES = 3
CODE_PRESENT = 4
CONFIDENT = 10
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
    if not hits:
        return []
    ranked = [_rank(hit, observation) for hit in hits]
    ranked.sort(key=lambda r: (r.hit.entry.generic, -r.points, r.hit.entry.id))
    return ranked


def _rank(hit: Hit, observation: Observation) -> Ranked:
    entry = hit.entry
    points = hit.specificity
    if observation.emitter in entry.emitters:
        points += EMITTER_AGREES
    if observation.stage == entry.stage:
        points += STAGE_AGREES
    sure = points + (CODE_PRESENT if observation.reply_code or observation.enhanced_status else 0)
    return Ranked(hit, points, sure >= CONFIDENT)
