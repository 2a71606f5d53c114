"""Rendered articles kept between runs, so that only changed content is rendered again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from .model import Article, Heading

_KEPT = 3


def load(shelf: Path, key: str, directory: Path) -> tuple[Article, ...] | None:
    """The articles kept under `key`, None when there are none that can be read."""
    try:
        rows = json.loads((shelf / f"{key}.json").read_text(encoding="utf-8"))
        return tuple(article(row, directory) for row in rows)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def store(shelf: Path, key: str, articles: tuple[Article, ...]) -> None:
    """Keep articles under `key`, and the last few others. A shelf that cannot be written is no error."""
    rows = [row(article) for article in articles]
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        temporary = shelf / f".{key}.{os.getpid()}"
        temporary.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        temporary.replace(shelf / f"{key}.json")
        for old in sorted(shelf.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def row(article: Article) -> dict[str, object]:
    """An article as JSON has it."""
    return {**asdict(article), "path": article.path.name}


def article(row: dict[str, object], directory: Path) -> Article:
    """The article of such a row. Raises KeyError or TypeError when it is none."""
    names = ("tags", "errors", "links", "translated_from")
    lists: dict[str, tuple[str, ...]] = {name: tuple(row[name]) for name in names}  # type: ignore[arg-type]
    headings = tuple(Heading(*heading) for heading in row["headings"])  # type: ignore[attr-defined]
    return Article(**{**row, **lists, "headings": headings, "path": directory / str(row["path"])})  # type: ignore[arg-type]
