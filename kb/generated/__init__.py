"""Files of a checkout that are made from the code and the content, and checked to be current."""

from __future__ import annotations

import json
from pathlib import Path

from kb.catalog.fields import FIELDS
from kb.catalog.model import Catalog
from kb.catalog.read import read_catalog
from kb.catalog.recover import blocks
from kb.catalog.vocabulary import EMITTERS
from kb.contract.changes import changelog_markdown
from kb.contract.openapi import document, document_json
from kb.contract.promises import promises
from kb.generated.counts import counts, with_counts
from kb.generated.documents import check_rules, entry_format

_EXAMPLE = "rcpt-relay-access-denied"


def errors_schema() -> str:
    """The JSON schema (2020-12) of `errors.yaml`, for editors."""
    schema = Catalog.model_json_schema(by_alias=True)
    for model, fields in FIELDS.items():
        properties = schema["$defs"][model.__name__]["properties"]
        for name, text in fields.items():
            properties[name]["description"] = f"{text.en}. / {text.zh}。"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def coverage(catalog: Catalog) -> str:
    """What the catalogue knows of each emitter, and from which sources, as Markdown."""
    lines = [
        "# Coverage",
        "",
        "Made from `errors.yaml` by `kb schema --write`. An entry counts for each emitter that it names.",
        "",
    ]
    lines += ["| emitter | entries | patterns | examples |", "|---|---|---|---|"]
    details: list[str] = []
    for emitter, name in EMITTERS.items():
        entries = [entry for entry in catalog.errors.values() if emitter in entry.emitters]
        if not entries:
            continue
        counts = (len(entries), sum(len(e.match) for e in entries), sum(len(e.examples) for e in entries))
        lines.append(f"| {name.en} | {' | '.join(map(str, counts))} |")
        details += ["", f"## {name.en}", "", *(f"- {s}" for s in sorted({s for e in entries for s in e.sources}))]
    total = (
        len(catalog.errors),
        *(sum(len(getattr(e, part)) for e in catalog.errors.values()) for part in ("match", "examples")),
    )
    return "\n".join([*lines, f"| **all** | {' | '.join(map(str, total))} |", *details]) + "\n"


def published_promises(root: Path) -> set[str]:
    """What the API was ever published to do, line by line."""
    path = root / "kb" / "schema" / "api.txt"
    return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()


def broken_promises(root: Path) -> list[str]:
    """What the API was published to do and no longer does. Taking one back means a new version, or editing api.txt by hand."""
    return sorted(published_promises(root) - set(promises(document())))


def generated_files(root: Path) -> dict[Path, str]:
    """Path -> content of every generated file. Raises CatalogError."""
    written, catalog = read_catalog(root)
    ids = set(catalog.errors).union(*(entry.aliases for entry in catalog.errors.values()))
    path = root / "kb" / "schema" / "ids.txt"
    # An id that was published stays in the list even when it is gone from the catalogue: `kb check` then asks for an alias.
    published = set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()
    files = {
        root / "kb" / "schema" / "errors.schema.json": errors_schema(),
        root / "docs" / "coverage.md": coverage(catalog),
        root / "docs" / "check-rules.md": check_rules(),
        root / "docs" / "entry-format.md": _entry_format(catalog, written.decode()),
        path: _lines(ids | published),
        root / "kb" / "schema" / "openapi.json": document_json(),
        root / "kb" / "schema" / "api.txt": _lines(published_promises(root).union(promises(document()))),
        root / "docs" / "api-changelog.md": changelog_markdown(),
    }
    readme = root / "README.md"
    if readme.is_file():
        files[readme] = with_counts(readme.read_text(encoding="utf-8"), counts(catalog, root))
    return files


def _lines(words: set[str]) -> str:
    return "".join(f"{word}\n" for word in sorted(words))


def _entry_format(catalog: Catalog, text: str) -> str:
    """The reference of the entry format, with an entry of the catalogue as its example."""
    own = [block for block in blocks(text) if block.id in catalog.errors]
    chosen = next((block for block in own if block.id == _EXAMPLE), own[0] if own else None)
    lines = text.split("\n")[chosen.start : chosen.end] if chosen else []
    return entry_format(chosen.id if chosen else "", "\n".join(lines))
