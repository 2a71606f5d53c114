"""Places for values in commands: only there, only for values there are, and each with what stands there without one."""

from __future__ import annotations

from collections.abc import Iterator

from kb.catalog.findings import Finding, did_you_mean
from kb.catalog.load import Document, Key
from kb.catalog.model import Catalog
from kb.match.places import DERIVED, OPEN, PLACE
from kb.regex import compiled
from kb.text import Text
from kb.values.names import NAMES

_ALLOWED = {*NAMES, *DERIVED}


def check(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB209: a place is well formed and names a value. KB210: prose has none."""
    for id_, entry in catalog.errors.items():
        commands: dict[Key, str] = {("verify", "run", i): line for i, line in enumerate(entry.verify.run)}
        prose = [("explanation", entry.explanation), ("verify", entry.verify.text)]
        prose += [("causes", cause) for cause in entry.causes]
        for index, fix in enumerate(entry.fixes):
            commands |= {("fixes", index, "set", i): line for i, line in enumerate(fix.set)}
            prose += [("fixes", text) for text in (fix.text, fix.when, fix.cost) if text]
        for key, line in commands.items():
            yield from _line(document, ("errors", id_, *key), line)
        for name, text in prose:
            if OPEN in text.zh or OPEN in text.en:
                message = Text(
                    "只有命令和配置（set、run）里能放值。", "Only commands and settings (set, run) take a value."
                )
                yield document.finding("KB210", ("errors", id_, name), message)


def _line(document: Document, key: Key, line: str) -> Iterator[Finding]:
    if OPEN not in line:
        return
    places = list(compiled(PLACE).finditer(line))
    if len(places) != line.count(OPEN):
        message = Text(
            "值的写法是 {value:名字|没有值时的写法}。", "A place for a value is {value:name|what stands without it}."
        )
        yield document.finding("KB209", key, message)
    for place in places:
        name = place.group(1)
        if name not in _ALLOWED:
            hint = did_you_mean(name, _ALLOWED)
            yield document.finding(
                "KB209", key, Text(f"没有值 {name}。{hint.zh}", f"There is no value {name}. {hint.en}")
            )
