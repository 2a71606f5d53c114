"""Cures applied for real: for every failing pair of a record the first cure offered, where it does not deliver the next one.

`python -m lab.fixes RUNS` (from tests/), with records of `lab.run`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kb.config.combine import Combination
from kb.config.diagnose import Diagnosis, diagnose
from kb.config.rules import load_rules
from lab import host
from lab.compare import answers_of, base, files_of
from lab.cure import cured
from lab.model import Pair
from lab.run import WORKERS, Lab, open_lab

Record = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """One cure for a failing pair: its moves, whether it needs something that nobody settled, and the pair after it."""

    moves: str
    depends: bool
    pair: Pair


@dataclass(frozen=True)
class Failing:
    """A failing pair: its record's id, server and client product, what was predicted for it, and the cures offered."""

    id: str
    server: str
    product: str
    predicted: str
    offers: tuple[Offer, ...]


@dataclass
class Treated:
    """What became of a failing pair: per cure tried, in order, the record of the run after it."""

    failing: Failing
    runs: list[Record]

    @property
    def delivered(self) -> bool:
        return any(record["delivered"] for record in self.runs)


@cache
def _rules() -> tuple[Combination, ...]:
    return tuple(rule.condition for rule in load_rules(base().store.rules()).values())


def failing(record: Record) -> Failing:
    """The cures that are offered for a failing record, first to last."""
    diagnosis = diagnose(_rules(), files_of(record), answers=answers_of(record))
    offers = [
        Offer("+".join(move.id for move in cure.moves), bool(cure.needs), cured(record, diagnosis, cure))
        for cure in diagnosis.cures
    ]
    product, server = record["client"]["product"], record["server"]["name"]
    return Failing(record["id"], server, product, _told(diagnosis), tuple(offers))


def _told(diagnosis: Diagnosis) -> str:
    case = next(iter(diagnosis.cases), None)
    return case.combination.id if case and case.combination else diagnosis.outcome


def _failing_line(line: str) -> Failing | None:
    record = json.loads(line)
    return failing(record) if record["outcome"] == "fails" else None


def treat(lab: Lab, found: Sequence[Failing], *, every: bool = False) -> list[Treated]:
    """Try the cures of each failing pair until one delivers, or `every` one. What is the same after a cure runs once."""
    done: dict[str, Record] = {}
    treated = [Treated(one, []) for one in found]
    for rank in range(max((len(one.offers) for one in found), default=0)):
        open_ = [t for t in treated if rank < len(t.failing.offers) and (every or not t.delivered)]
        wanted = {t.failing.offers[rank].pair.id: t.failing.offers[rank].pair for t in open_}
        done |= {record["id"]: record for record in lab.run_all(_by_server(wanted, done))}
        for one in open_:
            one.runs.append(done[one.failing.offers[rank].pair.id])
    return treated


def _by_server(wanted: Mapping[str, Pair], done: Mapping[str, Record]) -> list[Pair]:
    """What is not done yet, pairs of the same server next to one another, which share its start."""
    missing = [pair for id_, pair in wanted.items() if id_ not in done]
    return sorted(
        missing, key=lambda pair: json.dumps([dict(pair.server.files), pair.server.port, pair.server.certificate])
    )


def report(treated: Iterable[Treated]) -> str:
    """How many failing pairs a cure makes deliver, how many of the cures tried do, and every miss."""
    all_ = list(treated)
    lines = [*_misses(all_), ""]
    for product in sorted({t.failing.product for t in all_}):
        lines.append(f"{product}: {_count([t for t in all_ if t.failing.product == product])}")
    return "\n".join([*lines, f"all: {_count(all_)}"])


def _count(treated: Sequence[Treated]) -> str:
    offered = [t for t in treated if t.failing.offers]
    first = sum(t.runs[0]["delivered"] for t in offered)
    some = sum(t.delivered for t in offered)
    runs = [record["delivered"] for t in offered for record in t.runs]
    share = f"{100 * sum(runs) / len(runs):.2f} %" if runs else "-"
    return (
        f"{len(treated)} failing pairs; the first cure delivers for {first}, some cure for {some}, none for"
        f" {len(offered) - some}; no cure offered for {len(treated) - len(offered)}; of {len(runs)} cures tried"
        f" {sum(runs)} deliver ({share})"
    )


def _misses(treated: Sequence[Treated]) -> list[str]:
    found: dict[str, list[str]] = {}
    for one in treated:
        where = f"{one.failing.id} {one.failing.server}"
        if not one.failing.offers:
            found.setdefault(f"no cure for {one.failing.product}: {one.failing.predicted}", []).append(where)
        for offer, record in zip(one.failing.offers, one.runs, strict=False):
            if not record["delivered"]:
                said = f"{record['stage']} {record['text'][:150]!r}"
                depends = " (depends)" if offer.depends else ""
                key = f"{one.failing.product}: {one.failing.predicted}: {offer.moves}{depends}: still fails: {said}"
                found.setdefault(key, []).append(where)
    return [f"{len(ids)} {what} | {ids[0]}" for what, ids in sorted(found.items(), key=lambda item: -len(item[1]))]


def main() -> None:
    """Apply cures to the failing pairs of a file of records and print what comes of it."""
    parser = argparse.ArgumentParser(prog="python -m lab.fixes", description=__doc__)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--every", action="store_true", help="run all cures offered, also after one has delivered")
    parser.add_argument("--step", type=int, default=1, help="only every n-th failing pair")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args()
    if reason := host.possible():
        raise SystemExit(reason)
    started = time.monotonic()
    _rules()  # compiles the catalogue before the processes ask for it
    lines = options.runs.read_text(encoding="utf-8").splitlines()
    with ProcessPoolExecutor() as pool:
        found = [one for one in pool.map(_failing_line, lines, chunksize=20) if one][:: options.step]
    diagnosed = time.monotonic()
    with open_lab(options.workers) as lab:
        treated = treat(lab, found, every=options.every)
    print(report(treated))
    runs = len({record["id"] for one in treated for record in one.runs})
    print(f"{diagnosed - started:.0f} s to diagnose, {time.monotonic() - diagnosed:.0f} s for {runs} different pairs")


if __name__ == "__main__":
    main()
