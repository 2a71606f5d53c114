"""Everything for who does not read HTML: curl, scripts, agents. `kb.web.negotiate` says who that is.

Entries, codes and articles have the suffixes `.txt`, `.md` and `.json`; at their addresses without a suffix, and at `/`, the
Accept header decides. Whatever is sent to `/` is explained.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, redirect, request
from pydantic import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from kb.contract.requests import LookupRequest
from kb.inputs.encoding import decode
from kb.page.strings import USAGE
from kb.render.as_markdown import article_markdown, code_markdown, entry_markdown
from kb.render.as_text import answer_text, code_text, entry_text
from kb.text import LANGUAGES, for_terminal
from kb.web import api
from kb.web.address import base_url
from kb.web.contract import read_language, read_text
from kb.web.language import preferred_language
from kb.web.negotiate import HTML, JSON, MARKDOWN, MEDIA_TYPES, TEXT, form_of_request, is_neutral
from kb.web.shared import allow_other_origins, is_page_for_all, keep
from kb.web.site import site

blueprint = Blueprint("plain", __name__)
_LANG = "/<any(zh, en):lang>"
_SUFFIX = "<any(txt, md, json):form>"
_FOLDERS = {"e": "errors", "c": "codes"}


@blueprint.before_app_request
def answer_in_another_form() -> BaseResponse | None:
    """The page in the form that was asked for, where that is not HTML."""
    if request.method not in ("GET", "HEAD") or (place := _place()) is None:
        return None
    form = form_of_request()
    if form == HTML:
        return None
    kind, name, lang = place
    return _explain() if kind == "root" and "q" in request.args else _page(kind, name, lang or read_language(), form)


@blueprint.after_app_request
def tell_about_forms(response: Response) -> Response:
    """Caches learn that Accept decides; readers of HTML where the other forms are (RFC 8288)."""
    place = _place()
    if place is None:
        return response
    response.vary.add("Accept")
    if is_neutral(request.path):
        response.vary.add("Accept-Language")
    if response.status_code == 200 and response.mimetype == "text/html" and place[0] != "root":
        path = quote(request.path)
        for form in (MARKDOWN, JSON):
            kind = MEDIA_TYPES[form].partition(";")[0]
            response.headers.add("Link", f'<{path}.{form}>; rel="alternate"; type="{kind}"')
    return response


@blueprint.get(f"/e/<name>.{_SUFFIX}", defaults={"kind": "errors", "lang": ""})
@blueprint.get(f"/c/<name>.{_SUFFIX}", defaults={"kind": "codes", "lang": ""})
@blueprint.get(f"{_LANG}/errors/<name>.{_SUFFIX}", defaults={"kind": "errors"})
@blueprint.get(f"{_LANG}/codes/<name>.{_SUFFIX}", defaults={"kind": "codes"})
@blueprint.get(f"{_LANG}/articles/<name>.{_SUFFIX}", defaults={"kind": "articles"})
def page(kind: str, name: str, form: str, lang: str) -> BaseResponse:
    """An entry, a code or an article in one form."""
    response = _page(kind, name, lang or read_language(), form)
    if not lang:
        response.vary.add("Accept-Language")
    return response


@blueprint.post("/")
def explain() -> BaseResponse:
    """The answer to whatever was sent, as text or JSON; a form of a page goes to the page."""
    if form_of_request() == HTML:
        return redirect(f"/{preferred_language()}/lookup", 307)
    return _explain()


def _place() -> tuple[str, str, str] | None:
    """Which page the address of the request names: kind, name and language (or ""); None for other addresses and suffixes."""
    path = request.path
    if path == "/":
        return "root", "", ""
    parts = path.split("/")[1:]
    lang = parts.pop(0) if parts[0] in LANGUAGES else ""
    if len(parts) != 2 or not parts[1]:
        return None
    kind = parts[0] if lang else _FOLDERS.get(parts[0], "")
    if kind not in _RENDER or parts[1].endswith((".txt", ".md", ".json")):
        return None
    return kind, parts[1], lang


def _page(kind: str, name: str, lang: str, form: str) -> Response:
    if kind == "root":
        return _finished(Response(_usage(lang), content_type=MEDIA_TYPES[TEXT]))
    body_of, text_of, markdown_of = _RENDER[kind]
    body = body_of(name, lang)
    if form == JSON:
        return _finished(jsonify(body))
    text = markdown_of(body, lang, base_url()) if form == MARKDOWN else text_of(body, lang)
    return _finished(Response(for_terminal(text), content_type=MEDIA_TYPES[form]))


def _finished(response: Response) -> Response:
    allow_other_origins(response)
    if is_page_for_all(response):
        keep(response)
    return response


def _entry_text(body: dict[str, Any], lang: str) -> str:
    return f"{entry_text(body, lang)}\n{base_url()}{body['url']}\n"


def _code_text(body: dict[str, Any], lang: str) -> str:
    return f"{code_text(body, lang)}\n{base_url()}/{lang}/codes/{quote(body['code'])}\n"


def _article_text(body: dict[str, Any], lang: str) -> str:
    return article_markdown(body, lang, base_url())


_BodyOf = Callable[[str, str], dict[str, Any]]
_TextOf = Callable[[dict[str, Any], str], str]
_MarkdownOf = Callable[[dict[str, Any], str, str], str]
# Kind of page -> its JSON, and that as text and as Markdown. An article reads well as it was written.
_RENDER: Mapping[str, tuple[_BodyOf, _TextOf, _MarkdownOf]] = {
    "errors": (api.error_body, _entry_text, entry_markdown),
    "codes": (api.code_body, _code_text, code_markdown),
    "articles": (api.article_body, _article_text, article_markdown),
}


def _usage(lang: str) -> str:
    return USAGE.get(lang).format(base=base_url(), count=len(site().entries))


def _explain() -> Response:
    """The answer to the text of the request; how to send one where there is none."""
    # The body first: whoever looks for a form in it takes it away.
    text = request.args["q"] if request.method in ("GET", "HEAD") else _sent()
    lang = read_language()
    if form_of_request() == JSON:
        response = api.answer(text, lang)
    elif not text.strip():
        response = Response(_usage(lang), status=400, content_type=MEDIA_TYPES[TEXT])
    else:
        store = site().base.store
        answer = site().base.explain(text)
        first = answer.matches[0].entry if answer.matches else None
        more = f"{base_url()}/{lang}/errors/{first.id}\n" if first else ""
        response = Response(for_terminal(answer_text(store, answer, lang) + more), content_type=MEDIA_TYPES[TEXT])
    response.headers["Cache-Control"] = "no-store"
    allow_other_origins(response)
    return response


def _sent() -> str:
    """The body of any type as text: the field `text` of a form or of JSON, the first file of a form, else all of it."""
    kind = request.mimetype
    if kind == "multipart/form-data":
        file = next(iter(request.files.values()), None)
        return request.form.get("text", "") or (decode(file.read()) if file else "")
    if kind == "application/json":
        text = read_text()
        try:
            return LookupRequest.model_validate_json(text).text
        except (ValidationError, json.JSONDecodeError):
            return text  # a line of a log that is JSON
    if kind == "application/x-www-form-urlencoded":
        raw = request.get_data(cache=True)
        return request.form["text"] if "text" in request.form else decode(raw)
    return read_text()
