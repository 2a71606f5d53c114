"""From log lines to kinds of failure and how often each was seen. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import re2

from kb.explain import Match, classify, explain
from kb.inputs import read
from kb.inputs.encoding import decode
from kb.match.normalize import normalize
from kb.match.store import Store

MAX_KINDS = 5000
OTHER = "other"
_SHAPE = 160
_VARIABLE = re2.compile(r"<[^>]*>|[^ ]*@[^ ]*|\[[^\]]*\]|[0-9a-f]*[0-9][0-9a-z.:-]*")


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
        self.lines = 0
        self.kinds: dict[str, Kind] = {}

    def add(self, raw: bytes) -> Kind | None:
        """Count one line; its kind when that is new."""
        self.lines += 1
        text = decode(raw).strip("\r\n")
        if not text.strip():
            return None
        _, reason, id_ = classify(self._store, text)
        if reason is None:
            diagnostic = _unexplained(text) or (text if id_ else None)
            if diagnostic is None:
                return None
            id_ = f"? {shape(diagnostic)}"
        new = id_ not in self.kinds
        if new and len(self.kinds) >= MAX_KINDS:
            id_, reason, new = OTHER, None, OTHER not in self.kinds
        if new:
            self.kinds[str(id_)] = Kind(str(id_), self._match(text) if reason else None, text)
        kind = self.kinds[str(id_)]
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


def shape(diagnostic: str) -> str:
    """A diagnostic without what differs from message to message: addresses, numbers, names of hosts with numbers."""
    return " ".join(_VARIABLE.sub("#", normalize(diagnostic[:4096])).split())[:_SHAPE]


def _unexplained(text: str) -> str | None:
    """The diagnostic of a line that tells of a failure: a refusal with its code, a delivery that failed; else None."""
    for found in read(text).observations:
        logged = found.format not in ("plain", "log")
        if logged and (found.recipient or found.reply_code or found.enhanced_status):
            return found.diagnostic
    return None
