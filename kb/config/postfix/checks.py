"""Findings on a configuration that was read: unknown names, values outside of their set, values that cannot be expanded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kb.config.postfix import findings as texts
from kb.config.postfix import mistakes, values
from kb.config.postfix.effective import Effective
from kb.config.postfix.model import HIDDEN, Assignment, Config
from kb.config.postfix.parameters import known, nearest, parameters
from kb.config.postfix.restrictions import Lists
from kb.config.postfix.values import RESTRICTION_LISTS, takes_argument
from kb.config.postfix.version import label
from kb.config.setting import Finding

# A search for the nearest name takes some milliseconds.
_MOST_SEARCHES = 20
_MOST_SERVICES = 200


def findings(config: Config) -> tuple[Finding, ...]:
    """All findings, those on single settings in the order of their lines."""
    return texts.capped(list(dict.fromkeys(islice(_all(config), texts.MOST * 2))))


def _all(config: Config) -> Iterator[Finding]:
    main = Effective(config)
    own = _own_names(config, main)
    searches = [_MOST_SEARCHES]
    for assignment in sorted(config.main.values(), key=lambda found: (found.file, found.line)):
        yield from _assignment(config, main, assignment, own, searches)
    for service in config.services[:_MOST_SERVICES]:
        if service.overrides and not service.assumed:
            effective = Effective(config, service)
            for override in service.overrides:
                yield from _assignment(config, effective, override, own, searches)
    yield from mistakes.across(config, main)


def _assignment(
    config: Config, effective: Effective, found: Assignment, own: frozenset[str], searches: list[int]
) -> Iterator[Finding]:
    if not known(found.name, effective.services) and found.name not in own and not _of_a_table(found.name, own):
        yield _unknown(found, searches)
        return
    yield from _version(config, found)
    if found.raw == HIDDEN:
        return
    yield from mistakes.in_raw(found)
    if effective.assignment(found.name) is found:
        value = effective[found.name]
        problem = effective.problems.get(found.name)
        if problem:
            yield texts.expansion(problem, found.file, found.line, found.name)
        elif not value.secret:
            yield from _value(effective, found, value.value)


def _own_names(config: Config, main: Effective) -> frozenset[str]:
    """Names that people make up: those that a value refers to, and restriction classes."""
    names: set[str] = set(main.words("smtpd_restriction_classes"))
    budget = 2_000_000
    raws = [a.raw for a in config.main.values()]
    raws += [override.raw for service in config.services for override in service.overrides]
    for raw in raws:
        budget -= len(raw)
        if budget < 0:
            break
        names |= set(_references(raw))
        # `ldap:name` and the like take `name_server_host` and so on from main.cf.
        for word in raw.replace(",", " ").split():
            kind, colon, name = word.rpartition(":")
            if (
                colon
                and "/" not in name
                and kind.rpartition(":")[2] in ("ldap", "mysql", "pgsql", "sqlite", "memcache")
            ):
                names.add(f"{name}_")
    return frozenset(names)


def _references(raw: str) -> Iterator[str]:
    position = raw.find("$")
    while position >= 0:
        start = position + 2 if raw[position + 1 : position + 2] in ("{", "(") else position + 1
        end = start
        while end < len(raw) and (raw[end].isalnum() or raw[end] == "_"):
            end += 1
        if end > start:
            yield raw[start:end]
        position = raw.find("$", max(end, position + 1))


def _of_a_table(name: str, own: frozenset[str]) -> bool:
    parts = name.split("_")[:20]
    return any("_".join(parts[:count]) + "_" in own for count in range(1, len(parts)))


def _unknown(found: Assignment, searches: list[int]) -> Finding:
    other = _other_side(found.name)
    if other is not None:
        kind = "unknown-server" if other.startswith("smtpd_") else "unknown-client"
        return texts.make(kind, found.file, found.line, found.name, other)
    near = None
    if searches[0] > 0:
        searches[0] -= 1
        near = nearest(found.name)
    return texts.make("unknown-near" if near else "unknown", found.file, found.line, found.name, near or "")


def _other_side(name: str) -> str | None:
    """The parameter of the same name on the other side of SMTP."""
    if name.startswith("smtpd_"):
        other = "smtp_" + name.removeprefix("smtpd_")
    elif name.startswith("smtp_"):
        other = "smtpd_" + name.removeprefix("smtp_")
    else:
        return None
    return other if other in parameters() else None


def _version(config: Config, found: Assignment) -> Iterator[Finding]:
    parameter = parameters().get(found.name)
    if parameter is None or parameter.exists(config.version):
        return
    since = ".".join(map(str, parameter.since[:2] if parameter.since[2] == 0 else parameter.since))
    yield texts.not_in_version(found, label(config.version), since, later=parameter.since > config.version)


def _value(effective: Effective, found: Assignment, value: str) -> Iterator[Finding]:
    name, file, line = found.name, found.file, found.line
    parameter = parameters().get(name)
    kind = parameter.type if parameter else "text"
    if kind == "yesno" and value.lower() not in ("yes", "no"):
        yield texts.make("yesno", file, line, name, value or "“”")
    elif kind == "number" and not value.lstrip("+-").isdigit():
        yield texts.make("number", file, line, name, value or "“”")
    elif kind == "time" and not _is_time(value):
        yield texts.make("time", file, line, name, value or "“”")
    elif name in values.ONE_OF:
        allowed = values.ONE_OF[name]
        if value.lower() not in allowed:
            yield texts.not_allowed(found, value, allowed)
    elif name in values.LIST_OF:
        for word in _first_bad(value, values.LIST_OF[name]):
            yield texts.not_allowed(found, word, values.LIST_OF[name])
    elif name in values.PROTOCOL_LISTS:
        words = [part for word in value.replace(",", " ").split() for part in word.split(":") if part]
        bad = next((word for word in words if values.protocol(word) is None), None)
        if bad:
            yield texts.not_allowed(found, bad, values.PROTOCOLS)
    elif name in RESTRICTION_LISTS:
        yield from _restrictions(effective, found)


def _first_bad(value: str, allowed: tuple[str, ...]) -> Iterator[str]:
    for word in value.lower().replace(",", " ").split():
        if word not in allowed:
            yield word
            return


def _is_time(value: str) -> bool:
    digits = value[:-1] if value[-1:] in tuple("smhdwSMHDW") else value
    return digits.isascii() and digits.isdigit()


def _restrictions(effective: Effective, found: Assignment) -> Iterator[Finding]:
    """Words that are no restriction: smtpd answers `451 4.3.5 Server configuration error` when it comes to them."""
    lists = Lists(effective)
    for word, argument in islice(lists.restrictions(found.name), 300):
        plain = word.lower()
        if takes_argument(plain) and not argument:
            yield texts.make("restriction-argument", found.file, found.line, found.name, word)
            return
        if plain in values.PLAIN_RESTRICTIONS or takes_argument(plain) or word in lists.classes:
            continue
        # A table or a pattern alone is short for check_*_access of the list's own kind.
        if ":" in word or "/" in word or word.isdigit() or " " in word:
            continue
        near = texts.near_word(word, values.PLAIN_RESTRICTIONS)
        yield texts.make("restriction", found.file, found.line, found.name, word, near)
        return
