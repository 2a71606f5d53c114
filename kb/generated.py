"""Files of a checkout that are made from the code and the content, and checked to be current."""

from __future__ import annotations

import json
from pathlib import Path

from kb.catalog.model import Catalog
from kb.catalog.read import read_catalog


def errors_schema() -> str:
    """The JSON schema (2020-12) of `errors.yaml`, for editors."""
    schema = Catalog.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def generated_files(root: Path) -> dict[Path, str]:
    """Path -> content of every generated file. Raises CatalogError."""
    _, catalog = read_catalog(root)
    ids = set(catalog.errors).union(*(entry.aliases for entry in catalog.errors.values()))
    path = root / "kb" / "schema" / "ids.txt"
    # An id that was published stays in the list even when it is gone from the catalogue: `kb check` then asks for an alias.
    published = set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()
    return {
        root / "kb" / "schema" / "errors.schema.json": errors_schema(),
        path: "".join(f"{id_}\n" for id_ in sorted(ids | published)),
    }
