"""What the API gives out as a whole: the combinations, the catalogue in one file, and the description of the API itself."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from kb.config.facts import FACTS
from kb.config.rules import Rule, load_rules
from kb.contract.openapi import document_json
from kb.render.as_json import SCHEMA_VERSION
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.web import api
from kb.web.contract import read_language
from kb.web.site import Site, site

blueprint = Blueprint("catalog_api", __name__)
blueprint.after_request(api.finish)
_KEY = "kb_whole"
_NEUTRAL = ("id", "reason", "side", "stage", "emitters", "retry", "articles", "sources")
_TOLD = ("title", "explanation", "causes", "fixes", "verify")


@blueprint.get("/api/v1/combinations")
def combinations() -> Response:
    """All combinations of settings that do not fit."""
    lang = read_language()
    results = [_combination(rule, lang) for _, rule in sorted(load_rules(site().base.store.rules()).items())]
    head = {"schema_version": SCHEMA_VERSION, "catalog_version": site().version, "lang": lang}
    return jsonify({**head, "total": len(results), "results": results})


def _combination(rule: Rule, lang: str) -> dict[str, Any]:
    entry = site().base.store.entry_by_id(rule.leads_to)
    when = [_condition(name, wanted, lang) for name, wanted in rule.condition.when.items()]
    return {
        "id": rule.id,
        "title": rule.title.get(lang),
        "explanation": rule.explanation.get(lang),
        "stage": rule.stage,
        "reason": entry.reason if entry else None,
        "entry": rule.leads_to,
        "url": f"/{lang}/errors/{rule.leads_to}",
        "when": when,
        "reply": rule.reply,
        "texts": [{"library": library, "texts": list(texts)} for library, texts in rule.texts.items()],
        "server_log": list(rule.server_log),
        "server_logs": [{"library": library, "texts": list(lines)} for library, lines in rule.server_logs.items()],
        "sources": list(rule.sources),
    }


def _condition(name: str, wanted: frozenset[str], lang: str) -> dict[str, Any]:
    """A fact with the values that count. Facts that follow from others have no words for people and keep their names."""
    fact = FACTS.get(name)
    labels = {value: fact.values[value].get(lang) if fact else value for value in sorted(wanted)}
    values = [{"value": value, "label": label} for value, label in labels.items()]
    return {"fact": name, "label": fact.label.get(lang) if fact else name, "values": values}


@blueprint.get("/openapi.json")
@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The description of the API."""
    return Response(document_json(), content_type="application/json")


@dataclass(frozen=True)
class _Whole:
    """The catalogue of one site as bytes, plain and compressed. tag: of the plain bytes."""

    site: Site
    plain: bytes
    compressed: bytes
    tag: str


@blueprint.get("/catalog.json")
def catalog() -> Response:
    """Everything, in both languages."""
    whole = current_app.extensions.get(_KEY)
    if whole is None or whole.site is not site():
        whole = current_app.extensions[_KEY] = _whole(site())
    if request.accept_encodings["gzip"] > 0:
        response = Response(whole.compressed, content_type="application/json")
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{whole.tag}-gzip")
    else:
        response = Response(whole.plain, content_type="application/json")
        response.set_etag(whole.tag)
    response.vary.add("Accept-Encoding")
    return response


def _whole(now: Site) -> _Whole:
    body = {
        "schema_version": SCHEMA_VERSION,
        "catalog_version": now.version,
        "errors": [_entry(now, entry.number) for entry in now.entries.values()],
        "combinations": [
            {
                "id": rule.id,
                "stage": rule.stage,
                "entry": rule.leads_to,
                "when": {name: sorted(values) for name, values in rule.condition.when.items()},
                "reply": rule.reply,
                "texts": {library: list(texts) for library, texts in rule.texts.items()},
                "server_log": list(rule.server_log),
                "server_logs": {library: list(lines) for library, lines in rule.server_logs.items()},
                "sources": list(rule.sources),
                "title_zh": rule.title.zh,
                "title_en": rule.title.en,
                "explanation_zh": rule.explanation.zh,
                "explanation_en": rule.explanation.en,
            }
            for _, rule in sorted(load_rules(now.base.store.rules()).items())
        ],
        "codes": [_code(row, None) for row in all_reply_codes()]
        + [_code(row, row.reason) for row in all_status_codes()],
        "articles": [
            {
                **{name: getattr(found, name) for name in ("slug", "lang", "title", "summary", "updated", "markdown")},
                "tags": list(found.tags),
                "errors": list(found.errors),
            }
            for _, found in sorted(now.articles.items())
        ],
    }
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return _Whole(now, plain, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:32])


def _entry(now: Site, number: int) -> dict[str, Any]:
    bodies = {lang: json.loads(now.base.store.body(number, lang)) for lang in ("zh", "en")}
    shared = {name: bodies["en"][name] for name in _NEUTRAL}
    return {**shared, **{lang: {name: body[name] for name in _TOLD} for lang, body in bodies.items()}}


def _code(row: Any, reason: str | None) -> dict[str, Any]:
    texts = {
        "title_zh": row.title.zh,
        "title_en": row.title.en,
        "meaning_zh": row.meaning.zh,
        "meaning_en": row.meaning.en,
    }
    return {"code": row.code, "rfc": row.rfc, "reason": reason, **texts}
