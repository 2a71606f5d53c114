"""Broken contributions: every kind of mistake is named with file, line, column and rule, and nothing else is said.

Each folder of tests/cases/broken lies over `good`; its expected.txt has all that `kb check` finds. remove.txt names files of
`good` that are missing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CASES, ROOT
from effort import part, sampled

from kb.check import check
from kb.check.book import FAMILIES, RULES
from kb.check.report import FORMATS, report

pytestmark = pytest.mark.usefixtures("provider_tables_kept")
BROKEN = CASES / "broken"
NAMES = sorted(path.name for path in BROKEN.iterdir() if path.name != "good")


def lay(root: Path, name: str | None = None) -> Path:
    shutil.copytree(BROKEN / "good", root, dirs_exist_ok=True)
    if name:
        shutil.copytree(BROKEN / name, root, dirs_exist_ok=True)
        (root / "expected.txt").unlink()
    missing = root / "remove.txt"
    if missing.exists():
        for line in missing.read_text().splitlines():
            (root / line).unlink()
        missing.unlink()
    return root


def test_good_content_has_no_findings(tmp_path: Path) -> None:
    assert check(lay(tmp_path)) == []


@sampled
@pytest.mark.parametrize("name", NAMES[:: len(NAMES) // part(len(NAMES))])
def test_broken_contribution(tmp_path: Path, name: str) -> None:
    findings = check(lay(tmp_path, name))
    found = [f"{finding.path}:{finding.line}:{finding.column} {finding.rule}" for finding in findings]
    assert found == (BROKEN / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    for finding in findings:
        assert finding.rule in RULES
        assert finding.message.zh != finding.message.en
        assert not finding.message.en.isspace()
    for form in FORMATS:
        for lang in ("zh", "en"):
            assert report(findings, form, lang)


def test_the_table_covers_the_rules() -> None:
    shown = {
        line.rsplit(" ", 1)[1] for name in NAMES for line in (BROKEN / name / "expected.txt").read_text().splitlines()
    }
    # The others need a checkout, a provider's table or two commits, or are below or in test_slips.py.
    elsewhere = (
        {
            "KB008",
            "KB112",
            "KB114",
            "KB208",
            "KB212",
            "KB213",
            "KB324",
            "KB303",
            "KB305",
            "KB504",
            "KB505",
            "KB707",
        }
        | {f"KB60{n}" for n in range(1, 6)}
        | {f"KB80{n}" for n in range(1, 8)}
    )
    assert shown | elsewhere == set(RULES)
    assert len(NAMES) >= 100


def test_the_book_and_the_code_agree() -> None:
    used: set[str] = set()
    for path in (ROOT / "kb").rglob("*.py"):
        if path.parent.name != "book":
            used |= set(re.findall(r'"(KB\d{3})"', path.read_text(encoding="utf-8")))
    assert used == set(RULES)
    assert {number[:3] for number in RULES} == set(FAMILIES)
    assert list(RULES) == sorted(RULES)


# --- what is no text file, and what is far too large ---


def _symlink(root: Path) -> None:
    (root / "errors.yaml").rename(root / "elsewhere.yaml")
    (root / "errors.yaml").symlink_to(root / "elsewhere.yaml")


def _article_symlink(root: Path) -> None:
    (root / "articles" / "passwords.en.md").symlink_to("/etc/passwd")


def _articles_elsewhere(root: Path) -> None:
    shutil.rmtree(root / "articles")
    (root / "articles").symlink_to("/etc")


def _articles_as_file(root: Path) -> None:
    shutil.rmtree(root / "articles")
    (root / "articles").write_text("x\n")


def _article_as_folder(root: Path) -> None:
    (root / "articles" / "second-steps.en.md").mkdir()


def _ids_in_latin_1(root: Path) -> None:
    (root / "kb" / "schema").mkdir(parents=True)
    (root / "kb" / "schema" / "ids.txt").write_bytes(b"auth-\xe9\n")


def _benign_as_folder(root: Path) -> None:
    (root / "tests" / "cases" / "benign.txt").mkdir(parents=True)


def _pipe(root: Path) -> None:
    (root / "errors.yaml").unlink()
    os.mkfifo(root / "errors.yaml")


def _folder(root: Path) -> None:
    (root / "errors.yaml").unlink()
    (root / "errors.yaml").mkdir()


def _missing(root: Path) -> None:
    (root / "errors.yaml").unlink()


def _large_article(root: Path) -> None:
    (root / "articles" / "first-steps.en.md").write_bytes(b"# x\n" * 1_250_000)


def _large_text(root: Path) -> None:
    path = root / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("The first sentence.", "The first sentence. " * 250_000), "utf-8")


def _large_pattern(root: Path) -> None:
    path = root / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("- 'first thing", f"- '{'x' * 5_000_000} first thing"), "utf-8")


def _large_word(root: Path) -> None:
    path = root / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("retry: 'later'", f"retry: '{'later' * 1_000_000}'"), "utf-8")


def _large_key(root: Path) -> None:
    path = root / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("retry: 'later'", f"? '{'later' * 1_000_000}'\n    : 'x'"), "utf-8")


def _many_brackets(root: Path) -> None:
    (root / "errors.yaml").write_bytes(b"[" * 5_000_000)


def _many_lines(root: Path) -> None:
    (root / "errors.yaml").write_bytes(b"errors:\n" + b"  - 'x'\n" * 2000)


SPECIAL: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "symlink": (_symlink, {"errors.yaml:1:1 KB001"}),
    "article is a symlink": (_article_symlink, {"articles/passwords.en.md:1:1 KB001"}),
    "articles is a symlink": (_articles_elsewhere, {"articles:1:1 KB001", "errors.yaml:27:16 KB301"}),
    "articles is a file": (_articles_as_file, {"articles:1:1 KB001", "errors.yaml:27:16 KB301"}),
    "article is a folder": (_article_as_folder, {"articles/second-steps.en.md:1:1 KB001"}),
    "ids not in UTF-8": (_ids_in_latin_1, {"kb/schema/ids.txt:1:6 KB001"}),
    "benign lines are a folder": (_benign_as_folder, {"tests/cases/benign.txt:1:1 KB001"}),
    "pipe": (_pipe, {"errors.yaml:1:1 KB001"}),
    "folder": (_folder, {"errors.yaml:1:1 KB001"}),
    "missing": (_missing, {"errors.yaml:1:1 KB001"}),
    "article of 5 MB": (_large_article, {"articles/first-steps.en.md:1:1 KB001"}),
    "text of 5 MB": (_large_text, {"errors.yaml:12:11 KB112"}),
    "pattern of 5 MB": (_large_pattern, {"errors.yaml:9:9 KB112", "errors.yaml:9:9 KB211"}),
    "word of 5 MB": (_large_word, {"errors.yaml:48:12 KB109", "errors.yaml:48:12 KB112"}),
    "key of 5 MB": (_large_key, {"errors.yaml:30:3 KB108", "errors.yaml:48:7 KB102"}),
    "5 MB of brackets": (_many_brackets, {"errors.yaml:1:21 KB003", "errors.yaml:1:5000001 KB005"}),
    "a list for the entries": (_many_lines, {"errors.yaml:2:3 KB110"}),
}


@pytest.mark.parametrize(("make", "expected"), SPECIAL.values(), ids=SPECIAL.keys())
def test_special_file(tmp_path: Path, make: Callable[[Path], None], expected: set[str]) -> None:
    make(lay(tmp_path))
    findings = check(tmp_path)
    assert {f"{finding.path}:{finding.line}:{finding.column} {finding.rule}" for finding in findings} == expected
    assert all(len(line) < 1000 for line in report(findings, "text", "en").splitlines())


# --- as real processes ---


@pytest.mark.thorough
def test_process_neither_crashes_nor_shows_its_inside(tmp_path: Path) -> None:
    name = "nul"
    done = subprocess.run(
        [sys.executable, "-m", "kb", "check", "--format", "json", "--root", str(lay(tmp_path, name))],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    body = json.loads(done.stdout)
    expected = (BROKEN / name / "expected.txt").read_text().splitlines()
    assert [f"{f['path']}:{f['line']}:{f['column']} {f['rule']}" for f in body["findings"]] == expected
    assert body["errors"] + body["warnings"] + body["notes"] == len(expected)
