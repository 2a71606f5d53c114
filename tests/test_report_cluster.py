"""`kb report` on a Dask cluster of real worker processes: the same report, also when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CASES, ROOT

from kb.knowledge_base import KnowledgeBase
from kb.report import run
from kb.report.cluster import run_cluster
from kb.report.tally import Tally

pytestmark = pytest.mark.thorough
START = "import sys; from distributed.cli.{0} import main; sys.argv[0] = '{0}'; main()"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and two workers."""
    address_file = tmp_path / "scheduler.json"
    common = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", START.format(name), *arguments]
        return subprocess.Popen(command, env=environment, **common)  # type: ignore[call-overload,no-any-return]

    scheduler = start(
        "dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(address_file)
    )
    workers: list[subprocess.Popen[bytes]] = []
    try:
        deadline = time.monotonic() + 120
        while not address_file.exists() or not address_file.stat().st_size:
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        workers += [
            start(
                "dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(address_file)
            )
            for _ in range(2)
        ]
        import json

        yield json.loads(address_file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "mail.log"
    path.write_text((CASES / "benign.txt").read_text("utf-8") * 40 + _failures() * 300, encoding="utf-8")
    return path


def _failures() -> str:
    to = "to=<bob@example.net>, relay=mx.example.net[192.0.2.1]:25, dsn=5.0.0"
    said = ("550 5.1.1 User unknown", "554 5.7.1 Relay access denied", "552 5.2.2 Mailbox full", "577 zorp")
    return "".join(
        f"Nov 24 10:0{i}:00 mx postfix/smtp[1]: 4F1C2240A1B: {to}, status=bounced (host mx[192.0.2.1] said: {text})\n"
        for i, text in enumerate(said)
    )


def _plan(log: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[run.Part], dict[str, object]]:
    monkeypatch.setattr(run, "SMALLEST_PART", 20_000)
    monkeypatch.setattr(run, "LARGEST_PART", 20_000)
    version = KnowledgeBase.open().store.version
    parts, _ = run.plan([str(log)], 2, version, run.DEFAULT)
    assert len(parts) > 20
    return parts, run.run_here(parts, lambda _: None).as_json()


def test_two_workers_count_the_same(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, alone = _plan(log, monkeypatch)
    assert run_cluster(parts, cluster[0], lambda _: None).as_json() == alone


def test_a_killed_worker_costs_no_result(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, alone = _plan(log, monkeypatch)
    address, workers = cluster
    done = 0

    def progress(_: int) -> None:
        nonlocal done
        done += 1
        if done == 3:
            workers[0].send_signal(signal.SIGKILL)

    total: Tally = run_cluster(parts, address, progress)
    assert workers[0].wait(timeout=30) == -signal.SIGKILL
    assert total.as_json() == alone


def test_no_scheduler_is_said() -> None:
    with pytest.raises(ValueError, match="no Dask scheduler"):
        run_cluster([], "tcp://127.0.0.1:9", lambda _: None)
