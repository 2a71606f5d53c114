"""What was counted in a part of a log. Adding two gives that of both parts: associative and commutative, and all of it JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

Counts = dict[str, int]
Sample = tuple[int, int, int, str]  # number of the file, where in it the part begins, place in the part, text


class Group:
    """The failures that mean the same. sample: the first of those that were not recognised, behind its place in the log."""

    __slots__ = ("count", "domains", "first", "hours", "last", "peers", "sample")

    def __init__(self) -> None:
        self.count = 0
        self.first: str | None = None
        self.last: str | None = None
        self.hours: defaultdict[str, int] = defaultdict(int)
        self.peers: defaultdict[str, int] = defaultdict(int)
        self.domains: defaultdict[str, int] = defaultdict(int)
        self.sample: Sample | None = None

    def see(self, time: str | None, peer: str | None, domain: str | None) -> None:
        """Count one failure."""
        self.count += 1
        if time:
            self.hours[time[:13]] += 1
            if self.last is None or time > self.last:
                self.last = time
            if self.first is None or time < self.first:
                self.first = time
        if peer:
            self.peers[peer] += 1
        if domain:
            self.domains[domain] += 1

    def add(self, other: Group) -> None:
        """Count what another group of the same meaning counted."""
        self.count += other.count
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.last = max(filter(None, (self.last, other.last)), default=None)
        self.sample = min(filter(None, (self.sample, other.sample)), default=None)
        for mine, others in ((self.hours, other.hours), (self.peers, other.peers), (self.domains, other.domains)):
            for name, count in others.items():
                mine[name] += count


class Tally:
    """lines, bytes: what was read. groups: by key. problems: [file, place, text] of what could not be read.

    place: number of the file and where in it the part begins that is counted.
    """

    def __init__(self, file: int = 0, start: int = 0) -> None:
        self.place = (file, start)
        self.lines = 0
        self.bytes = 0
        self.groups: dict[str, Group] = {}
        self.problems: list[list[Any]] = []

    def group(self, key: str) -> Group:
        """The group with this key, made if it is new."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = Group()
        return found

    def add(self, other: Tally) -> None:
        """Count what another tally counted."""
        self.lines += other.lines
        self.bytes += other.bytes
        self.problems = sorted(self.problems + other.problems)
        for key, group in other.groups.items():
            self.group(key).add(group)

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON values, in an order that does not depend on that of counting."""
        groups = {
            key: {
                "count": group.count,
                "first": group.first,
                "last": group.last,
                "hours": dict(sorted(group.hours.items())),
                "peers": dict(sorted(group.peers.items())),
                "domains": dict(sorted(group.domains.items())),
                "sample": group.sample,
            }
            for key, group in sorted(self.groups.items())
        }
        return {"lines": self.lines, "bytes": self.bytes, "groups": groups, "problems": self.problems}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Tally:
        """The tally that `as_json` wrote."""
        tally = cls()
        tally.lines, tally.bytes, tally.problems = value["lines"], value["bytes"], list(value["problems"])
        for key, written in value["groups"].items():
            group = tally.group(key)
            group.count, group.first, group.last = written["count"], written["first"], written["last"]
            group.hours.update(written["hours"])
            group.peers.update(written["peers"])
            group.domains.update(written["domains"])
            group.sample = tuple(written["sample"]) if written["sample"] else None
        return tally
