"""What the watcher says: a short answer per new kind, a table of counts, the same as JSON. Pure."""

from __future__ import annotations

import json
from typing import Any

from kb.catalog import vocabulary
from kb.match.store import Store
from kb.redact import redact_secrets
from kb.render.as_json import match_json
from kb.text import Text, join_lines
from kb.watch.tally import OTHER, Kind, Tally

SCHEMA_VERSION = 1
SHOWN_KINDS = 40
_LINE = 300
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UNKNOWN = Text("没有把握解释", "No answer that we are sure of")
_OTHER = Text("其他失败，种类太多，不再细分", "Further failures, too many kinds to tell apart")
_WORDS = {
    "line": Text("日志：", "Log: "),
    "fix": Text("怎么改：", "What to change: "),
    "retry": Text("要不要重试：", "Retry: "),
    "none": Text("{lines} 行日志，没有失败。", "{lines} lines, no failure."),
    "some": Text(
        "{lines} 行日志，{failures} 行报告失败，共 {kinds} 种：",
        "{lines} lines, {failures} of them failures of {kinds} kinds:",
    ),
    "more": Text("还有 {more} 种", "{more} further kinds"),
}


def new_kind_text(store: Store, kind: Kind, lang: str) -> str:
    """A new kind of failure: what it is, the line, and the first thing to change."""
    body = answer(store, kind, lang)
    lines = ["", f"● {title(kind, body, lang)}"]
    if body:
        lines.append(f"  {_first_paragraph(body['explanation'], lang)}")
        if body["fixes"]:
            fix = body["fixes"][0]
            where = vocabulary.FIX_TARGETS[fix["for"]].get(lang)
            lines.append(f"  {_WORDS['fix'].get(lang)}[{where}] {_first_paragraph(fix['text'], lang)}")
            lines += [f"      {setting}" for setting in fix["set"]]
        lines.append(f"  {_WORDS['retry'].get(lang)}{vocabulary.RETRY[body['retry']].get(lang)}")
    lines.append(f"  {_WORDS['line'].get(lang)}{_shown(kind.line)}")
    return "\n".join(lines) + "\n"


def summary_text(tally: Tally, store: Store, lang: str) -> str:
    """The counts so far, the most frequent first."""
    numbers = {"lines": tally.lines, "failures": tally.failures, "kinds": len(tally.kinds)}
    if not tally.kinds:
        return _WORDS["none"].get(lang).format(**numbers) + "\n"
    rows = sorted(tally.kinds.values(), key=lambda kind: -kind.count)
    lines = ["", _WORDS["some"].get(lang).format(**numbers)]
    lines += [f"{kind.count:8}  {title(kind, answer(store, kind, lang), lang)}" for kind in rows[:SHOWN_KINDS]]
    if len(rows) > SHOWN_KINDS:
        lines.append(" " * 10 + _WORDS["more"].get(lang).format(more=len(rows) - SHOWN_KINDS))
    return "\n".join(lines) + "\n"


def new_kind_json(store: Store, kind: Kind, lang: str) -> str:
    """A new kind as one line of JSON: `match` is as in the answer of a lookup, null without one."""
    body = {"schema_version": SCHEMA_VERSION, "event": "new", "lang": lang, "id": _id(kind), "line": _shown(kind.line)}
    return _encode({**body, "match": answer(store, kind, lang)}) + "\n"


def summary_json(tally: Tally, store: Store, lang: str) -> str:
    """The counts so far as one line of JSON."""
    kinds = []
    for kind in sorted(tally.kinds.values(), key=lambda kind: -kind.count):
        body = answer(store, kind, lang)
        known = {"reason": body["reason"], "title": body["title"]} if body else {"reason": None, "title": None}
        kinds.append({"id": _id(kind), **known, "count": kind.count, "line": _shown(kind.line)})
    numbers = {"lines": tally.lines, "failures": tally.failures, "unexplained": tally.unexplained}
    head = {"schema_version": SCHEMA_VERSION, "event": "summary", "lang": lang, **numbers}
    return _encode({**head, "total": len(kinds), "kinds": kinds}) + "\n"


def title(kind: Kind, body: dict[str, Any] | None, lang: str) -> str:
    """A kind, with the body of its answer, in one line."""
    if body:
        return f"{body['title']}  [{kind.id}]"
    if kind.id == OTHER:
        return _OTHER.get(lang)
    return f"{_UNKNOWN.get(lang)}: {_shown(kind.id.removeprefix('? '))}"


def _id(kind: Kind) -> str | None:
    return kind.id if kind.match else None


def answer(store: Store, kind: Kind, lang: str) -> dict[str, Any] | None:
    """The answer to a kind in the JSON contract's shape of a match, None when there is none."""
    return match_json(store, kind.match, lang) if kind.match else None


def _first_paragraph(text: str, lang: str) -> str:
    return join_lines(text.strip().partition("\n\n")[0], lang).replace("\n", "\n  ")


def _shown(line: str) -> str:
    """A log line as it may be shown: without secrets, not too long."""
    shown = " ".join(redact_secrets(line[: 4 * _LINE]).split())
    return shown if len(shown) <= _LINE else shown[: _LINE - 1] + "…"
