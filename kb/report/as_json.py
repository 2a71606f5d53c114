"""A tally as the report that programs read: docs/report.md documents every field; it only ever grows by addition."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kb.match.store import Store
from kb.redact import redact_secrets
from kb.report.judge import CODE, ENTRY, UNRECOGNISED
from kb.report.tally import Group, Tally
from kb.smtp.registry import describe_status
from kb.text import Text

SCHEMA_VERSION = 1
TOP = 5


def report_json(tally: Tally, paths: Sequence[str], store: Store, lang: str) -> dict[str, Any]:
    """The report in one language; it depends on nothing but the tally, the names of the files and the catalogue."""
    recognised = [(key, group) for key, group in tally.groups.items() if not key.startswith(UNRECOGNISED)]
    others = [(key, group) for key, group in tally.groups.items() if key.startswith(UNRECOGNISED)]
    groups = list(tally.groups.values())
    hours: defaultdict[str, int] = defaultdict(int)
    for group in groups:
        for hour, count in group.hours.items():
            hours[hour] += count
    return {
        "schema_version": SCHEMA_VERSION,
        "catalog_version": store.version,
        "lang": lang,
        "complete": not tally.problems,
        "problems": [{"file": paths[file], "text": text, "at": at} for file, at, text in sorted(tally.problems)],
        "files": list(paths),
        "bytes": tally.bytes,
        "lines": tally.lines,
        "failures": sum(group.count for group in groups),
        "first": min(filter(None, (group.first for group in groups)), default=None),
        "last": max(filter(None, (group.last for group in groups)), default=None),
        "hours": dict(sorted(hours.items())),
        "groups": [_group(store, key, group, lang) for key, group in sorted(recognised, key=_order)],
        "unrecognised": [_unrecognised(key, group) for key, group in sorted(others, key=_order)],
    }


def dumps(report: Mapping[str, Any]) -> str:
    """The report as text, the same for the same report."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _order(item: tuple[str, Group]) -> tuple[int, str]:
    return -item[1].count, item[0]


def _group(store: Store, key: str, group: Group, lang: str) -> dict[str, Any]:
    """What a group means, with the catalogue's answer to it."""
    entry = store.entry_by_id(key.removeprefix(ENTRY)) if key.startswith(ENTRY) else None
    if entry is not None:
        body = json.loads(store.body(entry.number, lang))
        fixes = body["fixes"]
        meaning = {
            "entry": entry.id,
            "code": None,
            "url": f"/{lang}/errors/{entry.id}",
            "title": body["title"],
            "reason": entry.reason,
            "explanation": body["explanation"],
            "fix": fixes[0] if fixes else None,
            "retry": body["retry"],
        }
    else:
        meaning = _code(store, key.removeprefix(CODE), lang)
    return {**meaning, **_counts(group)}


def _code(store: Store, name: str, lang: str) -> dict[str, Any]:
    """A code, registered or as a provider defines it (`MI:SPB netease-mail`)."""
    code, _, provider = name.partition(" ")
    meaning: dict[str, Any] = {"entry": None, "code": code, "url": f"/{lang}/codes/{code}", "fix": None, "retry": None}
    for row in store.provider_codes([code]) if provider else ():
        if row.provider == provider:
            title = Text(row.title_zh, row.title_en).get(lang)
            return {
                **meaning,
                "url": None,
                "title": f"{code} {title}",
                "reason": row.reason or None,
                "explanation": title,
            }
    status = describe_status(code)
    title = status.title.get(lang) if status.title else code
    explanation = status.meaning.get(lang) if status.meaning else ""
    return {**meaning, "title": f"{code} {title}", "reason": status.reason or "policy", "explanation": explanation}


def _unrecognised(key: str, group: Group) -> dict[str, Any]:
    return {
        "shape": key.removeprefix(UNRECOGNISED),
        "sample": redact_secrets(group.sample[-1]) if group.sample else None,
        **_counts(group),
    }


def _counts(group: Group) -> dict[str, Any]:
    return {
        "count": group.count,
        "first": group.first,
        "last": group.last,
        "hours": dict(sorted(group.hours.items())),
        "peers": _top(group.peers),
        "domains": _top(group.domains),
    }


def _top(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"name": name, "count": count} for name, count in ordered[:TOP]]
