"""Every entry of the catalogue proves itself; the content has no findings."""

from __future__ import annotations

import pytest
from conftest import CASES, ROOT
from content import catalog
from effort import part, sampled
from tables import each

from kb.catalog.findings import ERROR
from kb.check import check
from kb.generated import generated_files
from kb.knowledge_base import KnowledgeBase


@sampled  # `kb check` says it too
@each("id_", lambda: sorted(catalog().errors)[:: len(catalog().errors) // part(len(catalog().errors))])
def test_examples_get_their_entry(base: KnowledgeBase, id_: str) -> None:
    entry = catalog().errors[id_]
    for example in entry.examples:
        match = base.lookup(example, "zh")["matches"][0]
        assert match["id"] == id_
        assert match["reason"] == entry.reason
        for found in match["evidence"]:
            assert 0 <= found["start"] < found["end"] <= len(example)
    for example in entry.not_examples:
        assert [match["id"] for match in base.lookup(example, "en")["matches"][:1]] != [id_]


@pytest.mark.thorough  # `make check` says it sooner
def test_content_has_no_errors() -> None:
    """A translation may be behind its source for a while: that is a warning."""
    assert [finding.format("en") for finding in check(ROOT) if finding.level == ERROR] == []


@pytest.mark.thorough  # `make check` says it sooner
def test_generated_files_are_current() -> None:
    stale = [path.name for path, text in generated_files(ROOT).items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run kb schema --write"


def test_benign_lines_get_no_answer(base: KnowledgeBase) -> None:
    lines = [
        line
        for line in (CASES / "benign.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("# ")
    ]
    assert len(lines) >= 150
    assert {line: base.classify(line)["entry"] for line in lines if base.classify(line)["answered"]} == {}


def test_catalogue_covers_the_first_release() -> None:
    assert len(catalog().errors) >= 100
