"""The command `kb`: every command and option, as a shell runs them, with whatever comes in."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copyfile, which

import pytest
from click import Context, Group
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from conftest import CASES, ROOT
from effort import part, sampled
from inside import LOCALE, inside

from kb import __version__
from kb.cli import classify, words
from kb.cli.commands import cli
from kb.knowledge_base import KnowledgeBase

KB = [sys.executable, "-m", "kb"]
TEXT = "error response to AUTH command: unencrypted connection"
ENTRY = "auth-unencrypted-connection"
RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
COMMANDS = {
    "check",
    "classify",
    "diagnose",
    "diff",
    "eval",
    "explain",
    "export",
    "fmt",
    "i18n",
    "mcp",
    "new",
    "probe",
    "report",
    "schema",
    "search",
    "serve",
    "test",
    "watch",
}
# Commands of the README that serve for ever, need a server or a log, take long, or work on this checkout; others tests run them.
ELSEWHERE = re.compile(r"kb (?:serve|mcp|probe|report|watch|export|schema|check)\b")


def environment(**changes: str) -> dict[str, str]:
    """The environment without any language, then `changes`."""
    return {name: value for name, value in os.environ.items() if name not in LOCALE} | changes


def kb(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT, **changes: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*KB, *arguments], input=stdin, capture_output=True, cwd=cwd, env=environment(**changes), timeout=300
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def search(*arguments: str) -> tuple[int, str]:
    """Exit status and output of `kb search`, without a process of its own, which costs a second for what it imports."""
    done = CliRunner().invoke(cli, ["search", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stdout


def is_chinese(raw: bytes) -> bool:
    return re.search("[\u4e00-\u9fff]", raw.decode()) is not None


# --- kb explain ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_reads_text_standard_input_and_files(tmp_path: Path, lang: str) -> None:
    file = tmp_path / "mail log.txt"
    file.write_text(f"before\n{TEXT}\nafter\n", encoding="utf-8")
    run = kb if lang == "zh" else inside
    for done in (
        run("explain", TEXT, "--lang", lang),
        run("explain", "--lang", lang, TEXT),
        run("explain", f"--lang={lang}", TEXT),
        run("explain", "-", "--lang", lang, stdin=TEXT.encode()),
        run("explain", "--lang", lang, stdin=TEXT.encode()),
        run("explain", "--lang", lang, str(file)),
        run("explain", "--lang", lang, file.name, cwd=tmp_path, PYTHONPATH=str(ROOT)),
    ):
        assert (done.returncode, done.stderr) == (0, b"")
        assert f"[{ENTRY}]" in done.stdout.decode()
        assert is_chinese(done.stdout) is (lang == "zh")
        assert done.stdout.endswith(b"\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_prints_the_json_contract(lang: str) -> None:
    done = inside("explain", "--json", "--lang", lang, RELAY)
    assert json.loads(done.stdout) == KnowledgeBase.open().lookup(RELAY, lang)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "stdin", "status"),
    [
        ((TEXT,), b"", 0),
        (("5.1.1",), b"", 0),
        (("550",), b"", 1),
        (("xyzzy",), b"", 1),
        (("250 2.0.0 Ok",), b"", 1),
        (("--", "-550 x"), b"", 1),
        (("",), b"", 2),
        (("-",), b"", 2),
        ((), b" \n\t\r\n", 2),
        (("a", "b"), b"", 2),
        (("--lang", "fr", "x"), b"", 2),
        (("--lang",), b"", 2),
        (("--nonsense", "x"), b"", 2),
        (("/nowhere/mail.log",), b"", 2),
        (("nowhere.log",), b"", 2),
        (("./nowhere",), b"", 2),
        (("/",), b"", 2),
    ],
)
def test_exit_status_of_explain(arguments: tuple[str, ...], stdin: bytes, status: int) -> None:
    done = inside("explain", *arguments, stdin=stdin)
    assert done.returncode == status, done.stderr
    assert bool(done.stderr) is (status == 2)
    assert bool(done.stdout) is (status != 2)


def test_the_exit_status_is_that_of_the_process() -> None:
    for arguments, status in (((TEXT,), 0), (("xyzzy",), 1), (("",), 2), (("a", "b"), 2)):
        done = kb("explain", *arguments)
        assert done.returncode == status
        assert bool(done.stderr) is (status == 2)
        assert bool(done.stdout) is (status != 2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_cannot_be_read_is_named(lang: str) -> None:
    for name in ("nowhere.log", "/"):
        done = inside("explain", "--lang", lang, name)
        assert name in done.stderr.decode()
        assert is_chinese(done.stderr) is (lang == "zh")
    assert is_chinese(inside("explain", "-", "--lang", lang).stderr) is (lang == "zh")


@pytest.mark.parametrize(
    ("changes", "chinese"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_TW.UTF-8"}, True),
        ({"LANG": "zh_CN.GBK"}, True),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "en_US.UTF-8", "KB_LANG": "zh"}, True),
    ],
)
def test_the_locale_chooses_the_language(changes: dict[str, str], chinese: bool) -> None:
    assert is_chinese(inside("explain", TEXT, **changes).stdout) is chinese


def test_the_option_beats_the_locale() -> None:
    assert not is_chinese(inside("explain", "--lang", "en", TEXT, KB_LANG="zh", LANG="zh_CN.UTF-8").stdout)


@pytest.mark.parametrize("changes", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gbk"}])
def test_output_is_utf8_whatever_the_terminal_claims(changes: dict[str, str]) -> None:
    assert "为什么" in kb("explain", "--lang", "zh", TEXT, **changes).stdout.decode("utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("changes", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gbk"}])
def test_results_are_utf8_whatever_the_terminal_claims(changes: dict[str, str]) -> None:
    assert "中继" in kb("search", "--lang", "zh", "中继", **changes).stdout.decode("utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize("arguments", [("explain", TEXT), ("search", "中继")])
def test_no_encoding_of_a_terminal_matters(arguments: tuple[str, ...], encoding: str) -> None:
    done = inside(arguments[0], "--lang", "zh", *arguments[1:], encoding=encoding)
    assert (is_chinese(done.stdout), done.stderr) == (True, b"")


CONTROLS = [
    "\x1b[31m554 5.7.1 Relay\x1b[0m access\x07 denied",
    "554 5.7.1 <\x1b]0;title\x07bob@example.net>: Relay access denied",
    "554 5.7.1 <\x9b31mbob\x85\x90@example.net>: Relay access denied",
    "554 5.7.1 <\u202ebob\u2066@example.net>: Relay access denied",
    "554 5.7.1 <bob\x00@example.net>: Relay access denied\x08\x08\x7f",
    "554 5.7.1 <bob@example.net>: Relay \r access denied\r\n",
]


@pytest.mark.parametrize("text", CONTROLS, ids=range(len(CONTROLS)))
def test_no_control_character_is_echoed(text: str) -> None:
    for arguments in (("explain", "-"), ("explain", "--json", "-")):
        shown = inside(*arguments, stdin=text.encode()).stdout.decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
        assert shown.strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_file_is_read_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "mail.log"
    file.write_bytes(f"收件人被拒绝 {RELAY}".encode(encoding))
    answer = json.loads(inside("explain", "--json", str(file)).stdout)
    assert answer["reason"] == "relay-denied"
    assert answer["input"]["diagnostic"] == f"收件人被拒绝 {RELAY}"
    assert json.loads(inside("explain", "--json", "-", stdin=file.read_bytes()).stdout) == answer


@pytest.mark.parametrize(
    "raw",
    [bytes(range(256)) * 50, b"\x00" * 5_000, b"\x7fELF\x02\x01" + os.urandom(4_000), b"\xff\xfe\x00", b"\xed\xa0\x80"],
)
def test_binary_input_is_no_crash(raw: bytes) -> None:
    done = inside("explain", "-", stdin=raw)
    assert done.returncode in (0, 1, 2)
    done.stdout.decode("utf-8")


def test_bytes_in_an_argument_that_are_no_text() -> None:
    done = subprocess.run(
        [*[part.encode() for part in KB], b"explain", b"550 \xff\xfe " + RELAY.encode()],
        capture_output=True,
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    done.stdout.decode("utf-8")


@sampled
def test_a_hundred_thousand_lines() -> None:
    line = "Jul 20 16:51:26 mail postfix/smtpd[1]: connect from client.example.com[192.0.2.10]\n"
    log = (
        line * part(99_999)
        + f"Jul 20 16:51:26 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: {RELAY}; x\n"
    )
    done = inside("explain", "--json", "-", stdin=log.encode())
    assert json.loads(done.stdout)["reason"] == "relay-denied"


LONG = pytest.mark.thorough


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "--json", TEXT),
        pytest.param(("schema",), marks=LONG),
        pytest.param(("search", "relay"), marks=LONG),
        ("--help",),
    ],
)
def test_a_reader_that_leaves_early_is_no_error(command: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [*KB, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as stderr:
        assert b"Traceback" not in stderr.read()
    assert process.wait(timeout=60) in (0, 1)


# --- kb search ---


def test_search_echoes_no_control_character() -> None:
    _, shown = search("--json", "".join(CONTROLS).replace("\x00", ""))
    assert "Relay" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@pytest.mark.parametrize(
    ("query", "lang"),
    [("Relay access denied", "en"), ("中继被拒绝", "zh"), ("smtpd_tls_auth_only", "zh"), ("5.7.1", "en")],
)
def test_search(query: str, lang: str) -> None:
    status, text = search(query, "--lang", lang)
    found = json.loads(search("--json", query, "--lang", lang)[1])
    assert status == 0
    assert (found["lang"], found["query"]) == (lang, query)
    assert [hit["id"] for hit in found["results"]]
    assert len(found["results"]) <= 10
    for hit in found["results"]:
        assert f"[{hit['kind']}: {hit['id']}]" in text


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("zzzzqqqq",), 1),
        (("",), 1),
        (("NOT (a OR",), 1),
        (("relay", "--limit", "1"), 0),
        (("relay", "--limit", "100"), 0),
        (("relay", "--limit", "0"), 2),
        (("relay", "--limit", "101"), 2),
        (("relay", "--limit", "x"), 2),
        (("relay", "--lang", "fr"), 2),
        ((), 2),
    ],
)
def test_exit_status_of_search(arguments: tuple[str, ...], status: int) -> None:
    exit_status, output = search("--json", *arguments)
    if arguments == ("NOT (a OR",):
        assert exit_status in (0, 1)
        return
    assert exit_status == status
    if status == 0:
        assert len(json.loads(output)["results"]) <= int(arguments[2])


# --- kb classify ---


def test_classify_keeps_order_and_fields() -> None:
    rows = [
        {"text": TEXT, "id": 1, "answered": "overwritten"},
        {"id": "二", "text": "550"},
        {"text": "", "nested": {"a": [1, None]}},
        {"text": RELAY},
    ]
    lines = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    done = inside("classify", "--jsonl", stdin=lines.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    base = KnowledgeBase.open()
    assert out == [{**row, **base.classify(str(row["text"]))} for row in rows]
    assert [row["entry"] for row in out][:3] == [ENTRY, None, None]
    assert [row["reason"] for row in out] == ["auth-unencrypted", None, None, "relay-denied"]


@pytest.mark.parametrize(
    "bad",
    ["no json", "[]", "{}", '{"text": 1}', '{"text": null}', "null", "[" * 50_000, '{"text": "x"', '"text"', "NaN"],
)
def test_classify_names_the_line_that_is_wrong(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.dumps({"text": TEXT})
    target = io.BytesIO()
    assert classify.run(io.BytesIO(f"{good}\n{bad}\n{good}\n".encode()), target) == 2
    assert len(target.getvalue().splitlines()) == 1
    assert capsys.readouterr().err.startswith("line 2: ")


def test_classify_ends_with_what_is_wrong() -> None:
    done = inside("classify", "--jsonl", stdin=f"{json.dumps({'text': TEXT})}\nno json\n".encode())
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.decode().startswith("line 2: ")


def test_classify_answers_line_by_line() -> None:
    with subprocess.Popen(
        [*KB, "classify", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    ) as process:
        assert process.stdin
        assert process.stdout
        for text, reason in ((TEXT, "auth-unencrypted"), (RELAY, "relay-denied")):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["reason"] == reason
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_classify_reads_other_encodings_and_surrogates() -> None:
    rows = ['{"text": "收件人 Relay access denied"}'.encode("gbk"), rb'{"text": "\ud800 Relay access denied"}']
    done = inside("classify", "--jsonl", stdin=b"\n".join(rows))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["reason"] for line in done.stdout.splitlines()] == ["relay-denied"] * 2


def test_classify_needs_its_option() -> None:
    assert inside("classify", stdin=b"{}").returncode == 2


# --- kb eval, check, schema ---


def test_eval(tmp_path: Path) -> None:
    rows = [
        {"text": TEXT, "accept": ["auth-unencrypted"]},
        {"text": RELAY, "accept": ["mailbox-full"]},
        {"text": "xyzzy", "accept": ["relay-denied", "policy"]},
        {"text": "not scored", "accept": ["unknown"]},
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for path in (tmp_path, tmp_path / "mine.jsonl"):
        done = inside("eval", str(path))
        assert (done.returncode, done.stderr) == (0, b"")
        (row,) = [line for line in done.stdout.decode().splitlines() if line.startswith("mine")]
        assert re.findall(r"\d+(?= \(\d+\.\d%\))", row)[-3:] == ["1", "1", "1"]
        assert "mailbox-full taken for relay-denied" in done.stdout.decode()
        assert "xyzzy" not in done.stdout.decode()
    misses = inside("eval", "--misses", str(tmp_path)).stdout.decode()
    assert "mine\trelay-denied|policy\t-\txyzzy" in misses
    assert f"mine\tmailbox-full\trelay-denied\t{RELAY}" in misses
    assert inside("eval").returncode == 2
    assert inside("eval", str(tmp_path / "nowhere.jsonl")).returncode == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check(tmp_path: Path, lang: str) -> None:
    """As a process of its own test_broken.py runs it."""
    good = (CASES / "catalog" / "good.yaml").read_text(encoding="utf-8")
    copyfile(CASES / "catalog" / "good.yaml", tmp_path / "errors.yaml")
    (tmp_path / "articles").mkdir()
    good_one = inside("check", "--root", str(tmp_path), "--lang", lang)
    assert (good_one.returncode, good_one.stdout) == (0, b"")
    (tmp_path / "errors.yaml").write_text(good.replace("reason: 'auth-failed'", "reason: 'oops'"), encoding="utf-8")
    done = inside("check", "--root", str(tmp_path), "--lang", lang)
    assert done.returncode == 1
    assert re.search(r"errors\.yaml:4:\d+", done.stdout.decode())
    assert is_chinese(done.stdout) is (lang == "zh")
    assert inside("check", "--root", str(tmp_path / "nowhere")).returncode == 2


def test_schema() -> None:
    done = inside("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout)["properties"]["errors"]
    assert done.stdout.decode() == (ROOT / "kb" / "schema" / "errors.schema.json").read_text("utf-8")


@pytest.mark.thorough
def test_schema_writes_and_checks(tmp_path: Path) -> None:
    copyfile(CASES / "catalog" / "good.yaml", tmp_path / "errors.yaml")
    assert kb("schema", "--check", KB_ROOT=str(tmp_path)).returncode == 1
    assert kb("schema", "--write", KB_ROOT=str(tmp_path)).returncode == 0
    assert kb("schema", "--check", KB_ROOT=str(tmp_path)).returncode == 0


# --- kb ---


def test_help_names_every_command() -> None:
    for option in ("--help", "-h"):
        done = CliRunner().invoke(cli, [option])
        assert done.exit_code == 0
        assert {
            line.split()[0] for line in done.output.partition("Commands:")[2].splitlines() if line.strip()
        } == COMMANDS
    assert set(cli.list_commands(Context(cli))) == COMMANDS
    for name in COMMANDS:
        done = CliRunner().invoke(cli, [name, "--help"])
        assert done.exit_code == 0
        assert all(parameter.name for parameter in cli.get_command(Context(cli), name).params)


def test_help_is_there_in_chinese_for_every_command_and_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_LANG", "zh")
    waiting = [(name, cli.get_command(Context(cli), name)) for name in sorted(COMMANDS)]
    seen = set()
    while waiting:
        path, command = waiting.pop()
        seen.add(path)
        assert command is not None
        helps = [command.help, *(getattr(parameter, "help", None) for parameter in command.params)]
        assert [text for text in helps if text and text.isascii()] == [], path
        if isinstance(command, Group):
            waiting += [(f"{path} {name}", each) for name, each in command.commands.items()]
    assert seen == set(words.SHORT)
    assert seen >= set(words.MORE)
    assert [text for text in words.SHORT.values() if len(text.en) > 64 or len(text.zh) > 32] == []
    assert "退出码" in CliRunner().invoke(cli, ["explain", "--help"]).output


@pytest.mark.parametrize(
    "typed", ["diagnose ma", "explain ma", "report ma", "watch ma", "test ma", "probe --client ma"]
)
def test_a_shell_completes_the_names_of_files(typed: str) -> None:
    *arguments, last = typed.split()
    assert [item.type for item in ShellComplete(cli, {}, "kb", "_KB_COMPLETE").get_completions(arguments, last)] == [
        "file"
    ]


def test_version_and_wrong_calls() -> None:
    assert kb("--version").stdout.decode().split()[-1] == __version__
    for arguments in ((), ("nonsense",), ("--nonsense",), ("serve", "--port", "x"), ("check", "x")):
        done = inside(*arguments)
        assert done.returncode == 2
        assert b"Usage: kb" in done.stderr + done.stdout


@pytest.mark.parametrize(
    "command", [("explain", "x"), ("search", "x"), ("classify", "--jsonl"), ("check",), ("serve", "--port", "8099")]
)
def test_a_folder_without_a_catalogue_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = inside(*command, KB_ROOT=str(tmp_path))
    assert done.returncode in (1, 2)
    assert "errors.yaml" in (done.stderr + done.stdout).decode()
    assert b"Traceback" not in done.stderr


def test_a_broken_catalogue_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "errors.yaml").write_text("errors:\n  x: [\n", encoding="utf-8")
    done = inside("explain", "x", KB_ROOT=str(tmp_path))
    assert done.returncode == 2
    assert re.search(r"errors\.yaml:\d+", done.stderr.decode())


# --- what README.md says ---

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands_of_readme() -> list[str]:
    """Every `kb …` of a code span or a console block."""
    spans = re.findall(r"`([^`\n]*\bkb [^`\n]*)`", README)
    console = re.findall(r"^\$ (kb .*)$", README, re.MULTILINE)
    return [span.replace("\\|", "|") for span in spans if not span.startswith("from ")] + console


def test_every_command_that_the_readme_names_exists() -> None:
    named = {name for command in commands_of_readme() for name in re.findall(r"\bkb ([a-z]+)", command)}
    assert named <= COMMANDS
    assert {"explain", "search", "classify", "check", "schema", "eval", "serve"} <= named
    for command in commands_of_readme():
        name = re.findall(r"\bkb ([a-z]+)", command)[0]
        options = {option for parameter in cli.get_command(Context(cli), name).params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--[a-z-]+", command)) <= options


def test_the_examples_of_the_readme_work(tmp_path: Path) -> None:
    """A shell runs those that need one."""
    shell = which("sh")
    assert shell
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (
        ("kb", f'exec {shlex.quote(sys.executable)} -m kb "$@"'),
        (
            "journalctl",
            f"echo {shlex.quote(f'Jul 20 16:51:26 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: {RELAY}; x')}",
        ),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({"text": TEXT, "accept": ["auth-unencrypted"]}) + "\n", encoding="utf-8"
    )
    (tmp_path / ".env").write_text(
        "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_STARTTLS=true\n", encoding="utf-8"
    )
    (tmp_path / "main.cf").write_text("smtpd_tls_security_level = none\n", encoding="utf-8")
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n", encoding="utf-8")
    names = {"TEXT": shlex.quote(TEXT), "FILE.jsonl": "rows.jsonl", "FILE": "rows.jsonl"}
    run = piped = 0
    for command in commands_of_readme():
        if ELSEWHERE.search(command):
            continue
        for name, value in names.items():
            command = re.sub(rf"\b{re.escape(name)}(?![\w.])", lambda _, value=value: value, command)
        if re.search(r"[|<>]", command.replace(shlex.quote(TEXT), "")):
            done = subprocess.run(
                [shell, "-c", command],
                cwd=tmp_path,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                env=environment(PATH=f"{folder}:{os.environ['PATH']}", PYTHONPATH=str(ROOT)),
            )
            piped += 1
        else:
            done = inside(*shlex.split(command)[1:], cwd=tmp_path)
        if command == "kb explain":
            assert done.returncode == 2  # nothing to explain
            continue
        expected = 1 if command.startswith("kb diagnose") else 0  # these settings do not work together, and it says so
        assert (done.returncode, done.stderr) == (expected, b""), (command, done.stderr.decode())
        assert done.stdout.strip()
        run += 1
    assert run >= 6
    assert piped >= 2


def test_the_python_example_of_the_readme_works() -> None:
    (example,) = re.findall(r"`(from kb import [^`]*)`", README)
    done = subprocess.run(
        [sys.executable, "-c", f"text = {TEXT!r}\n{example}"], cwd=ROOT, env=environment(), capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
