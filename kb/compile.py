"""The catalogue compiled into one SQLite file, so that a lookup opens it, fetches a few rows and imports no YAML.

Per entry the JSON and the terminal text of both languages lie ready as bytes; patterns are found by their rarest words.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.model import Bilingual, Catalog, Entry, Fix
from kb.catalog.providers import ProviderRow, ProviderTable, content, read_tables, sure_codes
from kb.catalog.read import FILE, read_catalog
from kb.match.normalize import normalize
from kb.match.order import written
from kb.match.pattern import Pattern, PatternError, parse_pattern
from kb.match.store import BETWEEN, FORMAT
from kb.match.tokens import anchors
from kb.render.as_text import entry_text
from kb.text import LANGUAGES, Text

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reason TEXT NOT NULL, side TEXT NOT NULL, stage TEXT NOT NULL,
    emitters TEXT NOT NULL, generic INTEGER NOT NULL, follows TEXT NOT NULL, title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL, targets TEXT NOT NULL, zh BLOB NOT NULL, en BLOB NOT NULL, text_zh BLOB NOT NULL,
    text_en BLOB NOT NULL, examples TEXT NOT NULL);
CREATE TABLE pattern (
    number INTEGER PRIMARY KEY, entry INTEGER NOT NULL, literal TEXT NOT NULL, regex TEXT NOT NULL,
    specificity INTEGER NOT NULL, needs TEXT NOT NULL);
CREATE TABLE anchor (word TEXT NOT NULL, pattern INTEGER NOT NULL, PRIMARY KEY (word, pattern)) WITHOUT ROWID;
CREATE TABLE word (word TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (word, entry)) WITHOUT ROWID;
CREATE TABLE provider_row (
    number INTEGER PRIMARY KEY, provider TEXT NOT NULL, reason TEXT NOT NULL, entry INTEGER, title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL, zh BLOB NOT NULL, en BLOB NOT NULL);
CREATE TABLE provider_code (
    code TEXT NOT NULL, row INTEGER NOT NULL, sure INTEGER NOT NULL, PRIMARY KEY (code, row));
CREATE TABLE alias (alias TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
"""

_NOT_DURABLE = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"


def content_version(*contents: bytes) -> str:
    """The version of a catalogue: a hash of the bytes it is made from and of the compiled form."""
    return hashlib.sha256(f"{FORMAT}\n".encode() + b"".join(contents)).hexdigest()[:16]


def compile_file(root: str, directory: str) -> str:
    """Compile `root`/errors.yaml into `directory`/VERSION.sqlite unless it is there; return the version.

    Raises CatalogError when the file has findings that keep it from being used.
    """
    written, catalog = read_catalog(Path(root))
    version = content_version(written, content())
    target = Path(directory) / f"{version}.sqlite"
    if target.exists():
        return version
    Path(directory).mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}")
    temporary.unlink(missing_ok=True)
    compile_catalog(catalog, version, temporary, read_tables())
    temporary.replace(target)
    return version


def compile_catalog(
    catalog: Catalog,
    version: str,
    path: Path,
    tables: tuple[ProviderTable, ...] = (),
    *,
    durable: bool = True,
    bodies: bool = True,
    nearest: bool = True,
) -> None:
    """Write the compiled form of a checked catalogue and of the providers' tables to a new file.

    What is not `durable` is read by this process alone and need not reach the disk. Without `bodies` it tells which entry a
    text gets, but not what the entry says; without `nearest` not which entries are near a text that gets none. Raises
    CatalogError on a bad pattern.
    """
    ids = sorted(catalog.errors)
    numbered = [(number, id_, catalog.errors[id_]) for number, id_ in enumerate(ids)]
    with sqlite3.connect(path) as db:
        if not durable:
            db.executescript(_NOT_DURABLE)
        db.executescript(_SCHEMA)
        _write_meta(db, catalog, version)
        said = [_said(entry) if nearest else [] for _, _, entry in numbered]
        usage = Counter(anchor for texts in said for anchors_ in texts for anchor in anchors_)
        usage.update(_words_of_patterns(numbered))  # without `nearest`, these tell well enough alone
        _write_entries(db, numbered, said, usage, 0, bodies)
        numbers = {id_: number for number, id_ in enumerate(ids)}
        _write_providers(db, (*tables, *_own_codes(catalog, tables)), numbers, bodies)
    db.close()


def for_browser(compiled: bytes) -> bytes:
    """A compiled catalogue smaller by what only a terminal shows and a server begins with, for a browser that has to load it."""
    with sqlite3.connect(":memory:") as db:
        db.deserialize(compiled)
        db.execute("UPDATE entry SET text_zh = x'', text_en = x'', examples = ''")
        db.commit()
        db.execute("VACUUM")
        small = db.serialize()
    db.close()
    return small


def recompile(
    catalog: Catalog, changed: Collection[str], version: str, path: Path, entries: Mapping[str, int]
) -> set[int]:
    """Bring a compiled file up to date of which only the entries `changed` have changed; the numbers of those.

    `entries` are the numbers that the entries have in the file. Codes of providers stay as they are: where an entry with
    `codes` has changed, or one that a provider's table names has come or gone, all must be compiled. The file must not be
    open. Raises CatalogError on a bad pattern.
    """
    new = max(entries.values(), default=-1) + 1
    numbers = {id_: entries.get(id_, new + place) for place, id_ in enumerate(sorted(changed))}
    numbered = [(numbers[id_], id_, catalog.errors[id_]) for id_ in sorted(changed) if id_ in catalog.errors]
    with sqlite3.connect(path) as db:
        db.executescript(_NOT_DURABLE)
        for number in numbers.values():
            db.execute("DELETE FROM entry WHERE number = ?", (number,))
            db.execute("DELETE FROM anchor WHERE pattern IN (SELECT number FROM pattern WHERE entry = ?)", (number,))
            db.execute("DELETE FROM pattern WHERE entry = ?", (number,))
            db.execute("DELETE FROM word WHERE entry = ?", (number,))
        db.executemany("DELETE FROM alias WHERE id = ?", ((id_,) for id_ in changed))
        db.execute("DELETE FROM meta")
        _write_meta(db, catalog, version)
        said = [_said(entry) for _, _, entry in numbered]
        usage = _usage(db, {*_words_of_patterns(numbered)})
        (last,) = db.execute("SELECT coalesce(max(number), 0) FROM pattern").fetchone()
        _write_entries(db, numbered, said, usage, last + 1, True)
    db.close()
    return set(numbers.values())


def _write_meta(db: sqlite3.Connection, catalog: Catalog, version: str) -> None:
    rules = {id_: rule.model_dump() for id_, rule in sorted(catalog.combinations.items())}
    meta = [("format", FORMAT), ("version", version), ("combinations", json.dumps(rules, ensure_ascii=False))]
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta)


def _write_entries(
    db: sqlite3.Connection,
    numbered: list[tuple[int, str, Entry]],
    said: list[list[set[str]]],
    usage: Mapping[str, int],
    first: int,
    bodies: bool,
) -> None:
    """Entries with their patterns, the first of which gets the number `first`, their words and their aliases."""
    patterns = [(number, _pattern(id_, source)) for number, id_, entry in numbered for source in entry.match]
    db.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_entry_row(number, id_, entry, bodies) for number, id_, entry in numbered),
    )
    rows = enumerate(patterns, first)
    db.executemany(
        "INSERT INTO pattern VALUES (?, ?, ?, ?, ?, ?)",
        ((place, entry, p.literal, p.regex, p.specificity, p.needs) for place, (entry, p) in rows),
    )
    found_by = ((word, place) for place, (_, p) in enumerate(patterns, first) for word in _rarest(p, usage))
    db.executemany("INSERT INTO anchor VALUES (?, ?)", found_by)
    words = ((word, numbered[place][0]) for place, texts in enumerate(said) for word in _telling(texts))
    db.executemany("INSERT INTO word VALUES (?, ?)", words)
    aliases = ((alias, id_) for _, id_, entry in numbered for alias in entry.aliases)
    # An alias of two entries is a finding of `kb check`.
    db.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", aliases)


def _usage(db: sqlite3.Connection, words: Collection[str]) -> Mapping[str, int]:
    """In how many entries each word is, pairs in none; those that are not counted, such as numbers, in many."""
    counted = "SELECT count(*) FROM word WHERE word = ?"
    uses = {word: db.execute(counted, (word,)).fetchone()[0] for word in words if _tells(word)}
    return {**{word: 0 if " " in word else 1 << 20 for word in words}, **uses}


def _own_codes(catalog: Catalog, tables: tuple[ProviderTable, ...]) -> Iterator[ProviderTable]:
    """What entries say under `codes` that no table has."""
    known = {(table.provider, code) for table in tables for row in table.codes for code in row.each()}
    for id_, entry in catalog.errors.items():
        codes = tuple(c for c in entry.codes if not any((emitter, c) in known for emitter in entry.emitters))
        if codes:
            row = ProviderRow(codes=codes, entry=id_, title=entry.title, meaning=entry.explanation)
            yield ProviderTable(provider=entry.emitters[0], source=entry.sources[0], codes=(row,))


def _write_providers(
    db: sqlite3.Connection, tables: tuple[ProviderTable, ...], numbers: dict[str, int], bodies: bool
) -> None:
    """The rows of the providers' tables; the link to an entry that this catalogue does not have is left out."""
    sure = sure_codes(tables)
    rows = [(table, row) for table in tables for row in table.codes]
    filled = []
    for number, (table, row) in enumerate(rows):
        said = [_provider_body(table, row, lang) if bodies else b"" for lang in LANGUAGES]
        entry = numbers.get(row.entry or "")
        filled.append((number, table.provider, row.reason or "", entry, row.title.zh, row.title.en, *said))
    db.executemany("INSERT INTO provider_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", filled)
    codes = ((code, number, code in sure) for number, (_, row) in enumerate(rows) for code in row.each())
    db.executemany("INSERT OR IGNORE INTO provider_code VALUES (?, ?, ?)", codes)


def _provider_body(table: ProviderTable, row: ProviderRow, lang: str) -> bytes:
    return json.dumps(_provider_json(table, row, lang), ensure_ascii=False).encode()


def _provider_json(table: ProviderTable, row: ProviderRow, lang: str) -> dict[str, Any]:
    """A provider's code in the shape of an entry, without what depends on which of its codes it is."""
    return {
        "reason": row.reason,
        "side": "server",
        "stage": None,
        "emitters": [table.provider],
        "explanation": _get(row.meaning, lang),
        "causes": [],
        "fixes": [],
        "verify": None,
        "retry": row.retry,
        "articles": [],
        "sources": [row.source or table.source],
        "translated": row.title.is_in(lang) and row.meaning.is_in(lang),
    }


parsed = lru_cache(maxsize=16384)(parse_pattern)


def _pattern(id_: str, source: str) -> Pattern:
    try:
        return parsed(source)
    except PatternError as error:
        message = Text(f"{id_}：模式 {source!r}：{error.message.zh}", f"{id_}: pattern {source!r}: {error.message.en}")
        raise CatalogError([Finding(FILE, 1, 1, "KB205", message)]) from error


def entry_json(id_: str, entry: Entry, lang: str) -> dict[str, Any]:
    """The part of a match that does not depend on the pasted text, in one language (DESIGN of the JSON contract)."""
    return {
        "id": id_,
        "title": _get(entry.title, lang),
        "reason": entry.reason,
        "side": entry.side,
        "stage": entry.stage,
        "emitters": list(entry.emitters),
        "explanation": _get(entry.explanation, lang),
        "causes": [_get(cause, lang) for cause in entry.causes],
        "fixes": [_fix_json(fix, lang) for fix in entry.fixes],
        "verify": {"text": _get(entry.verify.text, lang), "run": list(entry.verify.run)},
        "retry": entry.retry,
        "articles": list(entry.articles),
        "sources": list(entry.sources),
        "translated": entry.is_in(lang),
    }


def _fix_json(fix: Fix, lang: str) -> dict[str, Any]:
    parts = [fix.when, fix.text, fix.cost]
    texts = [_get(part, lang).rstrip() for part in parts if part is not None]
    if fix.when is not None:
        texts[0] = texts[0].rstrip("，：,:。.") + ("：" if lang == "zh" else ": ")
        texts[:2] = [texts[0] + texts[1]]
    return {"for": fix.for_, "text": ("" if lang == "zh" else " ").join(texts), "set": list(fix.set)}


def _get(text: Bilingual, lang: str) -> str:
    return text.zh if lang == "zh" else text.en


def _entry_row(number: int, id_: str, entry: Entry, bodies: bool) -> tuple[Any, ...]:
    told = [(entry_json(id_, entry, lang), lang) for lang in LANGUAGES if bodies]
    # As an answer has it, so that it need not be taken apart there (kb/render/as_json.py).
    blobs = [json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() for body, _ in told]
    blobs += [entry_text(body, lang).encode() for body, lang in told]
    blobs = blobs or [b""] * 2 * len(LANGUAGES)
    return (
        *(number, id_, entry.reason, entry.side, entry.stage, " ".join(entry.emitters), entry.generic is not None),
        *(" ".join(entry.follows), entry.title.zh, entry.title.en, " ".join(_targets(entry)), *blobs),
        BETWEEN.join(entry.examples),
    )


def _targets(entry: Entry) -> Iterator[str]:
    """Whom each fix is for, on which side, and whether it costs security; nothing where all are for the same."""
    if len({fix.for_ for fix in entry.fixes}) < 2:
        return
    for fix in entry.fixes:
        texts = [text.en for text in (fix.when, fix.text) if text is not None]
        said = "\n".join((*texts, *fix.set))
        yield written(fix.for_, said, entry.side, entry.emitters, costs=fix.cost is not None)


def _words_of_patterns(numbered: list[tuple[int, str, Entry]]) -> Iterator[str]:
    """All that the patterns of some entries could be found by, each as often as it is in a pattern."""
    for _, id_, entry in numbered:
        for source in entry.match:
            yield from frozenset().union(*(words for group in _pattern(id_, source).anchors for words in group))


def _rarest(pattern: Pattern, usage: Mapping[str, int]) -> list[str]:
    """The rarest words, or pairs of words, of which every match of a pattern contains one: few texts have them."""
    options = [
        {min(words, key=lambda word: (usage[word], -len(word), word)) for words in group} for group in pattern.anchors
    ]
    return min(map(sorted, options), key=lambda words: (sum(usage[word] for word in words), len(words), words))


def _said(entry: Entry) -> list[set[str]]:
    """The anchors of each pattern and example of an entry."""
    return [anchors(normalize(text)) for text in (*entry.match, *entry.examples)]


def _telling(texts: list[set[str]]) -> set[str]:
    """Words by which the entry is suggested when no pattern matches."""
    return {word for words in texts for word in words if _tells(word)}


def _tells(word: str) -> bool:
    return not word.isdigit() and len(word) > 1 and " " not in word
