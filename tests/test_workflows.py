"""The workflows of the repository: nothing that zizmor objects to, and no command of ours that does not exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import ROOT

from kb.cli.commands import cli

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CALL = re.compile(r"^(?:\s*- run: |\s*run: |\s*entry: |\s+)kb ([a-z0-9][^|>\n]*)", re.MULTILINE)


def test_zizmor_has_no_findings() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    result = subprocess.run(
        [str(zizmor), "--offline", "--no-progress", ".github"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_only_read_and_pin_what_they_use(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\npermissions: {}\n" in text
    assert "pull_request_target" not in text
    assert set(re.findall(r"^ +([a-z-]+): (?:read|write)$", text, re.MULTILINE)) <= {"contents"}
    assert not re.search(r": write\b|secrets\.", text)
    for uses in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses), uses


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
