"""The results of a search for a terminal or a model: what it was read as, an answer to a quoted error, then the hits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def search_text(body: Mapping[str, Any]) -> str:
    """The JSON body of a search as text; empty when nothing was found."""
    lines = []
    if body["searched_for"]:
        lines.append(f"→ {body['searched_for']}")
    if body["answer"]:
        lines.append(f"» {body['answer']['title']}  [entry: {body['answer']['id']}]")
    lines += [f"{hit['title']}  [{hit['kind']}: {hit['id']}]\n    {hit['summary']}" for hit in body["results"]]
    return "".join(f"{line}\n" for line in lines)
