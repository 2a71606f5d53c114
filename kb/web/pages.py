"""The pages for people, in Chinese and English, complete without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kb.content import search_json
from kb.inputs.encoding import decode
from kb.page.address import EXAMPLES
from kb.page.answer import WHERE_TEXT_IS, answer_context
from kb.redact import redact_secrets
from kb.render.as_json import entry_json
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.web.api import article_of, describe_code, entry_of
from kb.web.browse import mentioning
from kb.web.contract import FILTERS, read_filters
from kb.web.language import preferred_language
from kb.web.shared import is_page_for_all, revalidate
from kb.web.site import site

blueprint = Blueprint("pages", __name__)
_LANG = "/<any(zh, en):lang>"
_FOR_ALL = frozenset(f"pages.{name}" for name in ("home", "error", "codes", "code", "articles", "article"))
_SHOWN = 15
_MANY = 8  # codes of one meaning that are listed one by one


@blueprint.after_request
def _finish(response: Response) -> Response:
    if request.endpoint in _FOR_ALL and is_page_for_all(response):
        revalidate(response)
    return response


@blueprint.get("/")
def root() -> BaseResponse:
    """The front page in the reader's language."""
    response = redirect(url_for("pages.home", lang=preferred_language()), 302)
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"{_LANG}/")
def home(lang: str) -> str:
    """The box to paste into."""
    where = _articles(WHERE_TEXT_IS, lang)
    return render_template("home.html", lang=lang, examples=EXAMPLES, where=where, count=len(site().entries))


@blueprint.route(f"{_LANG}/lookup", methods=["GET", "POST"])
def lookup(lang: str) -> Response:
    """The answer to a pasted text."""
    text = _pasted()
    repository = current_app.config["REPOSITORY"]
    page = render_template("answer.html", **answer_context(site().base.store, text, lang, repository, _articles))
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"{_LANG}/errors/<id_>")
def error(lang: str, id_: str) -> str | BaseResponse:
    """One entry."""
    entry = entry_of(id_)
    if entry.id != id_:
        return redirect(url_for("pages.error", lang=lang, id_=entry.id), 301)
    body = entry_json(site().base.store, entry, lang)
    return render_template("error.html", lang=lang, match=body, articles=_articles(body["articles"], lang))


@blueprint.get("/e/<id_>")
def short(id_: str) -> BaseResponse:
    """The language-neutral address of an entry."""
    entry = entry_of(id_)
    response = redirect(url_for("pages.error", lang=preferred_language(), id_=entry.id), 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/c/<code>")
def short_code(code: str) -> BaseResponse:
    """The language-neutral address of a code."""
    response = redirect(url_for("pages.code", lang=preferred_language(), code=code), 302)
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get(f"{_LANG}/codes/")
def codes(lang: str) -> str:
    """All registered codes."""
    replies, statuses = all_reply_codes(), all_status_codes()
    known = [row.code for row in replies] + [row.code for row in statuses]
    return render_template(
        "codes.html",
        lang=lang,
        replies=replies,
        statuses=statuses,
        providers=_provider_rows(lang),
        mentions={code: len(mentioning(site(), code)) for code in known},
    )


@blueprint.get(f"{_LANG}/codes/<code>")
def code(lang: str, code: str) -> str:
    """One code; `5.7.1`, `550` or, as the registry writes it, `X.7.1`."""
    described = describe_code(f"5{code[1:]}" if code[:2] in ("X.", "x.") else code, lang)
    reason = described["reason"]
    entries = site().entries
    ids = sorted(mentioning(site(), described["code"]))
    return render_template(
        "code.html",
        lang=lang,
        code=described,
        mentioning=[entries[id_] for id_ in ids],
        related=[entry for entry in entries.values() if reason and entry.reason == reason],
        shown=_SHOWN,
    )


@blueprint.get(f"{_LANG}/articles/")
def articles(lang: str) -> str:
    """All articles."""
    slugs = sorted({slug for slug, _ in site().articles})
    return render_template("articles.html", lang=lang, articles=[site().article(slug, lang) for slug in slugs])


@blueprint.get(f"{_LANG}/articles/<slug>")
def article(lang: str, slug: str) -> str:
    """One article, in the other language with a note when it has not been translated."""
    found = article_of(slug, lang)
    related = [site().entries[id_] for id_ in found.errors if id_ in site().entries]
    return render_template("article.html", lang=lang, article=found, related=related)


@blueprint.get(f"{_LANG}/search")
def search(lang: str) -> str:
    """Search results; without JavaScript too."""
    query = request.args.get("q", "")
    filters = read_filters(strict=False)
    now = site()
    found = (
        search_json(now.searcher, query, lang, 30, filters, store=now.base.store) if query.strip() else {"results": []}
    )
    return render_template(
        "search.html", lang=lang, query=redact_secrets(query), found=found, filters=FILTERS, chosen=dict(filters)
    )


def _pasted() -> str:
    """The text of the form, of an uploaded body, or of `?q=`."""
    if request.method == "GET":
        return request.args.get("q", "")
    if request.mimetype in ("text/plain", "message/rfc822"):
        return decode(request.get_data(cache=False))
    return request.form.get("text", "")


def _provider_rows(lang: str) -> dict[str, list[dict[str, Any]]]:
    """Provider -> its codes, ranges as first and last, with their titles."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row, codes in site().base.store.provider_rows():
        shown = (codes[0], "…", codes[-1]) if len(codes) > _MANY else codes
        rows.setdefault(row.provider, []).append(
            {"codes": shown, "title": row.title_zh if lang == "zh" else row.title_en}
        )
    return rows


def _articles(slugs: list[str], lang: str) -> list[Any]:
    return [found for slug in slugs if (found := site().article(slug, lang))]
