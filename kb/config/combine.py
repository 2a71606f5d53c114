"""Combinations evaluated: which one a client and a server meet first, stage by stage.

The earliest stage at which a combination applies is the outcome; what would fail after it is hidden by it. Where a fact
that decides is unknown, every value of it is followed, and the answer tells the outcome of each case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.config.facts import FACTS
from kb.config.world import UnsettledError, World
from kb.smtp.stage import STAGES

MAX_CASES = 64


@dataclass(frozen=True)
class Combination:
    """A rule: where all facts of `when` have one of their values, the dialogue ends at `stage`."""

    id: str
    stage: str
    when: Mapping[str, frozenset[str]]

    def applies(self, world: World) -> bool:
        """Whether it applies. Raises UnsettledError."""
        return all(world[name] in values for name, values in self.when.items())


@dataclass(frozen=True)
class Case:
    """The outcome under `given`, the values that were supposed for unknown facts.

    stage: where it ends; a TLS handshake that begins with the connection ends there, at `connect`.
    combination: the rule that ends it, None when the mail goes through. hidden: later rules that it hides, as far as the known
    facts settle them. assumed: facts nobody settled that were taken at their usual value. read: all facts that mattered.
    """

    given: Mapping[str, str]
    combination: Combination | None
    hidden: tuple[Combination, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    stage: str | None = None

    @property
    def works(self) -> bool:
        """Whether the mail goes through."""
        return self.combination is None


def evaluate(rules: Sequence[Combination], facts: Mapping[str, str]) -> Case:
    """The outcome of one fully described pair. Raises UnsettledError at the first fact that decides and is not known."""
    world = World(facts)
    for stage in STAGES:
        found = [rule for rule in rules if rule.stage == stage and rule.applies(world)]
        if found:
            # Rules of a stage exclude one another (`kb check`), so there is one.
            first = found[0]
            read, assumed = frozenset(world.read), dict(world.assumed)
            at = "connect" if stage == "starttls" and world["tls"] == "implicit" else stage
            return Case({}, first, tuple(_hidden(rules, first, facts)), assumed, read, at)
    return Case({}, None, (), dict(world.assumed), frozenset(world.read))


def _hidden(rules: Sequence[Combination], first: Combination, facts: Mapping[str, str]) -> Iterator[Combination]:
    """Rules of later stages that apply as well, as far as that is known."""
    after = STAGES.index(first.stage)
    for rule in rules:
        if STAGES.index(rule.stage) <= after:
            continue
        try:
            if rule.applies(World(facts)):
                yield rule
        except UnsettledError:
            continue


def cases(rules: Sequence[Combination], facts: Mapping[str, str]) -> list[Case]:
    """All outcomes that the unknown facts leave open, at most MAX_CASES; one when nothing unknown decides."""
    found: list[Case] = []
    todo: list[dict[str, str]] = [{}]
    while todo and len(found) < MAX_CASES:
        given = todo.pop()
        try:
            case = evaluate(rules, {**facts, **given})
        except UnsettledError as unknown:
            todo += [{**given, unknown.name: value} for value in reversed(list(FACTS[unknown.name].values))]
            continue
        found.append(replace(case, given=given))
    return _merged(found)


def _merged(found: list[Case]) -> list[Case]:
    """Cases with equal outcome, that differ in nothing but one supposed value each, told once by what they share."""
    by_outcome: dict[str, list[Case]] = {}
    for case in found:
        by_outcome.setdefault(case.combination.id if case.combination else "", []).append(case)
    merged: list[Case] = []
    for same in by_outcome.values():
        shared = dict(same[0].given)
        for other in same[1:]:
            shared = {name: value for name, value in shared.items() if other.given.get(name) == value}
        if len(by_outcome) == 1 or shared:
            first = same[0]
            merged.append(replace(first, given=shared))
        else:
            merged += same
    return merged


def questions(found: Sequence[Case]) -> list[str]:
    """The unknown facts that tell the cases apart, in the order in which they come up."""
    names: dict[str, None] = {}
    for case in found:
        names.update(dict.fromkeys(case.given))
    return list(names) if len(found) > 1 else []
