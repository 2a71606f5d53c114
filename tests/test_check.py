"""All findings in one run, never a traceback; test_broken.py has the table of mistakes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import CASES

from kb.catalog.findings import CatalogError
from kb.catalog.load import load_yaml
from kb.check import check
from kb.check.aside import Aside

pytestmark = pytest.mark.usefixtures("provider_tables_kept")
GOOD = (CASES / "catalog" / "good.yaml").read_text(encoding="utf-8")


def put(root: Path, text: str | bytes) -> Path:
    (root / "articles").mkdir(exist_ok=True)
    (root / "errors.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def test_good_file_has_no_findings(tmp_path: Path) -> None:
    assert [finding.format("en") for finding in check(put(tmp_path, GOOD))] == []


def test_several_mistakes_are_found_in_one_run(tmp_path: Path) -> None:
    text = (
        GOOD.replace("    side: 'client'\n", "", 1)
        .replace("'auth-failed'", "'auth-faild'", 1)
        .replace("retry:", "retyr:", 1)
    )
    rules = {finding.rule for finding in check(put(tmp_path, text))}
    assert {"KB102", "KB108", "KB109"} <= rules


def test_did_you_mean(tmp_path: Path) -> None:
    (finding, *_) = [f for f in check(put(tmp_path, GOOD.replace("retry:", "retyr:", 1))) if f.rule == "KB102"]
    assert "Did you mean retry?" in finding.message.en
    assert "retry" in finding.message.zh


def test_removed_id_needs_an_alias(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    (tmp_path / "kb" / "schema").mkdir(parents=True)
    ids = tmp_path / "kb" / "schema" / "ids.txt"
    ids.write_text("auth-first-thing\nauth-gone\nmail-second-thing\n")
    assert [(f.rule, f.line, f.path) for f in check(tmp_path)] == [("KB303", 2, "kb/schema/ids.txt")]
    put(tmp_path, GOOD.replace("    articles: []", "    articles: []\n    aliases: ['auth-gone']", 1))
    assert check(tmp_path) == []


def test_benign_line_that_gets_an_answer(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    (tmp_path / "tests" / "cases").mkdir(parents=True)
    (tmp_path / "tests" / "cases" / "benign.txt").write_text("# fine\n250 2.0.0 Ok\nthe first thing went wrong\n")
    assert [(f.rule, f.line) for f in check(tmp_path)] == [("KB208", 3)]


HOSTILE = {
    "empty": b"",
    "not a mapping": b"- 'a'\n",
    "only text": b"'errors'",
    "binary": bytes(range(256)),
    "UTF-16": GOOD.encode("utf-16"),
    "GB18030": GOOD.encode("gb18030"),
    "NUL": GOOD.replace("第一句话", "第\0句话").encode(),
    "nested sequences": b"[" * 30000,
    "nested mappings": b"{a: " * 30000,
    "nested blocks": b"".join(b" " * i + b"a:\n" for i in range(2000)),
    "merge keys": b"a: &a {x: 'y'}\nb: {<<: *a}\n",
    "python tag": b"errors: !!python/object/apply:os.system ['true']\n",
    "aliases": b"a: &a ['x','x']\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
    "complex key": b"? [a, b]\n: 'c'\n",
    "two documents": b"errors: {}\n---\nerrors: {}\n",
    "unclosed": b"errors: {'a': ",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_gives_findings(tmp_path: Path, content: bytes) -> None:
    findings = check(put(tmp_path, content))
    assert findings
    assert all(finding.line >= 1 and finding.column >= 1 and finding.message.zh for finding in findings)


def test_missing_file(tmp_path: Path) -> None:
    assert [finding.rule for finding in check(tmp_path)] == ["KB001"]


def test_scalars_stay_strings() -> None:
    text = "a: 'no'\nb: 0550\nc: 5.10\nd: 12:30\ne: ~\nf: 2026-11-24\n"
    document = load_yaml(text, "f.yaml")
    assert document.data == {"a": "no", "b": "0550", "c": "5.10", "d": "12:30", "e": "~", "f": "2026-11-24"}


def test_syntax_error_names_its_place() -> None:
    with pytest.raises(CatalogError) as error:
        load_yaml("a: 'x'\nb: c: d\n", "f.yaml")
    assert [(f.rule, f.line, f.column) for f in error.value.findings if f.rule == "KB002"] == [("KB002", 2, 5)]


# What a large catalogue is checked by: several processes, and what was kept of the last time.
ALL_WAYS = """
import sys
from pathlib import Path
from kb.check import aside, check

root = Path(sys.argv[1])
here = check(root)
aside._LARGE = 0
assert aside._can_fork()
first, second = check(root), check(root)
for kept in sorted((Path(sys.argv[2]) / "checked").iterdir()):
    kept.write_text("[]")
assert here == first == second == check(root), (here, first, second)
article = root / "articles" / "first-steps.en.md"
article.write_text(article.read_text().replace("{#cause}", "{#why}"))
assert {f.rule for f in check(root)} - {f.rule for f in here} >= {"KB316"}
catalogue = root / "errors.yaml"
catalogue.write_text(catalogue.read_text().replace("- '535 First thing went wrong'", "- '535 Something else'"))
assert "KB201" in {f.rule for f in check(root)}
"""


@pytest.mark.thorough
@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="a second process needs Linux and a processor"
)
def test_processes_and_what_was_kept_change_no_finding(tmp_path: Path) -> None:
    root, cache = tmp_path / "content", tmp_path / "cache"
    shutil.copytree(CASES / "broken" / "good", root)
    shutil.copytree(CASES / "broken" / "stolen-example", root, dirs_exist_ok=True)
    command = [sys.executable, "-c", ALL_WAYS, str(root), str(cache)]
    done = subprocess.run(
        command, env={**os.environ, "KB_CACHE": str(cache)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_work_set_aside_that_fails_is_done_here() -> None:
    assert Aside(lambda: 7, fork=False).result() == 7
    with pytest.raises(ZeroDivisionError):
        Aside(lambda: 1 // 0, fork=threading.active_count() == 1).result()
