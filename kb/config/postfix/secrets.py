"""Passwords in parameter values, replaced before anything is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import re2

from kb.config.postfix import inline
from kb.config.postfix.model import HIDDEN, Assignment, Service

_PASSWORD_MAPS = "sasl_password_maps"  # noqa: S105 - a name
_NAME = re2.compile(r"(?i)(?:password|passwd|passphrase)$|(?:^|_)(?:pass|pw|pwd|secret|token|password|passwd)(?:_|$)")
_REFERENCE = re2.compile(r"[({]?(\w+)")
_LONGEST_NAME = 1000
_URL = re2.compile(r"(://[^\s:/@]*:)([^\s/@]+)(@)")


def mask(name: str, raw: str) -> str:
    """`raw` without the passwords that a parameter of that name may hold."""
    if name.endswith(_PASSWORD_MAPS):
        return _mask_maps(raw)
    if name != _PASSWORD_MAPS and _NAME.search(name) and raw and not name.endswith(("_maps", "_file", "_files")):
        return HIDDEN
    return _URL.sub(rf"\1{HIDDEN}\3", raw) if "://" in raw else raw


def _mask_maps(raw: str) -> str:
    """Of `inline:{...}` the keys stay; what stands after `static:` and after either table goes."""
    found = min((at for at in (raw.find("inline:"), raw.find("static:")) if at >= 0), default=-1)
    if found < 0:
        # `type:path`, perhaps several; anything else is no map and could be a password typed in the wrong place.
        words = raw.replace(",", " ").split()
        kept = [word if ":/" in word or word.startswith(("$", "/")) or ":" not in word else HIDDEN for word in words]
        return raw if kept == words else " ".join(kept)
    if raw.startswith("inline:", found):
        rows = ", ".join(f"{{ {key} = {HIDDEN} }}" for key, _ in inline.entries(raw[found:]))
        return f"{_mask_maps_before(raw[:found])}inline:{{ {rows} }}"
    return _mask_maps_before(raw[:found]) + "static:" + HIDDEN


def _mask_maps_before(raw: str) -> str:
    return raw if ":" not in raw else _mask_maps(raw)


def references(raw: str) -> frozenset[str]:
    """The parameters that a value refers to."""
    # Parts that are alike are looked at once: a long value has the same few references over and over.
    parts = dict.fromkeys(part[:_LONGEST_NAME] for part in raw.split("$")[1:])
    return frozenset(found.group(1) for part in parts if (found := _REFERENCE.match(part)))


def is_password_map(name: str, raw: str) -> bool:
    """Whether a value holds passwords itself, so that what it refers to does too."""
    return name.endswith(_PASSWORD_MAPS) and ("static:" in raw or "inline:" in raw)


def closure(names: Iterable[str], uses: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """`names` with all that they refer to, directly or through others. uses: what every parameter refers to, anywhere."""
    todo = list(names)
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += uses.get(name, ())
    return frozenset(found)


def mask_service(service: Service, names: Collection[str] = ()) -> Service:
    """The service with what its overrides may hold masked, and those of `names` hidden."""
    own = tuple(replace(o, raw=HIDDEN if o.name in names else mask(o.name, o.raw)) for o in service.overrides)
    return replace(service, overrides=own)


def hide(assignments: Mapping[str, Assignment], names: Collection[str]) -> dict[str, Assignment]:
    """The assignments with those of `names` hidden."""
    return {key: replace(found, raw=HIDDEN) if key in names else found for key, found in assignments.items()}
