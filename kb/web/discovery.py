"""What programs look for by themselves: feeds, the sitemap, search descriptions, llms.txt, robots.txt, security.txt."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, render_template, request

from kb.articles import Article
from kb.page.address import EXAMPLES, example_of, page_of
from kb.page.strings import LLMS
from kb.redact import redact_secrets
from kb.render.as_markdown import article_markdown
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.text import LANGUAGES
from kb.web import api
from kb.web.address import base_url
from kb.web.contract import read_language
from kb.web.negotiate import MEDIA_TYPES, TEXT
from kb.web.reference import overview
from kb.web.shared import allow_other_origins, is_page_for_all, keep
from kb.web.site import site

blueprint = Blueprint("discovery", __name__)
_LANG = "/<any(zh, en):lang>"
MOST_ADDRESSES = 50_000  # of one sitemap: sitemaps.org
MOST_CHANGES = 50  # of a feed
_PAGES = ("", "diagnose", "explore", "errors/", "articles/", "codes/", "api/")
_SUGGESTIONS = 8
_VALID_DAYS = 180
# Names of things in feeds must never change, whatever the host is called: they are made from this and the slug.
_NAMESPACE = uuid.UUID("6b0f4d0e-3a53-5c1e-9d55-0d8e6a1f7c21")


@blueprint.after_request
def _finish(response: Response) -> Response:
    allow_other_origins(response)
    if is_page_for_all(response) and "q" not in request.args:
        keep(response)
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Everything may be read but answers to what somebody typed; of RFC 9309's rules the longest holds, so our examples may."""
    allowed = [f"Allow: {example_of(text, lang)}$" for lang in LANGUAGES for text in EXAMPLES]
    answers = [f"/{lang}/{page}" for lang in LANGUAGES for page in ("lookup", "search", "suggest")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/api/v1/lookup", "/api/v1/search", *answers))]
    return _text("\n".join([*lines, *allowed, "", f"Sitemap: {base_url()}/sitemap.xml", ""]))


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness (RFC 9116); not there unless a contact is configured."""
    contact = current_app.config["SECURITY_CONTACT"]
    if not contact:
        abort(404)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = (today + timedelta(days=_VALID_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    canonical = f"{base_url()}/.well-known/security.txt"
    return _text(f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: zh, en\nCanonical: {canonical}\n")


@blueprint.get("/llms.txt")
def llms() -> Response:
    """What is here, for language models (llmstxt.org): how to ask, the API, the articles."""
    lang = read_language()
    text = LLMS.get(lang).format(base=base_url(), count=len(site().entries), lang=lang)
    lines = [
        f"- [{a.title}]({base_url()}/{lang}/articles/{a.slug}.md){'：' if lang == 'zh' else ': '}{a.summary}"
        for a in _articles(lang)
    ]
    return _llms(text + "\n".join(lines) + "\n")


@blueprint.get("/llms-full.txt")
def llms_full() -> Response:
    """The same with the operations, all articles in full, and every entry by name."""
    lang, base = read_language(), base_url()
    head = LLMS.get(lang).format(base=base, count=len(site().entries), lang=lang).rpartition("## ")[0]
    articles = [article_markdown(api.article_body(found.slug, lang), lang, base) for found in _articles(lang)]
    entries = [
        f"- [{entry.title_zh if lang == 'zh' else entry.title_en}]({base}/{lang}/errors/{entry.id}.md)"
        for entry in site().entries.values()
    ]
    return _llms("\n".join([head, "## API", "", "```text", overview(lang) + "```", "", *articles, *entries, ""]))


@blueprint.get(f"{_LANG}/opensearch.xml")
def opensearch(lang: str) -> Response:
    """How browsers search here (OpenSearch 1.1)."""
    return _xml("opensearch.xml", "application/opensearchdescription+xml", lang=lang)


@blueprint.get(f"{_LANG}/suggest")
def suggest(lang: str) -> Response:
    """Suggestions for a browser's search field: query, words, what they are, their pages."""
    query = request.args.get("q", "")[:500]
    searcher, base = site().searcher, base_url()
    rows = [(word, "", f"{base}/{lang}/search?q={quote(word)}") for word in searcher.complete(query, _SUGGESTIONS)]
    if query.strip() and len(rows) < _SUGGESTIONS:
        hits = searcher.find(query, lang, _SUGGESTIONS - len(rows)).hits
        rows += [(hit.title, hit.kind, base + quote(page_of(hit.kind, hit.id, lang))) for hit in hits]
    words, kinds, addresses = ([row[i] for row in rows] for i in range(3))
    body = json.dumps([redact_secrets(query), words, kinds, addresses], ensure_ascii=False)
    return Response(body, content_type="application/x-suggestions+json; charset=utf-8")


@blueprint.get(f"{_LANG}/feed.atom")
def feed(lang: str) -> Response:
    """The articles that changed last, latest first (RFC 4287); each as its summary, since readers fetch the whole feed again."""
    found = sorted(_articles(lang), key=lambda article: (article.updated, article.slug), reverse=True)[:MOST_CHANGES]
    rows = [{"article": article, "id": _urn(f"article/{article.slug}/{article.lang}")} for article in found]
    return _xml("feed.atom.xml", "application/atom+xml; charset=utf-8", lang=lang, rows=rows, id=_urn(f"feed/{lang}"))


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page in both languages; where they are too many, the list of the parts."""
    parts = _sitemaps()
    if len(parts) == 1:
        return _xml("sitemap.xml", "application/xml", pages=parts[0])
    return _xml("sitemap_index.xml", "application/xml", parts=range(1, len(parts) + 1))


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """One part of many."""
    parts = _sitemaps()
    if len(parts) == 1 or not 1 <= part <= len(parts):
        abort(404)
    return _xml("sitemap.xml", "application/xml", pages=parts[part - 1])


def _sitemaps() -> list[list[dict[str, str]]]:
    """Pages as paths without their language and dates, in parts of so many addresses as one sitemap may have."""
    pages = [{"path": path, "updated": ""} for path in _PAGES]
    pages += [{"path": f"errors/{id_}", "updated": ""} for id_ in site().entries]
    codes = [row.code for row in all_reply_codes()] + [row.code for row in all_status_codes()]
    pages += [{"path": f"codes/{code}", "updated": ""} for code in codes]
    slugs = sorted({slug for slug, _ in site().articles})
    dates = {
        slug: max(str(site().articles[key].updated) for key in site().articles if key[0] == slug) for slug in slugs
    }
    pages += [{"path": f"articles/{slug}", "updated": date} for slug, date in dates.items()]
    size = MOST_ADDRESSES // len(LANGUAGES)
    return [pages[start : start + size] for start in range(0, len(pages), size)]


def _articles(lang: str) -> list[Article]:
    slugs = sorted({slug for slug, _ in site().articles})
    return [found for slug in slugs if (found := site().article(slug, lang))]


def _urn(name: str) -> str:
    return uuid.uuid5(_NAMESPACE, name).urn


def _text(text: str) -> Response:
    return Response(text, content_type=MEDIA_TYPES[TEXT])


def _llms(text: str) -> Response:
    response = _text(text)
    response.vary.add("Accept-Language")
    return response


def _xml(template: str, kind: str, **values: Any) -> Response:
    return Response(render_template(template, base=base_url(), **values), content_type=kind)
