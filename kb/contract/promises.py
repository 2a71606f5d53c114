"""The contract as lines that may be added but never taken back.

`kb/schema/api.txt` keeps every line that was ever published. One that the document no longer gives is a broken promise:
something was removed or changed its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def promises(document: dict[str, Any]) -> list[str]:
    """What an OpenAPI document of ours promises, sorted."""
    lines: list[str] = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += _of_operation(f"{method.upper()} {path}", operation)
    answered = _reachable(document, "responses")
    for name, schema in document["components"]["schemas"].items():
        lines += _of_schema(name, schema, name in answered)
    return sorted(lines)


def _of_operation(name: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"{name} is {operation['operationId']}"
    needed = [p["name"] for p in operation["parameters"] if p["required"]]
    yield f"{name} needs only: {' '.join(needed)}"
    for parameter in operation["parameters"]:
        yield f"{name} ?{parameter['name']}: {type_name(parameter['schema'])}"
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"{name} takes {kind}: {type_name(body['schema'])}"
    for kind, body in operation["responses"]["200"]["content"].items():
        yield f"{name} answers {kind}: {type_name(body['schema'])}"


def _of_schema(name: str, schema: dict[str, Any], answered: bool) -> Iterator[str]:
    yield from (f"{name}: {word}" for word in schema.get("enum", ()))
    required = schema.get("required", [])
    for field, described in schema.get("properties", {}).items():
        yield f"{name} has {field}: {type_name(described)}" + (", always" if answered and field in required else "")
    if not answered and "properties" in schema:
        yield f"{name} needs only: {' '.join(required)}"


def type_name(schema: dict[str, Any]) -> str:
    """A schema in a word or two: `string`, `[Match]`, `{string}`, `Reason or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(type_name(choice) for choice in schema["anyOf"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"[{type_name(schema.get('items', {}))}]"
    if kind == "object":
        return f"{{{type_name(schema.get('additionalProperties') or {})}}}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _reachable(document: dict[str, Any], part: str) -> set[str]:
    """Names of the schemas that the responses of the operations lead to."""
    schemas = document["components"]["schemas"]
    roots = [operation[part] for operations in document["paths"].values() for operation in operations.values()]
    found: set[str] = set()
    todo: list[Any] = [roots, document["components"]["responses"]]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/schemas/")[2]
            if name in schemas and name not in found:
                found.add(name)
                todo.append(schemas[name])
            todo += node.values()
        elif isinstance(node, list):
            todo += node
    return found
