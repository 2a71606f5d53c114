"""Environment variables wherever they are written: .env, shell, compose, Kubernetes, systemd, Dockerfile, `docker run`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import re2

from kb.config.setting import Edit

# `KEY=value`, `export KEY=value`, `ENV KEY=value`, `Environment="KEY=value"`, `- KEY=value`, `KEY: value`, `"KEY": "value",`
_LINE = re2.compile(
    r"""^(?P<lead>\s*(?:-\s+)?(?:export\s+|ENV\s+|Environment=)?["']?)(?P<key>[A-Z][A-Z0-9_]*(?:__[A-Za-z0-9_.]+)*)"""
    r"""(?P<sep>["']?\s*[=:]\s*|["']?\s+)(?P<value>.*?)\s*$"""
)
_FLAG = re2.compile(
    r"""(?:^|\s)(?:-e|--env)[ =]["']?(?P<key>[A-Z][A-Z0-9_]*(?:__[A-Za-z0-9_.]+)*)="""
    r"""(?P<value>"[^"]*"|'[^']*'|[^\s"'\\]*)"""
)
_K8S_NAME = re2.compile(r"""^(?P<lead>\s*)-?\s*name:\s*["']?(?P<key>[A-Z][A-Z0-9_]*(?:__[A-Za-z0-9_.]+)*)["']?\s*$""")
_K8S_VALUE = re2.compile(r"^(?P<lead>\s*)value:\s*(?P<value>.*?)\s*$")
# The value stands elsewhere, in a Secret or ConfigMap.
_K8S_FROM = re2.compile(r"^\s*valueFrom:")
_SERVICE = re2.compile(r"""^(?P<lead> +)(?P<name>[A-Za-z0-9._-]+):\s*$""")
_LONGEST_LINE = 10_000


@dataclass(frozen=True)
class Variable:
    """A variable as it stands in a file; line counts from 1. service: the compose service it belongs to, if any."""

    file: str
    line: int
    key: str
    value: str
    service: str = ""


def variables(name: str, text: str, prefixes: Sequence[str]) -> Iterator[Variable]:
    """The variables in a file whose names begin with one of `prefixes`, in order."""
    pending: str | None = None
    service = ""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST_LINE or line.lstrip().startswith("#"):
            continue
        if not line.strip():
            pending = None
            continue
        found = _SERVICE.match(line)
        if found and len(found.group("lead")) <= 2:
            service = found.group("name")
        if pending is not None:
            value = _K8S_VALUE.match(line)
            if value:
                yield Variable(name, number, pending, unquoted(value.group("value")), service)
                pending = None
                continue
            if _K8S_FROM.match(line):
                yield Variable(name, number, pending, f"${{{pending}}}", service)
            pending = None
        named = _K8S_NAME.match(line)
        if named and named.group("key").startswith(tuple(prefixes)):
            pending = named.group("key")
            continue
        yield from _on_line(name, number, line, prefixes, service)


def _on_line(name: str, number: int, line: str, prefixes: Sequence[str], service: str) -> Iterator[Variable]:
    found = _LINE.match(line)
    if found:
        if found.group("key").startswith(tuple(prefixes)):
            yield Variable(name, number, found.group("key"), unquoted(found.group("value")), service)
        return
    for flag in _FLAG.finditer(line):
        if flag.group("key").startswith(tuple(prefixes)):
            yield Variable(name, number, flag.group("key"), unquoted(flag.group("value")), service)


def unquoted(value: str) -> str:
    """A value without its quotes, a trailing comma, or a comment after it."""
    value = value.strip().removesuffix("\\").rstrip().removesuffix(",").rstrip()
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        if end > 0:
            return value[1:end]
    for mark in (" #", "\t#"):
        value = value.split(mark, 1)[0].rstrip()
    return value.rstrip("\"'")


def set_variables(text: str, edits: Iterable[Edit]) -> str:
    """The text with variables replaced, added after the last one of the same family, or removed."""
    lines = text.splitlines(keepends=True)
    for edit in edits:
        lines = _set(lines, edit.key, edit.value)
    return "".join(lines)


def _set(lines: list[str], key: str, value: str | None) -> list[str]:
    """The last line of a key with another value, since that one counts; without a value all of its lines go."""
    family = key[: key.rfind("_") + 1] if "_" in key else key
    family = "_".join(key.split("_")[:3]) if key.count("_") >= 3 else family
    like = None
    gone: set[int] = set()
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].rstrip("\r\n")
        found = None if line.lstrip().startswith("#") else _LINE.match(line)
        named = _K8S_NAME.match(line) if index + 1 < len(lines) else None
        here = found is not None and found.group("key") == key
        if here or (named and named.group("key") == key):
            if value is not None:
                return _set_at(lines, index, found if here else None, key, value)
            gone |= {index} if here else set(range(index, _k8s_end(lines, index)))
        elif like is None and found and found.group("key").startswith(family):
            like = index, found
        elif like is None and named and named.group("key").startswith(family):
            like = index + 1, None
    if value is None:
        return [line for index, line in enumerate(lines) if index not in gone]
    return _added(lines, like, key, value)


def _set_at(lines: list[str], index: int, found: Mapping[str, str] | None, key: str, value: str) -> list[str]:
    """With another value in a line, or in the one after a `name` of Kubernetes."""
    if found is not None:
        return [*lines[:index], _written(found, key, value), *lines[index + 1 :]]
    old = lines[index + 1]
    lead = old[: len(old) - len(old.lstrip())]
    return [*lines[: index + 1], f'{lead}value: "{value}"\n', *lines[_k8s_end(lines, index) :]]


def _k8s_end(lines: list[str], index: int) -> int:
    """Where the variable ends whose name stands at index: behind `value`, or behind the whole of `valueFrom`."""
    end = index + 2
    indent = len(lines[index + 1]) - len(lines[index + 1].lstrip())
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > indent:
        end += 1
    return end


def _added(lines: list[str], like: tuple[int, Mapping[str, str] | None] | None, key: str, value: str) -> list[str]:
    if like is None:
        if lines and not lines[-1].endswith("\n"):
            lines = [*lines[:-1], lines[-1] + "\n"]
        return [*lines, f"{key}={value}\n"]
    index, found = like
    if found is not None:
        new = _written(found, key, value)
    else:
        lead = lines[index - 1][: len(lines[index - 1]) - len(lines[index - 1].lstrip())]
        new = f'{lead}- name: {key}\n{lead}  value: "{value}"\n'
    before = lines[: index + 1]
    if not before[-1].endswith("\n"):
        before[-1] += "\n"
    return [*before, new, *lines[index + 1 :]]


def _written(found: Mapping[str, str], key: str, value: str) -> str:
    """A line in the form of `found`, with another key and value."""
    lead, separator, old = found["lead"], found["sep"], found["value"]
    quote = (
        old[0] if old[:1] in ("'", '"') else '"' if ":" in separator and value in ("true", "false", "yes", "no") else ""
    )
    tail = "," if old.endswith(",") else " \\" if old.endswith("\\") else ""
    close = lead.rstrip()[-1] if lead.rstrip()[-1:] in ("'", '"') and not separator.startswith(("'", '"')) else ""
    return f"{lead}{key}{separator}{quote}{value}{quote}{close}{tail}\n"
