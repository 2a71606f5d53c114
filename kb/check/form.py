"""KB007: files in the form that `kb fmt` gives them. Said only where nothing else is wrong, for that would say it twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from kb.catalog.findings import FORM, CatalogError, Finding
from kb.catalog.fmt import catalog_text, format_article, format_item
from kb.catalog.load import Document
from kb.catalog.recover import blocks
from kb.check.content import Content
from kb.text import Text

_MESSAGE = Text("不是规范的写法：请运行 kb fmt。", "Not in canonical form: run kb fmt.")


class Written(NamedTuple):
    """What `kb fmt` makes of it: `errors.yaml`, None when it cannot; by an article's name, its first line that would differ."""

    catalog: str | None
    articles: Mapping[str, int]


def written(content: Content) -> Written:
    """The form that the content would have."""
    document = content.document
    usable = document is not None and document.whole and isinstance(document.data, dict)
    catalog = None
    if document is not None and usable and not any(f.rule not in FORM for f in document.findings):
        catalog = catalog_text(document)
    return Written(catalog, dict(_articles(content)))


def _articles(content: Content) -> Iterator[tuple[str, int]]:
    for article in content.articles:
        name = f"articles/{article.path.name}"
        try:
            text = article.path.read_text(encoding="utf-8")
            line = _difference(text.split("\n"), format_article(text, name).split("\n"))
        except (CatalogError, OSError):
            continue
        if line is not None:
            yield name, line


def check(content: Content, others: Iterable[Finding], form: Written) -> Iterator[Finding]:
    """KB007 on `errors.yaml` and the articles; `others` are all other findings."""
    wrong: dict[str, set[int]] = {}
    for finding in others:
        wrong.setdefault(finding.path, set()).add(finding.line)
    if content.document is not None and form.catalog is not None:
        yield from _catalog(content.document, form.catalog, wrong.get(content.document.path, set()))
    for name, line in form.articles.items():
        if name not in wrong:
            yield Finding(name, line + 1, 1, "KB007", _MESSAGE)


def _catalog(document: Document, canonical: str, wrong: set[int]) -> Iterator[Finding]:
    if canonical == document.text:
        return
    lines = document.text.split("\n")
    found = False
    for block in blocks(document.text):
        written = lines[block.head : block.end]
        while written and not written[-1].strip():
            written.pop()
        section = document.data.get(block.section)
        item = section.get(block.id) if isinstance(section, dict) else None
        if item is None or any(block.start < line <= block.end for line in wrong):
            found = True
            continue
        line = _difference(written, format_item(block.section, block.id, item))
        if line is not None:
            found = True
            yield Finding(document.path, block.head + line + 1, 1, "KB007", _MESSAGE)
    line = _difference(lines, canonical.split("\n"))
    if not found and not wrong and line is not None:
        yield Finding(document.path, line + 1, 1, "KB007", _MESSAGE)


def _difference(ours: list[str], theirs: list[str]) -> int | None:
    """The first line, from 0, of `ours` that differs; None when there is none."""
    return next((n for n, (a, b) in enumerate(zip_longest(ours, theirs)) if a != b), None)
