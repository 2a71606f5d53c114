"""The OpenAPI 3.1 document, assembled from the models and the operations."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from kb.catalog import vocabulary
from kb.contract.base import BASES, KINDS, OUTCOMES
from kb.contract.changes import API_VERSION
from kb.contract.content import Problem
from kb.contract.operations import OPERATIONS, Operation, Parameter
from kb.text import LANGUAGES, Text

_REF = "#/components/schemas/"
_WORDS = {
    "Reason": tuple(vocabulary.REASONS),
    "Stage": tuple(vocabulary.STAGES),
    "Side": tuple(vocabulary.SIDES),
    "Retry": tuple(vocabulary.RETRY),
    "Basis": BASES,
    "Kind": KINDS,
    "Outcome": OUTCOMES,
    "Language": LANGUAGES,
}
_NAMES = {words: name for name, words in _WORDS.items()}
PROBLEMS = {
    400: Text("请求有误。", "The request is wrong."),
    404: Text("没有这个。", "There is no such thing."),
    413: Text("内容过大。", "Too large."),
    415: Text("不支持这种内容类型。", "The media type is not supported."),
    422: Text("字段或参数无效。", "A field or a parameter is invalid."),
    429: Text("请求过多；Retry-After 说要等几秒。", "Too many requests; Retry-After says how many seconds to wait."),
    500: Text("我们的错误。", "Our mistake."),
}
_ABOUT = Text(
    "SMTP 报错知识库的接口。回答随 lang 用中文或英文。粘贴的内容不保存、不记录。v1 只增不减：不认识的字段请忽略。",
    "The API of the SMTP error knowledge base. Answers are in Chinese or English. What you send is neither stored nor logged."
    " v1 only grows: ignore fields that you do not know.",
)


@cache
def document_json() -> str:
    """The document as it is served and committed."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def document(*, strict: bool = False) -> dict[str, Any]:
    """The document. `strict` forbids fields that it does not name, for tests: clients have to expect new ones."""
    schemas = _schemas(strict)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "smtp-kb",
            "version": API_VERSION,
            "summary": "From an SMTP error to its cause and its cure, in Chinese and English.",
            "description": _ABOUT.en,
            "x-zh": _ABOUT.zh,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": schemas, "responses": _problem_responses()},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary.en,
        "x-zh": operation.summary.zh,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
    }
    if operation.example:
        described["x-example"] = operation.example
    if operation.body:
        content = {"application/json": {"schema": _ref(operation.body)}}
        content |= {kind: {"schema": {"type": "string"}} for kind in operation.raw_bodies}
        described["requestBody"] = {"required": True, "content": content}
    responses: dict[str, Any] = {
        "200": {
            "description": (operation.answer.__doc__ or "").strip().partition("\n")[0],
            "content": {"application/json": {"schema": _ref(operation.answer)}},
        }
    }
    if operation.path.startswith("/api/"):
        responses |= {
            str(status): {"$ref": f"#/components/responses/{status}"} for status in (*operation.failures, 429)
        }
    described["responses"] = responses
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.text.en,
        "x-zh": parameter.text.zh,
        "schema": parameter.schema,
    }
    if parameter.schema["type"] == "array":
        described |= {"style": "form", "explode": True}
    return described


def _problem_responses() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, text in PROBLEMS.items():
        content = {"application/problem+json": {"schema": _ref(Problem)}}
        found[str(status)] = {"description": text.en, "x-zh": text.zh, "content": content}
    seconds = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}
    found["429"]["headers"] = {"Retry-After": seconds}
    return found


def _ref(model: type) -> dict[str, str]:
    return {"$ref": _REF + model.__name__}


def _schemas(strict: bool) -> dict[str, Any]:
    """All models by name, and the closed vocabularies beside them."""
    answers = {operation.answer for operation in OPERATIONS} | {Problem}
    bodies = {operation.body for operation in OPERATIONS if operation.body}
    ordered = sorted(answers, key=lambda model: model.__name__)
    _, out = models_json_schema([(m, "serialization") for m in ordered], by_alias=True, ref_template=_REF + "{model}")
    asked = sorted(bodies, key=lambda model: model.__name__)
    _, taken = models_json_schema([(m, "validation") for m in asked], ref_template=_REF + "{model}")
    found = {name: _tidy(schema) for name, schema in out["$defs"].items()}
    if not strict:
        for schema in found.values():
            schema.pop("additionalProperties", None)
    found |= {name: _tidy(schema) for name, schema in taken["$defs"].items()}
    found |= {name: {"type": "string", "enum": list(words)} for name, words in _WORDS.items()}
    return dict(sorted(found.items()))


def _tidy(node: Any, inside: str = "") -> Any:
    """A schema without invented titles, vocabularies by name, `type: [string, null]` for what may be null."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    if inside != "properties":
        node = {key: value for key, value in node.items() if key != "title"}
        name = _NAMES.get(tuple(node["enum"])) if isinstance(node.get("enum"), list) else None
        if name:
            rest = {key: value for key, value in node.items() if key not in ("enum", "type")}
            return {"$ref": _REF + name, **rest}
    node = {key: _tidy(value, key) for key, value in node.items()}
    choices = node.get("anyOf") if inside != "properties" else None
    if isinstance(choices, list) and len(choices) == 2 and choices[1] == {"type": "null"} and "type" in choices[0]:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        node = {**choices[0], "type": [choices[0]["type"], "null"], **rest}
    return node
