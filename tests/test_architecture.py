"""The import law and the size of modules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from conftest import ROOT
from tables import each

MODULES = sorted((ROOT / "kb").rglob("*.py"))
MAX_LINES = 400
MAX_FUNCTION_LINES = 40

# Each room may import itself, the rooms named here, and the rooms that those may.
MAY_IMPORT = {
    "text": set(),
    "record": set(),
    "regex": set(),
    "percent": {"regex"},
    "redact": {"percent", "text", "regex"},
    "smtp": {"text"},
    "inputs": {"smtp", "record", "regex", "text", "percent"},
    "catalog": {"text", "smtp"},
    "match": {"catalog", "inputs", "record", "regex", "text"},
    "values": {"inputs", "record", "redact", "regex"},
    "judge": {"match", "values"},
    "explain": {"judge"},
    "config": {"text", "smtp"},
    "render": {"explain", "redact", "config"},
    "diagnosis": {"config", "explain", "render"},
    "compile": {"render", "catalog", "match"},
    "data": {"compile", "match"},
    "knowledge_base": {"data", "explain", "render", "diagnosis"},
    "watch": {"explain", "render", "report"},
    "probe": {"diagnosis"},
    "evaluate": set(),
    "compare": {"knowledge_base", "catalog"},
    "articles": {"text", "catalog"},
    "search": {"text"},
    "names": set(),
    "page": {"explain", "render", "diagnosis", "redact", "catalog", "config", "text"},
    "content": {"articles", "search", "page", "data", "catalog", "smtp", "names", "explain", "render", "redact"},
    "contract": {"catalog", "text"},
    "generated": {"check", "contract"},
    "check": {"articles", "compile", "explain", "content", "values", "config"},
    "author": {"check"},
    "report": {"data", "explain", "redact", "smtp", "inputs", "match", "text"},
    "web": {"content", "contract", "knowledge_base", "check", "search", "page"},
    "export": {"web", "page", "content", "catalog", "search", "smtp", "text"},
    "mcp_server": {"content", "contract", "knowledge_base", "search", "articles"},
    "cli": {
        "author",
        "export",
        "mcp_server",
        "web",
        "content",
        "knowledge_base",
        "check",
        "generated",
        "evaluate",
        "compare",
        "catalog",
        "probe",
        "report",
        "watch",
    },
    "__main__": {"cli"},
    "__init__": {"knowledge_base"},
}
# The one room that may import a library.
OWNERS = {
    "yaml": {"catalog"},
    "markdown": {"articles"},
    "nh3": {"articles"},
    "pymdownx": {"articles"},
    "whoosh": {"search"},
    "opencc": {"search"},
    "flask": {"web"},
    "granian": {"web"},
    "waitress": {"web"},
    "prometheus_client": {"web"},
    "click": {"cli"},
    "mcp": {"mcp_server"},
    "hyperscan": {"report"},
    "zstandard": {"report"},
    "distributed": {"report"},
    "sqlite3": {"match", "compile"},
    "socket": {"probe", "web"},
    "ssl": {"probe"},
    "smtplib": set(),
}


def room(path: Path) -> str:
    relative = path.relative_to(ROOT / "kb")
    return relative.parts[0].removesuffix(".py")


@cache
def parts(path: Path) -> tuple[frozenset[str], dict[str, int]]:
    """Full names of the modules that a file imports, wherever in it, and the lengths of its functions."""
    found: set[str] = set()
    lengths: dict[str, int] = {}
    package = ["kb", *path.relative_to(ROOT / "kb").parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            found.add(".".join(filter(None, (parent, node.module))))
        elif isinstance(node, ast.FunctionDef):
            lengths[f"{node.name}:{node.lineno}"] = (node.end_lineno or 0) - node.lineno
    return frozenset(found), lengths


def imports(path: Path) -> frozenset[str]:
    return parts(path)[0]


def allowed(name: str) -> set[str]:
    """The rooms that `name` may import, directly or through others."""
    seen = {name}
    todo = [name]
    while todo:
        new = MAY_IMPORT[todo.pop()] - seen
        seen |= new
        todo += new
    return seen


@each("path", MODULES, lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_the_law_and_is_small(path: Path) -> None:
    own, (imported, lengths) = room(path), parts(path)
    for name in imported:
        whole, _, rest = name.partition(".")
        if whole == "kb" and rest:
            assert rest.partition(".")[0] in allowed(own), f"{own} imports {name}"
        assert own in OWNERS.get(whole, {own}), f"{own} imports {name}"
    assert path.read_text(encoding="utf-8").count("\n") <= MAX_LINES
    assert [function for function, lines in lengths.items() if lines >= MAX_FUNCTION_LINES] == []


def test_the_web_service_never_connects_out() -> None:
    """What opens connections is the probe, and that is for the command line; `kb serve` and its workers have a socket to listen at."""
    assert "probe" not in allowed("web")
    users = {path.name for path in MODULES if room(path) == "web" and "socket" in imports(path)}
    assert users <= {"serve.py", "workers.py"}


def test_protocol_needs_only_the_standard_library() -> None:
    for path in (ROOT / "kb" / "smtp").glob("*.py"):
        outside = {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names - {"kb"}
        assert outside == set(), path


def test_explain_imports_nothing_heavy() -> None:
    program = (
        "import os, sys; sys.argv = ['kb', 'explain', 'unencrypted connection']; os._exit = sys.exit\n"
        "from kb.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in"
        " {'yaml', 'flask', 'markdown', 'whoosh', 'pydantic', 'click', 'dataclasses', 'typing', 'opencc'}), file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True)  # compiles the catalogue
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True, text=True)
    assert run.stderr.strip() == "[]"


PARTIAL = re.compile(r"(?<![\w.])(?:part\(|FULL\b)")


@each("path", sorted((ROOT / "tests").glob("test_*.py")), lambda path: path.name)
def test_what_is_tried_in_part_is_marked(path: Path) -> None:
    """`make thorough` tries the rest of what is marked: a test that uses `part`, or a table made with it."""
    text = path.read_text(encoding="utf-8")
    if "from effort import" not in text:
        return
    lines = text.splitlines()
    said = {node: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in ast.parse(text).body}
    tables = {target.id for node, code in said.items() if isinstance(node, ast.Assign) and PARTIAL.search(code)
              for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    for node, code in said.items():
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = "".join(map(ast.unparse, node.decorator_list))
            partial = PARTIAL.search(code) or any(
                re.search(rf"\b{table}\.(?:values|items)\(|\b{table}\)", marks) for table in tables
            )
            assert not partial or "sampled" in marks or "thorough" in marks, node.name
