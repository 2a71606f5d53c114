"""The index of content: built once, again when it must be, left as it was by builders that fail or are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import kills
import pytest
import whoosh
from conftest import ROOT

from kb.search import BuildError, Document, build, index, open_or_build, storage


def documents(version: str, count: int = 3) -> list[Document]:
    return [
        Document("entry", f"e-{n}", lang, f"{version} title {n}", "", f"body {version} 内容")
        for n in range(count)
        for lang in ("zh", "en")
    ]


def never() -> Iterator[Document]:
    raise AssertionError("the documents were read")
    yield


@pytest.fixture
def built_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes are built without a process of their own, which takes most of a second to start."""
    monkeypatch.setattr(index, "_build", build.write)


def test_a_store_that_others_may_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError):
        open_or_build(tmp_path, never(), "x")


def first_title(root: Path, docs: list[Document] | Iterator[Document], content: str) -> tuple[str, bool]:
    with open_or_build(root, docs, content) as searcher:
        return searcher.search("title", "en")[0].title.split()[0], searcher.stale


def test_unchanged_content_is_not_built_again(tmp_path: Path, built_here: None) -> None:
    root = tmp_path / "made" / "here"
    assert first_title(root, documents("one"), "1") == ("one", False)
    assert first_title(root, never(), "1") == ("one", False)
    assert first_title(root, documents("two"), "2") == ("two", False)
    assert first_title(root, never(), "1") == ("one", False)
    assert len(list(root.glob("gen-*"))) == 2


def test_another_engine_builds_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_title(tmp_path, documents("one"), "1")
    monkeypatch.setattr(index, "engine", lambda: "another")
    with pytest.raises(AssertionError, match="were read"):
        open_or_build(tmp_path, never(), "1")


def test_a_damaged_index_is_built_again(tmp_path: Path, built_here: None) -> None:
    first_title(tmp_path, documents("one"), "1")
    segment = next(tmp_path.glob("gen-*/*.seg"))
    raw = bytearray(segment.read_bytes())
    raw[len(raw) // 2] ^= 1
    segment.write_bytes(raw)
    assert first_title(tmp_path, documents("mended"), "1") == ("mended", False)


def test_a_failed_build_leaves_the_former_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_title(tmp_path, documents("one"), "1")
    twice = documents("two") * 2
    assert first_title(tmp_path, twice, "2") == ("one", True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert first_title(tmp_path, documents("two"), "2") == ("one", True)
    assert not list(tmp_path.glob("build-*"))


def test_a_failed_first_build_says_why(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="two documents are entry:zh:e-0"):
        open_or_build(tmp_path, documents("one") * 2, "1")


def test_no_documents_at_all(tmp_path: Path, built_here: None) -> None:
    with open_or_build(tmp_path, [], "0") as searcher:
        assert searcher.search("anything 任何", "zh") == []


def test_a_reader_keeps_its_index_while_others_publish(tmp_path: Path, built_here: None) -> None:
    with open_or_build(tmp_path, documents("one"), "1") as searcher:
        before = searcher.search("title", "en")
        for number in range(2, 7):
            first_title(tmp_path, documents("next"), str(number))
        assert searcher.search("title", "en") == before
        assert searcher.search("内容", "zh")[0].title.startswith("one")


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[3])
from kb.search import Document, open_or_build
docs = [Document("entry", f"e-{n}", "en", f"{sys.argv[2]} title {n}", "", "body") for n in range(40)]
open_or_build(sys.argv[1], docs, sys.argv[2]).close()
"""


def start(root: Path, content: str) -> subprocess.Popen[bytes]:
    package = str(Path(index.__file__).parents[2])
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(root), content, package])


def test_two_processes_build_once(tmp_path: Path) -> None:
    processes = [start(tmp_path, "same") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(list(tmp_path.glob("gen-*"))) == 1


@pytest.mark.thorough
def test_killed_callers_leave_an_index_that_answers(tmp_path: Path) -> None:
    first_title(tmp_path, documents("one"), "1")
    for attempt in range(8):
        process = start(tmp_path, f"try{attempt}")
        time.sleep(0.05 + 0.05 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = index.find(tmp_path)
        assert found is not None
        reader = index.open_reader(found)
        assert reader.count in {6, 40}
        reader.close()
    assert first_title(tmp_path, documents("last"), "last") == ("last", False)


@pytest.mark.thorough
def test_killed_builders_leave_an_index_that_answers(tmp_path: Path) -> None:
    assert kills.kill_at_random(tmp_path, 6, 1).keys() >= set(kills.PARTS)


@pytest.mark.thorough
def test_many_killed_builders_leave_an_index_that_answers(tmp_path: Path) -> None:
    assert kills.kill_at_random(tmp_path, 90, 10).total() >= 90


@pytest.mark.thorough
def test_flipped_bits_of_a_real_index_are_seen(tmp_path: Path) -> None:
    assert kills.flip(tmp_path, 200) == {"passed over": 200}


@pytest.mark.thorough
@pytest.mark.parametrize("disk", [kills.full_disk, kills.read_only_disk])
def test_a_disk_that_takes_nothing_leaves_the_former_index(disk: Callable[[], Counter[str]]) -> None:
    try:
        seen = disk()
    except PermissionError as error:
        if not os.geteuid() and os.environ.get("CI"):
            raise
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    assert seen["former index served"] >= 2


def test_whoosh_reads_what_our_codec_wrote(tmp_path: Path) -> None:
    """Its own reader and searcher find the same terms and documents as ours."""
    from whoosh.index import open_dir
    from whoosh.query import Or, Term

    build.write(tmp_path, documents("one", 40))
    ours = storage.Reader(tmp_path)
    with open_dir(str(tmp_path), readonly=True).searcher() as theirs:
        reader = theirs.reader()
        for field in (*storage.SCORED, *storage.LISTED):
            for term in reader.field_terms(field):
                found = ours.postings(field, term)
                assert list(reader.postings(field, term).all_ids()) == list(found.documents)
                assert reader.doc_frequency(field, term) == ours.frequency(field, term) == len(found.documents)
                assert reader.frequency(field, term) == sum(found.weights)
        assert set(theirs.docs_for_query(Or([Term("kind", "entry"), Term("names", "one title 7")]))) == set(range(80))
        assert {hit["title"] for hit in theirs.search(Term("names", "one title 7"))} == {"one title 7"}
    for field, term in (("body", "missing"), ("body", ""), ("none", "one")):
        assert not ours.postings(field, term).documents
        assert ours.frequency(field, term) == 0
    ours.close()


def test_the_whoosh_under_test_is_the_one_meant() -> None:
    """`make whoosh-fallback` runs these tests on the library that search falls back to."""
    pinned = next(line for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines() if '"whoosh3==' in line)
    wanted = os.environ.get("KB_TEST_WHOOSH") or pinned.split("==")[1].rstrip('",')
    assert whoosh.versionstring() == wanted
