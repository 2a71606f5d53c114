"""A JSON body as the contract wants it, or a problem: what is wrong, where, how it should look, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import re2
from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from kb.contract.requests import BatchItem, BatchRequest, DiagnoseRequest, LookupRequest
from kb.text import LANGUAGES, Text
from kb.web.problems import Problem

_EXAMPLES: Mapping[type[BaseModel], str] = {
    LookupRequest: '{"text": "554 5.7.1 Relay access denied"}',
    BatchRequest: '{"items": [{"id": "1", "text": "554 5.7.1 Relay access denied"}]}',
    DiagnoseRequest: '{"files": {"main.cf": "smtpd_tls_auth_only = yes"}}',
}
# What pydantic finds wrong -> what it is to be; `{}` is the number that its context has under the name beside it.
_WRONG: Mapping[str, tuple[Text, str]] = {
    "string_type": (Text("应为字符串", "should be a string"), ""),
    "list_type": (Text("应为数组", "should be an array"), ""),
    "dict_type": (Text("应为对象", "should be an object"), ""),
    "model_type": (Text("应为对象", "should be an object"), ""),
    "literal_error": (Text("只能是 zh 或 en", "should be zh or en"), ""),
    "too_long": (Text("最多 {} 个", "should have at most {}"), "max_length"),
    "too_short": (Text("至少 {} 个", "should have at least {}"), "min_length"),
}
_OWN_NAMES = ("files", "answers")
_ELSE = Text("无效", "is not valid")
_PLACE = re2.compile(r"at line (\d+) column (\d+)$")
_SHOWN = 5


def validated(model: type[Any]) -> Any:
    """The JSON body as `model`. Raises Problem: 400 for what is no JSON, 422 for what is no such object."""
    raw = request.get_data(cache=False)
    try:
        return model.model_validate_json(raw)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        raise Problem(400, _with_example(_why_no_json(raw, errors[0]["ctx"]["error"]), model))
    told = [_told(error, model) for error in errors[:_SHOWN]]
    detail = Text("；".join(each.zh for each in told), "; ".join(each.en for each in told))
    raise Problem(422, _with_example(detail, model), lang=_asked(raw))


def _asked(raw: bytes) -> str:
    """The language that a body asks for, which is JSON but not what it should be; "" for none of ours."""
    body = from_json(raw)
    asked = body.get("lang") if isinstance(body, dict) else None
    return asked if asked in LANGUAGES else ""


def _why_no_json(raw: bytes, told: str) -> Text:
    if not raw.strip():
        return Text("请求体是空的", "The body is empty")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return Text("请求体不是 UTF-8；JSON 必须是", "The body is not UTF-8, which JSON has to be")
    place = _PLACE.search(told)
    where = f"第 {place.group(1)} 行第 {place.group(2)} 列附近" if place else ""
    quotes = b"'" in raw[:3]
    return Text(
        f"不是合法的 JSON{'：' if where else ''}{where}{'；要用双引号' if quotes else ''}",
        f"This is no valid JSON: {told}{'; strings take double quotes' if quotes else ''}",
    )


def _told(error: Any, model: type[BaseModel]) -> Text:
    """What is wrong with one field, and where. The name of an unknown field is the caller's text and stays out."""
    if error["type"] == "extra_forbidden":
        place = _place(error["loc"][:-1])
        known = _fields(model, error["loc"][:-1])
        return Text(
            f"{place.zh}有不认识的字段，能用的是 {'、'.join(known)}",
            f"{place.en} has an unknown field; known are {', '.join(known)}",
        )
    if error["type"] == "missing":
        return Text(f"缺少字段 {_place(error['loc']).zh.strip()}", f"{_place(error['loc']).en} is missing")
    wrong, name = _WRONG.get(error["type"], (_ELSE, ""))
    place, number = _place(error["loc"]), error.get("ctx", {}).get(name, "")
    return Text(f"{place.zh}{wrong.zh.format(number)}", f"{place.en} {wrong.en.format(number)}")


def _place(loc: tuple[Any, ...]) -> Text:
    """Where; names in an object of the caller's, which are his text too, are left out."""
    path = f"{loc[0]}.…" if loc[1:] and loc[0] in _OWN_NAMES else ".".join(map(str, loc))
    return Text(f"{path} ", path) if path else Text("请求体", "the body")


def _fields(model: type[BaseModel], loc: tuple[Any, ...]) -> tuple[str, ...]:
    """The fields that an object at a place of a body may have: of the body, or of an item of a batch."""
    return tuple((BatchItem if loc else model).model_fields)


def _with_example(told: Text, model: type[Any]) -> Text:
    example = _EXAMPLES[model]
    # A sentence begins with a capital letter, but the name of a field stays as it is.
    english = f"The {told.en.removeprefix('the ')}" if told.en.startswith("the ") else told.en
    return Text(f"{told.zh}。应类似 {example}。", f"{english}. It should look like {example}.")
