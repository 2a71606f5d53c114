"""Configurations out of public threads and documents: diagnosed as they ended, and every key of them accounted for.

A case has a head: where it is from (hosts, users and wording are our own), what the thread told of the other side, the outcome with
stage and combination, keys without a bearing on submission, and keys that must be remarked on; then, after an empty line, the files.
"""

from __future__ import annotations

import re
from pathlib import Path

from conftest import CASES
from tables import each

from kb.config.diagnose import read_files
from kb.config.files import split_files
from kb.knowledge_base import KnowledgeBase

THREADS = sorted((CASES / "config" / "threads").iterdir())
PAIRS = sorted((CASES / "config" / "pairs").iterdir())
# A key at the beginning of a line, in the syntax of any of the products.
_KEY = re.compile(
    r"""^\s*(?:-\s+|var\s+|const\s+|\$\w+->|\w+\[['"]|define\(\s*)?["']?(?P<key>[A-Za-z_][\w.]*)["'\])]*\s*(?:=>|:=|=|:)(?!:)""",
    re.MULTILINE,
)


def _case(path: Path) -> tuple[dict[str, str], str]:
    head, _, text = path.read_text("utf-8").partition("\n\n")
    return dict(line.partition(":")[::2] for line in head.splitlines()), text


def _told(head: dict[str, str]) -> dict[str, str]:
    return dict(pair.split("=") for pair in head["told"].split())


@each("path", THREADS, lambda path: path.stem)
def test_thread_is_diagnosed_as_it_ended(base: KnowledgeBase, path: Path) -> None:
    head, text = _case(path)
    body = base.diagnose(split_files("paste", text), answers=_told(head), lang="en")
    outcome, *where = head["expect"].split()
    assert body["outcome"] == outcome, body["questions"]
    if where:
        assert [body["stage"], body["combination"]] == where
        assert body["fixes"] or body["findings"]
    remarked = {finding["key"] for finding in body["findings"]}
    assert set(head.get("findings", "").split()) <= remarked


@each("path", THREADS, lambda path: path.stem)
def test_thread_is_read_without_loss(path: Path) -> None:
    head, text = _case(path)
    reading = read_files(split_files("paste", text))
    (party,) = reading.parties
    settings = [setting for items in party.origins.values() for setting in items]
    known = {setting.key for setting in settings} | {finding.key for finding in reading.findings}
    commented = re.compile(r"^\s*(?:#|;|//).*$", re.MULTILINE).sub("", text)
    left = set()
    for found in _KEY.finditer(commented):
        key = found["key"]
        said_port = commented[found.end() :].lstrip().lstrip("'\"").startswith(party.details["port"])
        if key not in known and not any(key.endswith(name) for name in known) and not said_port:
            left.add(key)
    assert left - set(head.get("ignored", "").split()) == set()


@each("path", PAIRS, lambda path: path.stem)
def test_both_sides_in_one_paste(base: KnowledgeBase, path: Path) -> None:
    """Pairs that ended so with Mailpit's calls and Postfix 3.7.11, in the forms in which people paste two files at once."""
    head, text = _case(path)
    body = base.diagnose(split_files("paste", text), answers=_told(head), lang="en")
    outcome, *where = head["expect"].split()
    assert [body["outcome"], *([body["stage"], body["combination"]] if where else [])] == [outcome, *where]
    assert "hunter2" not in str(body)
    assert not where or any(fix["outcome_after"] == "works" for fix in body["fixes"])


def test_there_are_threads_of_many_products() -> None:
    assert len(THREADS) >= 20
    products = {party.product for path in THREADS for party in read_files(split_files("paste", _case(path)[1])).parties}
    assert len(products) >= 9
