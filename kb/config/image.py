"""A container that a compose file or `docker run` starts: the names under which others reach it, and its ports outside."""

from __future__ import annotations

import re2

_PUBLISHED = re2.compile(
    r"""(?:-p[ =]|-[ \t]+)["']?(?:[\d.]+:)?(?:\$\{[A-Z_]+:-)?(?P<outside>\d{1,5})\}?:(?P<inside>\d{1,5})\b"""
)
_SERVICE = re2.compile(r"^ {1,4}([A-Za-z0-9._-]+):\s*(?:#.*)?$")
_NAMED = re2.compile(r"""^\s*(?:container_name|hostname):\s*["']?([\w.-]+)""")


def of(names: str) -> re2._Regexp:
    """Where the image of one of these names (an expression) stands, in a line of compose or of a command."""
    return re2.compile(
        r"""(?m)^(?P<lead>[ \t]*)(?:image:[ \t]*["']?|[^#\n]*[ \t])(?:[a-z0-9.-]+/)?"""
        rf"""(?:{names})(?:[:@"'\s]|$)"""
    )


def names(text: str, image: re2._Regexp, first: str) -> list[str]:
    """The names under which other containers reach it: `first`, its service, and what it is called besides."""
    found, service, ours = [first], "", False
    for line in text.splitlines():
        head = _SERVICE.match(line)
        if head and len(line) - len(line.lstrip()) <= 2:
            service, ours = head.group(1), False
        if image.match(line):
            ours = True
            found.append(service)
        called = _NAMED.match(line)
        if called and ours:
            found.append(called.group(1))
    return [name.lower() for name in dict.fromkeys(found) if name]


def outside(text: str, port: str) -> str:
    """The ports of the host that lead to a port of the container, with blanks between them."""
    return " ".join(pair.group("outside") for pair in _PUBLISHED.finditer(text) if pair.group("inside") == port)
