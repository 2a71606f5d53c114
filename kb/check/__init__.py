"""`kb check`: everything that must hold of the content, each rule numbered, all findings in one run.

KB0xx the file, KB1xx the shape of `errors.yaml`, KB2xx matching, KB3xx ids and links, KB4xx wording, KB5xx combinations,
KB6xx the providers' codes.
"""

from __future__ import annotations

from pathlib import Path

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.load import load_file
from kb.catalog.read import FILE, validate
from kb.check import articles, ids, matching, places, providers, shape, wording


def check(root: Path) -> list[Finding]:
    """All findings on the content in `root`, in file order; empty when it is fit to publish."""
    try:
        document = load_file(root / FILE, FILE)
    except CatalogError as error:
        return list(error.findings)
    catalog, findings = validate(document)
    findings = [*document.findings, *findings, *shape.check(document), *wording.check(document)]
    if catalog is not None:
        tables, wrong = providers.check(document, catalog, root)
        findings += [*wrong, *places.check(document, catalog)]
        findings += matching.check(document, catalog, root, tables)
        findings += ids.check(document, catalog, root)
        findings += articles.check(document, catalog, root)
    return sorted(set(findings))
