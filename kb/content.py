"""The content as a whole: what is searched, and where its index lies."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.articles import Article
from kb.articles import read_articles as load_articles
from kb.catalog import vocabulary
from kb.catalog.findings import CatalogError
from kb.catalog.load import load_yaml
from kb.data import cache_dir, data_root, open_store
from kb.match.store import Store
from kb.search import Document, Hit, Searcher, open_or_build
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.text import LANGUAGES

SCHEMA_VERSION = 1
_SETTING_LENGTH = 80
_log = logging.getLogger(__name__)


def read_articles(root: Path) -> tuple[Article, ...]:
    """The articles of `root` that can be read; what is wrong with any is logged, and reported in full by `kb check`."""
    if not (root / "articles").is_dir():
        return ()
    articles, errors = load_articles(root / "articles", front_matter)
    for error in errors:
        _log.warning("%s:%s %s", error.path, error.line, error.message.en)
    return articles


def front_matter(text: str) -> object:
    """The front matter of an article. Raises CatalogError on what an article must not contain; quotes are optional there."""
    document = load_yaml(text, "front matter")
    wrong = [finding for finding in document.findings if finding.rule != "KB106"]
    if wrong:
        raise CatalogError(wrong)
    return document.data


def open_searcher(root: str | None = None) -> Searcher:
    """The search index of the content in `root` (default: `data_root()`), built first when the content has changed."""
    folder = root or data_root()
    store = open_store(folder)
    articles = read_articles(Path(folder))
    version = hashlib.sha256(store.version.encode())
    for article in articles:
        version.update(
            f"{article.slug}.{article.lang}\n{article.title}\n{article.summary}\n{article.tags}\n{article.text}\n".encode()
        )
    return open_or_build(Path(cache_dir()) / "search", documents(store, articles), version.hexdigest())


def documents(store: Store, articles: tuple[Article, ...]) -> Iterator[Document]:
    """Everything that can be found, once per language."""
    for lang in LANGUAGES:
        yield from (_entry(json.loads(store.body(entry.number, lang)), lang) for entry in store.entries())
        yield from _codes(store, lang)
    for article in articles:
        yield Document(
            "article", article.slug, article.lang, article.title, article.summary, article.text, article.tags
        )


def search_json(searcher: Searcher, query: str, lang: str, limit: int, kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON contract's answer to a search."""
    hits = searcher.search(query, lang, limit=limit, kinds=kinds or None)
    return {
        "schema_version": SCHEMA_VERSION,
        "lang": lang,
        "query": query,
        "total": len(hits),
        "results": [_hit_json(hit, lang) for hit in hits],
    }


def page_of(kind: str, id_: str, lang: str) -> str:
    """The address of a page."""
    folder = {"entry": "errors", "article": "articles", "code": "codes"}[kind]
    return f"/{lang}/{folder}/{id_}"


def _hit_json(hit: Hit, lang: str) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "url": page_of(hit.kind, hit.id, lang),
        "lang": hit.lang,
        "title": hit.title,
        "summary": hit.summary,
        "snippet": {"text": hit.snippet.text, "marks": [list(mark) for mark in hit.snippet.marks]},
        "score": hit.score,
    }


def _entry(body: dict[str, Any], lang: str) -> Document:
    """An entry as a document: its words, and its settings as keys."""
    settings = [line for fix in body["fixes"] for line in fix["set"]]
    reason = vocabulary.REASONS[body["reason"]].get(lang)
    text = [
        *body["causes"],
        *(fix["text"] for fix in body["fixes"]),
        *settings,
        body["verify"]["text"],
        *body["sources"],
        reason,
    ]
    keys = {
        line.partition("=")[0].split()[-1]
        for line in settings
        if line.partition("=")[0].strip() and len(line) < _SETTING_LENGTH
    }
    return Document(
        kind="entry",
        id=body["id"],
        lang=lang,
        title=body["title"],
        summary=body["explanation"].partition("\n")[0].replace("`", ""),
        body="\n".join([body["explanation"], *text]).replace("`", ""),
        keys=tuple(sorted(keys)),
        reason=body["reason"],
        stage=body["stage"],
        products=tuple(body["emitters"]),
    )


def _codes(store: Store, lang: str) -> Iterator[Document]:
    for reply in all_reply_codes():
        yield Document(
            "code",
            reply.code,
            lang,
            f"{reply.code} {reply.title.get(lang)}",
            reply.meaning.get(lang),
            reply.meaning.get(lang),
        )
    said = _providers_say(store, lang)
    for status in all_status_codes():
        title = f"{status.code} {status.title.get(lang)}"
        numbers = tuple(status.code.replace("X", digit) for digit in "245")
        meaning = status.meaning.get(lang)
        body = [meaning, *(text for number in numbers for text, _ in said.pop(number, ()))]
        yield Document("code", status.code, lang, title, meaning, "\n".join(body), numbers, status.reason or "")
    seen: set[str] = set()
    for code, meanings in said.items():
        if code not in seen:
            text, keys = meanings[0]
            seen.update(keys)
            title, _, meaning = text.partition("\n")
            yield Document("code", code, lang, f"{code} {title}", meaning, meaning, keys)


def _providers_say(store: Store, lang: str) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Code -> what each provider means by it, as title and meaning, and all codes of that meaning."""
    said: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row, codes in store.provider_rows():
        provider = vocabulary.EMITTERS[row.provider].get(lang)
        title = row.title_zh if lang == "zh" else row.title_en
        meaning = json.loads(store.provider_body(row.number, lang))["explanation"]
        for code in codes:
            said.setdefault(code, []).append((f"{title} · {provider}\n{meaning}", codes))
    return said
