"""From log lines to kinds of failure and how often each was seen; what a failure is, `kb report` says. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kb.explain import explain
from kb.inputs.encoding import decode
from kb.judge import Match
from kb.match.store import Store
from kb.report.judge import CODE, ENTRY, UNRECOGNISED, Judge

MAX_KINDS = 5000
OTHER = "other"


@dataclass
class Kind:
    """One kind of failure. `match` is its answer, None when the catalogue has none; `line` the first of its lines."""

    id: str
    match: Match | None
    line: str
    count: int = 0


class Tally:
    """What has been seen so far: `lines` in all, `kinds` of failure by id in the order of their first line."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._judge = Judge(store)
        self.lines = 0
        self.kinds: dict[str, Kind] = {}

    def add(self, raw: bytes) -> Kind | None:
        """Count one line; its kind when that is new."""
        self.lines += 1
        text = decode(raw).strip("\r\n")
        failure = self._judge.read(text) if text.strip() else None
        if failure is None:
            return None
        id_ = _id_of(failure[0])
        known = not failure[0].startswith(UNRECOGNISED)
        if id_ not in self.kinds and len(self.kinds) >= MAX_KINDS:
            id_, known = OTHER, False
        new = id_ not in self.kinds
        if new:
            self.kinds[id_] = Kind(id_, self._match(text) if known else None, text)
        kind = self.kinds[id_]
        kind.count += 1
        return kind if new else None

    @property
    def failures(self) -> int:
        """Lines that told of a failure."""
        return sum(kind.count for kind in self.kinds.values())

    @property
    def unexplained(self) -> int:
        """Those of them that the catalogue has no answer to."""
        return sum(kind.count for kind in self.kinds.values() if kind.match is None)

    def _match(self, text: str) -> Match | None:
        matches = explain(self._store, text).matches
        return matches[0] if matches else None


def _id_of(key: str) -> str:
    """An entry's id, a code, or `? ` and the shape of a text that was not recognised."""
    if key.startswith(UNRECOGNISED):
        return f"? {key.removeprefix(UNRECOGNISED)}"
    return key.removeprefix(ENTRY).removeprefix(CODE).partition(" ")[0]
