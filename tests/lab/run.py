"""Runs pairs in several workers and yields their records. `python -m lab.run` (from tests/) writes the whole matrix's."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from lab import host
from lab.build import build
from lab.certs import write_certificates
from lab.matrix import pairs, representative
from lab.model import Client, Pair, Server

TESTS = Path(__file__).resolve().parent.parent
WORKERS = 6
Record = dict[str, Any]


class WorkerProcess:
    """A worker in its own host; `run` gives it one pair and waits for the record."""

    def __init__(self, base: Path, certificates: Path, built: tuple[Path, Path]) -> None:
        base.mkdir()
        base.chmod(0o755)
        arguments = [sys.executable, "-m", "lab.worker", str(base), str(certificates), *map(str, built)]
        self.process = subprocess.Popen(
            host.command(arguments),
            cwd=TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
        )

    def run(self, pair: Pair) -> Record:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(pair)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker of the lab ended with {self.process.wait()}")
        record: Record = json.loads(line)
        return record

    def close(self) -> None:
        self.process.kill()  # unshare --kill-child: what runs in the namespaces ends with it
        self.process.communicate()


def _environment() -> dict[str, str]:
    keep = ("PATH", "LANG", "HOME", "TMPDIR")
    return {name: os.environ[name] for name in keep if name in os.environ} | {"PYTHONPATH": str(TESTS)}


class Lab:
    """Workers ready to run pairs."""

    def __init__(self, workers: list[WorkerProcess]) -> None:
        self.workers = workers

    def run_all(self, wanted: Iterable[Pair]) -> Iterator[Record]:
        """The records of the pairs, as they come. Pairs of one server that follow each other share its start."""
        groups = [list(group) for _, group in groupby(wanted, key=lambda pair: pair.server)]
        free: SimpleQueue[WorkerProcess] = SimpleQueue()
        done: SimpleQueue[Record | BaseException | None] = SimpleQueue()
        for worker in self.workers:
            free.put(worker)

        def run_group(group: list[Pair]) -> None:
            worker = free.get()
            try:
                for pair in group:
                    done.put(worker.run(pair))
            except BaseException as error:
                done.put(error)
            finally:
                free.put(worker)

        def run_groups() -> None:
            with ThreadPoolExecutor(len(self.workers)) as pool:
                list(pool.map(run_group, groups))
            done.put(None)

        threading.Thread(target=run_groups, daemon=True).start()
        while (item := done.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def run_list(self, wanted: Sequence[Pair]) -> list[Record]:
        """The records of the pairs, in their order."""
        found = {record["id"]: record for record in self.run_all(wanted)}
        return [found[pair.id] for pair in wanted]

    def run_pair(
        self, client_files: Mapping[str, str], product: str, server_files: Mapping[str, str], like: Mapping[str, Any]
    ) -> Record:
        """Run configuration texts, changed ones too, in the world of the record `like` (port, certificate, recipient, size)."""
        return next(self.run_all([changed(like, client_files, product, server_files)]))


def changed(
    like: Mapping[str, Any],
    client_files: Mapping[str, str],
    product: str,
    server_files: Mapping[str, str],
    *,
    certificate: str | None = None,
    trusts_server: bool | None = None,
) -> Pair:
    """The pair of the record `like` with other configuration texts.

    Fixes that no text shows: another `certificate` on the server (model.CERTIFICATES), or the server's one put into the
    client's CA store (`trusts_server`).
    """
    old = like["server"]
    server = Server(old["name"], server_files, old["port"], certificate or old["certificate"], old["settings"])
    client = Client(product, client_files, like["client"]["settings"])
    trusts = like["trusts_server"] if trusts_server is None else trusts_server
    return Pair(client, server, like["recipient"], like["message_bytes"], trusts)


@contextmanager
def open_lab(workers: int = WORKERS, *, with_clients: bool = True) -> Iterator[Lab]:
    """A lab with so many workers; all it started or wrote is gone afterwards. with_clients: build those in Go and Node.js."""
    built = build() if with_clients else (Path(), Path())
    with tempfile.TemporaryDirectory(prefix="smtp-kb-lab-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        certificates = folder / "certificates"
        certificates.mkdir()
        write_certificates(certificates)
        started: list[WorkerProcess] = []
        try:
            started += [WorkerProcess(folder / f"worker-{number}", certificates, built) for number in range(workers)]
            yield Lab(started)
        finally:
            for worker in started:
                worker.close()


def main() -> None:
    """Run the matrix (or the representative part) and write one record per line."""
    parser = argparse.ArgumentParser(prog="python -m lab.run", description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--representative", action="store_true")
    parser.add_argument("--only", default="", help="only pairs whose server's name or product has this in it")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args()
    if reason := host.possible():
        raise SystemExit(reason)
    wanted = [
        p
        for p in (representative() if options.representative else pairs())
        if options.only in f"{p.server.name} {p.client.product}"
    ]
    started = time.monotonic()
    counts: Counter[tuple[str, ...]] = Counter()
    with open_lab(options.workers) as lab, options.output.open("w", encoding="utf-8") as out:
        for record in lab.run_all(wanted):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            counts[record["client"]["product"], record["outcome"], record["stage"] or "-"] += 1
    for key, count in sorted(counts.items()):
        print(f"{count:5} {' '.join(key)}")
    print(f"{counts.total()} pairs in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
