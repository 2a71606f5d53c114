"""Articles: readable, paired, and pointing at entries that exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.articles import check_block, read_articles
from kb.catalog.findings import Finding, did_you_mean
from kb.catalog.load import Document, Key
from kb.catalog.model import Bilingual, Catalog
from kb.content import front_matter
from kb.text import Text


def check(document: Document, catalog: Catalog, root: Path) -> Iterator[Finding]:
    """Findings on the articles of `root`, and on Markdown in entries."""
    yield from _articles(catalog, root)
    yield from _markdown(document, catalog)


def _articles(catalog: Catalog, root: Path) -> Iterator[Finding]:
    """KB310: what the reader of articles reports. KB302: an article names an entry that does not exist."""
    if not (root / "articles").is_dir():
        return
    articles, errors = read_articles(root / "articles", front_matter)
    for error in errors:
        yield Finding(f"articles/{Path(error.path).name}", error.line, 1, "KB310", error.message)
    for article in articles:
        for id_ in article.errors:
            if id_ not in catalog.errors:
                hint = did_you_mean(id_, catalog.errors)
                message = Text(f"没有条目 {id_}。{hint.zh}", f"There is no entry {id_}. {hint.en}")
                yield Finding(f"articles/{article.path.name}", 1, 1, "KB302", message)


def _markdown(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB311: text of an entry that would not be shown as written, such as a bare <host>."""
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
        for _, message in check_block(written):
            yield document.finding("KB311", (*key, lang), message)
