"""Ids are permanent, and whatever points at one points at something."""

from __future__ import annotations

from collections.abc import Iterator

from kb.catalog.findings import CatalogError, Finding, did_you_mean
from kb.catalog.lines import read_text
from kb.catalog.load import Document
from kb.catalog.model import Catalog
from kb.check.content import Content
from kb.text import LANGUAGES, Text

IDS_FILE = "kb/schema/ids.txt"


def check(content: Content) -> Iterator[Finding]:
    """Findings on aliases, removed ids and article links."""
    document, catalog, root = content.document, content.catalog, content.root
    if document is None:
        return
    yield from _aliases(document, catalog)
    yield from _removed(content)
    slugs = {
        path.name.removesuffix(f".{lang}.md") for lang in LANGUAGES for path in (root / "articles").glob(f"*.{lang}.md")
    }
    for id_, entry in catalog.errors.items():
        for index, slug in enumerate(entry.articles):
            if slug not in slugs:
                hint = did_you_mean(slug, slugs)
                message = Text(f"没有文章 {slug}。{hint.zh}", f"There is no article {slug}. {hint.en}")
                yield document.finding("KB301", ("errors", id_, "articles", index), message)


def _aliases(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB304: an alias is no other entry's id or alias."""
    seen: dict[str, str] = {id_: id_ for id_ in catalog.errors}
    for id_, entry in catalog.errors.items():
        for index, alias in enumerate(entry.aliases):
            owner = seen.setdefault(alias, id_)
            if owner != id_ or alias in catalog.errors:
                message = Text(f"别名 {alias} 已属于 {owner}。", f"The alias {alias} already belongs to {owner}.")
                yield document.finding("KB304", ("errors", id_, "aliases", index), message)


def _removed(content: Content) -> Iterator[Finding]:
    """KB303: an id that was published stays, as an entry or as an alias. KB305: the list of ids is current."""
    path = content.root / IDS_FILE
    if not path.exists():
        return
    try:
        listed = read_text(path, IDS_FILE).split()
    except CatalogError as error:
        yield from error.findings
        return
    for number, id_ in enumerate(listed, 1):
        if id_ not in content.ids:
            message = Text(
                f"id {id_} 被删除了；请把它写进继任条目的 aliases。",
                f"The id {id_} was removed; add it to the aliases of the entry that takes its place.",
            )
            yield Finding(IDS_FILE, number, 1, "KB303", message)
    if content.ids - set(listed):
        message = Text("清单不是最新的：请运行 kb schema --write。", "The list is not current: run kb schema --write.")
        yield Finding(IDS_FILE, 1, 1, "KB305", message)
