"""What is indexed: the document, and the row of the index that one document becomes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from . import analyzer, asked
from .analyzer import key
from .reading import Reading, read, read_lines
from .sequence import Places
from .storage import Row

KINDS = ("entry", "article", "code")


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable page in one language. `kind` is one of KINDS; pages that share `kind` and `id` are translations.

    `keys` are the setting names and codes by which the page is found exactly, beside its id and its title, as they are
    written; `reasons`, `stages` and `products` are words of the vocabulary. `said` are words of the errors that the page is
    about, `asked` questions that it answers: it is found by them, but they are not shown. `sources` are shown only where nothing
    else has what was sought. All texts are plain, without markup.
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
    asked: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Tables:
    """What the index knows of all documents together; grows with each."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, str, str]] = []
        self.words: Counter[str] = Counter()
        self.settings: set[str] = set()
        self.lengths: dict[str, list[int]] = {"body": [], "head": []}
        self.pairs: Counter[str] = Counter()
        self.asked: list[tuple[int, str]] = []
        self.prose: dict[int, int] = {}

    def json(self) -> dict[str, object]:
        """As `Reader.tables` has them: pages, words with the number of documents that have them, settings as written, for
        each page the number of its terms, the pairs of Chinese characters likewise, the most frequent first, what is asked,
        and how long the text of a page is before its sources, if it has any.
        """
        return {
            "pages": self.pages,
            "words": dict(sorted(self.words.items())),
            "settings": sorted(self.settings),
            "lengths": self.lengths,
            "pairs": dict(self.pairs.most_common()),
            "asked": asked.table(self.asked),
            "prose": list(self.prose.items()),
        }


def row(document: Document, tables: Tables) -> Row:
    """What the index holds of one document. ValueError if `tables` have a document of that name."""
    page = document.kind, document.id, document.lang
    # The page of a code bears all its numbers; others only speak of them.
    called = document.keys if document.kind == "code" else ()
    names = {*map(key, (document.id, document.title, *called))} - {""}
    lines = _lines(document.body)
    prose = len(" ".join(lines))
    lines += _lines("\n".join(document.sources))
    body, title, summary = read_lines(lines), read_lines([document.title]), read_lines([document.summary])
    listed = read(
        "\n".join((*document.keys, *document.reasons, *document.stages, *document.products, *document.said)), False
    )
    readings = body, title, summary, listed
    # A word of the title counts twice.
    terms = Counter([*body.terms, *title.terms, *title.terms, *summary.terms, *listed.terms])
    if document.sources:
        tables.prose[len(tables.pages)] = prose
    _count(tables, page, document, readings, terms)
    once = {
        "kind": (document.kind,),
        "lang": (document.lang,),
        "names": names,
        "keys": {*names, *map(key, document.keys)} - {""},
        "reason": document.reasons,
        "stage": document.stages,
        "product": document.products,
    }
    return Row(
        {"body": terms, "head": Counter(title.terms), **{name: dict.fromkeys(some, 1) for name, some in once.items()}},
        (document.title, document.summary, " ".join(lines)),
        Places.of(body, title, summary),
    )


def _lines(text: str) -> list[str]:
    return [" ".join(words) for line in text.split("\n") if (words := line.split())]


def _count(
    tables: Tables, page: tuple[str, str, str], document: Document, readings: tuple[Reading, ...], terms: Counter[str]
) -> None:
    tables.asked += [(len(tables.pages), question) for question in document.asked]
    tables.pages.append(page)
    tables.words.update(set[str]().union(*(reading.spelled for reading in readings)))
    tables.settings.update(document.keys)
    tables.lengths["body"].append(terms.total())
    tables.lengths["head"].append(len(readings[1].terms))
    tables.pairs.update(term for term in terms if len(term) == 2 and analyzer.is_cjk(term[0]))
