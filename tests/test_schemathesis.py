"""The running server against its own description, with requests that schemathesis makes up from it: every check, no failure."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = "20"


@pytest.mark.thorough
def test_the_server_does_what_it_describes(server: str, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "schemathesis"
    options = ["--checks", "all", "--max-examples", EXAMPLES, "--seed", "4711", "--no-color", "--warnings", "off"]
    run = subprocess.run(
        [program, "run", f"{server}/openapi.json", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
    generated = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    assert generated, run.stdout[-2000:]
    assert generated[1] == generated[2]
    assert int(generated[1]) > 500
    assert "No issues found" in run.stdout
