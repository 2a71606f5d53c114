"""The JSON API, `/api/v1`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from kb import __version__
from kb.articles import Article
from kb.config.files import split_items
from kb.content import search_json
from kb.contract.requests import MAX_ITEM_TEXT, BatchItem
from kb.match.store import EntryKey
from kb.redact import redact_secrets
from kb.render.as_json import SCHEMA_VERSION, entry_json, lookup_bytes, lookup_json, provider_meanings, suggestion
from kb.smtp.registry import all_reply_codes, all_status_codes, describe_reply, describe_status
from kb.text import Text
from kb.web.contract import (
    read_batch,
    read_diagnose,
    read_filters,
    read_language,
    read_limit,
    read_lookup,
    read_query,
)
from kb.web.limit import charge
from kb.web.negotiate import JSON, MEDIA_TYPES
from kb.web.problems import Problem, no_such
from kb.web.shared import NOT_STORED, allow_other_origins, is_page_for_all, keep, vary
from kb.web.site import site

blueprint = Blueprint("api", __name__)
_PREFIX = "/api/v1"
_STATES = ("/healthz", "/readyz")
_IN_BOTH_LANGUAGES = (*_STATES, "/openapi.json", f"{_PREFIX}/openapi.json", "/catalog.json")
_ITEMS_A_REQUEST = 20  # what many items cost against a limit of requests
_TOO_LONG = (
    Text("这一项过长", "The item is too long"),
    Text(
        "一项最多 65,536 个字符。请只留下报错附近的几行。",
        "At most 65,536 characters. Keep the lines around the error.",
    ),
)


@blueprint.after_request
def finish(response: Response) -> Response:
    """CORS; ETag and caching for what is the same for everybody, no store for answers to pasted text."""
    allow_other_origins(response)
    if is_page_for_all(response) and "q" not in request.args and request.path not in _STATES:
        keep(response)
    else:
        response.headers.setdefault(*NOT_STORED)
    if request.path not in _IN_BOTH_LANGUAGES:
        vary(response, "Accept-Language")
    return response


@blueprint.route(f"{_PREFIX}/lookup", methods=["GET", "POST"])
def lookup() -> Response:
    """Explain a pasted text."""
    text, lang = read_lookup()
    return answer(text, lang)


def answer(text: str, lang: str) -> Response:
    """The answer to a pasted text."""
    base = site().base
    return Response(lookup_bytes(base.store, base.explain(text), lang), content_type=MEDIA_TYPES[JSON])


@blueprint.post(f"{_PREFIX}/lookup/batch")
def batch() -> Response:
    """Explain up to 1,000 texts; the answers come in the order of the items."""
    items, lang = read_batch()
    charge(len(items) // _ITEMS_A_REQUEST)
    results = [_item(item, lang) for item in items]
    return jsonify({"schema_version": SCHEMA_VERSION, "lang": lang, "total": len(results), "results": results})


def _item(item: BatchItem, lang: str) -> dict[str, Any]:
    """The answer to one item; one that is too long gets an error and no answer, and the others theirs."""
    base = site().base
    if len(item.text) <= MAX_ITEM_TEXT:
        return {"id": item.id, "error": None, **lookup_json(base.store, base.explain(item.text), lang)}
    title, detail = (text.get(lang) for text in _TOO_LONG)
    error = {"status": 413, "title": title, "detail": detail}
    return {"id": item.id, "error": error, **lookup_json(base.store, base.explain(""), lang)}


@blueprint.post(f"{_PREFIX}/diagnose")
def diagnose() -> Response:
    """Say how a client and a server get on, from their configuration files."""
    body, lang = read_diagnose()
    return jsonify(site().base.diagnose(split_items(body.files), body.error, lang, body.answers))


@blueprint.get(f"{_PREFIX}/search")
def search() -> Response:
    """Search entries, articles and codes; an error that the query quotes is answered too."""
    query = read_query()
    found = site()
    return jsonify(
        search_json(found.searcher, query, read_language(), read_limit(), read_filters(), store=found.base.store)
    )


@blueprint.get(f"{_PREFIX}/complete")
def complete() -> Response:
    """Settings and codes that what was typed so far may become."""
    query = read_query()
    lang = read_language()
    results = [
        {"text": text, "url": f"/{lang}/search?{urlencode({'q': text})}"}
        for text in site().searcher.complete(query, read_limit(default=10, most=50))
    ]
    body = {"schema_version": SCHEMA_VERSION, "lang": lang, "query": redact_secrets(query)}
    return jsonify({**body, "total": len(results), "results": results})


@blueprint.get(f"{_PREFIX}/errors")
def errors() -> Response:
    """All entries: id, title, reason, stage."""
    lang = read_language()
    results = [
        {**suggestion(entry, lang), "url": f"/{lang}/errors/{entry.id}", "reason": entry.reason, "stage": entry.stage}
        for entry in site().entries.values()
    ]
    return _listing(results, lang)


@blueprint.get(f"{_PREFIX}/errors/<id_>")
def error(id_: str) -> Response:
    """One entry, by its id or a former id."""
    return jsonify(error_body(id_, read_language()))


def entry_of(id_: str) -> EntryKey:
    """An entry by its id or a former one. Raises Problem when there is none."""
    entry = site().base.store.entry_by_id(id_)
    if entry is None:
        raise no_such(Text("没有这个条目。", "There is no such entry."), id_, site().entries)
    return entry


def article_of(slug: str, lang: str) -> Article:
    """An article by its slug, in the other language where there is no translation. Raises Problem when there is none."""
    found = site().article(slug, lang)
    if found is None:
        raise no_such(Text("没有这篇文章。", "There is no such article."), slug, {slug for slug, _ in site().articles})
    return found


def error_body(id_: str, lang: str) -> dict[str, Any]:
    """An entry as the API shows it. Raises Problem when there is none."""
    entry = entry_of(id_)
    body = entry_json(site().base.store, entry, lang)
    return {"schema_version": SCHEMA_VERSION, "catalog_version": site().version, "lang": lang, **body}


@blueprint.get(f"{_PREFIX}/codes")
def codes() -> Response:
    """All registered reply codes and enhanced status codes."""
    lang = read_language()
    results: list[dict[str, Any]] = [
        {"code": row.code, "title": row.title.get(lang), "rfc": row.rfc, "reason": None} for row in all_reply_codes()
    ]
    results += [
        {"code": row.code, "title": row.title.get(lang), "rfc": row.rfc, "reason": row.reason}
        for row in all_status_codes()
    ]
    return _listing(results, lang)


@blueprint.get(f"{_PREFIX}/codes/<code>")
def code(code: str) -> Response:
    """What a reply code or an enhanced status code means, registered or not."""
    return jsonify(code_body(code, read_language()))


def code_body(code: str, lang: str) -> dict[str, Any]:
    """A code with its envelope. Raises Problem when it is no code."""
    return {"schema_version": SCHEMA_VERSION, "lang": lang, **describe_code(code, lang)}


def describe_code(code: str, lang: str) -> dict[str, Any]:
    """A code as the API shows it: the registered meaning, and what providers mean by it. Raises Problem when it is no code."""
    providers = provider_meanings(site().base.store, code, lang)
    try:
        return {**_registered(code, lang), "providers": providers}
    except ValueError:
        pass
    if not providers:
        message = Text("这不是 SMTP 状态码，例如 550 或 5.7.1。", "That is no SMTP code, such as 550 or 5.7.1.")
        raise Problem(404, message)
    first = providers[0]
    own = {"code": code, **{name: first[name] for name in ("title", "meaning", "reason")}}
    return {**own, "rfc": None, "registered": False, "providers": providers}


def _registered(code: str, lang: str) -> dict[str, Any]:
    """What the standards say of a code. Raises ValueError when it is neither a reply code nor an enhanced status code."""
    described = describe_status(code) if "." in code else describe_reply(code)
    return {
        "code": code,
        "title": described.title.get(lang),
        "meaning": described.meaning.get(lang),
        "rfc": described.rfc,
        "registered": described.registered,
        "reason": described.reason,
    }


@blueprint.get(f"{_PREFIX}/articles")
def articles() -> Response:
    """All articles in one language, with the other where there is no translation."""
    lang = read_language()
    slugs = sorted({slug for slug, _ in site().articles})
    found = [article for slug in slugs if (article := site().article(slug, lang))]
    results = [
        {"slug": a.slug, "title": a.title, "summary": a.summary, "lang": a.lang, "url": f"/{lang}/articles/{a.slug}"}
        | {"translated": a.lang == lang}
        for a in found
    ]
    return _listing(results, lang)


@blueprint.get(f"{_PREFIX}/articles/<slug>")
def article(slug: str) -> Response:
    """One article: its Markdown and its HTML."""
    return jsonify(article_body(slug, read_language()))


def article_body(slug: str, lang: str) -> dict[str, Any]:
    """An article as the API shows it. Raises Problem when there is none."""
    found = article_of(slug, lang)
    body = {name: getattr(found, name) for name in ("slug", "lang", "title", "summary")}
    body |= {"tags": list(found.tags), "errors": list(found.errors), "updated": str(found.updated)}
    body |= {"translated": found.lang == lang, "markdown": found.markdown, "html": found.html}
    return {"schema_version": SCHEMA_VERSION, **body}


@blueprint.get("/healthz")
def health() -> Response:
    """The process answers."""
    return jsonify({"status": "ok", "version": __version__})


@blueprint.get("/readyz")
def ready() -> Response:
    """The content is loaded."""
    return jsonify({"status": "ok", "catalog_version": site().version, "entries": len(site().entries)})


def _listing(results: list[dict[str, Any]], lang: str) -> Response:
    return jsonify(
        {
            "schema_version": SCHEMA_VERSION,
            "catalog_version": site().version,
            "lang": lang,
            "total": len(results),
            "results": results,
        }
    )
