"""Differences of pasted files without the secrets that stand in or beside the changed lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.config.setting import Party
from kb.redact import SECRET


def without_secrets(
    diffs: Mapping[str, str], files: Mapping[str, str], parties: Iterable[Party | None]
) -> dict[str, str]:
    """File name -> unified diff in which no secret stands that an adapter knows of.

    files: their content, in which the general rules have blanked what they find; where they found none in such a line, it is left
    out after its key.
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
            before, key, _ = line.partition(item.key)
            if SECRET not in line:
                yield line, f"{before}{key} {SECRET}" if key else SECRET


def _shown(line: str, known: Mapping[str, str]) -> str:
    mark, body = line[:1], line[1:]
    return mark + known[body] if mark in (" ", "-") and body in known else line
