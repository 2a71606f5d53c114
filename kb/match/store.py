"""Reading the compiled catalogue. Opens one SQLite file read-only and imports nothing else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable

from kb.match.pattern import Pattern
from kb.record import Record

FORMAT = "4"

_COLUMNS = "number, id, reason, side, stage, emitters, generic, follows, title_zh, title_en"


class EntryKey(Record):
    """What matching and ranking need to know of an entry."""

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


class Store:
    """The compiled catalogue. Reads rows as they are asked for; `preload` takes all patterns into memory for serving."""

    def __init__(self, path: str) -> None:
        """Open a file that `compile_catalog` wrote. Raises FileNotFoundError, or ValueError when it is no such file."""
        try:
            self._db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            meta = dict(self._db.execute("SELECT name, value FROM meta"))
        except sqlite3.Error as error:
            if not os.path.exists(path):
                raise FileNotFoundError(path) from error
            raise ValueError(f"{path} is no compiled catalogue: {error}") from error
        if meta.get("format") != FORMAT:
            raise ValueError(f"{path} has format {meta.get('format')}, this version reads {FORMAT}")
        self.version: str = meta["version"]
        self._entries: dict[int, EntryKey] = {}
        self._by_anchor: dict[str, list[tuple[Pattern, EntryKey]]] | None = None

    def preload(self) -> None:
        """Take all entries' keys and patterns into memory; worth it for more than a few lookups."""
        if self._by_anchor is not None:
            return
        by_anchor: dict[str, list[tuple[Pattern, EntryKey]]] = {}
        for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry"):
            self._entry_of(row)
        for anchor, number, literal, regex, specificity in self._db.execute(
            "SELECT anchor, entry, literal, regex, specificity FROM pattern ORDER BY number"
        ):
            pattern = Pattern("", literal, regex, specificity, frozenset())
            by_anchor.setdefault(anchor, []).append((pattern, self._entries[number]))
        self._by_anchor = by_anchor

    def candidates(self, words: Collection[str]) -> Iterable[tuple[Pattern, EntryKey]]:
        """The patterns, with their entries, whose anchor is among `words`."""
        if self._by_anchor is not None:
            for anchor in self._by_anchor.keys() & words:
                yield from self._by_anchor[anchor]
            return
        for chunk in _chunks(list(words), 500):
            marks = ",".join("?" * len(chunk))
            query = f"SELECT entry, literal, regex, specificity FROM pattern WHERE anchor IN ({marks})"
            for number, literal, regex, specificity in self._db.execute(query, chunk).fetchall():
                yield Pattern("", literal, regex, specificity, frozenset()), self.entry(number)

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

    def entries(self) -> list[EntryKey]:
        """All entries, by id."""
        return [self._entry_of(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY id")]

    def body(self, number: int, lang: str) -> bytes:
        """The JSON object of an entry in one language, encoded."""
        column = "zh" if lang == "zh" else "en"
        row = self._db.execute(f"SELECT {column} FROM entry WHERE number = ?", (number,)).fetchone()
        return bytes(row[0])

    def text(self, number: int, lang: str) -> str:
        """The terminal text of an entry in one language."""
        column = "text_zh" if lang == "zh" else "text_en"
        row = self._db.execute(f"SELECT {column} FROM entry WHERE number = ?", (number,)).fetchone()
        return str(row[0], "utf-8")

    def entries_of_code(self, code: str) -> list[EntryKey]:
        """The entries for which a provider defined this enhanced status code."""
        rows = self._db.execute("SELECT entry FROM code WHERE code = ?", (code,)).fetchall()
        return [self.entry(number) for (number,) in rows]

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

    def rules(self) -> str:
        """The combinations of the catalogue, as JSON: id -> rule with both languages."""
        return str(self._db.execute("SELECT value FROM meta WHERE name = 'combinations'").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _entry_of(self, row: tuple[int, str, str, str, str, str, int, str, str, str]) -> EntryKey:
        key = EntryKey(*row[:5], frozenset(row[5].split()), bool(row[6]), frozenset(row[7].split()), *row[8:])
        return self._entries.setdefault(key.number, key)


def _chunks(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))
