"""The content as a whole: what is searched, and where its index lies."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import names
from kb.catalog import vocabulary
from kb.catalog.findings import CatalogError
from kb.data import cache_dir, data_root, open_store
from kb.explain import explain
from kb.judge import PATTERN, PROVIDER_CODE, Match
from kb.match.store import EntryKey, Store
from kb.page.address import page_of
from kb.redact import redact_secrets
from kb.render.as_json import match_json
from kb.search import QUOTE, Document, Filters, Hit, Searcher, of_page, open_or_build
from kb.text import LANGUAGES

if TYPE_CHECKING:
    from kb.articles import Article

SCHEMA_VERSION = 1
UNUSABLE = 2  # exit status of this module: the content must be mended
ANY = "any"  # the emitter of what many programs say
_COMPLETIONS = 8
_OF_ONE_THING = 0.6  # the score of a pattern from which on it is hardly said of anything else
_STATUS_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
# What turns an article into text.
_LIBRARIES = ("markdown", "pymdown-extensions", "pygments", "nh3")
_log = logging.getLogger(__name__)


def read_articles(root: Path) -> tuple[Article, ...]:
    """The articles of `root` that can be read; what is wrong with any is logged, and reported in full by `kb check`."""
    from kb.articles import read_articles as load_articles
    from kb.articles import shelf
    from kb.catalog.read import front_matter

    directory = root / "articles"
    if not directory.is_dir():
        return ()
    kept, key = Path(cache_dir()) / "articles", articles_digest(directory)
    known = shelf.load(kept, key, directory)
    if known is not None:
        return known
    articles, errors = load_articles(directory, front_matter)
    for error in errors:
        _log.warning("%s:%s %s", error.path, error.line, error.message.en)
    if not errors:
        shelf.store(kept, key, articles)
    return articles


def articles_digest(directory: Path) -> str:
    """What changes when an article, the code that renders it or a library that it uses changes."""
    from importlib.metadata import version

    found = hashlib.sha256(" ".join(version(name) for name in _LIBRARIES).encode())
    code = Path(__file__).with_name("articles").glob("*.py")
    for path in (*sorted(code), *(sorted(directory.iterdir()) if directory.is_dir() else ())):
        if path.is_file():
            found.update(f"{path.name}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


def open_searcher(root: str | None = None) -> Searcher:
    """The search index of the content in `root` (default: `data_root()`), built first when the content has changed.

    Articles are only read if it has.
    """
    folder = root or data_root()
    store = open_store(folder)
    version = hashlib.sha256(f"{store.version} {articles_digest(Path(folder) / 'articles')}".encode())
    for module in (__file__, names.__file__):
        version.update(Path(module).read_bytes())
    return open_or_build(Path(cache_dir()) / "search", _all_documents(store, folder), version.hexdigest())


def documents(store: Store, articles: tuple[Article, ...]) -> Iterator[Document]:
    """Everything that can be found, once per language."""
    words, examples = store.words(), store.examples_of()
    for entry in store.entries():
        codes = set(_STATUS_CODE.findall(examples.get(entry.number, "")))
        for lang in LANGUAGES:
            yield _entry(json.loads(store.body(entry.number, lang)), lang, words.get(entry.number, []), codes)
    for lang in LANGUAGES:
        yield from _codes(store, lang)
    yield from (_article(article, store) for article in articles)


def _all_documents(store: Store, folder: str) -> Iterator[Document]:
    yield from documents(store, read_articles(Path(folder)))


def search_json(
    searcher: Searcher, query: str, lang: str, limit: int, filters: Filters | None = None, store: Store | None = None
) -> dict[str, Any]:
    """The JSON contract's answer to a search. With `store`, an error that the query quotes is answered too."""
    quote = quoted_error(store, query) if store else None
    sure = quoted_how_surely(searcher, query, quote) if quote else 0.0
    found = searcher.find(query, lang, limit, filters or Filters(), {quoted_id(quote): sure} if quote else {})
    return {
        "schema_version": SCHEMA_VERSION,
        "lang": lang,
        "query": redact_secrets(query),
        "searched_for": redact_secrets(found.searched_for) if found.searched_for is not None else None,
        "filters": {name: list(values) for name, values in filters or Filters()},
        "answer": _answer_json(store, quote, lang) if store and quote and sure >= QUOTE else None,
        "completions": searcher.complete(query, _COMPLETIONS),
        "total": len(found.hits),
        "results": [_hit_json(hit) for hit in found.hits],
    }


def quoted_error(store: Store, text: str) -> Match | None:
    """The error that a query quotes; None if it only has a word or a code in common with one."""
    if len(text.split(maxsplit=1)) < 2:
        return None
    answer = explain(store, text)
    if answer.reason is None or answer.basis not in (PATTERN, PROVIDER_CODE):
        return None
    match = answer.matches[0]
    return match if any(len(found.text.split()) > 1 for found in match.evidence) else None


def quoted_id(match: Match) -> str:
    """The page of a match."""
    return match.entry.id if match.entry else match.code or ""


def quoted_how_surely(searcher: Searcher, text: str, match: Match) -> float:
    """How sure it is, at most 1, that a query is the error that it quotes, and says nothing else that matters more: what is told
    of one thing alone is quoted, and general words if the query has little else.
    """
    if match.score >= _OF_ONE_THING:
        return 1.0
    return min(1.0, match.score + searcher.share(text, (found.text for found in match.evidence)))


def _answer_json(store: Store, match: Match, lang: str) -> dict[str, Any]:
    body = match_json(store, match, lang)
    return {name: body[name] for name in ("id", "url", "title", "reason", "score", "basis", "evidence")}


def _hit_json(hit: Hit) -> dict[str, Any]:
    twin = {"lang": hit.twin, "url": page_of(hit.kind, hit.id, hit.twin)} if hit.twin else None
    return {
        "kind": hit.kind,
        "id": hit.id,
        "url": page_of(hit.kind, hit.id, hit.lang),
        "lang": hit.lang,
        "twin": twin,
        "title": hit.title,
        "summary": hit.summary,
        "snippet": {"text": hit.snippet.text, "marks": [list(mark) for mark in hit.snippet.marks]},
        "score": hit.score,
    }


def _entry(body: dict[str, Any], lang: str, said: list[str], codes: set[str]) -> Document:
    """An entry as a document: its words, those of the errors it is about; its settings, and the status codes that the errors
    have, as keys.
    """
    settings = [line for fix in body["fixes"] for line in fix["set"]]
    reason = vocabulary.REASONS[body["reason"]].get(lang)
    text = [
        *body["causes"],
        *(fix["text"] for fix in body["fixes"]),
        *settings,
        body["verify"]["text"],
        reason,
    ]
    prose = [body["explanation"], body["verify"]["text"], *body["causes"], *(fix["text"] for fix in body["fixes"])]
    keys = {*names.in_settings(settings), *names.in_code("\n".join(prose)), *codes}
    return Document(
        kind="entry",
        id=body["id"],
        lang=lang,
        title=body["title"],
        summary=body["explanation"].partition("\n")[0].replace("`", ""),
        body="\n".join([body["explanation"], *text]).replace("`", ""),
        keys=tuple(sorted(keys)),
        reasons=(body["reason"],),
        stages=(body["stage"],),
        products=tuple(body["emitters"]),
        said=tuple(said),
        sources=tuple(body["sources"]),
        asked=of_page(body["id"], lang),
    )


def _article(article: Article, store: Store) -> Document:
    """An article as a document: also found by what the errors that it explains are found by."""
    entries = [entry for id_ in article.errors if (entry := store.entry_by_id(id_))]
    tagged = set(article.tags) & vocabulary.EMITTERS.keys()
    return Document(
        kind="article",
        id=article.slug,
        lang=article.lang,
        title=article.title,
        summary=article.summary,
        body=article.text,
        keys=tuple(sorted({*article.tags, *names.in_text(article.text)})),
        reasons=tuple(sorted({entry.reason for entry in entries})),
        stages=tuple(sorted({entry.stage for entry in entries})),
        products=tuple(sorted(tagged | (_subjects(article.slug, entries) or {ANY}))),
        asked=of_page(article.slug, article.lang),
    )


def _subjects(slug: str, entries: list[EntryKey]) -> set[str]:
    """The products that an article is about rather than mentions: its name has theirs, or one of their words and most of its
    errors are theirs.
    """
    named = {product for product in vocabulary.EMITTERS if f"-{product}-" in f"-{slug}-"}
    counts = Counter(product for entry in entries for product in entry.emitters)
    most = {product for product, count in counts.items() if 2 * count > len(entries)}
    words = set(slug.split("-"))
    return named | {product for product in most if words & set(product.split("-"))}


def _codes(store: Store, lang: str) -> Iterator[Document]:
    from kb.smtp.registry import all_reply_codes, all_status_codes

    for reply in all_reply_codes():
        yield Document(
            "code",
            reply.code,
            lang,
            f"{reply.code} {reply.title.get(lang)}",
            reply.meaning.get(lang),
            reply.meaning.get(lang),
            (reply.code,),
        )
    said = _providers_say(store, lang)
    for status in all_status_codes():
        title = f"{status.code} {status.title.get(lang)}"
        numbers = tuple(status.code.replace("X", digit) for digit in "245")
        meaning = status.meaning.get(lang)
        body = [meaning, *(text for number in numbers for text, _ in said.pop(number, ()))]
        yield Document(
            "code",
            status.code,
            lang,
            title,
            meaning,
            "\n".join(body),
            numbers,
            (status.reason,) if status.reason else (),
        )
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


if __name__ == "__main__":
    # For `kb.web.reload`: everything that is derived from the content, made in a process of its own. Requests come first, yet
    # on a busy machine this must come to an end.
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        open_searcher(sys.argv[1]).close()
    except CatalogError as error:
        print(error, file=sys.stderr)
        sys.exit(UNUSABLE)
