"""Reading the compiled catalogue. Opens one SQLite file read-only and imports nothing else."""

from __future__ import annotations

import os

try:
    # What `sqlite3` wraps: that one also imports datetime and more, to convert what we do not store.
    import _sqlite3 as sqlite3
except ImportError:
    import sqlite3  # type: ignore[no-redef]
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kb.match.pattern import Pattern
from kb.match.places import NO_VALUES, fill
from kb.match.tokens import anchors
from kb.record import Record

FORMAT = "13"
BETWEEN = "\x1f"  # the examples of an entry: the unit separator

# Read where the system keeps it for all processes, instead of from a copy of its own in each.
_MAPPED = "PRAGMA mmap_size = 1073741824"
_PROVIDER_COLUMNS = (
    "r.number, c.code, r.provider, c.sure, r.reason, r.entry, r.title_zh, r.title_en"
    " FROM provider_code c JOIN provider_row r ON r.number = c.row"
)
_COLUMNS = "number, id, reason, side, stage, emitters, generic, follows, title_zh, title_en, targets"


class EntryKey(Record):
    """What matching and ranking need to know of an entry. targets: whom its fixes are for (kb/match/order.py)."""

    number: int
    id: str
    reason: str
    side: str
    stage: str
    emitters: frozenset[str]
    generic: bool
    follows: frozenset[str]
    title_zh: str
    title_en: str
    targets: tuple[str, ...]


class ProviderCode(Record):
    """A code as one provider defines it. `entry` is the number of the entry that has the full answer, `reason` a word of the
    vocabulary or "" where the provider uses the code for many things, `sure` says that nobody else prints such a code.
    """

    number: int
    code: str
    provider: str
    sure: bool
    reason: str
    entry: int | None
    title_zh: str
    title_en: str


Candidate = tuple[Pattern, EntryKey]


class Store:
    """The compiled catalogue. Reads rows as they are asked for; `preload` takes all patterns into memory for serving."""

    def __init__(self, path: str) -> None:
        """Open a file that `compile_catalog` wrote. Raises FileNotFoundError, or ValueError when it is no such file."""
        try:
            self._path = path
            self._db = _connect(path)
            meta = dict(self._db.execute("SELECT name, value FROM meta WHERE name IN ('format', 'version')"))
        except sqlite3.Error as error:
            if not os.path.exists(path):
                raise FileNotFoundError(path) from error
            raise ValueError(f"{path} is no compiled catalogue: {error}") from error
        if meta.get("format") != FORMAT:
            raise ValueError(f"{path} has format {meta.get('format')}, this version reads {FORMAT}")
        self.version: str = meta["version"]
        self._entries: dict[int, EntryKey] = {}
        self._by_anchor: dict[str, list[Candidate]] | None = None
        self._by_code: dict[str, list[ProviderCode]] | None = None

    def preload(self) -> None:
        """Take all entries' keys and patterns into memory; worth it for more than a few lookups."""
        if self._by_anchor is not None:
            return
        for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry"):
            self._entry_of(row)
        self._by_anchor = {}
        self._take_patterns(self._by_anchor, "")
        by_code: dict[str, list[ProviderCode]] = {}
        for row in self._db.execute(f"SELECT {_PROVIDER_COLUMNS}"):
            known = _provider_code(row)
            by_code.setdefault(known.code, []).append(known)
        self._by_code = by_code

    def preload_like(self, other: Store, changed: Collection[int]) -> None:
        """The same, for a file that `recompile` made: what is not of the entries `changed` is taken from a preloaded store."""
        gone = set(changed)
        self._entries = {number: entry for number, entry in other._entries.items() if number not in gone}
        by_anchor: dict[str, list[Candidate]] = {}
        for anchor, known in (other._by_anchor or {}).items():
            left = [candidate for candidate in known if candidate[1].number not in gone]
            if left:
                by_anchor[anchor] = left
        for number in sorted(gone):
            for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE number = ?", (number,)):
                self._entry_of(row)
            self._take_patterns(by_anchor, f"WHERE entry = {number:d}")
        self._by_anchor, self._by_code = by_anchor, other._by_code

    def _take_patterns(self, by_anchor: dict[str, list[Candidate]], where: str) -> None:
        """Add the patterns of the file, or those of one entry, to a table by anchor."""
        found = {known[0].number: known for known in self._patterns(where)}
        own = f"WHERE pattern IN (SELECT number FROM pattern {where})" if where else ""
        for anchor, number in self._db.execute(f"SELECT word, pattern FROM anchor {own}"):
            by_anchor.setdefault(anchor, []).append(found[number])

    def _patterns(self, where: str, values: Sequence[str] = ()) -> Iterator[Candidate]:
        query = f"SELECT number, entry, literal, regex, specificity, needs FROM pattern {where}"
        for number, entry, literal, regex, specificity, needs in self._db.execute(query, values).fetchall():
            pattern = Pattern("", literal, regex, specificity, (), needs)
            pattern.number = number
            yield pattern, self.entry(entry)

    def candidates(self, normalized: str) -> list[Candidate]:
        """The patterns, with their entries, that a normalised text may contain; no order.

        Those are the patterns with an anchor that is one of the text, which has their longest literal and all else they need.
        """
        words = anchors(normalized)
        found: list[Candidate] = []
        if self._by_anchor is not None:
            for anchor in self._by_anchor.keys() & words:
                for known in self._by_anchor[anchor]:
                    if known[0].literal in normalized and known[0].has_needs(normalized):
                        found.append(known)
            return found
        read = self._read(list(words))
        return [known for known in read if known[0].literal in normalized and known[0].has_needs(normalized)]

    def _read(self, words: list[str]) -> Iterable[Candidate]:
        for chunk in _chunks(words, 500):
            marks = ",".join("?" * len(chunk))
            yield from self._patterns(f"WHERE number IN (SELECT pattern FROM anchor WHERE word IN ({marks}))", chunk)

    def patterns(self) -> list[Candidate]:
        """All patterns with their entries, in order; only after `preload`."""
        found = {known[0].number: known for anchored in (self._by_anchor or {}).values() for known in anchored}
        return [found[number] for number in sorted(found)]

    def entry(self, number: int) -> EntryKey:
        """The key of an entry by its number in this file."""
        known = self._entries.get(number)
        if known is not None:
            return known
        return self._entry_of(self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE number = ?", (number,)).fetchone())

    def entry_by_id(self, id_: str) -> EntryKey | None:
        """The key of the entry with this id, or that this id is an alias of, or None."""
        row = self._db.execute("SELECT id FROM alias WHERE alias = ?", (id_,)).fetchone()
        found = self._db.execute(f"SELECT {_COLUMNS} FROM entry WHERE id = ?", (row[0] if row else id_,)).fetchone()
        return self._entry_of(found) if found else None

    def aliases(self) -> dict[str, str]:
        """The names that entries had before, with the ids that they have now."""
        return dict(self._db.execute("SELECT alias, id FROM alias ORDER BY alias").fetchall())

    def entries(self) -> list[EntryKey]:
        """All entries, by id."""
        return [self._entry_of(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY id")]

    def examples(self) -> list[str]:
        """The texts that entries give as theirs, by entry."""
        rows = self._db.execute("SELECT examples FROM entry ORDER BY id")
        return [text for (examples,) in rows for text in examples.split(BETWEEN) if text]

    def examples_of(self) -> dict[int, str]:
        """The texts that each entry, by number, gives as its own, one after the other."""
        return dict(self._db.execute("SELECT number, examples FROM entry").fetchall())

    def body(self, number: int, lang: str, values: Mapping[str, str] = NO_VALUES) -> bytes:
        """The JSON object of an entry in one language, encoded; `values` take the places that its commands leave open."""
        column = "zh" if lang == "zh" else "en"
        row = self._db.execute(f"SELECT {column} FROM entry WHERE number = ?", (number,)).fetchone()
        return fill(bytes(row[0]), values)

    def text(self, number: int, lang: str, values: Mapping[str, str] = NO_VALUES) -> str:
        """The terminal text of an entry in one language, with `values` in the places that its commands leave open."""
        column = "text_zh" if lang == "zh" else "text_en"
        row = self._db.execute(f"SELECT {column} FROM entry WHERE number = ?", (number,)).fetchone()
        return fill(bytes(row[0]), values).decode()

    def provider_codes(self, codes: Collection[str]) -> list[ProviderCode]:
        """What providers define these codes to mean."""
        if self._by_code is not None:
            return [row for code in codes for row in self._by_code.get(code, ())]
        marks = ",".join("?" * len(codes))
        rows = self._db.execute(f"SELECT {_PROVIDER_COLUMNS} WHERE c.code IN ({marks})", tuple(codes)).fetchall()
        return [_provider_code(row) for row in rows]

    def provider_body(self, number: int, lang: str) -> bytes:
        """A provider's code in the shape of an entry, as JSON, without the code itself."""
        column = "zh" if lang == "zh" else "en"
        row = self._db.execute(f"SELECT {column} FROM provider_row WHERE number = ?", (number,)).fetchone()
        return bytes(row[0])

    def provider_rows(self) -> list[tuple[ProviderCode, tuple[str, ...]]]:
        """Every row of the providers' tables, under its first code, with all its codes."""
        rows: dict[int, list[ProviderCode]] = {}
        for row in self._db.execute(f"SELECT {_PROVIDER_COLUMNS} ORDER BY r.number, c.rowid"):
            rows.setdefault(row[0], []).append(_provider_code(row))
        return [(found[0], tuple(row.code for row in found)) for found in rows.values()]

    def nearest(self, words: Collection[str], limit: int) -> list[EntryKey]:
        """The entries that share the rarest words with a text, at least two of them, best first."""
        scores: dict[int, float] = {}
        shared: dict[int, int] = {}
        for chunk in _chunks(sorted(words)[:400], 200):
            marks = ",".join("?" * len(chunk))
            query = (
                "SELECT w.entry, 1.0 / n.uses FROM word w JOIN (SELECT word, count(*) AS uses FROM word"
                f" WHERE word IN ({marks}) GROUP BY word) n ON n.word = w.word"
            )
            for number, weight in self._db.execute(query, chunk):
                scores[number] = scores.get(number, 0.0) + weight
                shared[number] = shared.get(number, 0) + 1
        best = sorted((number for number in scores if shared[number] > 1), key=lambda number: (-scores[number], number))
        return [self.entry(number) for number in best[:limit]]

    def words(self) -> dict[int, list[str]]:
        """For each entry, by number, the words of its patterns and examples, normalised and sorted."""
        found: dict[int, list[str]] = {}
        for word, number in self._db.execute("SELECT word, entry FROM word ORDER BY word, entry"):
            found.setdefault(number, []).append(word)
        return found

    def completions(self, start: str, limit: int) -> list[str]:
        """The words of patterns and examples that begin so and go on; none when `start` is such a word itself."""
        query = "SELECT DISTINCT word FROM word WHERE word >= ? AND word < ? ORDER BY word LIMIT ?"
        found = [row[0] for row in self._db.execute(query, (start, f"{start}\x7f", limit))]
        return [] if found[:1] == [start] else found

    def rules(self) -> str:
        """The combinations of the catalogue, as JSON: id -> rule with both languages."""
        return str(self._db.execute("SELECT value FROM meta WHERE name = 'combinations'").fetchone()[0])

    def serialized(self) -> bytes:
        """The file's bytes."""
        return self._db.serialize()

    def copy_to(self, path: str) -> None:
        """Write the file anew, as it is."""
        copy = sqlite3.connect(path)
        self._db.backup(copy)
        copy.close()

    def reopen(self) -> None:
        """Open the file anew: in a child process, which must not use its parent's connection."""
        self._db = _connect(self._path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _entry_of(self, row: tuple[int, str, str, str, str, str, int, str, str, str, str]) -> EntryKey:
        sets = frozenset(row[5].split()), bool(row[6]), frozenset(row[7].split())
        key = EntryKey(*row[:5], *sets, *row[8:10], tuple(row[10].split()))
        return self._entries.setdefault(key.number, key)


def _connect(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    db.execute(_MAPPED)
    return db


def _provider_code(row: tuple[int, str, str, int, str, int | None, str, str]) -> ProviderCode:
    number, code, provider, sure, reason, entry, title_zh, title_en = row
    return ProviderCode(number, code, provider, bool(sure), reason, entry, title_zh, title_en)


def _chunks(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))
