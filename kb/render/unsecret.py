"""Differences of pasted files without the secrets that stand in or beside the changed lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.config.setting import Party
from kb.redact import SECRET, redact_secrets

# What adapters write where only the reader knows what belongs there.
_PLACEHOLDERS = ("PASSWORD", "SECRET", "TOKEN")


def without_secrets(
    diffs: Mapping[str, str], files: Mapping[str, str], parties: Iterable[Party | None]
) -> dict[str, str]:
    """File name -> unified diff in which no secret stands.

    A line that an adapter knows to hold one, and in which the general rules find none, is left out after its key.
    """
    known = {name: dict(_secret_lines(name, files.get(name, ""), parties)) for name in diffs}
    return {name: "\n".join(_shown(line, known[name]) for line in diff.split("\n")) for name, diff in diffs.items()}


def _secret_lines(name: str, text: str, parties: Iterable[Party | None]) -> Iterator[tuple[str, str]]:
    """(line, what is shown of it) for the lines of a file in which an adapter found a secret."""
    lines = text.splitlines()
    for party in parties:
        for item in (item for items in party.origins.values() for item in items) if party else ():
            if not item.secret or item.file != name or not 0 < item.line <= len(lines):
                continue
            line = lines[item.line - 1]
            shown = redact_secrets(line)
            before, key, _ = line.partition(item.key)
            yield line, shown if shown != line else f"{before}{key} {SECRET}" if key else SECRET


def _shown(line: str, known: Mapping[str, str]) -> str:
    mark, body = line[:1], line[1:]
    if line.startswith(("---", "+++", "@@")):
        return line
    if body in known and mark in (" ", "-"):
        return mark + known[body]
    return line if mark == "+" and any(word in body for word in _PLACEHOLDERS) else mark + redact_secrets(body)
