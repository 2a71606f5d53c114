"""Running the service: how it starts, what it logs and counts, how it stops, and what a killed process costs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from service import ENTRY, Load, Service, make_content, serving, wait_for, write_catalogue

from kb.web.policy import base_url
from kb.web.serve import Options, prepare, serve
from kb.web.settings import Settings
from kb.web.workers import STOP_SECONDS

LOOKUP = "/api/v1/lookup"
SECRET = "hunter2-canary"
FIELDS = ["time", "level", "message", "method", "route", "status", "ms", "bytes", "id"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_content(tmp_path_factory.mktemp("serve") / "content")


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[Service]:
    options = ("--workers", "2", "--log-format", "json", "--metrics", "--base-url", "https://kb.example.com/")
    with serving(root, root.parent / "cache", *options) as running:
        yield running


def lines(service: Service) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.log.read_text("utf-8").splitlines()]


def start(*options: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`kb serve` that is not expected to get far."""
    return subprocess.run(
        [sys.executable, "-m", "kb", "serve", *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
    )


@pytest.mark.thorough
def test_the_first_line_says_where_it_listens(service: Service) -> None:
    first = next(line for line in lines(service) if "listening" in line)
    assert first["message"].endswith("1 entries, https://kb.example.com/")
    assert (first["listening"], first["workers"], first["pid"]) == (service.address, 2, service.process.pid)


@pytest.mark.thorough
def test_a_line_per_request_and_nothing_of_what_was_asked(service: Service) -> None:
    before = len(lines(service))
    service.get(f"{LOOKUP}?q={SECRET}", {"X-Request-ID": "from-the-proxy.1"})
    service.get(f"/en/errors/{SECRET}?{SECRET}", {"X-Request-ID": f"{SECRET} x", "User-Agent": SECRET})
    with service.connect() as raw:
        raw.sendall(
            f"{SECRET.upper().replace('-', '')} /{SECRET} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        assert re.match(rb"HTTP/1\.1 40[45] ", raw.recv(4096))
    wait_for(lambda: len(lines(service)) >= before + 3)
    new = lines(service)[before:]
    assert all(list(line) == FIELDS for line in new)
    assert {line["message"] for line in new} == {"request"}
    assert new[0]["id"] == "from-the-proxy.1"
    assert [(line["method"], line["route"], line["status"]) for line in new[:2]] == [
        ("GET", LOOKUP, 200),
        ("GET", "/<any(zh, en):lang>/errors/<id_>", 404),
    ]
    assert new[2]["method"] == "other"
    assert SECRET not in service.log.read_text("utf-8").lower()


@pytest.mark.thorough
def test_the_answer_carries_the_request_id(service: Service) -> None:
    assert service.get("/healthz", {"X-Request-ID": "abc"})[2]["X-Request-ID"] == "abc"
    made = {service.get("/healthz", {"X-Request-ID": "not one"})[2]["X-Request-ID"] for _ in range(3)}
    assert len(made) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", id_) for id_ in made)


def samples(service: Service) -> dict[str, float]:
    text = service.get("/metrics")[1].decode()
    return {name: float(value) for name, value in re.findall(r"^(kb_\S+(?: \S+?)*?) (\S+)$", text, re.MULTILINE)}


@pytest.mark.thorough
def test_figures_of_all_workers_with_a_bounded_number_of_names(service: Service) -> None:
    name = 'kb_http_requests_total{method="GET",route="/api/v1/search",status="200"}'
    before = samples(service).get(name, 0)
    for number in range(40):
        assert service.get(f"/api/v1/search?q={SECRET}{number}")[0] == 200
    after = samples(service)
    assert after[name] - before == 40
    assert after["kb_catalog_entries"] == 1
    for number in range(40):
        service.get(f"/{SECRET}/{number}")
        service.get(f"/en/errors/{SECRET}{number}")
    assert len(samples(service)) - len(after) < 40
    assert SECRET not in service.get("/metrics")[1].decode()


@pytest.mark.thorough
def test_only_the_public_name_and_the_machines_own_are_answered(service: Service) -> None:
    for host, status in (("kb.example.com", 200), ("127.0.0.1:1", 200), ("localhost", 200), ("evil.example.net", 400)):
        assert service.get("/healthz", {"Host": host})[0] == status


@pytest.mark.thorough
def test_both_workers_search(service: Service) -> None:
    def ask() -> object:
        found = json.loads(service.get("/api/v1/search?q=sender&lang=en&kind=entry")[1])
        return None if [hit["id"] for hit in found["results"]] == [ENTRY] else found

    with Load(ask, threads=6) as load:
        wait_for(lambda: load.answers > 100 or bool(load.wrong))
    assert load.wrong == []


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="with --host and --port") as raised:
            serve(Options(port=port))
    said = f"cannot listen on 127.0.0.1:{port} (Address already in use); choose another with --host and --port"
    assert str(raised.value) == said


def test_a_data_directory_that_cannot_be_written_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    monkeypatch.setenv("KB_ROOT", str(root))
    monkeypatch.setenv("KB_CACHE", str(file / "kb"))
    with pytest.raises(OSError, match="data-dir") as raised:
        prepare()
    assert str(raised.value).startswith(f"cannot write to the data directory {file / 'kb'} (Not a directory); choose")


@pytest.mark.thorough
def test_a_read_only_data_directory_that_is_prepared_is_enough(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    done = start("--prepare", "--data-dir", str(cache), KB_ROOT=str(root))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, b"1 entries")
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    with serving(root, tmp_path / "log", KB_CACHE=str(cache)) as running:
        assert running.get("/metrics")[0] == 404
        assert running.log.read_text("utf-8").splitlines()[0].endswith(f"1 entries, {running.address}/")
        assert running.stop() == 0
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before


def test_settings_are_read_back_as_they_were_written() -> None:
    for settings in (Settings(), Settings("json", True, "https://kb.example.com:8443")):
        assert Settings.read(settings.write()) == settings
    with pytest.raises(ValueError, match="KB_LOG_FORMAT"):
        Settings.read({"KB_LOG_FORMAT": "xml"})
    for wrong in ("kb.example.com", "https://kb.example.com/kb", "ftp://x", "https://a@b", "https://x:y", "https://"):
        with pytest.raises(ValueError, match="base URL"):
            base_url(wrong)


@pytest.mark.thorough
def test_what_has_begun_is_answered_after_sigterm(root: Path) -> None:
    for _ in range(10):
        answer, seconds = _answer_finished_after_sigterm(root)
        if seconds < STOP_SECONDS:  # else this machine stood still for so long that the server was right to give up
            break
    assert answer.startswith(b"HTTP/1.1 200 ")


def _answer_finished_after_sigterm(root: Path) -> tuple[bytes, float]:
    """What is answered to a request whose end is sent after SIGTERM, and how many seconds after it."""
    with serving(root, root.parent / "cache", "--log-format", "off") as running, running.connect() as raw:
        body = b"550 5.1.1 <bob@example.net>: User unknown"
        lines = (f"POST {LOOKUP} HTTP/1.1", "Host: x", "Content-Type: text/plain", f"Content-Length: {len(body)}")
        raw.sendall("\r\n".join((*lines, "Expect: 100-continue", "", "")).encode())
        assert raw.recv(65536).startswith(b"HTTP/1.1 100 ")  # so the answer has begun
        raw.sendall(body[:10])
        idle = running.connect()
        signalled = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        wait_for(lambda: not can_connect(running))
        answer = b""
        with suppress(ConnectionError):
            raw.sendall(body[10:])
            answer = raw.recv(65536)
        seconds = time.monotonic() - signalled
        idle.close()
        assert running.process.wait(timeout=30) == 0
    return answer, seconds


def can_connect(running: Service) -> bool:
    try:
        running.connect().close()
    except OSError:
        return False
    return True


def test_a_worker_that_begins_when_its_supervisor_has_ended_ends_too() -> None:
    """As one does that was being made when it was killed: by then it has another parent."""
    code = "import time; from kb.web.serve import follow_parent; follow_parent(0); time.sleep(200)"
    assert subprocess.run([sys.executable, "-c", code], timeout=100, check=False).returncode == -signal.SIGTERM


@pytest.mark.thorough
def test_workers_end_with_a_killed_supervisor(root: Path) -> None:
    with serving(root, root.parent / "cache", "--workers", "2") as running:
        workers = running.workers()
        assert len(workers) == 2
        running.process.kill()
        running.process.wait()
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


@pytest.mark.thorough
def test_a_killed_worker_is_replaced_while_others_answer(root: Path) -> None:
    with serving(root, root.parent / "cache", "--workers", "2", "--log-format", "off") as running:
        first = running.workers()
        asked = [0]

        def ask() -> object:
            asked[0] += 1
            return None if running.get(f"{LOOKUP}?q=relay")[0] == 200 else "failed"

        with Load(ask) as load:
            wait_for(lambda: load.answers > 50)
            os.kill(first[0], signal.SIGKILL)
            wait_for(lambda: len(set(running.workers()) - set(first)) == 1)
            seen = load.answers
            wait_for(lambda: load.answers > seen + 100)
        # What the killed worker was answering is lost, and nothing else: at most one request of each thread.
        assert len(load.wrong) <= 4
        assert running.stop() == 0


@pytest.mark.thorough
def test_no_request_fails_while_sighup_loads_new_content(root: Path, tmp_path: Path) -> None:
    content = make_content(tmp_path / "content")
    with serving(content, tmp_path / "cache", "--workers", "2", "--log-format", "off") as running:
        workers = running.workers()

        def ask() -> object:
            title = running.title()
            return None if title.startswith(("Before", "Number ")) else title

        with Load(ask, threads=2) as load:
            for number in range(2):
                write_catalogue(content, f"Number {number}")
                running.process.send_signal(signal.SIGHUP)
                wanted = f"Number {number}"
                wait_for(lambda wanted=wanted: all(running.title() == wanted for _ in range(20)))
        assert load.wrong == []
        assert load.answers > 50
        assert running.workers() == workers


@pytest.mark.thorough
def test_two_servers_on_one_data_directory(tmp_path: Path) -> None:
    """A new generation of the index is published under load: neither server fails a request, both come to serve it."""
    content = make_content(tmp_path / "content")
    with (
        serving(content, tmp_path / "cache", "--log-format", "off", KB_RELOAD="0.2") as one,
        serving(content, tmp_path / "cache", "--log-format", "off", KB_RELOAD="0.2") as two,
    ):
        turn = [0]

        def ask() -> object:
            turn[0] += 1
            server = (one, two)[turn[0] % 2]
            status, body, _ = server.get("/api/v1/search?q=sender&lang=en&kind=entry")
            return None if status == 200 and json.loads(body)["total"] == 1 else (status, body)

        with Load(ask, threads=2) as load:
            for number in range(3):
                write_catalogue(content, f"Sender {number}")
                wanted = f"Sender {number}"
                wait_for(lambda wanted=wanted: one.title() == wanted == two.title())
                found = [json.loads(server.get("/api/v1/search?q=sender&lang=en")[1]) for server in (one, two)]
                wait_for(lambda: load.answers > 0)
                assert all(result["results"][0]["title"] == wanted for result in found)
        assert load.wrong == []
        assert load.answers > 30
        generations = list((tmp_path / "cache" / "search").glob("gen-*"))
        assert 1 <= len(generations) <= 3
