"""The examples of docs/: every block of sh and python is run, in a folder that has what it names, or says why it is not."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml
from click import Option
from conftest import ROOT
from service import free_port

from kb.cli.commands import cli

DOCS = ("docs/integrations.md", "docs/operating.md")
RELAY = "Jul 20 16:51:26 mail postfix/smtpd[7]: NOQUEUE: reject: RCPT from a.example.net[192.0.2.1]: 554 5.7.1 <bob@example.net>: Relay access denied; from=<a@example.com> to=<bob@example.net> proto=ESMTP helo=<a>"
MAILPIT = 'level=error msg="[relay] error: error response to AUTH command: unencrypted connection"'
NOT_RUN = re.compile(r"<!-- not run: .+ -->\n$")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The examples that end with 1: a failure was found in the log.
FOUND = ("kb watch --once mail.log", "kb watch --once -")
SAID = {
    "kb watch --once mail.log": "[rcpt-relay-access-denied]",
    "kb explain -": "[rcpt-relay-access-denied]",
    "docker logs": "[auth-unencrypted-connection]",
    "journalctl": "[rcpt-relay-access-denied]",
    "json.tool": '"event": "summary"',
    "--nagios": "MAIL OK - 1 failures",
    "kb diagnose": "MP_SMTP_RELAY_STARTTLS",
}


@dataclass(frozen=True)
class Block:
    """A fenced block: where it is, its language, its text, and whether it is to be run."""

    name: str
    language: str
    text: str
    run: bool


def blocks() -> list[Block]:
    found = []
    for document in DOCS:
        text = (ROOT / document).read_text("utf-8")
        for match in BLOCK.finditer(text):
            name = f"{Path(document).stem}:{text.count(chr(10), 0, match.start()) + 1}"
            found.append(Block(name, match[1], match[2], NOT_RUN.search(text[: match.start()]) is None))
    return found


def of(language: str) -> list[Block]:
    return [block for block in blocks() if block.language == language]


def lines_of(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.strip()]


COMMANDS = [(block, line) for block in of("sh") if block.run for line in lines_of(block)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files and the programs that the examples name."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "mail.log").write_text(f"{RELAY}\n", "utf-8")
    ini = of("ini")[0].text
    (folder / "mailpit.env").write_text(ini, "utf-8")
    (folder / "main.cf").write_text("smtpd_sasl_auth_enable = yes\nsmtpd_tls_security_level = may\n", "utf-8")
    (folder / "master.cf").write_text(
        "smtp inet n - y - - smtpd\nsubmission inet n - y - - smtpd\n  -o smtpd_tls_auth_only=yes\n", "utf-8"
    )
    programs = folder / "bin"
    programs.mkdir()
    for name, script in (
        ("kb", f'exec {shlex.quote(sys.executable)} -P -m kb "$@"'),
        ("python3", f'exec {shlex.quote(sys.executable)} "$@"'),
        ("journalctl", f"echo {shlex.quote(RELAY)}"),
        ("docker", f"echo {shlex.quote(MAILPIT)}"),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (programs / name).chmod(0o755)
    return folder


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


@pytest.mark.thorough
@pytest.mark.parametrize(("block", "line"), COMMANDS, ids=[f"{b.name} {line[:50]}" for b, line in COMMANDS])
def test_a_line_of_a_shell_does_what_the_page_says(server: str, folder: Path, block: Block, line: str) -> None:
    if line.startswith("kb serve"):
        return  # the fixture `server` is one
    if "curl" in line and shutil.which("curl") is None:
        pytest.skip("no curl")
    command = line.replace("http://127.0.0.1:8055", server)
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=120
    )
    expected = 1 if line.endswith(FOUND) else 0
    assert done.returncode == expected, done.stderr
    said = next((text for words, text in SAID.items() if words in line), "")
    assert said in done.stdout
    if "curl" in line:
        assert '"reason":"relay-denied"' in done.stdout.replace(" ", "")


@pytest.mark.thorough
def test_the_client_over_http(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    block = next(block for block in of("python") if "urllib" in block.text)
    exec(compile(block.text.replace("http://127.0.0.1:8055", server), block.name, "exec"), {})
    assert capsys.readouterr().out.startswith("user-unknown The virtual mailbox domain")


@pytest.mark.thorough
def test_the_library_explains_what_smtplib_raised(capsys: pytest.CaptureFixture[str]) -> None:
    block = next(block for block in of("python") if "smtplib" in block.text)
    names: dict[str, object] = {}
    exec(compile(block.text, block.name, "exec"), names)
    message = EmailMessage()
    message["From"], message["To"] = "a@example.com", "b@example.com"
    with pytest.raises(ConnectionRefusedError):
        names["send"](message, "127.0.0.1", free_port())  # type: ignore[operator]
    assert capsys.readouterr().out.startswith("Nothing listens on that host and port / after-fix / ")


def test_every_block_is_of_a_language_that_is_looked_at() -> None:
    assert {block.language for block in blocks()} <= {"sh", "python", "ini", "text", "json", "yaml", "nginx"}
    assert all(block.run or block.language == "sh" for block in blocks())
    for block in of("python"):
        compile(block.text, block.name, "exec")
    for block in of("yaml"):
        assert yaml.safe_load(block.text)


def test_options_and_variables_of_serve_are_all_described() -> None:
    text = (ROOT / "docs/operating.md").read_text("utf-8")
    rows = re.findall(r"^\| (?:`(--[a-z-]+)`)? ?\| (?:`(KB_[A-Z_]+)`)?", text, re.MULTILINE)
    options = [parameter for parameter in cli.commands["serve"].params if isinstance(parameter, Option)]
    told = {(option, variable) for option, variable in rows if option}
    assert told == {(option.opts[0], option.envvar or "") for option in options}


def test_options_that_the_pages_name_exist() -> None:
    for document in DOCS:
        text = (ROOT / document).read_text("utf-8")
        for command, rest in re.findall(r"\bkb (serve|watch|explain|diagnose)\b([^`\n|]*)", text):
            known = {option for parameter in cli.commands[command].params for option in parameter.opts}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= known, (document, command, rest)
