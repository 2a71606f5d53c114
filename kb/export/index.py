"""What the browser searches: one JSON file for each language, made of the documents of the search index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from kb.catalog import vocabulary
from kb.content import documents
from kb.export.places import place_of, relative
from kb.page.address import page_of
from kb.search import Document
from kb.text import LANGUAGES, first_sentence
from kb.web.site import Site

_KINDS = ("entry", "article", "code")
_EXACT = "search"  # file names begin with this


def indexes(site: Site, mentions: Mapping[str, Iterable[str]]) -> dict[str, bytes]:
    """Name of the file -> its bytes. mentions: entry -> the codes that it mentions."""
    found: dict[str, list[list[str]]] = {lang: [] for lang in LANGUAGES}
    articles = tuple(site.articles[key] for key in sorted(site.articles))
    for document in documents(site.base.store, articles):
        found[document.lang].append(_row(document, mentions))
    return {
        f"{_EXACT}.{lang}.json": json.dumps(sorted(rows), ensure_ascii=False, separators=(",", ":")).encode()
        for lang, rows in found.items()
    }


def _row(document: Document, mentions: Mapping[str, Iterable[str]]) -> list[str]:
    """Address from the root of the site, title, first sentence, exact names, further words."""
    place = place_of(page_of(document.kind, document.id, document.lang)) or "index.html"
    products = [vocabulary.EMITTERS[name].get(document.lang) for name in document.products if name != "any"]
    names = [document.id, *document.keys, *mentions.get(document.id, ())]
    reasons = [vocabulary.REASONS[name].get(document.lang) for name in document.reasons]
    words = [*document.products, *products, *reasons, *document.said]
    sentence = first_sentence(document.summary, document.lang)[0]
    return [
        relative(place, "index.html"),
        document.title,
        sentence,
        " ".join(sorted(set(names))),
        " ".join(sorted(set(words))),
    ]
