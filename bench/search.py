"""Search beside its peers, in one run, on the same documents and the same analysis: python bench/search.py [--sizes 1000 10000]

Peers: SQLite FTS5 and tantivy (extra `bench`), both given the terms that `kb.search` makes of documents and queries, joined by OR
and ranked by BM25; FTS5's own trigrams on the raw text as a third. Documents: our own content, and Debian's manual pages
(`search_corpus.py`). Times are CPU seconds of this process; those of kb include everything up to the snippets, those of the
peers the analysis of the query, the ten best and their titles. `cold`: each query once on an index just opened.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import search_corpus
import tantivy
from search_corpus import Asked

from kb.content import documents, quoted_error, quoted_how_surely, quoted_id, read_articles
from kb.data import data_root, open_store
from kb.search import Document, Filters, Searcher
from kb.search import storage as files
from kb.search.query import parse
from kb.search.schema import Tables, row

LIMIT = 10
LABELLED = Path(__file__).parent.parent / "tests" / "cases" / "search" / "queries.jsonl"


class Texts:
    """Analysed documents in a file, since a hundred thousand would not fit into memory; iterated as often as wanted."""

    def __init__(self, path: Path, pages: Iterable[Document]) -> None:
        self.tables, self.count, self._path = Tables(), 0, path
        begun = time.process_time()
        with path.open("wb") as file:
            for page in pages:
                pickle.dump((page, row(page, self.tables)), file)
                self.count += 1
        self.analysis = time.process_time() - begun
        self.reading = _cpu(lambda: deque(self, maxlen=0))

    def __iter__(self) -> Iterator[tuple[Document, files.Row]]:
        with self._path.open("rb") as file:
            for _ in range(self.count):
                yield pickle.load(file)


class Engine(ABC):
    """Something that finds documents."""

    name: str

    @abstractmethod
    def build(self, folder: Path, rows: Texts, tables: Tables) -> None:
        """Write an index of documents that are analysed already."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Open it, with nothing kept of former searches."""

    @abstractmethod
    def find(self, text: str, lang: str) -> list[str]:
        """The ids of the best pages, each once."""


class Kb(Engine):
    """`kb search`: the answer to an error that is quoted, tiers, both languages, spelling, snippets."""

    name = "kb"

    def __init__(self) -> None:
        self.store = open_store()

    def build(self, folder: Path, rows: Texts, tables: Tables) -> None:
        files.write(folder, (one for _, one in rows), tables)

    def open(self, folder: Path) -> None:
        self.searcher = Searcher(files.Reader(folder))

    def find(self, text: str, lang: str) -> list[str]:
        match = quoted_error(self.store, text)
        quoted = {quoted_id(match): quoted_how_surely(self.searcher, text, match)} if match else {}
        return [hit.id for hit in self.searcher.find(text, lang, LIMIT, quoted=quoted).hits]


class Fts5(Engine):
    """SQLite FTS5 with our terms."""

    name = "FTS5, our terms"
    tokenizer = "unicode61 remove_diacritics 0 tokenchars '_-.='"

    def build(self, folder: Path, rows: Texts, tables: Tables) -> None:
        db = sqlite3.connect(folder / "fts.sqlite")
        db.execute(
            f'CREATE VIRTUAL TABLE page USING fts5(body, title UNINDEXED, id UNINDEXED, tokenize="{self.tokenizer}")'
        )
        db.executemany("INSERT INTO page VALUES (?, ?, ?)", ((self.text(d, r), d.title, d.id) for d, r in rows))
        db.execute("INSERT INTO page(page) VALUES ('optimize')")
        db.commit()
        db.close()

    def open(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "fts.sqlite")

    def find(self, text: str, lang: str) -> list[str]:
        query = self.query(text)
        if not query:
            return []
        found = self.db.execute(
            "SELECT id, title FROM page WHERE page MATCH ? ORDER BY rank LIMIT ?", (query, 2 * LIMIT)
        ).fetchall()
        return list(dict.fromkeys(id_ for id_, _ in found))[:LIMIT]

    def text(self, document: Document, one: files.Row) -> str:
        return " ".join(term for term, count in one.terms["body"].items() for _ in range(count))

    def query(self, text: str) -> str:
        return " OR ".join(f'"{term}"' for term in _terms(text))


class Trigram(Fts5):
    """SQLite FTS5 as it comes, on the text as written."""

    name = "FTS5, trigrams"
    tokenizer = "trigram"

    def text(self, document: Document, one: files.Row) -> str:
        return "\n".join(
            (document.title, document.title, document.summary, document.body, *document.keys, *document.said)
        )

    def query(self, text: str) -> str:
        pieces = {piece[i : i + 3] for piece in text.replace('"', " ").split() for i in range(len(piece) - 2)}
        return " OR ".join(f'"{piece}"' for piece in sorted(pieces)[:64])


class Tantivy(Engine):
    """tantivy with our terms."""

    name = "tantivy, our terms"

    def __init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="blanks", index_option="freq")
        for stored in ("title", "id"):
            builder.add_text_field(stored, stored=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()

    def build(self, folder: Path, rows: Texts, tables: Tables) -> None:
        writer = self._index(folder).writer(256 << 20, 1)
        for document, one in rows:
            body = " ".join(term for term, count in one.terms["body"].items() for _ in range(count))
            writer.add_document(tantivy.Document(body=body, title=document.title, id=document.id))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self.searcher = self._index(folder).searcher()

    def find(self, text: str, lang: str) -> list[str]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self.schema, "body", term, "freq")) for term in _terms(text)
        ]
        if not terms:
            return []
        found = self.searcher.search(tantivy.Query.boolean_query(terms), 2 * LIMIT).hits
        return list(dict.fromkeys(self.searcher.doc(place)["id"][0] for _, place in found))[:LIMIT]

    def _index(self, folder: Path) -> tantivy.Index:
        index = tantivy.Index(self.schema, path=str(folder))
        blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("blanks", blanks)
        return index


def _terms(text: str) -> list[str]:
    return sorted(parse(text).marked())


ENGINES: tuple[Callable[[], Engine], ...] = (Kb, Fts5, Trigram, Tantivy)
# Trigrams of a hundred thousand documents take longer than all the others together.
ENGINES_BY_SPEED: tuple[Callable[[], Engine], ...] = (Kb, Fts5, Tantivy)


def measure(
    title: str, pages: Iterable[Document], asked: list[Asked], right: Callable[[Asked, str], bool] | None = None
) -> None:
    """Build every engine's index of `pages` and print what it costs and finds."""
    quality: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        rows = Texts(Path(name) / "rows", pages)
        print(
            f"\n{title}: {rows.count} documents, {len(asked)} queries; analysis, common to all, {rows.analysis:.1f} s"
        )
        print(f"{'':20}{'build s':>9}{'MB':>8}{'open ms':>9}{'cold p50':>10}{'p95 ms':>8}{'warm p50':>10}{'p95 ms':>8}")
        for make in ENGINES if right else ENGINES_BY_SPEED:
            engine = make()
            folder = Path(name) / type(engine).__name__
            folder.mkdir()
            _measure_one(engine, folder, rows, asked)
            if right:
                quality[engine.name] = _quality(engine, asked, right)
                if isinstance(engine, Kb):
                    quality["kb, one language"] = _one_language(engine.searcher, asked, right)
    if quality:
        _print_quality(quality, asked)


def _measure_one(engine: Engine, folder: Path, rows: Texts, asked: list[Asked]) -> None:
    built = _cpu(lambda: engine.build(folder, rows, rows.tables)) - rows.reading
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    opened = _cpu(lambda: engine.open(folder)) * 1000
    cold = [_cpu(lambda a=one: engine.find(a.text, a.lang)) * 1000 for one in asked]
    warm = [_cpu(lambda a=one: engine.find(a.text, a.lang)) * 1000 for one in asked]
    times = (statistics.median(cold), _p95(cold), statistics.median(warm), _p95(warm))
    print(
        f"{engine.name:20}{built:9.2f}{size:8.1f}{opened:9.1f}" + "{:10.2f}{:8.2f}{:10.2f}{:8.2f}".format(*times),
        flush=True,
    )


def _quality(engine: Engine, asked: list[Asked], right: Callable[[Asked, str], bool]) -> dict[str, float]:
    return _mrr((one, engine.find(one.text, one.lang)) for one in asked)(right)


def _one_language(searcher: Searcher, asked: list[Asked], right: Callable[[Asked, str], bool]) -> dict[str, float]:
    """What is found when a page must itself be in the language of the one who asks: no twin, the term base alone."""

    def found(one: Asked) -> list[str]:
        return [hit.id for hit in searcher.find(one.text, one.lang, LIMIT, Filters(lang=(one.lang,))).hits]

    return _mrr((one, found(one)) for one in asked)(right)


def _mrr(answers: Iterable[tuple[Asked, list[str]]]) -> Callable[[Callable[[Asked, str], bool]], dict[str, float]]:
    def score(right: Callable[[Asked, str], bool]) -> dict[str, float]:
        scores: dict[str, list[float]] = defaultdict(list)
        for one, ids in answers:
            place = next((place for place, id_ in enumerate(ids, 1) if right(one, id_)), 0)
            scores[one.kind].append(1 / place if place else 0.0)
        return {kind: statistics.mean(some) for kind, some in scores.items()}

    return score


def _print_quality(quality: dict[str, dict[str, float]], asked: list[Asked]) -> None:
    print("MRR@10" + " " * 18 + "".join(f"{name:>20}" for name in quality))
    counts: dict[str, int] = defaultdict(int)
    for one in asked:
        counts[one.kind] += 1
    for kind, count in counts.items():
        print(f"{kind:18}{count:6}" + "".join(f"{scores[kind]:20.3f}" for scores in quality.values()))
    means = [sum(scores[kind] * counts[kind] for kind in counts) / len(asked) for scores in quality.values()]
    print(f"{'all':18}{len(asked):6}" + "".join(f"{mean:20.3f}" for mean in means))


def whole_command(folder: Path) -> None:
    """`kb search` from start to end, and the first build, in CPU seconds of all processes."""
    environment = {"KB_CACHE": str(folder), "PATH": "/usr/bin:/bin"}

    def run(*arguments: str) -> float:
        before = _children()
        subprocess.run([sys.executable, "-m", "kb", *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
        return _children() - before

    run("explain", "550 5.1.1 x")  # Compiles the catalogue.
    first = run("search", "relay access denied")
    again = statistics.median(run("search", "relay access denied") for _ in range(7))
    print(f"\nkb search: {first:.2f} s with the articles and the index to build, then {again:.2f} s")


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def own_queries() -> tuple[list[Asked], Callable[[Asked, str], bool]]:
    """The labelled queries of the tests that name the pages they want."""
    import fnmatch

    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    rows = [one for one in rows if not any(wanted.startswith("text:") for wanted in one["expect"])]
    asked = [Asked(one["kind"], one["q"], one["lang"], " ".join(one["expect"])) for one in rows]
    return asked, lambda one, id_: any(fnmatch.fnmatchcase(id_, wanted) for wanted in one.wanted.split())


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument(
        "--corpus", type=Path, default=Path("build/bench-corpus"), help="where the manual pages are kept"
    )
    parser.add_argument("--queries", type=int, default=60, help="of each kind, on the manual pages")
    chosen = parser.parse_args()
    root = data_root()
    own = list(documents(open_store(root), read_articles(Path(root))))
    with tempfile.TemporaryDirectory() as folder:
        whole_command(Path(folder))
    asked, right = own_queries()
    measure("our content", own, asked, right)
    manuals = search_corpus.manuals(search_corpus.fetch(chosen.corpus))
    known = search_corpus.known_items(manuals, chosen.queries)
    measure("manual pages", manuals, known, lambda one, id_: id_ == one.wanted)
    some = random.Random(4).sample([*asked, *known], min(300, len(asked) + len(known)))
    for size in chosen.sizes:
        measure(f"grown to {size:,}", search_corpus.grown([*own, *manuals], size), some)


if __name__ == "__main__":
    main()
