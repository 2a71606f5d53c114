"""`kb check`: everything that must hold of the content, each rule numbered, all findings in one run.

KB0xx the file, KB1xx the shape of `errors.yaml`, KB2xx matching, KB3xx ids, links and articles, KB4xx wording, KB5xx
combinations, KB6xx the providers' codes, KB7xx the two languages. `kb check --explain KB104` tells of a rule, from `book`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kb.catalog.findings import Finding
from kb.catalog.read import FILE
from kb.check import articles, combinations, form, ids, matching, places, providers, shape, translation, wording
from kb.check.aside import Aside, can_fork, uncollected
from kb.check.content import Content, Read, articles_of
from kb.match.store import Store


def check(root: Path) -> list[Finding]:
    """All findings on the content in `root`, in file order; no errors among them when it is fit to publish."""
    return read_and_check(root)[1]


def read_and_check(root: Path) -> tuple[Content, list[Finding]]:
    """The content in `root` and all findings on it, in file order; with two processes where that is faster."""
    fork = can_fork(root / FILE)
    with uncollected():
        read = Aside(partial(articles_of, root), fork)
        return _check(Content.read_catalog(root), read.result, fork)


def check_content(content: Content) -> list[Finding]:
    """All findings on content that was read, in file order."""
    return _check(content, lambda: (content.articles, content.article_errors), False)[1]


def _check(content: Content, read: Callable[[], Read], fork: bool) -> tuple[Content, list[Finding]]:
    """`content` with the articles that `read` gives, and all findings."""
    if content.document is None:
        content = _with(content, read)
        return content, _all(content, [*content.findings, *_on_texts(content)], form.written(content))
    tables, wrong = providers.check(content.document, content.catalog, content.root)
    with matching.compiled(content.catalog, tables) as store:
        tried = Aside(partial(_on_answers, content, store, fork), fork)
        content = _with(content, read)
        findings, written = [*content.findings, *wrong, *_on_texts(content)], form.written(content)
        findings += tried.result()
    return content, _all(content, findings, written)


def _with(content: Content, read: Callable[[], Read]) -> Content:
    articles, errors = read()
    return replace(content, articles=articles, article_errors=errors)


def _on_texts(content: Content) -> list[Finding]:
    """What can be said without trying what a text gets."""
    findings = [*articles.check(content), *translation.check(content)]
    document, catalog = content.document, content.catalog
    if document is not None:
        findings += [*shape.check(document), *wording.check(document), *places.check(document, catalog)]
        findings += ids.check(content)
    return findings


def _on_answers(content: Content, store: Store, forked: bool) -> list[Finding]:
    """What patterns, examples and combinations get."""
    if forked:
        store.reopen()
    if content.document is None:
        return []
    found = matching.check(content.document, content.catalog, content.root, store)
    return [*found, *combinations.check(content, store)]


def _all(content: Content, findings: list[Finding], written: form.Written) -> list[Finding]:
    """The findings and those on the form, in file order, without what only follows from another."""
    findings = [*findings, *form.check(content, findings, written)]
    # What an alias or a tag stands for is not known; that its value is wrong says nothing.
    unknown = {(f.path, f.line, f.column) for f in findings if f.rule == "KB107"}
    told = (f for f in findings if f.rule not in ("KB109", "KB110") or (f.path, f.line, f.column) not in unknown)
    return sorted(set(told))
