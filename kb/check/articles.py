"""Articles: readable, paired, and pointing at entries that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import re2

from kb.articles import Article, check_block
from kb.articles.source import blocks
from kb.catalog.findings import Finding, did_you_mean
from kb.catalog.load import Document, Key
from kb.catalog.model import Bilingual, Catalog
from kb.check import wording
from kb.check.content import Content
from kb.check.shape import MAX_TEXT
from kb.text import Text

_ENTRY_LINK = re2.compile(r"\]\(/(?:zh/errors|en/errors|e)/([a-z0-9-]+)")
_FUTURE = Text("updated 在将来：写修改的那一天。", "updated lies in the future: write the day of the change.")
_LINK_TARGET = re2.compile(r"\]\([^()]*\)")


def check(content: Content) -> Iterator[Finding]:
    """Findings on the articles, and on Markdown in entries."""
    for error in content.article_errors:
        yield Finding(_shown(error.path), error.line, error.column, error.rule, error.message)
    latest = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()  # it may be tomorrow where the author is
    for article in content.articles:
        if article.updated > latest:
            yield Finding(_shown(article.path), _line_of(article, "updated"), 1, "KB110", _FUTURE)
        if content.ids:
            yield from _entries(article, content.ids)
        yield from _language(article)
        yield from _wording(article)
    if content.document is not None:
        yield from _markdown(content.document, content.catalog)


def _line_of(article: Article, name: str) -> int:
    """The line of the front matter that begins with a key; 1 when it cannot be told."""
    try:
        lines = article.path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)


def _shown(path: str | Path) -> str:
    return "articles" if Path(path).name == "articles" else f"articles/{Path(path).name}"


def _entries(article: Article, ids: Collection[str]) -> Iterator[Finding]:
    """KB302: what an article names under `errors`, or links to as /zh/errors/ID, is an entry."""
    named = [(1, 1, id_) for id_ in article.errors]
    for offset, line in enumerate(article.markdown.split("\n")):
        if "](/" not in line:
            continue
        named += [(article.body_line + offset, m.start() + 1, m.group(1)) for m in _ENTRY_LINK.finditer(line)]
    for line_number, column, id_ in named:
        if id_ not in ids:
            hint = did_you_mean(id_, ids)
            message = Text(f"没有条目 {id_}。{hint.zh}", f"There is no entry {id_}. {hint.en}")
            yield Finding(_shown(article.path), line_number, column, "KB302", message)


def _language(article: Article) -> Iterator[Finding]:
    """KB403: the prose of an article is in the language of its name."""
    lines = (line for block in blocks(article.markdown) if not block.code for line in block.lines)
    if wording.is_in_the_other("\n".join(lines), article.lang):
        message = Text(
            f"正文不是这种语言：文件名里的 {article.lang} 对吗？",
            f"Is not in that language: is {article.lang} in the file's name right?",
        )
        yield Finding(_shown(article.path), article.body_line, 1, "KB403", message)


def _wording(article: Article) -> Iterator[Finding]:
    """KB401, KB402 in the prose of an article."""
    complaints = wording.complaints if article.lang == "zh" else wording.english_complaints
    for block in blocks(article.markdown):
        for offset, line in enumerate([] if block.code else block.lines):
            prose = _LINK_TARGET.sub("]", line)
            for rule, column, message in complaints(prose):
                number = article.body_line + block.start + offset
                yield Finding(_shown(article.path), number, column, rule, message)


def _markdown(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB311-KB315: text of an entry that would not be shown as written, such as a bare <host>."""
    for id_, entry in catalog.errors.items():
        texts: dict[Key, Bilingual] = {("explanation",): entry.explanation, ("verify", "text"): entry.verify.text}
        texts |= {("causes", index): cause for index, cause in enumerate(entry.causes)}
        for index, fix in enumerate(entry.fixes):
            texts |= {("fixes", index, "text"): fix.text}
            texts |= {("fixes", index, name): text for name, text in (("when", fix.when), ("cost", fix.cost)) if text}
        for key, text in texts.items():
            yield from _complaints(document, ("errors", id_, *key), text)


def _complaints(document: Document, key: Key, text: Bilingual) -> Iterator[Finding]:
    for lang, written in (("zh", text.zh), ("en", text.en)):
        for _, message, rule in check_block(written) if len(written) <= MAX_TEXT else ():
            yield document.finding(rule, (*key, lang), message)
