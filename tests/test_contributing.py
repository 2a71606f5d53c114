"""CONTRIBUTING in both languages: its commands are run, in order, on a small content folder; its entry and its article pass `kb check`."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import CASES, ROOT

from kb.author.insert import with_entry
from kb.catalog.load import load_yaml
from kb.check import check
from kb.cli.commands import cli

DOCUMENTS = {"en": "CONTRIBUTING.md", "zh": "CONTRIBUTING.zh.md"}
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(\.venv/bin/(?:kb|pytest) [^`\n]+|make [^`\n]+|kb [^`\n]+)`")
GOOD = CASES / "broken" / "good"
# Ends with 1 as long as something is to be translated.
STATUSES = {("i18n", "status"): {0, 1}}
NOT_RUN = {"serve"}  # it would not end; tests/test_preview.py has it
TARGETS = set(re.findall(r"^([\w./$()-]+):", (ROOT / "Makefile").read_text("utf-8").replace("$(VENV)", ".venv"), re.M))


def text(lang: str) -> str:
    return (ROOT / DOCUMENTS[lang]).read_text(encoding="utf-8")


def blocks(lang: str, language: str) -> list[str]:
    return [body for _, name, body in BLOCK.findall(text(lang)) if name == language]


def commands(lang: str) -> list[list[str]]:
    """Every command of the blocks, in order, and then those inside the prose."""
    joined = "".join(blocks(lang, "sh")).replace("\\\n", " ")
    prose = BLOCK.sub("", text(lang))
    return [shlex.split(line) for line in [*joined.splitlines(), *INLINE.findall(prose)]]


def parsed(call: list[str]) -> tuple[click.Command, list[str], list[str]]:
    """The command of ours, its name and its arguments. Raises when there is none of that name."""
    command: click.Command = cli
    name: list[str] = []
    while isinstance(command, click.Group) and len(name) < len(call):
        name.append(call[len(name)])
        command = command.commands[name[-1]]
    return command, name, call[len(name) :]


def entry(lang: str) -> tuple[str, dict[str, object]]:
    [block] = blocks(lang, "yaml")
    lines = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
    [(id_, tree)] = load_yaml("\n".join(["errors:", *lines]) + "\n", "entry").data["errors"].items()
    return id_, tree


def fill_in(root: Path, lang: str) -> None:
    """Write the documented article, as somebody who has made an empty one does."""
    [article] = blocks(lang, "markdown")
    (root / "articles" / f"mailpit-tls-or-starttls.{lang}.md").write_text(article, encoding="utf-8")


@pytest.fixture(params=DOCUMENTS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path, lang: str) -> Path:
    """A checkout with two entries, the documented one and an article that a translation can be stamped of."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    for article in (tmp_path / "articles").iterdir():
        article.with_name(article.name.replace("first-steps", "greylisting")).write_bytes(article.read_bytes())
    catalogue = tmp_path / "errors.yaml"
    catalogue.write_text(with_entry(catalogue.read_text(encoding="utf-8"), *entry(lang)), encoding="utf-8")
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "start"),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_commands_are_run(root: Path, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_ROOT", str(root))
    monkeypatch.setenv("KB_LANG", lang)
    seen: set[str] = set()
    for call in commands(lang):
        program, *arguments = call
        seen.add(program)
        if program == "make":
            assert set(arguments) <= TARGETS, call
        elif program == "git":
            assert arguments[0] in ("switch", "add", "commit", "push"), call
        elif program == ".venv/bin/pytest":
            assert all((ROOT / word).is_file() for word in arguments if not word.startswith("-")), call
        else:
            assert program in (".venv/bin/kb", "kb"), call
            command, name, rest = parsed(arguments)
            if program == "kb" or "TEXT" in rest or "原文" in rest:  # named, not meant to be typed as it is
                known = {option for parameter in command.params for option in parameter.opts}
                assert {word for word in rest if word.startswith("--")} <= known, call
                continue
            command.make_context(" ".join(name), [*rest])
            if name[0] in NOT_RUN or name == ["schema"]:
                continue
            result = CliRunner().invoke(cli, arguments)
            assert result.exit_code in STATUSES.get(tuple(name), {0}), (call, result.output)
            if name == ["new", "article"]:
                fill_in(root, lang)
    assert {".venv/bin/kb", "make", "git"} <= seen


def test_entry_and_articles_pass(root: Path, lang: str) -> None:
    fill_in(root, lang)
    assert {finding.rule for finding in check(root) if finding.level != "note"} == set()


def test_both_documents_say_the_same() -> None:
    def shape(lang: str) -> list[list[str]]:
        return [[word.replace("-zh", "-en") for word in call if word.startswith("-")] for call in commands(lang)]

    assert shape("zh") == shape("en")
    assert entry("zh") == entry("en")
    heads = {lang: re.findall(r"^#+", BLOCK.sub("", text(lang)), re.MULTILINE) for lang in DOCUMENTS}
    assert heads["zh"] == heads["en"]


def test_links_lead_somewhere(lang: str) -> None:
    body = BLOCK.sub("", text(lang))
    heads = re.findall(r"^#+ (.+)$", body, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    for target in re.findall(r"\]\(([^)]+)\)", body):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            assert (ROOT / target).is_file(), target
