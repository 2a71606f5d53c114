"""What is in deploy/, run for real where that is possible: Debian's nginx in front of `kb serve`, systemd's own checks."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from conftest import ROOT
from service import Load, Service, free_port, make_content, serving, wait_for

DEPLOY = ROOT / "deploy"
SECRET = "hunter2-canary"
LOOKUP = "/api/v1/lookup"
NGINX = which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
SYSTEMD_ANALYZE = which("systemd-analyze")
needs_nginx = pytest.mark.skipif(
    NGINX is None and not os.environ.get("CI"), reason="no nginx; on Debian: sudo apt-get install nginx-light"
)


# --- files that only say something ---


def test_the_image_is_built_as_it_should_be() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base) for base in bases)
    text = "\n".join(lines)
    assert text.index("\nUSER 10001:10001\n") > text.index("\nCOPY --from=build")
    assert "HEALTHCHECK" in text
    assert "--require-hashes -r deploy/requirements.lock" in text
    copied = {
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    }
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert copied == {line[1:] for line in ignored if line.startswith("!")}
    assert all((ROOT / name).exists() for name in copied)


def test_the_locked_packages_are_those_of_the_project_with_metrics() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==[^ ]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    more = pinned("deploy/requirements.lock") - pinned("requirements.lock")
    assert pinned("requirements.lock") <= pinned("deploy/requirements.lock")
    assert {line.partition("==")[0] for line in more} == {"prometheus-client"}
    assert more <= pinned("requirements-dev.lock")


def test_variables_in_the_files_are_options_of_serve() -> None:
    from kb.cli.commands import cli

    known = {parameter.envvar for parameter in cli.commands["serve"].params} | {"KB_RELOAD", "KB_ROOT"}
    for name in ("Dockerfile", "compose.yaml", "smtp-kb.service"):
        assert set(re.findall(r"\bKB_[A-Z_]+", (DEPLOY / name).read_text("utf-8"))) <= known


def test_the_compose_file_shuts_the_service_in() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    kb = services["kb"]
    assert (kb["read_only"], kb["cap_drop"], kb["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert kb["build"] == {"context": "..", "dockerfile": "deploy/Dockerfile"}
    assert re.fullmatch(r"nginx:\d+\.\d+-alpine", services["nginx"]["image"])
    logs = re.findall(r"_log (/var/log/nginx/[a-z.-]+)", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert len(logs) == 2
    assert all(f" {log}\n" in services["nginx"]["command"][-1] for log in logs)


@pytest.mark.thorough
@pytest.mark.skipif(
    SYSTEMD_ANALYZE is None and not os.environ.get("CI"),
    reason="no systemd-analyze; on Debian: apt-get install systemd",
)
def test_the_unit_is_sound_and_shut_in(tmp_path: Path) -> None:
    unit = (DEPLOY / "smtp-kb.service").read_text("utf-8")
    program = tmp_path / "kb"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    copy = tmp_path / "smtp-kb.service"
    copy.write_text(unit.replace("/opt/smtp-kb/bin/kb", str(program)), "utf-8")
    done = subprocess.run([str(SYSTEMD_ANALYZE), "verify", str(copy)], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if copy.name in line]) == (0, [])
    security = [str(SYSTEMD_ANALYZE), "security", "--offline=true", "--threshold=15", "--no-pager", str(copy)]
    done = subprocess.run(security, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# --- nginx ---


@dataclass(frozen=True)
class Front:
    """nginx with the configuration of deploy/, before a real service."""

    port: int
    service: Service
    folder: Path

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))

    def ask(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, source: str = "127.0.0.1"
    ) -> tuple[int, Any, http.client.HTTPResponse]:
        """Status, body (JSON where it says so) and answer, from one of this machine's loopback addresses."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        try:
            connection.request(
                "POST" if body is not None else "GET", path, body, {"Host": "localhost", **(headers or {})}
            )
            answer = connection.getresponse()
            raw = answer.read()
            return answer.status, json.loads(raw) if "json" in answer.headers["Content-Type"] else raw, answer
        finally:
            connection.close()


def configuration(folder: Path, port: int, behind: int) -> Path:
    """The file of deploy/, with this test's ports and folder, inside the least of an nginx.conf."""
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:8055;", f"server 127.0.0.1:{behind};"),
        ("/var/log/nginx/", f"{folder}/"),
        # Slow senders are to be held as long as the test takes.
        ("client_header_timeout 10s;", "client_header_timeout 300s;"),
        ("client_body_timeout 10s;", "client_body_timeout 300s;"),
        # As behind another proxy, so that a test can be many clients.
        ("# set_real_ip_from 192.0.2.0/24;", "set_real_ip_from 127.0.0.1;"),
        ("# real_ip_header X", "real_ip_header X"),
    ):
        assert site.count(old) >= 1, old
        site = site.replace(old, new)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"pid {folder}/pid;\nworker_processes 2;\nevents {{ worker_connections 4096; }}\n"
        f"http {{\n{paths}access_log off;\n{site}}}\n",
        "utf-8",
    )
    return path


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    assert NGINX
    root = make_content(tmp_path_factory.mktemp("deploy") / "content")
    port = free_port()
    with (
        TemporaryDirectory() as name,
        serving(root, root.parent / "cache", "--log-format", "json", "--metrics") as behind,
    ):
        folder = Path(name)
        folder.chmod(0o777)  # nginx's workers run as another user
        path = configuration(folder, port, behind.port)
        tried = subprocess.run([NGINX, "-t", "-p", name, "-c", str(path)], capture_output=True, text=True)
        assert tried.returncode == 0, tried.stderr
        process = subprocess.Popen([NGINX, "-p", name, "-c", str(path), "-g", "daemon off;"])
        try:
            found = Front(port, behind, folder)
            wait_for(lambda: process.poll() is not None or can_connect(port))
            yield found
        finally:
            process.terminate()
            process.wait(timeout=20)


def can_connect(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@needs_nginx
@pytest.mark.thorough
def test_nginx_passes_on_what_it_should(front: Front) -> None:
    status, body, answer = front.ask(
        LOOKUP, b"550 5.1.1 <bob@example.net>: User unknown", {"Content-Type": "text/plain"}
    )
    assert (status, body["schema_version"]) == (200, 1)
    id_ = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", id_)
    wait_for(lambda: id_ in front.service.log.read_text("utf-8"))
    assert front.ask("/metrics")[0] == 200
    assert front.ask("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})[0] == 403
    assert front.ask("/healthz", headers={"Host": "kb.example.com"})[0] == 200


@needs_nginx
@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_body_that_is_too_large_is_refused_in_the_services_own_words(front: Front, lang: str) -> None:
    headers = {"Accept-Language": lang, "Content-Type": "text/plain"}
    status, body, answer = front.ask(LOOKUP, b"x" * 300_000, headers)
    direct = http.client.HTTPConnection("127.0.0.1", front.service.port, timeout=30)
    direct.request("POST", LOOKUP, b"x" * 300_000, headers)
    own = direct.getresponse()
    expected = json.loads(own.read()) | {"instance": None}
    direct.close()
    assert (status, own.status) == (413, 413)
    assert body == expected
    assert answer.headers["Content-Type"] == own.headers["Content-Type"] == "application/problem+json"


@needs_nginx
@pytest.mark.thorough
def test_the_limit_is_per_client_behind_another_proxy(front: Front) -> None:
    def ask(client: str) -> int:
        return front.ask(f"{LOOKUP}?q=relay", headers={"X-Forwarded-For": client})[0]

    assert Counter(ask("192.0.2.1") for _ in range(200))[429] > 0
    _, body, answer = next(
        found
        for found in (front.ask(f"{LOOKUP}?q=x", headers={"X-Forwarded-For": "192.0.2.1"}) for _ in range(100))
        if found[0] == 429
    )
    assert (body["status"], answer.headers["Retry-After"]) == (429, "1")
    assert ask("192.0.2.2") == 200
    assert front.ask("/healthz", headers={"X-Forwarded-For": "192.0.2.1"})[0] == 200


@needs_nginx
@pytest.mark.thorough
def test_nothing_that_was_pasted_is_in_a_log(front: Front) -> None:
    front.ask(f"{LOOKUP}?q={SECRET}")
    front.ask(f"{LOOKUP}?q={SECRET}", SECRET.encode() * 20_000)
    front.ask(f"{LOOKUP}?q={SECRET}", SECRET.encode(), {"Content-Type": "text/plain"})
    log = front.folder / "smtp-kb.log"
    wait_for(lambda: log.read_text("utf-8").count(LOOKUP) >= 3)
    for path in (log, front.folder / "smtp-kb.error.log", front.service.log):
        assert SECRET not in path.read_text("utf-8")
    assert not list((front.folder / "client_body").iterdir())


@needs_nginx
@pytest.mark.thorough
def test_slow_senders_keep_nobody_waiting(front: Front) -> None:
    """1,000 half-sent heads and 200 half-sent bodies, from many addresses; bench/serving.py has the times."""
    held = []
    for number in range(1000):
        raw = front.connect(f"127.0.1.{number % 250 + 1}")
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        held.append(raw)
    for number in range(200):
        raw = front.connect(f"127.0.2.{number % 250 + 1}")
        raw.sendall(
            f"POST {LOOKUP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n550 ".encode()
        )
        held.append(raw)
    clients = iter(range(10_000))

    def ask() -> object:
        client = next(clients)
        path = "/healthz" if client % 2 else f"{LOOKUP}?q=relay"
        status = front.ask(path, headers={"X-Forwarded-For": f"198.51.{client // 250}.{client % 250}"})[0]
        return None if status == 200 else status

    try:
        with Load(ask, threads=1) as load:
            wait_for(lambda: load.answers >= 100 or bool(load.wrong), 120)
    finally:
        for raw in held:
            raw.close()
    assert load.wrong == []


@needs_nginx
@pytest.mark.thorough
def test_a_service_that_is_away_is_said_in_the_same_form(front: Front) -> None:
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o777)
        path = configuration(folder, port, free_port())
        process = subprocess.Popen([str(NGINX), "-p", name, "-c", str(path), "-g", "daemon off;"])
        try:
            wait_for(lambda: can_connect(port))
            status, body, answer = Front(port, front.service, folder).ask(f"{LOOKUP}?q={SECRET}")
        finally:
            process.terminate()
            process.wait(timeout=20)
        assert (status, body["status"], answer.headers["Retry-After"]) == (503, 503, "5")
        assert SECRET not in (folder / "smtp-kb.error.log").read_text("utf-8")
