"""Exim's own configuration file as text: sections, the instances in them, their options, and changes of those.

Options stand one a line below `name:`; a backslash goes on in the next line; macros are NAME = value (Exim specification, chapter
"The runtime configuration file").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import re2

_BEGIN = re2.compile(r"^[ \t]*begin[ \t]+(?P<section>[a-z]+)[ \t]*$")
_INSTANCE = re2.compile(r"^[ \t]*(?P<name>[A-Za-z_][\w-]*)[ \t]*:[ \t]*$")
_OPTION = re2.compile(r"^(?P<lead>[ \t]*)(?P<key>[a-z][a-z0-9_]*)(?P<sep>[ \t]*=[ \t]*)(?P<value>.*?)[ \t]*$")
_SWITCH = re2.compile(r"^[ \t]*(?P<no>no_|not_)?(?P<key>[a-z][a-z0-9_]*)[ \t]*$")
_MACRO = re2.compile(r"^(?P<key>[A-Z][A-Za-z0-9_]*)[ \t]*==?[ \t]*(?P<value>.*?)[ \t]*$")
_LONGEST = 10_000


@dataclass(frozen=True)
class Option:
    """An option as it stands: its value with continued lines put together, first line from 1, and how many lines it takes."""

    key: str
    value: str
    line: int
    count: int = 1


@dataclass
class Instance:
    """A router, transport or authenticator: its name, the line it stands on, its options by name."""

    name: str
    line: int
    options: dict[str, Option] = field(default_factory=dict)

    def value(self, key: str) -> str:
        """The value of an option without quotes, "" where it is not set."""
        found = self.options.get(key)
        return found.value.strip().strip('"').strip() if found else ""


@dataclass
class Configuration:
    """Sections with their instances in order, and the macros."""

    sections: dict[str, list[Instance]] = field(default_factory=dict)
    macros: dict[str, Option] = field(default_factory=dict)

    def instances(self, section: str) -> list[Instance]:
        """Those of a section, [] where there is none."""
        return self.sections.get(section, [])


def whole_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """(first line, number of lines, text) with continued lines put together. Comment lines are left out."""
    begin, parts, count = 0, list[str](), 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if len(line) > _LONGEST or bare.startswith("#"):
            count += 1 if parts else 0
            continue
        begin, count = (begin, count + 1) if parts else (number, 1)
        if bare.endswith("\\"):
            parts.append((line if not parts else bare).rstrip()[:-1])
            continue
        yield begin, count, "".join([*parts, bare if parts else line])
        parts, count = [], 0


def parsed(text: str) -> Configuration:
    """The configuration that a text holds; lines that are none are passed over."""
    found = Configuration()
    section, current = "", None
    for number, count, line in whole_lines(text):
        if (begin := _BEGIN.match(line)) is not None:
            section, current = begin.group("section"), None
        elif section and (instance := _INSTANCE.match(line)) is not None:
            current = Instance(instance.group("name"), number)
            found.sections.setdefault(section, []).append(current)
        elif (macro := _MACRO.match(line)) is not None:
            found.macros[macro.group("key")] = Option(macro.group("key"), macro.group("value"), number, count)
        elif current is not None and (option := _option(line, number, count)) is not None:
            current.options[option.key] = option
    return found


def _option(line: str, number: int, count: int) -> Option | None:
    pair = _OPTION.match(line)
    if pair is not None:
        return Option(pair.group("key"), pair.group("value"), number, count)
    switch = _SWITCH.match(line)
    return Option(switch.group("key"), "false" if switch.group("no") else "true", number, count) if switch else None


def expanded(value: str, macros: Mapping[str, Option]) -> str:
    """A value with macros replaced, the longest names first, once each."""
    for name in sorted(macros, key=len, reverse=True):
        if name in value:
            value = value.replace(name, macros[name].value)
    return value


def matches(hosts: str, host: str) -> bool | None:
    """Whether a host list has a host; None where it depends on an expansion or a lookup."""
    hosts = hosts.strip().strip('"').strip()
    separator = ":"
    if hosts.startswith("<") and len(hosts) > 1:
        separator, hosts = hosts[1], hosts[2:]
    if "${" in hosts:
        return None
    for item in (part.strip().lower() for part in hosts.split(separator)):
        if (
            item == "*"
            or item == host.lower()
            or (item.startswith("*") and len(item) > 1 and host.lower().endswith(item[1:]))
        ):
            return True
        if item.startswith("!") or ";" in item:
            return None
    return False


def set_option(text: str, section: str, name: str, key: str, value: str | None) -> str:
    """The text with an option of an instance replaced, added below its driver or name, or removed (None)."""
    instance = next((one for one in parsed(text).instances(section) if one.name == name), None)
    if instance is None:
        return text
    lines = text.splitlines(keepends=True)
    own = instance.options.get(key)
    new = [] if value is None else [f"  {key} = {value}\n"]
    if own is not None:
        lines[own.line - 1 : own.line - 1 + own.count] = new
        return "".join(lines)
    driver = instance.options.get("driver")
    at = driver.line - 1 + driver.count if driver else instance.line
    if new and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    return "".join([*lines[:at], *new, *lines[at:]])


def set_macro(text: str, key: str, value: str | None) -> str:
    """The text with a macro replaced, added at its beginning, or removed (None)."""
    found = parsed(text).macros.get(key)
    lines = text.splitlines(keepends=True)
    new = [] if value is None else [f"{key} = {value}\n" if value else f"{key} =\n"]
    if found is None:
        return "".join([*new, *lines])
    lines[found.line - 1 : found.line - 1 + found.count] = new
    return "".join(lines)


def add_authenticator(text: str, options: str) -> str:
    """The text with a LOGIN authenticator for a client, first of its section. options: its client_send."""
    block = f"smarthost_login:\n  driver = plaintext\n  public_name = LOGIN\n  client_send = {options}\n"
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        begin = _BEGIN.match(line.rstrip("\r\n"))
        if begin and begin.group("section") == "authenticators":
            return "".join([*lines[: index + 1], block, *lines[index + 1 :]])
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines, "\nbegin authenticators\n", block])
