"""`kb probe` in the place of a client: not a mail is sent, and what it prints is the text of the record."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lab.clients.job import Job
from lab.model import Outcome

PATIENCE = 180.0


def run_probe(job: Job) -> Outcome:
    """Run the command with the arguments, variables and files (in the folder @FILES@) of probe.json; the text has its status and both streams as JSON."""
    wanted = json.loads(job.text)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in wanted["files"].items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return _run([argument.replace("@FILES@", folder) for argument in wanted["arguments"]], wanted["environment"])


def _run(arguments: list[str], environment: dict[str, str]) -> Outcome:
    run = subprocess.run(
        [sys.executable, "-m", "kb", "probe", *arguments],
        env=os.environ | environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Outcome(True, text=json.dumps({"status": run.returncode, "out": run.stdout, "err": run.stderr}))
