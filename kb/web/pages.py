"""The pages for people, in Chinese and English, complete without JavaScript."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kb.catalog import vocabulary
from kb.content import page_of, search_json
from kb.explain import Answer, nearest
from kb.inputs.encoding import decode
from kb.redact import redact_secrets
from kb.render.as_json import code_meaning, code_title, entry_json, lookup_json
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.text import LANGUAGES
from kb.web.api import describe_code
from kb.web.contract import FILTERS, read_filters
from kb.web.language import preferred_language
from kb.web.marking import marked_html
from kb.web.site import markdown, site
from kb.web.strings import KIND_NAMES, LANGUAGE_NAMES, STRINGS

blueprint = Blueprint("pages", __name__)
_LANG = "/<any(zh, en):lang>"
HTML_LANG = {"zh": "zh-Hans", "en": "en"}
_MANY = 8  # codes of one meaning that are listed one by one
_TRY = (
    "error response to AUTH command: unencrypted connection",
    "error creating StartTLS config: 502 5.5.1 Error: command not implemented",
    "554 5.7.1 <bob@example.net>: Relay access denied",
)


@blueprint.app_context_processor
def _template_names() -> dict[str, Any]:
    """What every template may use."""
    return {
        "t": lambda name, lang: STRINGS[name].get(lang),
        "label": _label,
        "markdown": markdown,
        "html_lang": HTML_LANG,
        "page_of": page_of,
        "other": {"zh": "en", "en": "zh"},
        "same_page": _same_page,
    }


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
    return render_template("home.html", lang=lang, examples=_TRY, count=len(site().entries))


@blueprint.route(f"{_LANG}/lookup", methods=["GET", "POST"])
def lookup(lang: str) -> Response:
    """The answer to a pasted text."""
    text = _pasted()
    answer = site().base.explain(text)
    body = lookup_json(site().base.store, answer, lang)
    page = render_template(
        "answer.html",
        lang=lang,
        text=text,
        answer=body,
        articles=[found for match in body["matches"][:1] for found in _articles(match["articles"], lang)],
        nearest=_nearest(answer, lang),
        marked=marked_html(text, [found for match in answer.matches[:1] for found in match.evidence]),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"{_LANG}/errors/")
def errors(lang: str) -> str:
    """All entries, by stage."""
    stages: dict[str, list[Any]] = {stage: [] for stage in vocabulary.STAGES}
    for entry in site().entries.values():
        stages[entry.stage].append(entry)
    return render_template("errors.html", lang=lang, stages=stages, count=len(site().entries))


@blueprint.get(f"{_LANG}/errors/<id_>")
def error(lang: str, id_: str) -> str | BaseResponse:
    """One entry."""
    entry = site().base.store.entry_by_id(id_)
    if entry is None:
        abort(404)
    if entry.id != id_:
        return redirect(url_for("pages.error", lang=lang, id_=entry.id), 301)
    body = entry_json(site().base.store, entry, lang)
    return render_template("error.html", lang=lang, match=body, articles=_articles(body["articles"], lang))


@blueprint.get("/e/<id_>")
def short(id_: str) -> BaseResponse:
    """The language-neutral address of an entry."""
    response = redirect(url_for("pages.error", lang=preferred_language(), id_=id_), 302)
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
    return render_template(
        "codes.html", lang=lang, replies=all_reply_codes(), statuses=all_status_codes(), providers=_provider_rows(lang)
    )


@blueprint.get(f"{_LANG}/codes/<code>")
def code(lang: str, code: str) -> str:
    """One code; `5.7.1`, `550` or, as the registry writes it, `X.7.1`."""
    described = describe_code(f"5{code[1:]}" if code[:2] in ("X.", "x.") else code, lang)
    reason = described["reason"]
    related = [entry for entry in site().entries.values() if reason and entry.reason == reason]
    return render_template("code.html", lang=lang, code=described, related=related[:20])


@blueprint.get(f"{_LANG}/articles/")
def articles(lang: str) -> str:
    """All articles."""
    slugs = sorted({slug for slug, _ in site().articles})
    return render_template("articles.html", lang=lang, articles=[site().article(slug, lang) for slug in slugs])


@blueprint.get(f"{_LANG}/articles/<slug>")
def article(lang: str, slug: str) -> str:
    """One article, in the other language with a note when it has not been translated."""
    found = site().article(slug, lang)
    if found is None:
        abort(404)
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
    shown = redact_secrets(query)
    return render_template("search.html", lang=lang, query=shown, found=found, filters=FILTERS, chosen=dict(filters))


def _pasted() -> str:
    """The text of the form, of an uploaded body, or of `?q=`."""
    if request.method == "GET":
        return request.args.get("q", "")
    if request.mimetype in ("text/plain", "message/rfc822"):
        return decode(request.get_data(cache=False))
    return request.form.get("text", "")


def _nearest(answer: Answer, lang: str) -> list[dict[str, str]]:
    """Suggestions with their addresses."""
    matched = {match.code for match in answer.matches}
    found = [
        {"title": code_title(code, lang), "url": page_of("code", code, lang), "meaning": code_meaning(code, lang)}
        for code in answer.codes
        if code not in matched
    ]
    titles = [
        (entry.title_zh if lang == "zh" else entry.title_en, entry.id) for entry in nearest(site().base.store, answer)
    ]
    return [*found, *({"title": title, "url": page_of("entry", id_, lang)} for title, id_ in titles)]


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


def _label(kind: str, name: str, lang: str) -> str:
    """The words of a vocabulary, as a reader sees them."""
    table = {
        "reason": vocabulary.REASONS,
        "stage": vocabulary.STAGES,
        "side": vocabulary.SIDES,
        "retry": vocabulary.RETRY,
        "for": vocabulary.FIX_TARGETS,
        "emitter": vocabulary.EMITTERS,
        "product": vocabulary.EMITTERS,
        "kind": KIND_NAMES,
        "in": LANGUAGE_NAMES,
    }[kind]
    return table[name].get(lang)


def _same_page(lang: str) -> str:
    """This page in another language; the front page where an address has none, or stands for a pasted text."""
    _, first, *rest = request.path.split("/")
    if first not in LANGUAGES or (rest == ["lookup"] and request.method == "POST"):
        return f"/{lang}/"
    path = quote("/".join(("", lang, *rest)))
    query = request.query_string.decode("ascii", "replace")
    typed = "\n".join((*rest, *request.args.values()))
    if redact_secrets(typed) != typed:  # no link carries a secret on
        return f"/{lang}/"
    return f"{path}?{query}" if query else path
