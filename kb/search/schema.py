"""What is indexed: the document, the fields of the index, and the row that one document becomes."""

from __future__ import annotations

from dataclasses import dataclass

from whoosh.analysis.tokenizers import SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema

from . import analyzer, snippet, termbase

KINDS = ("entry", "article", "code")

# Texts are given as lists of finished terms: the index holds no analyser of ours, so opening it imports none.
_TERMS = TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
SCHEMA = Schema(
    uid=ID(unique=True, sortable=True),
    kind=ID,
    lang=ID,
    title=STORED,
    summary=STORED,
    text=STORED,
    places=STORED,
    body=_TERMS,
    head=_TERMS,
    names=KEYWORD,
    keys=KEYWORD,
    words=KEYWORD,
    settings=KEYWORD,
    reason=KEYWORD,
    stage=KEYWORD,
    product=KEYWORD,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable page in one language. `kind` is one of KINDS; pages that share `kind` and `id` are translations.

    `keys` are the setting names and codes by which the page is found exactly, beside its id and its title, as they are
    written; `reasons`, `stages` and `products` are words of the vocabulary. `said` are words of the errors that the page is
    about: it is found by them, but they are not shown. All texts are plain, without markup.
    """

    kind: str
    id: str
    lang: str
    title: str
    summary: str
    body: str
    keys: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def uid(kind: str, id_: str, lang: str) -> str:
    """The one name of a document in the index."""
    return f"{kind}:{lang}:{id_}"


def parts_of_uid(name: str) -> tuple[str, str, str]:
    """Kind, id and language of a document with this name."""
    kind, lang, id_ = name.split(":", 2)
    return kind, id_, lang


def key(text: str) -> str:
    """How a title, an id, a setting name or a code is compared when it has to be equal: folded, spaces collapsed."""
    return " ".join(analyzer.fold(text).split())


def row(document: Document) -> dict[str, object]:
    """The fields of one document, as the index writer takes them."""
    names = sorted({key(document.id), key(document.title)} - {""})
    body = " ".join(document.body.split())
    places = snippet.places(body)
    spoken = (document.title, document.title, document.summary)
    listed = "\n".join((*document.keys, *document.reasons, *document.stages, *document.products, *document.said))
    return {
        "uid": uid(document.kind, document.id, document.lang),
        "kind": document.kind,
        "lang": document.lang,
        "title": document.title,
        "summary": document.summary,
        "text": body,
        "places": tuple(places),
        "body": [*places.terms.split(), *(term for text in spoken for term in _indexed(text)), *analyzer.terms(listed)],
        "head": list(_indexed(document.title)),
        "names": names,
        "keys": sorted({*names, *map(key, document.keys)} - {""}),
        "words": sorted(
            {word for text in (document.title, document.summary, listed, body) for word in analyzer.surface(text)}
        ),
        "settings": list(document.keys) or None,
        "reason": list(document.reasons) or None,
        "stage": list(document.stages) or None,
        "product": list(document.products) or None,
    }


def _indexed(text: str) -> list[str]:
    return [*analyzer.terms(text), *termbase.concepts(text, in_names=True)]
