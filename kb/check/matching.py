"""Patterns: usable, unambiguous, and proved by the examples of every entry."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from kb.catalog.findings import Finding
from kb.catalog.load import Document
from kb.catalog.model import Catalog
from kb.catalog.providers import ProviderTable
from kb.check import rules
from kb.compile import compile_catalog
from kb.explain import PATTERN, PROVIDER_CODE, explain
from kb.inputs import read
from kb.match.normalize import normalize
from kb.match.pattern import PatternError, parse_pattern
from kb.match.score import rank
from kb.match.store import Store
from kb.text import Text

BENIGN_FILE = "tests/cases/benign.txt"


def check(document: Document, catalog: Catalog, root: Path, tables: tuple[ProviderTable, ...]) -> list[Finding]:
    """Findings on patterns and examples."""
    findings = [*_patterns(document, catalog), *_same_pattern(document, catalog)]
    if any(finding.rule == "KB205" for finding in findings):
        return findings
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "check.sqlite"
        compile_catalog(catalog, "check", path, tables)
        store = Store(str(path))
        store.preload()
        findings += _examples(document, catalog, store)
        findings += _benign(root, store)
        findings += rules.check(document, catalog, store)
        store.close()
    return findings


def _patterns(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB205: RE2 accepts every pattern and it holds enough literal text. KB206: an entry can be found at all."""
    for id_, entry in catalog.errors.items():
        if not entry.match and not entry.codes:
            message = Text(
                "既没有 match 也没有 codes，永远查不到。", "Has neither match nor codes, so nothing can find it."
            )
            yield document.finding("KB206", ("errors", id_), message, at_key=True)
        for index, source in enumerate(entry.match):
            try:
                parse_pattern(source)
            except PatternError as error:
                yield document.finding("KB205", ("errors", id_, "match", index), error.message)


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
    """KB201-KB203, KB207: examples win, not_examples do not hit, and no other entry ties."""
    for id_, entry in catalog.errors.items():
        for index, example in enumerate(entry.examples):
            key = ("errors", id_, "examples", index)
            answer = explain(store, example)
            best = answer.matches[0] if answer.matches and answer.basis in (PATTERN, PROVIDER_CODE) else None
            if best is None or best.entry is None:
                message = Text(
                    "这个示例得不到答案：没有模式匹配它。", "This example gets no answer: no pattern matches it."
                )
                yield document.finding("KB201", key, message)
            elif best.entry.id != id_:
                message = Text(f"这个示例得到的是 {best.entry.id}。", f"This example gets {best.entry.id}.")
                yield document.finding("KB202", key, message)
            else:
                yield from _tie(document, key, store, example)
        for index, example in enumerate(entry.not_examples):
            answer = explain(store, example)
            if answer.matches and answer.matches[0].entry and answer.matches[0].entry.id == id_:
                message = Text("这个反例得到了本条目。", "This counter-example gets this entry.")
                yield document.finding("KB203", ("errors", id_, "not_examples", index), message)


def _tie(document: Document, key: tuple[str | int, ...], store: Store, example: str) -> Iterator[Finding]:
    """KB207: the winner of an example has more points than the next."""
    for observation in read(example).observations:
        ranked = rank(store, observation)
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
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("# "):
            continue
        answer = explain(store, line)
        if answer.matches:
            got = answer.matches[0].entry.id if answer.matches[0].entry else answer.matches[0].code
            message = Text(f"这一行不是错误，却得到了 {got}。", f"This line is no error, yet it gets {got}.")
            yield Finding(BENIGN_FILE, number, 1, "KB208", message)
