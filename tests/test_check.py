"""Broken content: the expected place and rule for each kind of mistake, all of them in one run, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CASES

from kb.catalog.findings import CatalogError
from kb.catalog.load import load_yaml
from kb.check import check

GOOD = (CASES / "catalog" / "good.yaml").read_text(encoding="utf-8")

# (what is done to the good file: replace this, by that; expected rule and line of the finding)
BROKEN = {
    "duplicate id": ("  mail-second-thing:", "  auth-first-thing:", "KB101", 32),
    "duplicate key": ("    reason: 'auth-failed'", "    reason: 'auth-failed'\n    reason: 'auth-failed'", "KB101", 7),
    "unknown key": ("    retry: 'after-fix'", "    retyr: 'after-fix'", "KB102", 24),
    "not sorted": ("  auth-first-thing:", "  mail-zzz-thing:", "KB103", 32),
    "key order": ("    side: 'client'\n    stage: 'auth'", "    stage: 'auth'\n    side: 'client'", "KB104", 8),
    "language missing": ("      zh: '第一件事'\n", "", "KB105", 4),
    "plain scalar": ("retry: 'after-fix'", "retry: after-fix", "KB106", 24),
    "boolean": ("    side: 'client'", "    side: no", "KB106", 7),
    "anchor": ("    side: 'client'", "    side: &x 'client'", "KB107", 7),
    "alias": ("    side: 'client'", "    side: *x", "KB107", 7),
    "tag": ("    side: 'client'", "    side: !!str 'client'", "KB107", 7),
    "missing key": ("    side: 'client'\n", "", "KB108", 2),
    "unknown reason": ("reason: 'auth-failed'", "reason: 'auth-faild'", "KB109", 6),
    "unknown stage": ("stage: 'auth'", "stage: 'authentication'", "KB109", 8),
    "unknown emitter": ("emitters: ['postfix']", "emitters: ['postfixx']", "KB109", 9),
    "text for a list": ("emitters: ['postfix']", "emitters: 'postfix'", "KB110", 9),
    "list for a text": ("    reason: 'auth-failed'", "    reason: ['auth-failed']", "KB110", 6),
    "id of another stage": ("  auth-first-thing:", "  data-first-thing:", "KB111", 2),
    "no source": ("sources: ['RFC 4954 section 6']", "sources: []", "KB110", 30),
    "example of nobody": ("      - '535 First thing went wrong'", "      - '535 Quite another text'", "KB201", 26),
    "example of another": (
        "      - '535 First thing went wrong'",
        "      - '550 Second thing went wrong'",
        "KB202",
        26,
    ),
    "counter-example hits": ("      - '535 first things'", "      - '535 First thing went wrong'", "KB203", 28),
    "same pattern": ("      - 'second thing went wrong'", "      - 'First  Thing went wrong'", "KB204", 39),
    "weak pattern": ("      - 'first thing went wrong'", "      - 'first'", "KB205", 11),
    "unsafe regex": ("      - 'first thing went wrong'", "      - 're:(?=first) thing went'", "KB205", 11),
    "unknown placeholder": ("      - 'first thing went wrong'", "      - 'first thing {bob} wrong'", "KB205", 11),
    "tie": ("      - 'second thing went wrong'", "      - 'first thing went {wrong|right}'", "KB207", 26),
    "no article": ("articles: []", "articles: ['no-such-article']", "KB301", 29),
    "half-width comma": ("第一句话。", "第一句话,", "KB401", 13),
    "no space": ("第一句话。", "第一句SMTP话。", "KB402", 13),
    "colon in plain text": ("      en: 'The first thing'", "      en: a: b", "KB002", 5),
    "tab": ("    side: 'client'", "\tside: 'client'", "KB002", 7),
    "deep nesting": ("articles: []", f"articles: {'[' * 30000}", "KB003", 29),
}


def put(root: Path, text: str | bytes) -> Path:
    (root / "articles").mkdir(exist_ok=True)
    (root / "errors.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def test_good_file_has_no_findings(tmp_path: Path) -> None:
    assert [finding.format("en") for finding in check(put(tmp_path, GOOD))] == []


@pytest.mark.parametrize(("old", "new", "rule", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_each_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, rule: str, line: int) -> None:
    assert old in GOOD
    findings = check(put(tmp_path, GOOD.replace(old, new, 1)))
    assert (rule, line) in [(finding.rule, finding.line) for finding in findings], [f.format("en") for f in findings]
    for finding in findings:
        assert finding.format("zh").startswith(f"errors.yaml:{finding.line}:{finding.column} KB")
        assert finding.message.zh != finding.message.en


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
