"""The cases of a diagnosis as people read them: each outcome once, with the settings that lead to it."""

from __future__ import annotations

from typing import Any

_SHOWN = 3


def outcomes(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One object an outcome, in the order of the cases: the first case, what at most three of them suppose, and how many more."""
    groups: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for case in cases:
        groups.setdefault((case["outcome"], case["combination"]), []).append(case)
    return [
        {
            "case": same[0],
            "given": [case["given"] for case in same[:_SHOWN]],
            "more": max(0, len(same) - _SHOWN),
        }
        for same in groups.values()
    ]
