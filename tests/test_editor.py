"""What an editor shows in `errors.yaml`: the schema that its first line names, in the language server that editors use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT
from lab.build import build_node

from kb.catalog.recover import blocks
from kb.catalog.vocabulary import REASONS

pytestmark = pytest.mark.package

CATALOGUE = (ROOT / "errors.yaml").read_text(encoding="utf-8")
MODELINE = CATALOGUE.split("\n", 1)[0]


class Editor:
    """An editor that has one file open, which need not be on disk, in the root of the checkout."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._number = 0
        self.uri = (ROOT / "errors.yaml").as_uri()
        # The server reports the diagnostics of a text that it is given.
        self._ask(
            "initialize",
            {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": {}, "workspaceFolders": None},
        )
        self._tell("initialized", {})

    def open(self, text: str) -> list[str]:
        """Open a text; the messages of its diagnostics, with their lines."""
        document = {"uri": self.uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while True:
            said = self._read()
            if said.get("method") == "textDocument/publishDiagnostics":
                return [f"{d['range']['start']['line'] + 1}: {d['message']}" for d in said["params"]["diagnostics"]]

    def complete(self, line: int, character: int) -> set[str]:
        """What is proposed at a place, counted from 0."""
        place = {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}}
        return {item["label"].strip("'\"") for item in self._ask("textDocument/completion", place)["items"]}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            said = self._read()
            if said.get("id") == self._number and "method" not in said:
                return said["result"]

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; what the server asks meanwhile is answered with nothing."""
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            items = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [None for _ in items]})
        return message


@pytest.fixture
def editor() -> Iterator[Editor]:
    place = build_node(ROOT / "tests" / "editor")
    program = place / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    command = [str(place / "node"), str(program), "--stdio"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Editor(process)
        finally:
            process.kill()


def excerpt() -> str:
    """The first entry under the modeline."""
    first = next(blocks(CATALOGUE))
    return "\n".join([MODELINE, "errors:", *CATALOGUE.split("\n")[first.head : first.end]]) + "\n"


def test_the_editor_agrees_with_the_catalogue(editor: Editor) -> None:
    assert editor.open(excerpt()) == []


def test_wrong_key_and_wrong_word_are_underlined(editor: Editor) -> None:
    wrong = excerpt().replace("    retry:", "    retyr:", 1)
    reason = next(line for line in wrong.split("\n") if line.startswith("    reason:"))
    wrong = wrong.replace(reason, "    reason: 'auth-faild'", 1)
    lines = wrong.split("\n")
    said = editor.open(wrong)
    key, word = lines.index("    reason: 'auth-faild'") + 1, next(n for n, x in enumerate(lines, 1) if "retyr" in x)
    assert any(message.startswith(f"{key}: ") and "auth-failed" in message for message in said), said
    assert any(message.startswith(f"{word}: ") and "retyr" in message for message in said), said


def test_the_words_of_reason_are_proposed(editor: Editor) -> None:
    lines = excerpt().split("\n")
    number = next(n for n, line in enumerate(lines) if line.startswith("    reason:"))
    lines[number] = "    reason: "
    editor.open("\n".join(lines))
    assert editor.complete(number, len(lines[number])) >= set(REASONS)
