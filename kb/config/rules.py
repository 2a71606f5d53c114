"""The combinations of the catalogue, read from its compiled form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kb.config.combine import Combination
from kb.text import Text


@dataclass(frozen=True)
class Rule:
    """A combination with its texts. `condition` is what is evaluated. server_logs: for clients that leave other traces."""

    id: str
    condition: Combination
    title: Text
    explanation: Text
    stage: str
    leads_to: str
    reply: str | None
    texts: Mapping[str, tuple[str, ...]]
    server_log: tuple[str, ...]
    server_logs: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]


@lru_cache(maxsize=1)
def load_rules(encoded: str) -> Mapping[str, Rule]:
    """Rules by id, from the JSON that `kb.compile` wrote."""
    return {id_: _rule(id_, body) for id_, body in json.loads(encoded).items()}


def _rule(id_: str, body: Mapping[str, Any]) -> Rule:
    when = {name: frozenset(values) for name, values in body["when"].items()}
    return Rule(
        id=id_,
        condition=Combination(id_, body["stage"], when),
        title=Text(**body["title"]),
        explanation=Text(**body["explanation"]),
        stage=body["stage"],
        leads_to=body["leads_to"],
        reply=body["reply"],
        texts={name: tuple(texts) for name, texts in body["texts"].items()},
        server_log=tuple(body["server_log"]),
        server_logs={name: tuple(lines) for name, lines in body["server_logs"].items()},
        sources=tuple(body["sources"]),
    )
