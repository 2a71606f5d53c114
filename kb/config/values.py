"""What adapters share: how hosts are spelled, what counts as true, and lines replaced in a text."""

from __future__ import annotations

from typing import Any

_LOCAL = ("localhost", "127.0.0.1", "::1")


def host_kind(host: str) -> str:
    """The value of the fact `host` for a host as it is spelled, brackets around it left out."""
    host = host.strip("[]")
    if host in _LOCAL:
        return "localhost"
    return "address" if ":" in host or host.replace(".", "").isdigit() else "name"


def is_true(value: str) -> bool:
    """Whether a switch is on in the spelling of most languages."""
    return value.strip().strip("'\"").lower() in ("true", "1", "yes", "on")


def set_line(text: str, pattern: Any, key: str, value: str | None, new: str) -> str:
    """The text with the last line of `key` changed to `value`, or removed (None), or `new` added at the end.

    pattern: matches a line, with the groups lead, key, sep and value.
    """
    lines = text.splitlines(keepends=True)
    for index in range(len(lines) - 1, -1, -1):
        found = pattern.match(lines[index].rstrip("\r\n"))
        if not found or found.group("key") != key:
            continue
        changed = [] if value is None else [f"{found.group('lead')}{key}{found.group('sep')}{value}\n"]
        return "".join([*lines[:index], *changed, *lines[index + 1 :]])
    if value is None:
        return text
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines, new + "\n"])
