"""The list of entries: by stage, reason and product with counts, narrowed by a plain form; and where codes are mentioned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import re2
from flask import Blueprint, render_template, request

from kb.catalog import vocabulary
from kb.match.store import EntryKey
from kb.text import LANGUAGES
from kb.web.site import Site, site

blueprint = Blueprint("browse", __name__)
_CODE = re2.compile(r"\b[245]\d\d\b|\b[245]\.\d{1,3}\.\d{1,3}\b")
_ASKED = re2.compile(r"[245]\d\d|[245X]\.\d{1,3}\.\d{1,3}")
_PORTS = frozenset({"465", "587"})  # no reply codes, but numbers of three digits that mail is full of
_LONGEST = 200
FACETS: Mapping[str, Mapping[str, Any]] = {
    "stage": vocabulary.STAGES,
    "reason": vocabulary.REASONS,
    "product": vocabulary.EMITTERS,
}


@blueprint.get("/<any(zh, en):lang>/errors/")
def errors(lang: str) -> str:
    """All entries by stage, or those that `?q=`, `?stage=`, `?reason=`, `?product=` and `?code=` leave."""
    entries = list(site().entries.values())
    chosen = {name: value for name in FACETS if (value := request.args.get(name, "")) in FACETS[name]}
    words = request.args.get("q", "")[:_LONGEST].casefold().split()
    code = request.args.get("code", "")
    code = code if _ASKED.fullmatch(code) else ""
    mentioned = mentioning(site(), code)
    found = [e for e in entries if fits(e, chosen, words) and (not code or e.id in mentioned)]
    return render_template(
        "errors.html",
        lang=lang,
        stages=by_stage(found),
        count=len(entries),
        found=len(found),
        chosen=chosen,
        query=" ".join(request.args.get("q", "")[:_LONGEST].split()),
        code=code,
        narrowed=bool(chosen or words or code),
        facets={name: counted(found, name) for name in FACETS},
    )


def fits(entry: EntryKey, chosen: Mapping[str, str], words: list[str]) -> bool:
    """Whether an entry has the chosen properties, and all words in its id or a title."""
    if any(value not in values_of(entry, name) for name, value in chosen.items()):
        return False
    text = f"{entry.id} {entry.title_zh} {entry.title_en}".casefold() if words else ""
    return all(word in text for word in words)


def values_of(entry: EntryKey, facet: str) -> frozenset[str]:
    """The values an entry has of a facet."""
    if facet == "product":
        return entry.emitters - {"any"} or entry.emitters
    return frozenset((entry.stage if facet == "stage" else entry.reason,))


def counted(entries: list[EntryKey], facet: str) -> list[tuple[str, int]]:
    """(value, how many entries have it): stages in their order, the others by count."""
    counts = Counter(value for entry in entries for value in values_of(entry, facet))
    if facet == "stage":
        return [(stage, counts[stage]) for stage in vocabulary.STAGES if counts[stage]]
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def by_stage(entries: list[EntryKey]) -> dict[str, list[EntryKey]]:
    """Stage -> its entries by reason, so that like stands with like."""
    order = {reason: place for place, reason in enumerate(vocabulary.REASONS)}
    stages: dict[str, list[EntryKey]] = {stage: [] for stage in vocabulary.STAGES}
    for entry in sorted(entries, key=lambda entry: order[entry.reason]):
        stages[entry.stage].append(entry)
    return {stage: found for stage, found in stages.items() if found}


@dataclass
class _Mentions:
    """Code -> ids of the entries that mention it, for one version of the catalogue."""

    version: str = ""
    found: dict[str, frozenset[str]] = field(default_factory=dict)


_mentions = _Mentions()


def mentioning(now: Site, code: str) -> frozenset[str]:
    """The ids of the entries that mention a code; `X.7.1` stands for it in every class."""
    found = _mentions_of(now)
    if code.startswith("X."):
        return frozenset[str]().union(*(found.get(f"{class_}{code[1:]}", ()) for class_ in "245"))
    return found.get(code, frozenset())


def _mentions_of(now: Site) -> Mapping[str, frozenset[str]]:
    """Code -> ids of the entries that mention it; read once a version."""
    global _mentions
    known = _mentions
    if known.version == now.version:
        return known.found
    found: dict[str, set[str]] = {}
    for entry in now.entries.values():
        for lang in LANGUAGES:
            for code in set(_CODE.findall(now.base.store.body(entry.number, lang).decode())) - _PORTS:
                found.setdefault(code, set()).add(entry.id)
    _mentions = _Mentions(now.version, {code: frozenset(ids) for code, ids in found.items()})
    return _mentions.found
