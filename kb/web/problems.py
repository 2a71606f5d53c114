"""Every failure as RFC 9457 `application/problem+json` for the API and as a page for people, in their language."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, jsonify, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from kb.page.address import page_of
from kb.redact import redact_secrets
from kb.text import LANGUAGES, Text, close_words
from kb.web.again import again
from kb.web.language import preferred_language
from kb.web.negotiate import HTML, JSON, MEDIA_TYPES, TEXT, form_of_request
from kb.web.observe import NO_ROUTE, REQUEST_ID
from kb.web.site import site

_LONGEST_NAME = 100
_TITLES = {
    400: Text("请求有误", "Bad request"),
    404: Text("没有找到", "Not found"),
    405: Text("不支持这种请求方法", "Method not allowed"),
    412: Text("内容已不是那一版", "No longer that version"),
    413: Text("内容过大", "Too large"),
    415: Text("不支持这种内容类型", "Unsupported media type"),
    422: Text("字段缺失或无效", "A field is missing or invalid"),
    429: Text("请求过多", "Too many requests"),
    500: Text("服务器出错", "Internal error"),
}
_DETAILS = {
    400: Text(
        "服务器读不懂这个请求。请检查地址、Host 头和请求体。",
        "The server cannot read this request. Check the address, the Host header and the body.",
    ),
    404: Text(
        "地址可能写错了，或条目已改名。可以从首页重新查找。",
        "The address may be mistyped. Start again from the front page.",
    ),
    412: Text(
        "请求带了 If-Match，而内容已经变了。去掉它，或用响应里新的 ETag。",
        "The request has If-Match, and the content has changed. Leave it out, or send the ETag of the current answer.",
    ),
    413: Text(
        "一次最多 256 KB。请只留下报错附近的几行；整份日志请在自己的机器上用 kb report 分析。",
        "At most 256 KB at once. Keep the lines around the error; for whole logs run kb report on your own machine.",
    ),
    500: Text(
        "这是我们的错误，不是你的。粘贴的内容没有被保存。",
        "This is our mistake, not yours. What you pasted was not stored.",
    ),
}


_NO_SUCH_CALL = Text(
    "接口里没有这个地址。全部地址见 /zh/api/ 或 /openapi.json。",
    "The API has no such address. All of them are at /en/api/ and in /openapi.json.",
)
_METHODS = Text("这里只能用 {}。接口说明见 /zh/api/。", "Here only {} can be used. The reference is at /en/api/.")


class Problem(HTTPException):
    """A failure with a status and a text for the caller."""

    def __init__(self, status: int, detail: Text, near: tuple[str, ...] = (), lang: str = "") -> None:
        """near: ids of entries, or slugs of articles, that may have been meant. lang: the language that the body asks for."""
        super().__init__()
        self.lang = lang
        self.code = status
        self.detail = detail
        self.near = near


def no_such(what: Text, name: str, known: Collection[str]) -> Problem:
    """A 404 that lists the ids which are nearest to a name that is none."""
    near = close_words(name[:_LONGEST_NAME], known, 3, 0.7) if name.isascii() else []
    return Problem(404, what, tuple(near))


def install(app: Flask) -> None:
    """Answer every failure of the application as a problem."""
    app.register_error_handler(HTTPException, respond)
    app.register_error_handler(Exception, _unexpected)


def _unexpected(error: Exception) -> Response:
    """A bug of ours: its type and place, the route and the request id are logged, never what was asked or pasted."""
    from flask import current_app

    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    route = request.url_rule.rule if request.url_rule else NO_ROUTE
    id_ = request.environ.get(REQUEST_ID, "-")
    current_app.logger.error("%s at %s while answering %s, request %s", type(error).__name__, place, route, id_)
    return respond(InternalServerError())


def respond(error: HTTPException) -> Response:
    """A failure as the answer to the request at hand."""
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]
    lang = (error.lang if isinstance(error, Problem) else "") or _language()
    title = _TITLES.get(status, Text("请求未能完成", error.name)).get(lang)
    detail, near = _detail(error, status).get(lang), _near(error, lang)
    form = form_of_request()
    if near and form != HTML:
        names = [name for name, _ in near]
        detail += f"相近的有：{'、'.join(names)}。" if lang == "zh" else f" Near are: {', '.join(names)}."
    if form == JSON:
        # A part of the address may be what somebody pasted.
        place = redact_secrets("/".join(redact_secrets(part) for part in request.path.split("/")))
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": place}
        response = jsonify(body)
        response.content_type = "application/problem+json"
        response.headers["Access-Control-Allow-Origin"] = "*"
    elif form != HTML:
        response = Response(f"{status} {title}\n{detail}\n", content_type=MEDIA_TYPES[TEXT])
    else:
        context = {"title": title, "detail": detail, "status": status, "near": near, "again": again()}
        page = render_template("problem.html", lang=lang, **context)
        response = Response(page)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 405 and error.get_headers():
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "GET")
    return response


def _near(error: HTTPException, lang: str) -> list[tuple[str, Markup]]:
    """What may have been meant: its name, and the link to its page."""
    return [(name, _link(name, lang)) for name in error.near] if isinstance(error, Problem) else []


def _link(name: str, lang: str) -> Markup:
    """The link to an entry or an article by its name; the bare name where there is neither."""
    kinds = (("entry", _entry_title), ("article", _article_title))
    for kind, title_of in kinds:
        title = title_of(name, lang)
        if title:
            return Markup('<a href="{}">{}</a>').format(page_of(kind, name, lang), title)
    return escape(name)


def _entry_title(id_: str, lang: str) -> str | None:
    entry = site().entries.get(id_)
    return {"zh": entry.title_zh, "en": entry.title_en}[lang] if entry else None


def _article_title(slug: str, lang: str) -> str | None:
    article = site().article(slug, lang)
    return article.title if article else None


def _detail(error: HTTPException, status: int) -> Text:
    if isinstance(error, Problem):
        return error.detail
    if status == 404 and request.path.startswith("/api/"):
        return _NO_SUCH_CALL
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        methods = sorted(set(error.valid_methods) - {"OPTIONS"})
        return Text(_METHODS.zh.format("、".join(methods)), _METHODS.en.format(", ".join(methods)))
    return _DETAILS.get(status, Text("", ""))


def _language() -> str:
    """The language of the address, else the query's, else the reader's preference."""
    first = request.path.split("/")[1]
    asked = request.args.getlist("lang")
    if first in LANGUAGES:
        return first
    return asked[0] if len(asked) == 1 and asked[0] in LANGUAGES else preferred_language()
