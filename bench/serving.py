"""Serving as ratios, all servers in the same run: python bench/serving.py [--seconds 3] [--rounds 5] [--workers 1]. Needs wrk.

lookup: distinct texts (the catalogue's own examples), no cache. hello: the smallest Flask route under the same granian with the
same threads, the floor of what any route of Flask can do. start: until `/readyz` answers. memory: PSS and USS of each process
after the load. With nginx (Debian's nginx-light): times of /healthz and lookups while 1,000 half-sent heads and 200 half-sent
bodies are held open.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from kb.catalog.read import read_catalog
from kb.data import data_root

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 32
HELLO = """
import sys
from flask import Flask, jsonify
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

app = Flask(__name__)

@app.get("/hello")
def hello():
    return jsonify({"hello": "world"})

if __name__ == "__main__":
    Granian("hello:app", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=int(sys.argv[2]),
            blocking_threads=int(sys.argv[3]), log_access=False, log_level=LogLevels.warning, websockets=False).serve()
"""
WRK = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local i = 0
request = function() i = i + 1; return wrk.format("GET", paths[(i %% #paths) + 1]) end
done = function(summary, latency)
  io.write(string.format('{"requests": %%d, "us": %%d, "p50": %%d, "p99": %%d, "errors": %%d}\\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speed(folder, chosen.seconds, chosen.rounds, chosen.workers)
        slow_senders(folder)


def speed(folder: Path, seconds: int, rounds: int, workers: int) -> None:
    """Requests per second and times of each route, and the ratio to hello round by round."""
    (folder / "hello.py").write_text(HELLO, "utf-8")
    paths = {
        "hello": ["/hello"],
        "healthz": ["/healthz"],
        "lookup": [f"/api/v1/lookup?lang=en&q={quote(text)}" for text in examples()],
    }
    scripts = {name: script(folder, name, own) for name, own in paths.items()}
    threads = str(2 * (os.cpu_count() or 1))
    kb_port, hello_port = free_port(), free_port()
    kb = [sys.executable, "-m", "kb", "serve", "--port", str(kb_port), "--workers", str(workers), "--log-format", "off"]
    hello = [sys.executable, "hello.py", str(hello_port), str(workers), threads]
    with (
        running(hello, folder, f"http://127.0.0.1:{hello_port}/hello"),
        running(kb, ROOT, f"http://127.0.0.1:{kb_port}/readyz") as (process, taken),
    ):
        print(f"start of kb serve          {taken:8.2f} s, {workers} workers")
        ports = {"hello": hello_port, "healthz": kb_port, "lookup": kb_port}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in paths}
        for _ in range(rounds):
            for name in paths:
                found[name].append(load(ports[name], scripts[name], seconds))
        for name, results in found.items():
            rate = statistics.median(r["rps"] for r in results)
            p50, p99 = (statistics.median(r[p] for r in results) / 1000 for p in ("p50", "p99"))
            ratio = statistics.median(r["rps"] / h["rps"] for r, h in zip(results, found["hello"], strict=True))
            late = statistics.median(r["p99"] / h["p99"] for r, h in zip(results, found["hello"], strict=True))
            errors = sum(r["errors"] for r in results)
            print(
                f"{name:10} {rate:8.0f}/s {ratio:5.2f} x hello  p50 {p50:6.1f} ms"
                f"  p99 {p99:6.1f} ms {late:5.2f} x hello  {errors:.0f} errors"
            )
        for pid in (process.pid, *children(process.pid)):
            pss, uss = memory(pid)
            what = "supervisor" if pid == process.pid else "worker"
            print(f"{what:10} PSS {pss / 1024:6.1f} MB  USS {uss / 1024:6.1f} MB")


def slow_senders(folder: Path) -> None:
    """Times of /healthz and of lookups through nginx while slow senders hold connections."""
    nginx = next((path for path in ("/usr/sbin/nginx", "/usr/bin/nginx") if Path(path).exists()), None)
    if nginx is None:
        print("slow senders: left out, no nginx")
        return
    port, behind = free_port(), free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:8055;", f"server 127.0.0.1:{behind};"),
        ("/var/log/nginx/", f"{folder}/"),
        ("rate=10r/s", "rate=10000r/s"),
    ):
        site = site.replace(old, new)
    temporary = "".join(f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    folder.chmod(0o777)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nworker_processes 2;\nevents {{ worker_connections 4096; }}\nhttp {{ {temporary}\n{site} }}\n"
    )
    kb = [sys.executable, "-m", "kb", "serve", "--port", str(behind), "--log-format", "off"]
    front = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    texts = cycle(examples())
    with (
        running(kb, ROOT, f"http://127.0.0.1:{behind}/readyz"),
        running(front, folder, f"http://127.0.0.1:{port}/healthz"),
        held_open(port),
    ):
        for name, path in (
            ("healthz", lambda: "/healthz"),
            ("lookup", lambda: f"/api/v1/lookup?q={quote(next(texts))}"),
        ):
            times = sorted(seconds_of(port, path) for _ in range(300))
            print(
                f"{name:10} behind nginx, 1,200 slow senders: p50 {times[150] * 1000:6.1f} ms  p99 {times[297] * 1000:6.1f} ms"
            )


@contextmanager
def held_open(port: int) -> Iterator[None]:
    """1,000 half-sent heads and 200 half-sent bodies, from many loopback addresses."""
    held = []
    for number in range(1200):
        raw = socket.create_connection(
            ("127.0.0.1", port), 10, source_address=(f"127.0.{1 + number // 250}.{number % 250 + 1}", 0)
        )
        head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        if number >= 1000:
            head = "POST /api/v1/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n550 "
        raw.sendall(head.encode())
        held.append(raw)
    try:
        yield
    finally:
        for raw in held:
            raw.close()


def seconds_of(port: int, path: Callable[[], str]) -> float:
    """One request on a connection of its own."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path()}", headers={"Host": "localhost"})
    started = time.perf_counter()
    urllib.request.urlopen(request, timeout=30).read()
    return time.perf_counter() - started


def examples() -> list[str]:
    """Distinct texts of one line that people paste."""
    _, catalog = read_catalog(Path(data_root()))
    texts = {
        text for entry in catalog.errors.values() for text in entry.examples if "\n" not in text and len(text) < 1000
    }
    return sorted(texts)


def script(folder: Path, name: str, paths: list[str]) -> Path:
    """A script for wrk that asks for `paths` in turn and prints one line of JSON."""
    (folder / f"{name}.txt").write_text("\n".join(paths) + "\n", "utf-8")
    (folder / f"{name}.lua").write_text(WRK % (folder / f"{name}.txt"), "utf-8")
    return folder / f"{name}.lua"


def load(port: int, lua: Path, seconds: int) -> dict[str, float]:
    """One run of wrk."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(lua), f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result: dict[str, float] = json.loads(re.findall(r"^\{.*\}$", said, re.MULTILINE)[-1])
    return {**result, "rps": result["requests"] / result["us"] * 1e6}


@contextmanager
def running(command: list[str], folder: Path, address: str) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A server and how long it took until `address` answered."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        while True:
            with suppress(OSError):
                urllib.request.urlopen(address, timeout=5).close()
                break
            if process.poll() is not None or time.perf_counter() - started > 300:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.05)
        yield process, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def children(pid: int) -> list[int]:
    """The processes that a process made."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def memory(pid: int) -> tuple[int, int]:
    """PSS and USS in kB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    size = {name: int(kb) for name, kb in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)}
    return size["Pss"], size["Private_Clean"] + size["Private_Dirty"]


def free_port() -> int:
    """A free port of the loopback address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
