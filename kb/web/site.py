"""All that requests read, loaded at once: catalogue, articles, search index. Frozen; new content is a new Site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, g

from kb.articles import Article, render_block
from kb.content import open_searcher, read_articles
from kb.data import data_root
from kb.knowledge_base import KnowledgeBase
from kb.match.store import EntryKey
from kb.search import Searcher


@dataclass(frozen=True)
class Site:
    """The content that is served. articles are keyed by (slug, language), entries by id."""

    base: KnowledgeBase
    articles: Mapping[tuple[str, str], Article]
    entries: Mapping[str, EntryKey]
    searcher: Searcher
    version: str

    @classmethod
    def load(cls, root: str | None = None) -> Site:
        """Load everything. Raises CatalogError or FileNotFoundError."""
        folder = root or data_root()
        base = KnowledgeBase.open(folder, preload=True)
        read = read_articles(Path(folder))
        articles = {(article.slug, article.lang): article for article in read}
        searcher = open_searcher(folder)
        entries = {entry.id: entry for entry in base.store.entries()}
        return cls(base, articles, entries, searcher, base.store.version)

    def article(self, slug: str, lang: str) -> Article | None:
        """An article in `lang`, or in the other language when it has not been translated, or None."""
        other = "en" if lang == "zh" else "zh"
        return self.articles.get((slug, lang)) or self.articles.get((slug, other))


def site() -> Site:
    """The site of the current application; the same one to the end of a request, even if new content is loaded meanwhile."""
    if "site" not in g:
        g.site = current_app.extensions["kb"]
    found: Site = g.site
    return found


def markdown(text: str) -> str:
    """A short text of the catalogue as sanitised HTML, cached."""
    if text not in _RENDERED:
        _RENDERED[text] = render_block(text)
    return _RENDERED[text]


_RENDERED: dict[str, str] = {}
