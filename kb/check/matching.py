"""Patterns: usable, unambiguous, and proved by the examples of every entry."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import re2

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.lines import read_text
from kb.catalog.load import Document, Key
from kb.catalog.model import Catalog, Entry
from kb.catalog.providers import ProviderTable
from kb.compile import compile_catalog, parsed
from kb.explain import MAX_OBSERVATIONS, classify
from kb.inputs import read
from kb.judge import judge
from kb.match.normalize import normalize
from kb.match.pattern import PatternError
from kb.match.score import Ranked, rank
from kb.match.store import Store
from kb.text import Text

MAX_PATTERN = 500
MAX_PROGRAM = 6000
MAX_OTHERS = 20  # entries of other reasons whose examples a pattern may match
# What an author means to vary, and no program prints.
_NOT_LITERAL = (
    (
        re2.compile(r"\.[*+]|\\[dswDSWb]|\[(?:0-9|a-z|\^)[^\]]*\]"),
        Text(
            "像正则表达式，但这样写是固定文字：前面加 re:，或用 {any}、{num}、{word}。",
            "Looks like a regular expression, but is literal text: begin it with re:, or use {any}, {num}, {word}.",
        ),
    ),
    (
        re2.compile(r"%[sduv](?:[^A-Za-z0-9]|$)"),
        Text(
            "%s 这样的格式符不会被打印：写 {word} 或 {num}。",
            "A verb such as %s is never printed: write {word} or {num}.",
        ),
    ),
    (
        re2.compile(r"@example\.|\b(?:192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]"),
        Text("地址每次都不同：写 {addr} 或 {host}。", "An address is another each time: write {addr} or {host}."),
    ),
)
BENIGN_FILE = "tests/cases/benign.txt"


@contextmanager
def compiled(catalog: Catalog, tables: tuple[ProviderTable, ...], *, nearest: bool = True) -> Iterator[Store]:
    """The catalogue without the patterns that cannot be used, compiled, in memory; it does not have what entries say."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "check.sqlite"
        compile_catalog(usable(catalog), "check", path, tables, durable=False, bodies=False, nearest=nearest)
        store = Store(str(path))
        store.preload()
        for pattern, _ in store.patterns():
            if pattern.regex:
                pattern.adopt(_program(pattern.regex))
        try:
            yield store
        finally:
            store.close()


def compile_usable(catalog: Catalog, version: str, path: Path, tables: tuple[ProviderTable, ...]) -> None:
    """Write the compiled catalogue without the patterns that cannot be used."""
    compile_catalog(usable(catalog), version, path, tables, durable=False)


def usable(catalog: Catalog) -> Catalog:
    """The catalogue without the patterns that cannot be used."""
    return catalog.model_copy(update={"errors": {id_: _usable(entry) for id_, entry in catalog.errors.items()}})


def _usable(entry: Entry) -> Entry:
    if not any(map(_wrong, entry.match)):
        return entry
    return entry.model_copy(update={"match": tuple(source for source in entry.match if _wrong(source) is None)})


def check(document: Document, catalog: Catalog, root: Path, store: Store) -> Iterator[Finding]:
    """Findings on patterns and examples; `store` is the compiled catalogue."""
    yield from _patterns(document, catalog)
    yield from _same_pattern(document, catalog)
    yield from _examples(document, catalog, store)
    yield from _benign(root, store)


def _patterns(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB205: RE2 accepts every pattern and it holds enough literal text. KB206: an entry can be found at all. KB211: its size."""
    for id_, entry in catalog.errors.items():
        if not entry.match and not entry.codes:
            message = Text(
                "既没有 match 也没有 codes，永远查不到。", "Has neither match nor codes, so nothing can find it."
            )
            yield document.finding("KB206", ("errors", id_), message, at_key=True)
        for index, source in enumerate(entry.match):
            wrong = _wrong(source)
            if wrong is not None:
                yield document.finding(wrong[0], ("errors", id_, "match", index), wrong[1])


@lru_cache(maxsize=16384)
def _wrong(source: str) -> tuple[str, Text] | None:
    """The rule that a pattern breaks, and how; None when it can be used."""
    if len(source) > MAX_PATTERN:
        message = Text(
            f"模式超过 {MAX_PATTERN} 个字符：只留说明问题的几个词。",
            f"A pattern of more than {MAX_PATTERN} characters: keep the words that tell.",
        )
        return "KB211", message
    try:
        pattern = parsed(source)
    except PatternError as error:
        return "KB205", error.message
    for written, advice in _NOT_LITERAL:
        if not source.startswith("re:") and written.search(source):
            return "KB205", advice
    if pattern.regex and _program(pattern.regex).programsize > MAX_PROGRAM:
        message = Text(
            "这个模式展开后太大：减少重复次数和多选。",
            "This pattern unfolds too far: fewer repetitions and alternatives.",
        )
        return "KB211", message
    return None


@lru_cache(maxsize=16384)
def _program(regex: str) -> re2._Regexp:
    return re2.compile(regex)


def _same_pattern(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB204: no two patterns are the same once normalised."""
    seen: dict[str, str] = {}
    for id_, entry in catalog.errors.items():
        for index, source in enumerate(entry.match):
            first = seen.setdefault(normalize(source), id_)
            if first != id_ or source in entry.match[:index]:
                message = Text(f"与 {first} 的模式相同。", f"The same pattern as in {first}.")
                yield document.finding("KB204", ("errors", id_, "match", index), message)


def _examples(document: Document, catalog: Catalog, store: Store) -> Iterator[Finding]:
    """KB201-KB203, KB207, KB212: examples win, not_examples do not hit, no other entry ties, and no pattern is everybody's."""
    others: dict[tuple[str, str, str], set[str]] = {}
    for id_, entry in catalog.errors.items():
        # An entry whose patterns are broken loses its examples for that reason alone.
        whole = entry.match + entry.codes and not any(map(_wrong, entry.match))
        for index, example in enumerate(entry.examples if whole else ()):
            key = ("errors", id_, "examples", index)
            observations = read(example).observations
            ranks = [rank(store, observation) for observation in observations]
            for hit in (one.hit for ranked in ranks for one in ranked):
                if hit.entry.reason != entry.reason and not hit.entry.generic:
                    others.setdefault((hit.entry.id, hit.pattern.literal, hit.pattern.regex), set()).add(id_)
            match = judge(store, observations[:MAX_OBSERVATIONS], ranks)
            best = (match.entry.id if match.entry else match.code) if match else None
            if best == id_:
                yield from _tie(document, key, ranks)
            elif best is None or store.entry_by_id(best) is None:
                message = Text(
                    "这个示例得不到答案：没有模式匹配它。", "This example gets no answer: no pattern matches it."
                )
                yield document.finding("KB201", key, message)
            else:
                message = Text(
                    f"这个示例得到的是 {best}：让本条目的模式更具体，或把说法加到 {best}。",
                    f"This example gets {best}: make a pattern here more specific, or add the wording to {best}.",
                )
                yield document.finding("KB202", key, message)
        for index, example in enumerate(entry.not_examples):
            if classify(store, example)[2] == id_:
                message = Text("这个反例得到了本条目。", "This counter-example gets this entry.")
                yield document.finding("KB203", ("errors", id_, "not_examples", index), message)
    yield from _everybodys(document, catalog, others)


def _everybodys(
    document: Document, catalog: Catalog, others: Mapping[tuple[str, str, str], Collection[str]]
) -> Iterator[Finding]:
    """KB212: the patterns, by entry, literal and expression, that match the examples of too many entries of other reasons."""
    for (id_, literal, regex), matched in others.items():
        for index, source in enumerate(catalog.errors[id_].match if len(matched) > MAX_OTHERS else ()):
            if _wrong(source) is None and (parsed(source).literal, parsed(source).regex) == (literal, regex):
                message = Text(
                    f"太泛：另外 {len(matched)} 个原因不同的条目的示例也匹配它。加上只有这个报错才有的词。",
                    f"Too general: it matches examples of {len(matched)} entries with other reasons. Add words that only this"
                    " error has.",
                )
                yield document.finding("KB212", ("errors", id_, "match", index), message)


def _tie(document: Document, key: Key, ranks: Sequence[list[Ranked]]) -> Iterator[Finding]:
    """KB207: the winner of an example has more points than the next."""
    for ranked in ranks:
        for other in ranked[1:]:
            first = ranked[0]
            if other.points == first.points and other.hit.entry.generic == first.hit.entry.generic:
                pair = f"{first.hit.entry.id} / {other.hit.entry.id}"
                message = Text(
                    f"得分并列：{pair}。请让其中一个模式更具体。", f"A tie: {pair}. Make one pattern more specific."
                )
                yield document.finding("KB207", key, message)


def _benign(root: Path, store: Store) -> Iterator[Finding]:
    """KB208: no line of the benign file gets an answer."""
    path = root / BENIGN_FILE
    if not path.exists():
        return
    try:
        lines = read_text(path, BENIGN_FILE).splitlines()
    except CatalogError as error:
        yield from error.findings
        return
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("# "):
            continue
        _, _, got = classify(store, line)
        if got is not None:
            message = Text(f"这一行不是错误，却得到了 {got}。", f"This line is no error, yet it gets {got}.")
            yield Finding(BENIGN_FILE, number, 1, "KB208", message)
