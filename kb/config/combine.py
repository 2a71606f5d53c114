"""Combinations evaluated: which one a client and a server meet first, stage by stage.

The earliest stage at which a combination applies is the outcome. Where a fact that decides is unknown, every value of it is
followed, and the answer tells the outcome of each case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.config.facts import FACTS
from kb.config.world import UnsettledError, World
from kb.smtp.stage import STAGES

MAX_CASES = 48


@dataclass(frozen=True)
class Combination:
    """A rule: where all facts of `when` have one of their values, the dialogue ends at `stage`."""

    id: str
    stage: str
    when: Mapping[str, frozenset[str]]

    def applies(self, world: World) -> bool:
        """Whether it applies. Raises UnsettledError."""
        found = world.found
        for name, values in self.when.items():
            value = found.get(name)
            if (world[name] if value is None else value) not in values:
                return False
        return True


@dataclass(frozen=True)
class Case:
    """The outcome under `given`, the values that were supposed for unknown facts.

    stage: where it ends; a TLS handshake that begins with the connection ends there, at `connect`.
    combination: the rule that ends it, None when the mail goes through. hidden: rules that end it once this is cured, each met
    on the way of the best cure. assumed: facts nobody settled that were taken at their usual value. read: all facts that
    mattered. open: the unknown fact that decides next, where too many cases were open to follow them all.
    """

    given: Mapping[str, str]
    combination: Combination | None
    hidden: tuple[Combination, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    stage: str | None = None
    open: str | None = None

    @property
    def works(self) -> bool:
        """Whether the mail goes through."""
        return self.combination is None and self.open is None

    @property
    def outcome(self) -> str:
        """What tells one end from another: the rule, the fact that is still open, or "works"."""
        return self.combination.id if self.combination else f"open {self.open}" if self.open else "works"


def by_stage(rules: Sequence[Combination]) -> tuple[tuple[Combination, ...], ...]:
    """The rules of each stage, in the order of the stages."""
    return tuple(found for stage in STAGES if (found := tuple(rule for rule in rules if rule.stage == stage)))


def evaluate(rules: Sequence[Combination], facts: Mapping[str, str]) -> Case:
    """The outcome of one fully described pair. Raises UnsettledError at the first fact that decides and is not known."""
    return _Walk(World(facts)).on(by_stage(rules))


class _Walk:
    """A world on its way through the stages. `given`: what is supposed on the way; `at`: the stage and the rule of it that come
    next; `found`: the rules of that stage that apply.
    """

    def __init__(self, world: World, given: Mapping[str, str] | None = None) -> None:
        self.world, self.given = world, given or {}
        self.at = (0, 0)
        self.found: list[Combination] = []

    def on(self, stages: Sequence[Sequence[Combination]]) -> Case:
        """Where it ends. Raises UnsettledError; after that, `supposing` goes on from the same rule."""
        world = self.world
        begin, next_ = self.at
        for stage in range(begin, len(stages)):
            rules = stages[stage]
            # Rules of a stage exclude one another (`kb check`), so at most one applies; all are read, to know what is unsettled.
            for number in range(next_, len(rules)):
                self.at = (stage, number)
                if rules[number].applies(world):
                    self.found.append(rules[number])
            self.at, next_ = (stage, len(rules)), 0
            if self.found:
                first = self.found[0]
                tls_first = first.stage == "starttls" and world["tls"] == "implicit"
                stops = "connect" if tls_first else first.stage
                return Case(self.given, first, (), dict(world.assumed), frozenset(world.read), stops)
        return Case(self.given, None, (), dict(world.assumed), frozenset(world.read))

    def supposing(self, name: str, value: str) -> _Walk:
        """The same way with one fact more."""
        other = _Walk(self.world.supposing(name, value), {**self.given, name: value})
        other.at, other.found = self.at, list(self.found)
        return other


def cases(rules: Sequence[Combination], facts: Mapping[str, str]) -> list[Case]:
    """All outcomes that the unknown facts leave open; one when nothing unknown decides."""
    return outcomes(by_stage(rules), facts)


def outcomes(stages: Sequence[Sequence[Combination]], facts: Mapping[str, str]) -> list[Case]:
    """The same from the rules of each stage.

    The facts that are met first are told apart first. After MAX_CASES what is still undecided stays `open`.
    """
    decided: list[Case] = []
    todo = deque([_Walk(World(facts))])
    while todo:
        walk = todo.popleft()
        try:
            decided.append(walk.on(stages))
        except UnsettledError as unknown:
            values = FACTS[unknown.name].values
            if len(decided) + len(todo) + len(values) > MAX_CASES:
                decided.append(Case(walk.given, None, open=unknown.name))
            else:
                todo += [walk.supposing(unknown.name, value) for value in values]
    return merged(decided) if len(decided) > 1 else decided


def merged(found: list[Case]) -> list[Case]:
    """The same outcomes in fewer cases: a fact none of whose values changes the outcome is left out, and so is what tells
    an outcome apart from no other."""
    fewer = found
    while (next_ := _without_last(fewer)) != fewer:
        fewer = next_
    by_outcome: dict[str, list[Case]] = {}
    for case in fewer:
        by_outcome.setdefault(case.outcome, []).append(case)
    told: list[Case] = []
    for outcome, same in by_outcome.items():
        shared = _shared(same)
        alone = not any(_compatible(shared, case.given) for case in fewer if case.outcome != outcome)
        told += [replace(same[0], given=shared)] if alone else same
    return told


def _without_last(found: list[Case]) -> list[Case]:
    """Cases that differ in the last supposed fact only, have every value of it and end alike, as one."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...], str], list[Case]] = {}
    for case in found:
        path = list(case.given.items())
        last_name = path[-1][0] if path else ""
        groups.setdefault((case.outcome, tuple(path[:-1]), last_name), []).append(case)
    fewer: list[Case] = []
    for (_, before, last_name), same in groups.items():
        whole = last_name in FACTS and len(same) == len(FACTS[last_name].values)
        fewer += [replace(same[0], given=dict(before))] if whole else same
    return fewer


def _shared(same: Sequence[Case]) -> dict[str, str]:
    """What all cases suppose."""
    first, *others = same
    return {name: value for name, value in first.given.items() if all(o.given.get(name) == value for o in others)}


def _compatible(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether both can be true at once."""
    return all(other.get(name, value) == value for name, value in one.items())


def questions(found: Sequence[Case]) -> list[str]:
    """The unknown facts that tell the cases apart, in the order in which they come up."""
    names: dict[str, None] = {}
    for case in found:
        names.update(dict.fromkeys([*case.given, *filter(None, [case.open])]))
    return list(names)
