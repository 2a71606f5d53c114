"""New lines in `errors.yaml`, in their place; no other byte changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.catalog.fmt import format_item
from kb.catalog.load import load_yaml
from kb.catalog.recover import blocks
from kb.catalog.write import scalar


def with_entry(text: str, id_: str, entry: Mapping[str, Any]) -> str:
    """`errors.yaml` with a new entry where its id belongs. Raises ValueError when the id is taken."""
    lines = text.split("\n")
    own = [block for block in blocks(text) if block.section == "errors"]
    if any(block.id == id_ for block in own):
        raise ValueError(f"{id_} is taken")
    new = format_item("errors", id_, dict(entry))
    after = next((block for block in own if block.id > id_), None)
    if after is not None:
        return "\n".join([*lines[: after.start], *new, "", *lines[after.start :]])
    end = own[-1].end if own else next(n for n, line in enumerate(lines) if line.startswith("errors:")) + 1
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    gap = [""] if own else []
    rest = lines[end:] or [""]
    return "\n".join([*lines[:end], *gap, *new, *rest])


def with_wording(text: str, id_: str, pattern: str, example: str) -> str:
    """`errors.yaml` with one more pattern, unless it is empty, and one more example for an entry. Raises KeyError."""
    document = load_yaml(text, "errors.yaml")
    entry = document.data["errors"][id_]
    lines = text.split("\n")
    # From the end on, so that the places of what comes before stay what they are.
    for name, item in (("examples", example), ("match", pattern)):
        if not item or item in entry.get(name, ()):
            continue
        last = document.places["errors", id_, name, len(entry[name]) - 1][0]
        while last < len(lines) and lines[last].startswith("        "):
            last += 1  # an item of several lines
        lines.insert(last, f"      - {scalar(item)}")
    return "\n".join(lines)
