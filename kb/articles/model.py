"""What an article is, and what can be wrong with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kb.text import Text

SECTIONS = ("symptom", "cause", "fix", "verify")


class Heading(NamedTuple):
    """A heading of an article; `id` is its anchor, empty if it has none."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language.

    `updated` is YYYY-MM-DD and `source` the language it was written in; `translated_from` are the hashes of the sections that
    a translation was made from, empty if it does not say (`sections.py`); `html` is sanitised, `text` the same without
    markup, `markdown` the body as written, from line `body_line` of the file `path` on.
    """

    slug: str
    lang: str
    title: str
    summary: str
    tags: tuple[str, ...]
    errors: tuple[str, ...]
    updated: str
    source: str
    html: str
    text: str
    headings: tuple[Heading, ...]
    links: tuple[str, ...]
    markdown: str
    body_line: int
    path: Path
    translated_from: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class ArticleError:
    """One thing to mend: where it is, what is wrong and how to mend it, and by which rule. Lines and columns count from 1."""

    path: str
    line: int
    message: Text
    rule: str
    column: int = 1


class InvalidArticlesError(ValueError):
    """The articles cannot be used. `errors` says why, at least one."""

    def __init__(self, errors: Iterable[ArticleError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{error.path}:{error.line} {error.message.en}" for error in self.errors))
