"""Compiled catalogues of any size to measure with: the first entries of ours, and beyond those variants of them.

A variant has the texts of a real entry and its patterns, found by words of their own (with a number behind them): so it costs what a
further entry costs, and matches no real text.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from kb import data
from kb.data import open_store
from kb.match.store import Store


def catalog(entries: int, folder: Path) -> Store:
    """A catalogue with so many entries, compiled into `folder`."""
    path = folder / f"{entries}.sqlite"
    if not path.exists():
        shutil.copyfile(open_store()._path, path)
        with sqlite3.connect(path) as db:
            _resize(db, entries)
        db.close()
    return Store(str(path))


def environment(entries: int, folder: Path) -> dict[str, str]:
    """Variables with which `kb` takes the catalogue with so many entries for the compiled one of its content."""
    root, cache = folder / "content", folder / f"cache-{entries}"
    root.mkdir(exist_ok=True)
    cache.mkdir()
    catalog(entries, cache).close()
    if not (root / "errors.yaml").exists():
        shutil.copy(Path(data.data_root()) / "errors.yaml", root)
    stamp = f"{root.absolute()} {data._stamp(str(root / 'errors.yaml'))} {data._stamp_of_tables()}"
    (cache / f"{data._short(str(root.absolute()))}.current").write_text(f"{stamp} {entries}", "utf-8")
    return {"KB_ROOT": str(root), "KB_CACHE": str(cache)}


def _resize(db: sqlite3.Connection, entries: int) -> None:
    (have,) = db.execute("SELECT count(*) FROM entry").fetchone()
    real = [row[0] for row in db.execute("SELECT number FROM entry ORDER BY number")]
    if entries < have:
        least = real[entries]
        db.execute("DELETE FROM anchor WHERE pattern IN (SELECT number FROM pattern WHERE entry >= ?)", (least,))
        for table, column in (("entry", "number"), ("pattern", "entry"), ("word", "entry")):
            db.execute(f"DELETE FROM {table} WHERE {column} >= ?", (least,))
        db.execute("UPDATE provider_row SET entry = NULL WHERE entry >= ?", (least,))
    db.execute("CREATE INDEX pattern_entry ON pattern (entry)")
    db.execute("CREATE INDEX word_entry ON word (entry)")
    db.execute("CREATE INDEX anchor_pattern ON anchor (pattern)")
    (patterns,) = db.execute("SELECT max(number) + 1 FROM pattern").fetchone()
    columns = ", ".join(name for _, name, *_ in db.execute("PRAGMA table_info(entry)") if name not in ("number", "id"))
    for new in range(have, entries):
        old, turn = real[new % have], new // have
        number = real[-1] + 1 + new - have
        db.execute(
            f"INSERT INTO entry SELECT ?, id || '-v' || ?, {columns} FROM entry WHERE number = ?", (number, turn, old)
        )
        db.execute(
            "INSERT INTO pattern SELECT number + ?, ?, literal, regex, specificity, needs FROM pattern WHERE entry = ?",
            (turn * patterns, number, old),
        )
        db.execute(
            "INSERT INTO anchor SELECT word || ?, pattern + ? FROM anchor JOIN pattern ON number = pattern WHERE entry = ?",
            (str(turn), turn * patterns, old),
        )
        db.execute("INSERT INTO word SELECT word || ?, ? FROM word WHERE entry = ?", (str(turn), number, old))
    db.execute("DROP INDEX pattern_entry")
    db.execute("DROP INDEX word_entry")
    db.execute("DROP INDEX anchor_pattern")
    db.execute("UPDATE meta SET value = value || ? WHERE name = 'version'", (f"-{entries}",))
