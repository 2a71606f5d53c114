"""What an earlier `kb check` has found, for what has not changed since: each article by its text, the answers that the whole
catalogue gives by the texts that decide them. In both the code counts as well: another version of it knows nothing.

One small file for each folder that is checked, in the cache. One that cannot be read or written is no error.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import astuple
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kb.articles import ArticleError, shelf
from kb.articles.read import Kept
from kb.catalog.findings import Finding
from kb.data import cache_dir
from kb.text import Text

_LIBRARIES = ("google-re2", "markdown", "nh3", "pydantic", "pygments", "pymdown-extensions", "pyyaml")
_PACKAGE = Path(__file__).parents[1]
_CODE = (".py", ".yaml", ".tsv", ".txt")


def load_articles(root: Path) -> Kept:
    """What was read of the articles of `root`."""
    directory = root / "articles"
    rows = _load(root, "articles", _code())
    try:
        return {directory / name: _read(row, directory) for name, row in rows.items()}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return {}


def store_articles(root: Path, kept: Kept) -> None:
    """Keep what was read of the articles of `root`."""
    rows = {path.name: [hash_, shelf.row(article), _plain(errors)] for path, (hash_, article, errors) in kept.items()}
    _store(root, "articles", _code(), rows)


def findings(root: Path, texts: tuple[bytes, ...], find: Callable[[], list[Finding]]) -> list[Finding]:
    """What `find` finds, which `texts` and the code alone decide: from the last time, if they are the same."""
    key = hashlib.sha256(b"\0".join([_code().encode(), *(hashlib.sha256(text).digest() for text in texts)])).hexdigest()
    try:
        rows = _load(root, "answers", key)["findings"]
        return [Finding(path, line, column, rule, Text(*message)) for path, line, column, rule, message in rows]
    except (KeyError, TypeError, ValueError):
        found = find()
    _store(root, "answers", key, {"findings": _plain(found)})
    return found


def _read(row: Any, directory: Path) -> Any:
    hash_, article, errors = row
    read = [ArticleError(path, line, Text(*message), rule, column) for path, line, message, rule, column in errors]
    return hash_, shelf.article(article, directory), read


def _plain(rows: list[Any]) -> list[tuple[object, ...]]:
    return [astuple(row) for row in rows]


@lru_cache(maxsize=1)
def _code() -> str:
    """What changes when the code does, or a library that decides a finding."""
    digest = hashlib.sha256(" ".join([sys.version, *(version(name) for name in _LIBRARIES)]).encode())
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE and "_data" not in path.parts):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _path(root: Path, name: str) -> Path:
    folder = hashlib.sha256(str(root.absolute()).encode()).hexdigest()[:16]
    return Path(cache_dir()) / "checked" / f"{folder}.{name}.json"


def _load(root: Path, name: str, key: str) -> dict[str, Any]:
    try:
        found = json.loads(_path(root, name).read_text(encoding="utf-8"))
        rows: dict[str, Any] = found["rows"] if found["key"] == key else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return rows


def _store(root: Path, name: str, key: str, rows: dict[str, Any]) -> None:
    path = _path(root, name)
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"key": key, "rows": rows}, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)
    except (OSError, ValueError):
        temporary.unlink(missing_ok=True)
