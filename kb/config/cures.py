"""Which changes make the mail go through: the search for the smallest and safest sets of moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.config.checked import checks, checks_publicly, family, without_check
from kb.config.combine import Case, Combination, by_stage, outcomes
from kb.config.libraries import library
from kb.config.moves import MOVES, Move
from kb.config.setting import Edit

MOST_CURES = 6
# How many moves a cure may have beside a change of the port; more are tried only where so few lead nowhere.
USUAL_MOVES = 3
MOST_MOVES = 5


@dataclass(frozen=True)
class Cure:
    """Moves that together make the mail go through.

    needs: what has to hold besides, of facts that nobody settled; empty when the mail goes through in every case.
    exposes: whether user name and password then cross the network in clear. unchecked: whether they go to a server whose
    certificate Postfix does not check, though the cure makes it require TLS. edits: per move (by id) the changes of settings
    that carry it out; a move that no pasted file says has none.
    """

    moves: tuple[Move, ...]
    risk: int
    needs: Mapping[str, str] = field(default_factory=dict)
    exposes: bool = False
    unchecked: bool = False
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Tried:
    """A set of moves, the outcomes that the set before its last move had, and whether the last move changed them."""

    moves: tuple[Move, ...]
    before: tuple[str, ...] = ()


def cures(
    rules: Sequence[Combination],
    facts: Mapping[str, str],
    possible: Sequence[Move] = MOVES,
    first: tuple[Move, ...] = (),
    usual: int = USUAL_MOVES,
    most: int = MOST_MOVES,
) -> list[Cure]:
    """The smallest sets of moves after which the mail goes through, safest first, at most MOST_CURES.

    first: moves that every set begins with. usual: up to how many further ones all sets are tried; up to `most` then, until
    some set is a cure, only those each of whose moves changes the outcome. Each move changes a fact that decided about the
    failure before it; a set that contains another cure is left out, and so is one that is riskier than enough others.
    """
    search = _Search(by_stage(rules), facts, possible, len(first))
    todo = [_Tried(first)]
    for further in range(most + 1):
        if not todo or (search.found and further > usual):
            break
        tried = [search.step(tried, narrow=further >= usual) for tried in todo]
        todo = [more for sets in tried for more in sets] if further < most else []
    return search.best()


class _Search:
    """The cures found so far, and what was tried."""

    def __init__(
        self,
        stages: Sequence[Sequence[Combination]],
        facts: Mapping[str, str],
        possible: Sequence[Move],
        given: int,
    ) -> None:
        self.stages, self.facts, self.possible, self.given = stages, facts, possible, given
        self.found: list[Cure] = []
        self.seen: set[frozenset[str]] = set()

    def best(self) -> list[Cure]:
        return sorted(_told_once(self.found), key=_rank)[:MOST_CURES]

    def step(self, tried: _Tried, *, narrow: bool) -> Iterator[_Tried]:
        """Keep a set that is a cure; of another one the sets with one move more. narrow: only if its last move had an effect."""
        if self._contains_cure(frozenset(move.id for move in tried.moves)):
            return
        changed = changed_facts(self.facts, tried.moves)
        after = outcomes(self.stages, changed)
        working = [case for case in after if case.works]
        if tried.moves and working:
            needs = {} if len(working) == len(after) else working[0].given
            exposes = _exposes(changed)
            unchecked = without_check(changed, tried.moves)
            risk = _risk(tried.moves, least=4 if exposes else 3 if unchecked else 0)
            self.found.append(Cure(tried.moves, risk, needs, exposes, unchecked))
            return
        now = tuple(case.outcome for case in after)
        if narrow and now == tried.before:
            return
        for moves in _extended(tried.moves, after, changed, self.possible):
            if self._worth_trying(moves):
                yield _Tried(moves, now)

    def _contains_cure(self, ids: frozenset[str]) -> bool:
        return any(all(move.id in ids for move in cure.moves) for cure in self.found)

    def _worth_trying(self, moves: tuple[Move, ...]) -> bool:
        """Whether a set is new, contains no cure, and may be among the best. A move more never lowers the risk."""
        ids = frozenset(move.id for move in moves)
        if ids in self.seen or self._contains_cure(ids):
            return False
        self.seen.add(ids)
        better = sum(_rank(cure)[:2] <= (_risk(moves), len(moves)) for cure in self.found)
        return better < MOST_CURES


def met_on_the_way(rules: Sequence[Combination], facts: Mapping[str, str], cure: Cure) -> tuple[Combination, ...]:
    """What else ends the dialogue after some moves of a cure, which its further moves are for; what is unsettled then is left.

    At each step comes the move that changes the outcome.
    """
    stages = by_stage(rules)

    def after(*moves: Move) -> Case | None:
        found = outcomes(stages, changed_facts(facts, moves))
        return found[0] if len(found) == 1 else None

    met: dict[str, Combination] = {}
    made: tuple[Move, ...] = ()
    left, case = list(cure.moves), after()
    while left:
        if case is not None and case.combination is not None:
            met.setdefault(case.combination.id, case.combination)
        told = case and case.outcome
        move = next((m for m in left if (then := after(*made, m)) and then.outcome != told), left[0])
        left.remove(move)
        made = (*made, move)
        case = after(*made)
    return tuple(met.values())[1:]


def _told_once(found: Sequence[Cure]) -> Iterator[Cure]:
    """The cures without mere encryption for a password where a check by the system's roots surely does, and without a check
    where no password is sent."""
    safe = {family(cure.moves) for cure in found if checks_publicly(cure.moves) and not cure.needs}
    plain = {family(cure.moves) for cure in found if not cure.unchecked and not checks(cure.moves)}
    for cure in found:
        if family(cure.moves) not in (plain if checks(cure.moves) else safe if cure.unchecked else ()):
            yield cure


def changed_facts(facts: Mapping[str, str], moves: Sequence[Move]) -> dict[str, str]:
    """The facts after the moves."""
    changed = dict(facts)
    for move in moves:
        for name in move.forget:
            changed.pop(name, None)
        changed.update(move.change)
    return changed


def _extended(
    moves: tuple[Move, ...], failing: Sequence[Case], facts: Mapping[str, str], possible: Sequence[Move]
) -> Iterator[tuple[Move, ...]]:
    """The sets with one move more, of those that bear on the failure and contradict no earlier move.

    Of moves that do the same to what decided, the one that changes least.
    """
    decided = frozenset[str]().union(*(case.read for case in failing))
    settled = {name for move in moves if not move.sets for name in move.change}
    least: dict[tuple[frozenset[tuple[str, str]], str | None], Move] = {}
    for move in possible:
        effect = frozenset(item for item in move.change.items() if item[0] in decided and facts.get(item[0]) != item[1])
        if not effect or not settled.isdisjoint(move.change):
            continue
        key = effect, move.change.get("verify")
        other = least.get(key)
        if other is None or (move.risk, len(move.change)) < (other.risk, len(other.change)):
            least[key] = move
    for move in least.values():
        yield (*moves, move)


def _exposes(facts: Mapping[str, str]) -> bool:
    """Whether the client sends a password over a network in clear; where no AUTH is offered, one that goes on sends none."""
    sends = facts.get("auth") not in (None, "none", "cram-md5")
    if facts.get("auth_offer") == "never" and library(facts.get("library", "other")).unoffered_auth != "sends":
        return False
    return facts.get("tls") == "none" and sends and facts.get("host") != "localhost"


def _risk(moves: Sequence[Move], *, least: int = 0) -> int:
    """The worst single risk first, then the sum, so that one grave risk weighs more than several small ones.

    least: what the outcome risks, whatever the moves do.
    """
    risks = [move.risk for move in moves]
    return 10 * max([*risks, least]) + sum(risks)


def _rank(cure: Cure) -> tuple[int, int, int]:
    return cure.risk, len(cure.moves), len(cure.needs)
