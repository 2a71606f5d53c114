"""What is indexed: the document, the fields of the index, and the row that one document becomes."""

from __future__ import annotations

from dataclasses import dataclass

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema

from . import analyzer

KINDS = ("entry", "article", "code")

# Texts are given as lists of finished terms: the index holds no analyser of ours, so opening it imports none.
_TERMS = TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
SCHEMA = Schema(
    uid=ID(unique=True),
    kind=ID(stored=True),
    id=STORED,
    lang=ID(stored=True),
    title=STORED,
    summary=STORED,
    text=STORED,
    body=_TERMS,
    names=KEYWORD,
    keys=KEYWORD,
    reason=ID(stored=True),
    products=KEYWORD(stored=True),
)


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable page in one language. `kind` is one of KINDS; pages that share `kind` and `id` are translations.

    `keys` are the setting names and codes by which the page is found exactly, beside its id and its title; `reason`,
    `stage` and `products` are words of the vocabulary and may be empty. All texts are plain, without markup.
    """

    kind: str
    id: str
    lang: str
    title: str
    summary: str
    body: str
    keys: tuple[str, ...] = ()
    reason: str = ""
    stage: str = ""
    products: tuple[str, ...] = ()


def uid(kind: str, id_: str, lang: str) -> str:
    """The one name of a document in the index."""
    return f"{kind}:{lang}:{id_}"


def key(text: str) -> str:
    """How a title, an id, a setting name or a code is compared when it has to be equal: folded, spaces collapsed."""
    return " ".join(analyzer.fold(text).split())


def row(document: Document) -> dict[str, object]:
    """The fields of one document, as the index writer takes them."""
    names = sorted({key(document.id), key(document.title)} - {""})
    described = (*document.keys, document.reason, document.stage, *document.products)
    texts = (document.title, document.title, document.summary, document.body, *described)
    return {
        "uid": uid(document.kind, document.id, document.lang),
        "kind": document.kind,
        "id": document.id,
        "lang": document.lang,
        "title": document.title,
        "summary": document.summary,
        "text": " ".join(document.body.split()),
        "body": [term for text in texts for term in analyzer.terms(text)],
        "names": names,
        "keys": sorted({*names, *map(key, document.keys)} - {""}),
        "reason": document.reason or None,
        "products": list(document.products) or None,
    }
