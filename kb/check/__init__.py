"""`kb check`: everything that must hold of the content, each rule numbered, all findings in one run.

KB0xx the file, KB1xx the shape of `errors.yaml`, KB2xx matching, KB3xx ids, links and articles, KB4xx wording, KB5xx
combinations, KB6xx the providers' codes, KB7xx the two languages, KB8xx advice. `kb check --explain KB104` tells of a
rule, from `book`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kb.catalog.findings import Finding
from kb.catalog.load import Document
from kb.catalog.providers import ProviderTable
from kb.catalog.read import FILE
from kb.check import (
    advice,
    articles,
    combinations,
    form,
    ids,
    kept,
    matching,
    places,
    privacy,
    providers,
    shape,
    translation,
    wording,
)
from kb.check.aside import Aside, is_large, uncollected
from kb.check.content import Content, Read, articles_of


def check(root: Path) -> list[Finding]:
    """All findings on the content in `root`, in file order; no errors among them when it is fit to publish."""
    return read_and_check(root)[1]


def read_and_check(root: Path) -> tuple[Content, list[Finding]]:
    """The content in `root` and all findings on it, in file order.

    A large catalogue is checked by several processes, and what has not changed since the last time is not checked again.
    """
    large = is_large(root / FILE)
    with uncollected():
        read = Aside(partial(articles_of, root, keep=large), fork=large)
        return _check(Content.read_catalog(root), read.result, large)


def check_text(root: Path, text: str) -> list[Finding]:
    """All findings on the content in `root` if `errors.yaml` said `text`, in file order."""
    large = is_large(root / FILE)
    with uncollected():
        read = Aside(partial(articles_of, root, keep=large), fork=large)
        return _check(Content.read_catalog(root, text), read.result, large)[1]


def check_content(content: Content) -> list[Finding]:
    """All findings on content that was read, in file order."""
    return _check(content, lambda: (content.articles, content.article_errors), False)[1]


def _check(content: Content, read: Callable[[], Read], large: bool) -> tuple[Content, list[Finding]]:
    """`content` with the articles that `read` gives, and all findings."""
    document, tried = content.document, None
    findings = list(content.findings)
    if document is not None:
        tables, wrong = providers.check(document, content.catalog, content.root)
        findings += wrong
        tried = Aside(partial(_on_answers, content, document, tables, keep=large), fork=large)
    articles_, errors = read()
    content = replace(content, articles=articles_, article_errors=errors)
    findings += _on_texts(content)
    written = form.written(content)
    findings += tried.result() if tried else []
    findings += form.check(content, findings, written)
    # What an alias or a tag stands for is not known; that its value is wrong says nothing.
    unknown = {(f.path, f.line, f.column) for f in findings if f.rule == "KB107"}
    told = (f for f in findings if f.rule not in ("KB109", "KB110") or (f.path, f.line, f.column) not in unknown)
    return content, sorted(set(told))


def _on_texts(content: Content) -> list[Finding]:
    """What can be said without trying what a text gets."""
    findings = [*articles.check(content), *translation.check(content), *advice.check(content)]
    document, catalog = content.document, content.catalog
    if document is not None:
        findings += [*shape.check(document), *wording.check(document), *places.check(document, catalog)]
        findings += [*privacy.check(document, catalog), *ids.check(content)]
    return findings


def _on_answers(
    content: Content, document: Document, tables: tuple[ProviderTable, ...], *, keep: bool
) -> list[Finding]:
    """What patterns, examples and combinations get."""

    def find() -> list[Finding]:
        with matching.compiled(content.catalog, tables, nearest=False) as store:
            found = matching.check(document, content.catalog, content.root, store)
            return [*found, *combinations.check(content, store)]

    if not keep:
        return find()
    benign = content.root / matching.BENIGN_FILE
    texts = (document.text.encode(), benign.read_bytes() if benign.is_file() else b"")
    return kept.findings(content.root, texts, find)
