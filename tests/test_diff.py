"""`kb diff`: what one catalogue answers otherwise than another."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import CASES

from kb.cli.commands import cli
from kb.cli.diff import render
from kb.compare import Changed, Comparison, compare

GOOD = (CASES / "catalog" / "good.yaml").read_text(encoding="utf-8")
FIRST, SECOND = "auth-first-thing", "mail-second-thing"

# what is done to the good file: replace this, by that; expected (added, removed, edited, {text: (before, after)})
CHANGES = {
    "nothing": ("", "", (), (), (), {}),
    "wording": ("第一句话。", "另一句话。", (), (), ((FIRST, ("explanation",)),), {}),
    "narrower pattern": (
        "'second thing went wrong'",
        "'the second thing went wrong'",
        (),
        (),
        ((SECOND, ("match",)),),
        {"550 Second thing went wrong": ((SECOND, "sender-rejected"), (None, None))},
    ),
    "another reason": (
        "reason: 'auth-failed'",
        "reason: 'auth-required'",
        (),
        (),
        ((FIRST, ("reason",)),),
        {"535 First thing went wrong": ((FIRST, "auth-failed"), (FIRST, "auth-required"))},
    ),
    "new id": (
        f"{FIRST}:",
        "auth-first-of-all:",
        ("auth-first-of-all",),
        (FIRST,),
        (),
        {"535 First thing went wrong": ((FIRST, "auth-failed"), ("auth-first-of-all", "auth-failed"))},
    ),
}


def put(root: Path, text: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / "errors.yaml").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(("old", "new", "added", "removed", "edited", "answers"), CHANGES.values(), ids=CHANGES)
def test_names_what_differs(
    tmp_path: Path, old: str, new: str, added: object, removed: object, edited: object, answers: dict[str, object]
) -> None:
    assert old in GOOD
    result = compare(put(tmp_path / "base", GOOD), put(tmp_path / "head", GOOD.replace(old, new, 1)))
    assert (result.added, result.removed, result.edited) == (added, removed, edited)
    assert {change.text: (change.before, change.after) for change in result.answers} == answers


def test_recorded_texts_of_a_folder_are_tried(tmp_path: Path) -> None:
    head = put(tmp_path / "head", GOOD)
    rows = head / "tests" / "cases" / "recorded"
    rows.mkdir(parents=True)
    (rows / "x.jsonl").write_text(
        json.dumps({"text": "554 a second thing went wrong at home"}) + "\n", encoding="utf-8"
    )
    base = put(tmp_path / "base", GOOD.replace("'second thing went wrong'", "'550 second thing went wrong'", 1))
    assert "554 a second thing went wrong at home" in {change.text for change in compare(base, head).answers}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_command_prints_both_languages_and_hides_addresses(tmp_path: Path, lang: str) -> None:
    text = GOOD.replace("'550 Second thing went wrong'", "'550 Second thing went wrong, bob@example.com'", 1)
    base, head = put(tmp_path / "base", text), put(tmp_path / "head", text.replace("'sender-rejected'", "'policy'", 1))
    result = CliRunner().invoke(cli, ["diff", str(base), str(head), "--markdown", "--lang", lang])
    assert result.exit_code == 0
    assert f"{SECOND} [sender-rejected] → {SECOND} [policy]" in result.stdout
    assert "bob@example.com" not in result.stdout
    assert ("答案变了的报错" in result.stdout) is (lang == "zh")


def test_broken_catalogue_is_named_with_its_place(tmp_path: Path) -> None:
    base, head = put(tmp_path / "base", GOOD), put(tmp_path / "head", GOOD.replace("'server'", "a: b", 1))
    line = GOOD[: GOOD.index("'server'")].count("\n") + 1
    result = CliRunner().invoke(cli, ["diff", str(base), str(head)])
    assert result.exit_code == 2
    assert re.search(rf"^errors\.yaml:{line}:12 KB002 ", result.stderr, re.MULTILINE)


def test_a_branch_can_be_named_too(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "start"),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    put(tmp_path, GOOD.replace("'sender-rejected'", "'policy'", 1))
    result = CliRunner().invoke(cli, ["diff", "main", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 0
    assert f"{SECOND} [sender-rejected] → {SECOND} [policy]" in result.stdout
    unknown = CliRunner().invoke(cli, ["diff", "no-such-branch", str(tmp_path)])
    assert isinstance(unknown.exception, ValueError)  # which `python -m kb` tells in one line


def test_texts_stay_inside_their_code_span() -> None:
    hostile = "550 `` ``` <img src=x> ![a](b) ` end"
    line = render(Comparison((), (), (), (Changed(hostile, (None, None), ("a-b", "policy")),), 1), "en", True)
    assert f"```` {hostile} ````" in line
