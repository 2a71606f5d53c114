"""The reference of the API for people, made from the OpenAPI document; complete without JavaScript."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from flask import Blueprint, Response, redirect, render_template
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from kb.contract.changes import CHANGES, PROMISE
from kb.contract.openapi import document
from kb.contract.promises import type_name
from kb.text import Text
from kb.web.address import base_url
from kb.web.contract import read_language
from kb.web.language import preferred_language
from kb.web.negotiate import HTML, MEDIA_TYPES, TEXT, form_of_request
from kb.web.shared import allow_other_origins, keep

blueprint = Blueprint("reference", __name__)
_NULL = {"zh": " 或 null", "en": " or null"}


class Field(NamedTuple):
    """A parameter of an operation or a field of a schema. type_: with links to the schemas."""

    name: str
    type_: Markup
    text: str
    required: bool


@blueprint.get("/<any(zh, en):lang>/api/")
def page(lang: str) -> str:
    """The reference."""
    return render_template(
        "api.html",
        lang=lang,
        base=base_url(),
        operations=_operations(lang),
        schemas=_schemas(lang),
        about=_told(_document()["info"], lang),
        promise=PROMISE,
        changes=CHANGES,
        labels=LABELS,
        rules=RULES,
    )


@blueprint.get("/api/")
def neutral() -> BaseResponse:
    """The reference in the reader's language; the operations as text for who does not read HTML."""
    if form_of_request() == HTML:
        response: BaseResponse = redirect(f"/{preferred_language()}/api/", 302)
    else:
        text = Response(overview(read_language()), content_type=MEDIA_TYPES[TEXT])
        allow_other_origins(text)
        keep(text)
        response = text
    response.vary.update(("Accept", "Accept-Language"))
    return response


def overview(lang: str) -> str:
    """Every operation in two lines."""
    base = base_url()
    lines: list[str] = []
    for operation in _operations(lang):
        lines += [f"{operation['method']} {operation['path']}", f"    {operation['summary']}"]
        if operation["example"]:
            lines.append(f"    {operation['example'].replace('{base}', base)}")
    return "\n".join([*lines, "", f"{base}/openapi.json", f"{base}/{lang}/api/"]) + "\n"


@cache
def _document() -> dict[str, Any]:
    return document()


@cache
def _operations(lang: str) -> list[dict[str, Any]]:
    """Every operation, for the page."""
    found = []
    failures = _document()["components"]["responses"]
    for path, operations in _document()["paths"].items():
        for method, operation in operations.items():
            bodies = operation.get("requestBody", {}).get("content", {})
            found.append(
                {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["x-zh"] if lang == "zh" else operation["summary"],
                    "parameters": [
                        Field(p["name"], _typed(p["schema"], lang), _told(p, lang), p["required"])
                        for p in operation["parameters"]
                    ],
                    "bodies": [(kind, _typed(body["schema"], lang)) for kind, body in bodies.items()],
                    "answer": _typed(operation["responses"]["200"]["content"]["application/json"]["schema"], lang),
                    "failures": [(s, _told(failures[s], lang)) for s in operation["responses"] if s != "200"],
                    "example": operation.get("x-example", ""),
                }
            )
    return found


@cache
def _schemas(lang: str) -> list[dict[str, Any]]:
    """Every schema, for the page: fields of an object, or the words of a vocabulary."""
    found = []
    for name, schema in _document()["components"]["schemas"].items():
        required = schema.get("required", [])
        fields = [
            Field(field, _typed(described, lang), _told(described, lang), field in required)
            for field, described in schema.get("properties", {}).items()
        ]
        text = schema.get("description", "") if lang == "en" else ""
        found.append({"name": name, "text": text, "fields": fields, "words": schema.get("enum", [])})
    return found


def _told(described: dict[str, Any], lang: str) -> str:
    return str(described["x-zh"] if lang == "zh" else described["description"])


def _typed(schema: dict[str, Any], lang: str) -> Markup:
    """The type of something, its words where they are few, each schema linked."""
    known = _document()["components"]["schemas"]
    name = type_name(schema).replace(" or null", _NULL[lang])
    linked = re.sub(
        r"[A-Z]\w+", lambda m: f'<a href="#{m[0]}">{m[0]}</a>' if m[0] in known else m[0], str(escape(name))
    )
    words = (schema.get("items") or schema).get("enum", [])
    listed = "".join(f" <code>{escape(word)}</code>" for word in words)
    if len(words) > _FEW:
        listed = f"<details><summary>{len(words)}</summary>{listed}</details>"
    return Markup(f"{linked}{listed}")  # noqa: S704 - names and words of ours, escaped above


_FEW = 6
LABELS = {
    "title": Text("接口说明", "API reference"),
    "parameters": Text("参数", "Parameters"),
    "body": Text("请求体", "Body"),
    "answer": Text("回答", "Answer"),
    "failures": Text("失败", "Failures"),
    "required": Text("必填", "required"),
    "operations": Text("接口", "Operations"),
    "schemas": Text("数据结构", "Schemas"),
    "promise": Text("稳定性承诺", "What stays"),
    "changes": Text("变更", "Changes"),
    "rules": Text("通则", "In general"),
    "machine": Text("机器可读的同一份说明", "The same for machines"),
}
RULES = (
    Text(
        "失败一律是 application/problem+json（RFC 9457）：title 说出了什么事，detail 说怎么办。",
        "Every failure is application/problem+json (RFC 9457): title says what happened, detail what to do.",
    ),
    Text(
        "对所有人都一样的回答带 ETag 和 Cache-Control；带上 If-None-Match 再问，没变就是 304。对粘贴内容的回答不缓存。",
        "Answers that are the same for everybody have an ETag and Cache-Control; ask again with If-None-Match and get 304 while"
        " nothing changed. Answers to a pasted text are not cached.",
    ),
    Text(
        "任何网站的脚本都可以调用（CORS），不带凭据。",
        "Scripts of any site may call it (CORS), without credentials.",
    ),
    Text(
        "一次最多 256 KB，批量 2 MB。服务器可能限速：429 时按 Retry-After 等待；RateLimit 头说还剩多少。",
        "At most 256 KB at once, 2 MB for a batch. A server may limit requests: at 429 wait as Retry-After says; RateLimit tells"
        " what remains.",
    ),
    Text(
        "也接受网页表单和 curl --data-binary 的默认类型；没有 text 字段时，整个请求体就是要解释的文字。",
        "Forms are taken too, and what curl --data-binary sends by default: without a field text the whole body is the text.",
    ),
)
