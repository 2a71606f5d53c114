"""`kb fmt` on files: which form each has, what would change, and the change."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from kb.author.files import replace_file
from kb.catalog.findings import CatalogError, Finding
from kb.catalog.fmt import format_article, format_catalog, format_provider
from kb.catalog.lines import read_text
from kb.catalog.read import FILE
from kb.text import Text


class Result(NamedTuple):
    """What became of a file; findings say why it was left alone."""

    shown: str
    before: str
    after: str
    findings: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether its form was, or is, another."""
        return self.before != self.after


def run(root: Path, files: Iterable[Path], *, write: bool) -> list[Result]:
    """Format the files, all of `root` when none is named; with `write`, those that change are replaced."""
    named = list(files) or [
        path
        for path in (root / FILE, *sorted(root.glob("kb/providers/*.yaml")), *sorted(root.glob("articles/*.md")))
        if path.exists()
    ]
    results = []
    for path in named:
        result = _formatted(path, _shown(path, root))
        if write and result.changed:
            replace_file(path, result.after)
        results.append(result)
    return results


def differences(result: Result) -> str:
    """What would change, as a unified diff."""
    lines = difflib.unified_diff(
        result.before.splitlines(keepends=True), result.after.splitlines(keepends=True), result.shown, result.shown
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _formatted(path: Path, shown: str) -> Result:
    try:
        before = read_text(path, shown)
        return Result(shown, before, _format_of(path, shown)(before, shown))
    except CatalogError as error:
        return Result(shown, "", "", error.findings)


def _format_of(path: Path, shown: str) -> Callable[[str, str], str]:
    if path.suffix == ".md":
        return format_article
    if path.parent.name == "providers":
        return format_provider
    if path.suffix in (".yaml", ".yml"):
        return format_catalog
    message = Text(
        "kb fmt 只处理 errors.yaml、服务商的表和文章。", "kb fmt takes errors.yaml, providers' tables and articles."
    )
    raise CatalogError([Finding(shown, 1, 1, "KB001", message)])
