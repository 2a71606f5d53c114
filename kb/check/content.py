"""What `kb check` works on: everything of a folder that can be read, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kb.articles import Article, ArticleError, read_articles
from kb.catalog.findings import CatalogError, Finding
from kb.catalog.load import Document
from kb.catalog.model import Catalog
from kb.catalog.read import FILE, all_ids, front_matter, validate
from kb.catalog.recover import load_document
from kb.check import kept
from kb.text import Text

Read = tuple[tuple[Article, ...], tuple[ArticleError, ...]]


@dataclass(frozen=True)
class Content:
    """The content of `root`. catalog has the entries whose shape is right, ids those of all others and the aliases too.

    document is None when `errors.yaml` cannot be read at all. articles are those that can be read, article_errors what is
    wrong with any. findings are what reading alone has found in `errors.yaml`.
    """

    root: Path
    document: Document | None
    catalog: Catalog
    ids: frozenset[str]
    articles: tuple[Article, ...]
    article_errors: tuple[ArticleError, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, root: Path, text: str | None = None, read: Read | None = None) -> Content:
        """Read all there is; whatever is wrong becomes a finding.

        `text` is what `errors.yaml` is going to say, `read` what was read of the articles already.
        """
        articles, errors = articles_of(root) if read is None else read
        return replace(cls.read_catalog(root, text), articles=articles, article_errors=errors)

    @classmethod
    def read_catalog(cls, root: Path, text: str | None = None) -> Content:
        """Read `errors.yaml` alone, or what it is going to say."""
        try:
            document = load_document(root / FILE, FILE, text)
        except CatalogError as error:
            return cls(root, None, Catalog(errors={}), frozenset(), (), (), error.findings)
        catalog, wrong = validate(document)
        return cls(root, document, catalog, all_ids(document), (), (), (*document.findings, *wrong))


def articles_of(root: Path, *, keep: bool = False) -> Read:
    """The articles that can be read, and what is wrong with any. To `keep` is to use what was kept, and to keep this."""
    directory = root / "articles"
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        message = Text("须是目录，不能是符号链接或文件。", "Must be a folder, neither symlink nor file.")
        return (), (ArticleError("articles", 1, message, "KB001"),)
    if not directory.exists():
        return (), ()
    if not keep:
        return read_articles(directory, front_matter, coloured=False)
    known = kept.load_articles(root)
    before = {path: row[0] for path, row in known.items()}
    read = read_articles(directory, front_matter, coloured=False, kept=known)
    here = {article.path for article in read[0]}
    now = {path: row for path, row in known.items() if path in here}
    if before != {path: row[0] for path, row in now.items()}:
        kept.store_articles(root, now)
    return read
