"""`kb check --base REF`: only what a change is answerable for.

Findings in the entries and articles that differ from REF (from where the branch left it), and findings elsewhere that were
not there before, such as an example that a new pattern has stolen.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.load import Document, Key, load_yaml
from kb.catalog.read import FILE, mappings
from kb.catalog.recover import Block, blocks
from kb.check import read_and_check
from kb.text import Text

_READ = (FILE, "articles", "kb/schema/ids.txt", "kb/providers", "tests/cases/benign.txt")


@dataclass(frozen=True)
class Base:
    """A commit to compare with. files are the names, relative to the root, of the files that differ from it."""

    root: Path
    commit: str
    files: frozenset[str]

    @classmethod
    def find(cls, root: Path, ref: str) -> Base:
        """The commit where the branch left `ref`. Raises ValueError when there is no such thing, or no git."""
        try:
            tip = (
                _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
            )
        except ValueError as error:
            raise ValueError(f"{ref} is no commit or branch of {root}: {error}") from error
        try:
            commit = _git(root, "merge-base", tip, "HEAD").decode().strip()
        except ValueError:
            commit = tip  # histories without a common ancestor, or a shallow clone
        changed = _git(root, "diff", "--name-only", "--relative", "-z", commit, "--", ".")
        new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *_READ)
        return cls(root, commit, frozenset(filter(None, (changed + new).decode("utf-8", "replace").split("\0"))))

    def text(self, name: str) -> str:
        """The text of a file as it was, empty when there was none."""
        try:
            return _git(self.root, "show", f"{self.commit}:./{name}").decode("utf-8", "replace")
        except ValueError:
            return ""

    @contextmanager
    def content(self) -> Iterator[Path]:
        """The content as it was, in a folder of its own."""
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            names = _git(self.root, "ls-tree", "-r", "-z", "--name-only", self.commit, "--", *_READ).split(b"\0")
            wanted = [name.decode("utf-8", "replace") for name in names if name]
            archive = _git(self.root, "archive", "--format=tar", self.commit, "--", *wanted) if wanted else b""
            for name, content in _regular_files(archive):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
            yield root


def check_changes(root: Path, ref: str) -> list[Finding]:
    """The findings that a change since `ref` is answerable for, in file order. Raises ValueError."""
    base = Base.find(root, ref)
    content, findings = read_and_check(root)
    text = content.document.text if content.document else ""
    old_text = base.text(FILE) if FILE in base.files else text
    old = _written(old_text)
    changed = [block for block in blocks(text) if _lines(text, block) != old.get((block.section, block.id))]
    own: list[Finding] = []
    elsewhere: list[Finding] = []
    for finding in findings:
        (own if _is_own(finding, base, text, changed) else elsewhere).append(finding)
    if elsewhere:
        before = _before(base)
        for finding in elsewhere:
            key = _identity(finding, text)
            if before[key] > 0:
                before[key] -= 1
            else:
                own.append(finding)
    if content.document is not None and FILE in base.files:
        own += _one_sided(content.document, old_text, changed)
    return sorted(set(own))


def _is_own(finding: Finding, base: Base, text: str, changed: list[Block]) -> bool:
    """Whether a finding lies in what was changed."""
    if finding.path not in base.files:
        return False
    if finding.path != FILE or any(block.start < finding.line <= block.end for block in changed):
        return True
    return not any(block.start < finding.line <= block.end for block in blocks(text))


def _written(text: str) -> dict[tuple[str, str], list[str]]:
    return {(block.section, block.id): _lines(text, block) for block in blocks(text)}


def _lines(text: str, block: Block) -> list[str]:
    return [line for line in text.split("\n")[block.start : block.end] if line.strip()]


def _identity(finding: Finding, text: str) -> tuple[str, ...]:
    """What makes a finding the same one after lines have moved."""
    id_ = ""
    if finding.path == FILE:
        id_ = next((block.id for block in blocks(text) if block.start < finding.line <= block.end), "")
    return finding.path, finding.rule, id_, finding.message.en


def _before(base: Base) -> Counter[tuple[str, ...]]:
    """The findings that were there already."""
    with base.content() as root:
        content, findings = read_and_check(root)
        text = content.document.text if content.document else ""
        return Counter(_identity(finding, text) for finding in findings)


def _regular_files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    if not archive:
        return
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            if file is not None and not member.name.startswith("/") and ".." not in member.name.split("/"):
                yield member.name, file.read()


def _one_sided(document: Document, old_text: str, changed: list[Block]) -> Iterator[Finding]:
    """KB707: a text that was in both languages and was changed in one."""
    try:
        old: Any = load_yaml(old_text, FILE).data
    except CatalogError:
        return
    for block in changed:
        was = _texts(old, block)
        for key, mapping in _texts(document.data, block).items():
            before = was.get(key)
            if before is None:
                continue
            differing = [lang for lang in ("zh", "en") if mapping[lang] != before[lang]]
            if len(differing) == 1:
                message = Text(
                    f"只改了 {differing[0]}：另一种语言是否也要改？",
                    f"Only {differing[0]} was changed: does the other language need it too?",
                )
                yield document.finding("KB707", (*key, differing[0]), message)


def _texts(data: Any, block: Block) -> dict[Key, dict[str, Any]]:
    section = data.get(block.section) if isinstance(data, dict) else None
    item = section.get(block.id) if isinstance(section, dict) else None
    found = mappings(item, (block.section, block.id))
    return {key: mapping for key, mapping in found if mapping.keys() == {"zh", "en"}}


def _git(root: Path, *arguments: str) -> bytes:
    """What git says. Raises ValueError with its complaint."""
    try:
        run = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise ValueError(f"git: {error.strerror}") from error
    if run.returncode:
        told = run.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed: {arguments[-1]}"
        raise ValueError(told)
    return run.stdout
