"""The forms of a change of Postfix: main.cf, `postconf -e`, `-o` lines of master.cf; commands after them stay commands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import re2

from kb.config.postfix.parameters import SERVICE_SUFFIXES, known

_ASSIGNMENT = re2.compile(r"^(?P<name>[a-z][A-Za-z0-9_]*) =(?: (?P<value>.*))?$")
_COMMANDS = frozenset(
    {"adduser", "apt", "apt-get", "chmod", "chown", "cp", "grep", "journalctl", "newaliases", "postalias", "postconf"}
    | {"postfix", "postmap", "postqueue", "postsuper", "systemctl"}
)
Parts = list[tuple[str, str]]


def postfix_forms(lines: Sequence[str]) -> list[tuple[str, Parts]]:
    """(form, its parts) of a change; none where a line is neither a setting nor a command that may follow it."""
    settings: list[tuple[str, str]] = []
    services: list[tuple[str, str, str]] = []
    commands: list[str] = []
    for line in lines:
        found, own = _settings(line), _service_settings(line)
        if (found or own) and commands:
            return []  # A command before a setting may be needed for it; the order stays as it was written.
        if found:
            settings += found
        elif own:
            services += own
        elif line.partition(" ")[0] in _COMMANDS:
            commands.append(line)
        else:
            return []
    if bool(settings) == bool(services):
        return []
    after: Parts = [("", "\n".join(commands))] if commands else []
    shell = [f"postconf -e {shlex.quote(_assignment(name, value))}" for name, value in settings]
    shell += [f"postconf -P {shlex.quote(f'{service}/{name}={value}')}" for service, name, value in services]
    by_command = ("postconf", [("", "\n".join([*shell, *commands]))])
    in_file = ("main.cf", [*_in_files(settings, services), *after])
    if services:
        in_file = ("master.cf", in_file[1])
    return [by_command, in_file] if lines[0].startswith("postconf") else [in_file, by_command]


def _assignment(name: str, value: str) -> str:
    return f"{name} = {value}".rstrip()


def _in_files(settings: Sequence[tuple[str, str]], services: Sequence[tuple[str, str, str]]) -> Parts:
    if settings:
        return [("/etc/postfix/main.cf", "\n".join(_assignment(name, value) for name, value in settings))]
    named = dict.fromkeys(service for service, _, _ in services)
    return [
        (
            f"/etc/postfix/master.cf: {service.replace('/', ' ')}",
            "\n".join(f"  -o {name}={value}" for own, name, value in services if own == service),
        )
        for service in named
    ]


def _settings(line: str) -> list[tuple[str, str]]:
    """(parameter, value) of a line of main.cf or of a `postconf -e`; none for anything else."""
    if not line.startswith("postconf -e "):
        found = _ASSIGNMENT.match(line)
        name = found.group("name") if found else ""
        return [(name, found.group("value") or "")] if known(name) or name.endswith(SERVICE_SUFFIXES) else []
    pairs = []
    for word in _words(line)[2:]:
        name, equals, value = word.partition("=")
        if not equals:
            return []
        pairs.append((name.strip(), value.strip()))
    return pairs


def _service_settings(line: str) -> list[tuple[str, str, str]]:
    """(service/type, parameter, value) of a `postconf -P`; none where a value has blanks, which `-o` takes in braces only."""
    if not line.startswith("postconf -P "):
        return []
    found = []
    for word in _words(line)[2:]:
        place, equals, value = word.partition("=")
        service, _, name = place.rpartition("/")
        if not equals or not service or " " in value or not value:
            return []
        found.append((service, name, value))
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []
