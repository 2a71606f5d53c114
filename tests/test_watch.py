"""`kb watch`: kinds told once and counted, files followed through rotation, hostile logs, and the log of a real Postfix."""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import CASES, ROOT
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from lab.postfix import Postfix
from lab.servers import SERVICES
from service import free_port, wait_for

from kb.cli.commands import cli
from kb.cli.watch import watch as command
from kb.knowledge_base import KnowledgeBase
from kb.watch import Tally, tally
from kb.watch.follow import MAX_LINE, Lines, follow

WATCH = [sys.executable, "-m", "kb", "watch", "--lang", "en"]
HEAD = "Jul 20 16:51:26 mail postfix/"
CONNECT = f"{HEAD}smtpd[7]: connect from a.example.net[192.0.2.1]"
RELAY = f"{HEAD}smtpd[7]: NOQUEUE: reject: RCPT from a.example.net[192.0.2.1]: 554 5.7.1 <bob@example.net>: Relay access denied; from=<a@example.com> to=<bob@example.net> proto=ESMTP helo=<a>"
ODD = (
    HEAD
    + "smtp[7]: 4F2C9A1B7{}: to=<bob{}@example.org>, relay=mx.example.org[192.0.2.{}]:25, delay=1, dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.{}] said: 550 quux number {} is wobbly (in reply to RCPT TO command))"
)
RELAY_ENTRY = "rcpt-relay-access-denied"


def odd(number: int) -> str:
    return ODD.format(number, number, number, number, number)


def inside(*arguments: str) -> Result:
    """`kb watch` in this process."""
    return CliRunner().invoke(command, ["--lang", "en", *arguments])


def once(path: Path, raw: bytes, *arguments: str) -> Result:
    """`kb watch` in this process, of a log in a file. Through a pipe it comes with `watch`, for which a process is needed."""
    path.write_bytes(raw)
    return inside("--once", *arguments, str(path))


def watch(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*WATCH, *arguments], input=stdin, capture_output=True, cwd=ROOT, timeout=120)


def log(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


# --- what is counted ---


def test_each_kind_is_new_once(base: KnowledgeBase) -> None:
    seen = Tally(base.store)
    new = [seen.add(line) for line in log(CONNECT, RELAY, odd(1), RELAY, odd(2), "", "no log at all").splitlines()]
    assert [kind.id if kind else None for kind in new] == [None, RELAY_ENTRY, new[2].id, None, None, None, None]  # type: ignore[union-attr]
    assert [(kind.count, kind.match is not None) for kind in seen.kinds.values()] == [(2, True), (2, False)]
    assert (seen.lines, seen.failures, seen.unexplained) == (7, 4, 2)


@pytest.mark.parametrize("program", ["postfix", "exim", "opensmtpd"])
def test_a_log_has_the_failures_that_kb_report_counts_in_it(base: KnowledgeBase, tmp_path: Path, program: str) -> None:
    rows = (CASES / "recorded" / f"{program}.jsonl").read_text("utf-8").splitlines()
    written = log(*(text for row in rows if "\n" not in (text := json.loads(row)["text"])))
    (tmp_path / "mail.log").write_bytes(written)
    seen = Tally(base.store)
    for line in written.splitlines():
        seen.add(line)
    report = json.loads(
        CliRunner().invoke(cli, ["report", "--json", "--lang", "en", str(tmp_path / "mail.log")]).stdout
    )
    assert seen.failures == report["failures"] > 0
    assert seen.lines == report["lines"]


def test_the_number_of_kinds_is_bounded(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MAX_KINDS", 20)
    seen = Tally(base.store)
    for number in range(100):
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        seen.add(odd(1).replace("wobbly", f"wobbly {word}").encode())
    assert len(seen.kinds) == 21
    assert seen.kinds["other"].count == 80
    assert seen.failures == 100


# --- following a file ---


@examples(100)
@given(st.lists(st.binary(max_size=8), max_size=30))
def test_lines_do_not_depend_on_the_chunks(chunks: list[bytes]) -> None:
    lines = Lines()
    got = [line for chunk in chunks for line in lines.feed(chunk)] + lines.end()
    *expected, rest = b"".join(chunks).split(b"\n")
    assert got == [*expected, *([rest] if rest else [])]


def test_of_an_endless_line_only_the_beginning_is_kept() -> None:
    lines = Lines()
    got = [line for _ in range(100) for line in lines.feed(b"x" * 10_000)]
    assert [len(line) for line in got] == [MAX_LINE]
    assert lines.feed(b"tail\nnext\n") == [b"next"]


class Followed:
    """A followed file whose lines are taken up to the next pause."""

    def __init__(self, path: Path, from_start: bool = False) -> None:
        self._lines = follow(str(path), from_start, sleep=lambda seconds: None)

    def new(self) -> list[str]:
        found = []
        while (line := next(self._lines)) is not None:
            found.append(line.decode())
        return found


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_file_is_followed_through_rotation_truncation_and_absence(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    append(path, "old\n")
    followed = Followed(path)
    assert followed.new() == []
    append(path, "one\ntw")
    assert followed.new() == ["one"]
    append(path, "o\nthree\n")
    assert followed.new() == ["two", "three"]
    # Rotated by renaming: what comes to the old file before the new one is there is not lost.
    path.rename(tmp_path / "mail.log.1")
    append(tmp_path / "mail.log.1", "late\n")
    assert followed.new() == ["late"]
    append(tmp_path / "mail.log.1", "later")
    append(path, "new\n")
    assert followed.new() == ["later", "new"]
    # Rotated by copying and cutting.
    path.write_text("", "utf-8")
    append(path, "x\n")
    assert followed.new() == ["x"]
    path.unlink()
    assert followed.new() == []
    append(path, "again\n")
    assert followed.new() == ["again"]
    assert Followed(path, from_start=True).new() == ["again"]


# --- the command ---


@pytest.mark.parametrize(
    ("lines", "status"), [((CONNECT,), 0), ((), 0), ((CONNECT, RELAY), 1), ((RELAY, odd(1)), 3), ((odd(1),), 3)]
)
def test_the_exit_status_says_what_was_seen(tmp_path: Path, lines: tuple[str, ...], status: int) -> None:
    file = tmp_path / "mail.log"
    file.write_bytes(log(*lines))
    assert inside("--once", str(file)).exit_code == status


def test_answers_and_counts_as_text(tmp_path: Path) -> None:
    said = watch(stdin=log(CONNECT, RELAY, RELAY, odd(1))).stdout.decode()
    assert said.count(f"[{RELAY_ENTRY}]") == 2  # the answer, and its line of the summary
    assert "What to change: [" in said
    assert "4 lines, 3 of them failures of 2 kinds:" in said
    assert re.search(rf"^ +2  .*\[{RELAY_ENTRY}\]$", said, re.MULTILINE)
    assert re.search(r"^ +1  No answer that we are sure of: .*quux number \{num\} is wobbly", said, re.MULTILINE)
    assert "1 行日志，1 行报告失败，共 1 种：" in once(tmp_path / "mail.log", log(RELAY), "--lang", "zh").stdout


def test_json_lines(tmp_path: Path) -> None:
    done = once(tmp_path / "mail.log", log(CONNECT, RELAY, odd(1), odd(2)), "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["new", "new", "summary"]
    assert events[0]["id"] == events[0]["match"]["id"] == RELAY_ENTRY
    assert (events[1]["id"], events[1]["match"]) == (None, None)
    numbers = {name: events[2][name] for name in ("lines", "failures", "unexplained", "total")}
    assert numbers == {"lines": 4, "failures": 3, "unexplained": 2, "total": 2}
    assert [(kind["id"], kind["reason"], kind["count"]) for kind in events[2]["kinds"]] == [
        (None, None, 2),
        (RELAY_ENTRY, "relay-denied", 1),
    ]


@pytest.mark.parametrize(
    ("count", "state", "status"), [(0, "OK", 0), (1, "WARNING", 1), (2, "WARNING", 1), (3, "CRITICAL", 2)]
)
def test_a_check_for_nagios(tmp_path: Path, count: int, state: str, status: int) -> None:
    file = tmp_path / "mail.log"
    file.write_bytes(log(CONNECT, *[RELAY] * count))
    done = inside("--once", "--nagios", "--critical", "3", str(file))
    assert done.exit_code == status
    text, _, figures = done.stdout.partition(" | ")
    assert text.startswith(f"MAIL {state} - {count} failures")
    assert figures == f"failures={count};1;3;0 unexplained=0;;;0\n"


def test_wrong_calls(tmp_path: Path) -> None:
    missing = str(tmp_path / "no.log")
    assert (inside(missing).exit_code, inside("--once", missing).exit_code) == (2, 2)
    assert inside("--nagios", "-").exit_code == 2
    done = inside("--nagios", "--once", missing)
    assert done.exit_code == 3
    assert missing in done.stderr


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_a_hostile_log_does_nothing_to_a_terminal(tmp_path: Path, option: tuple[str, ...]) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\x00\r"
    raw = log(RELAY.replace("Relay", f"{evil}Relay"), odd(1).replace("wobbly", f"wob{evil}bly"), evil * 999)
    raw += b"\xff\xfe\x00" * 5000 + b"\n" + b"A" * 2_000_000 + b"\n"
    from_a_file = once(tmp_path / "mail.log", raw, *option)
    assert from_a_file.exit_code in (1, 3)
    said = [from_a_file.stdout_bytes.decode()]
    if not option:
        through_a_pipe = watch(stdin=raw)
        assert through_a_pipe.returncode in (1, 3)
        assert b"Traceback" not in through_a_pipe.stderr
        said.append(through_a_pipe.stdout.decode())
    for text in said:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert 0 < len(text) < 20_000


def test_a_password_in_a_log_is_not_shown(tmp_path: Path) -> None:
    said = once(tmp_path / "mail.log", log(f"{RELAY} password=hunter2")).stdout
    assert RELAY_ENTRY in said
    assert "hunter2" not in said


@contextmanager
def watching(path: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """`kb watch PATH --from-start --json` and the file of what it says."""
    out = path.with_suffix(".out")
    with out.open("wb") as target:
        process = subprocess.Popen([*WATCH, "--from-start", "--json", *options, str(path)], stdout=target, cwd=ROOT)
    try:
        yield process, out
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def events(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_the_counts(tmp_path: Path, number: int) -> None:
    path = tmp_path / "mail.log"
    path.write_bytes(log(RELAY))
    with watching(path) as (process, out):
        wait_for(lambda: len(events(out)) == 1)
        append(path, RELAY + "\n")
        path.rename(tmp_path / "mail.log.1")
        path.write_bytes(log(odd(1)))
        wait_for(lambda: len(events(out)) == 2)
        process.send_signal(number)
        assert process.wait(timeout=30) == 3
    assert [kind["count"] for kind in events(out)[-1]["kinds"]] == [2, 1]


def why_no_postfix() -> str | None:
    if which("postfix", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        return "no Postfix; on Debian, as root: sh tests/install_system_packages.sh"
    return None if os.geteuid() == 0 else "Postfix starts for root only"


@pytest.mark.lab
@pytest.mark.skipif(bool(why_no_postfix()) and not os.environ.get("CI"), reason=str(why_no_postfix()))
def test_the_log_of_a_real_postfix() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # Postfix's own users work in it
        check_real_postfix(folder)


def check_real_postfix(folder: Path) -> None:
    port = free_port()
    server = Postfix(folder / "etc", folder / "queue", folder / "data", folder, "mail", "")
    settings = {
        "compatibility_level": "3.6", "myhostname": "mail.example.com", "mydestination": "example.com",
        "inet_interfaces": "loopback-only", "mynetworks": "192.0.2.0/24", "local_recipient_maps": "inline:{alice=x}",
        "smtpd_relay_restrictions": "permit_mynetworks, reject_unauth_destination",
        "smtpd_helo_required": "yes",
    }  # fmt: skip
    main_cf = "".join(f"{name} = {value}\n" for name, value in settings.items())
    server.configure({"main.cf": main_cf, "master.cf": f"127.0.0.1:{port} inet n - n - - smtpd\n{SERVICES}"})
    try:
        with watching(server.log) as (process, out):
            refused(port, "bob@example.net")
            wait_for(lambda: RELAY_ENTRY in [event["id"] for event in events(out)])
            refused(port, "bob@example.net")
            server.log.rename(folder / "mail.log.1")
            assert server.process
            os.kill(server.process.pid, signal.SIGHUP)
            wait_for(lambda: spoken_with(port) and server.log.exists())
            refused(port, "nobody@example.com")
            wait_for(lambda: len(events(out)) == 2)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 1
    finally:
        if server.process:
            server.process.terminate()
            server.process.wait(timeout=20)
    kinds = {kind["id"]: (kind["reason"], kind["count"]) for kind in events(out)[-1]["kinds"]}
    assert kinds.pop(RELAY_ENTRY) == ("relay-denied", 2)
    assert list(kinds.values()) == [("user-unknown", 1)]


def spoken_with(port: int) -> bool:
    """Something for Postfix to log: it opens its log anew with a line to write, and the reload's own may still go to the old one."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as session:
        return session.noop()[0] == 250


def refused(port: int, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as session:
        session.ehlo("client.example.com")
        session.mail("a@example.org")
        assert session.rcpt(recipient)[0] >= 500
