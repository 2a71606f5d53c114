"""`kb test`: what a text gets and why, and whether an entry gets its own examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.author.near import near
from kb.catalog.model import Catalog
from kb.compile import parsed
from kb.explain import classify, explain
from kb.inputs import Observation, read
from kb.judge import PATTERN
from kb.match.engine import locate
from kb.match.normalize import normalize
from kb.match.pattern import PatternError
from kb.match.score import CODE_PRESENT, CONFIDENT, EMITTER_AGREES, STAGE_AGREES, Ranked, rank
from kb.match.store import Store
from kb.match.tokens import tokens
from kb.text import Text

_RUNNERS_UP = 5
_OBSERVATIONS = 10


class Candidate(NamedTuple):
    """An entry that matches a text: by which pattern, on which words, with how many points and made of what."""

    id: str
    reason: str
    pattern: str
    matched: str
    points: int
    parts: tuple[tuple[Text, int], ...]
    sure: bool
    generic: bool


class Trial(NamedTuple):
    """One thing that a text says: the answer it gets and on what basis, and all that match, best first."""

    diagnostic: str
    answer: str | None
    basis: str
    candidates: tuple[Candidate, ...]
    near: tuple[str, ...]


class Proof(NamedTuple):
    """An example or counter-example of an entry and what it gets; margin is the lead over the next entry in points."""

    kind: str
    text: str
    got: str | None
    ok: bool
    margin: int | None


def trials(catalog: Catalog, store: Store, text: str) -> tuple[str | None, str, list[Trial]]:
    """Entry and basis of the answer to a text, and how each thing that it says was decided."""
    answer = explain(store, text)
    first = answer.matches[0] if answer.matches else None
    got = first.entry.id if first and first.entry else first.code if first else None
    found = [_trial(catalog, store, observation) for observation in read(text).observations[:_OBSERVATIONS]]
    return got, answer.basis, found


def proofs(catalog: Catalog, store: Store, id_: str) -> Iterator[Proof]:
    """The examples of an entry, each of which must get it, and its counter-examples, which must not."""
    entry = catalog.errors[id_]
    for kind, texts in (("example", entry.examples), ("not_example", entry.not_examples)):
        for text in texts:
            got = classify(store, text)[2]
            yield Proof(kind, text, got, (got == id_) is (kind == "example"), _margin(store, text, id_))


def _trial(catalog: Catalog, store: Store, observation: Observation) -> Trial:
    ranked = rank(store, observation)
    candidates = tuple(_candidate(catalog, one, observation) for one in ranked[: _RUNNERS_UP + 1])
    best = candidates[0] if candidates else None
    words = tokens(normalize(observation.diagnostic[:4096]))
    alike = () if candidates else tuple(one.entry.id for one in near(store, words))
    answer = best.id if best and best.sure else None
    return Trial(" ".join(observation.diagnostic.split()), answer, PATTERN if answer else "none", candidates, alike)


def _candidate(catalog: Catalog, ranked: Ranked, observation: Observation) -> Candidate:
    hit, entry = ranked.hit, ranked.hit.entry
    parts = [(Text("固定文字的字节数", "bytes of literal text"), hit.pattern.specificity)]
    if observation.emitter in entry.emitters:
        parts.append((Text(f"程序是 {observation.emitter}", f"said by {observation.emitter}"), EMITTER_AGREES))
    if observation.stage == entry.stage:
        parts.append((Text(f"阶段是 {entry.stage}", f"at stage {entry.stage}"), STAGE_AGREES))
    place = locate(observation.diagnostic, [hit])[0]
    return Candidate(
        entry.id,
        entry.reason,
        _pattern(catalog, ranked, observation),
        " ".join(place.text.split()),
        ranked.points,
        tuple(parts),
        ranked.confident,
        entry.generic,
    )


def _pattern(catalog: Catalog, ranked: Ranked, observation: Observation) -> str:
    """The pattern as written that made a hit."""
    hit = ranked.hit
    normalized = normalize(observation.diagnostic)
    for source in catalog.errors[hit.entry.id].match:
        try:
            pattern = parsed(source)
        except PatternError:
            continue
        if pattern.specificity == hit.pattern.specificity and pattern.find(normalized) == (hit.start, hit.end):
            return source
    return ""


def _margin(store: Store, text: str, id_: str) -> int | None:
    """How many points an entry has more than the next best; None when it has no hit or is alone."""
    for observation in read(text).observations:
        ranked = rank(store, observation)
        if ranked and ranked[0].hit.entry.id == id_:
            rivals = [one.points for one in ranked[1:] if one.hit.entry.generic == ranked[0].hit.entry.generic]
            return ranked[0].points - max(rivals) if rivals else None
    return None


def needed() -> Text:
    """How many points an answer needs."""
    return Text(
        f"有把握要 {CONFIDENT} 分，文字里有状态码时可少 {CODE_PRESENT} 分。",
        f"An answer needs {CONFIDENT} points, {CODE_PRESENT} less when the text has a code.",
    )
