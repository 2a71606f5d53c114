"""`kb check`: everything that must hold of the content, each rule numbered, all findings in one run.

KB0xx the file, KB1xx the shape of `errors.yaml`, KB2xx matching, KB3xx ids, links and articles, KB4xx wording, KB5xx
combinations, KB6xx the providers' codes, KB7xx the two languages. `kb check --explain KB104` tells of a rule, from `book`.
"""

from __future__ import annotations

from pathlib import Path

from kb.catalog.findings import Finding
from kb.check import articles, combinations, form, ids, matching, places, providers, shape, translation, wording
from kb.check.content import Content


def check(root: Path) -> list[Finding]:
    """All findings on the content in `root`, in file order; no errors among them when it is fit to publish."""
    return check_content(Content.read(root))


def check_content(content: Content) -> list[Finding]:
    """All findings on content that was read, in file order."""
    findings = [*content.findings, *articles.check(content), *translation.check(content)]
    document, catalog = content.document, content.catalog
    if document is not None:
        findings += [*shape.check(document), *wording.check(document), *places.check(document, catalog)]
        tables, wrong = providers.check(document, catalog, content.root)
        findings += [*wrong, *ids.check(content)]
        with matching.compiled(catalog, tables) as store:
            findings += matching.check(document, catalog, content.root, store)
            findings += combinations.check(content, store)
    findings += form.check(content, findings)
    # What an alias or a tag stands for is not known; that its value is wrong says nothing.
    unknown = {(f.path, f.line, f.column) for f in findings if f.rule == "KB107"}
    told = (f for f in findings if f.rule not in ("KB109", "KB110") or (f.path, f.line, f.column) not in unknown)
    return sorted(set(told))
