"""What a fact is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.text import Text


@dataclass(frozen=True)
class Fact:
    """A fact, its values, and what happens when it is unknown: `assumed` is taken and told, else `question` is asked."""

    name: str
    side: str
    label: Text
    values: Mapping[str, Text]
    question: Text | None = None
    assumed: str | None = None


VERSIONS = {version: Text(f"TLS {version}", f"TLS {version}") for version in ("1.0", "1.1", "1.2", "1.3")}


YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
