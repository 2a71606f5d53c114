"""Files in, articles and everything there is to mend out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kb.catalog.findings import CatalogError
from kb.text import LANGUAGES, Text

from . import rules
from .markup import Outline, sanitised, unsanitised
from .model import Article, ArticleError, InvalidArticlesError

MAX_BYTES = 200 * 1024

LoadYaml = Callable[[str], object]

_NAME = re.compile(r"([a-z0-9-]{1,80})\.(zh|en)\.md")
_ID = re.compile(r"[a-z0-9-]{1,80}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LISTS = ("tags", "errors")
_MARK = "---"


class _Front(NamedTuple):
    title: str
    summary: str
    tags: tuple[str, ...]
    errors: tuple[str, ...]
    updated: str
    source: str


def load_articles(directory: Path, load_yaml: LoadYaml) -> tuple[Article, ...]:
    """The articles of a directory, by file name. Raises InvalidArticlesError with all that `read_articles` finds."""
    articles, errors = read_articles(directory, load_yaml)
    if errors:
        raise InvalidArticlesError(errors)
    return articles


def check_block(markdown: str) -> list[rules.Complaint]:
    """What is wrong with Markdown for `render_block`: lines of it, counted from 1, and messages."""
    return list(rules.complaints(markdown, unsanitised(markdown)))


def read_articles(directory: Path, load_yaml: LoadYaml) -> tuple[tuple[Article, ...], tuple[ArticleError, ...]]:
    """The articles that could be read, and everything there is to mend in the directory.

    `load_yaml` turns front matter into mappings, lists and strings, or raises CatalogError.
    """
    articles: list[Article] = []
    errors: list[ArticleError] = []
    for path in sorted(directory.iterdir()):
        try:
            article, complaints = _article(path, load_yaml)
        except InvalidArticlesError as error:
            errors += error.errors
        else:
            articles.append(article)
            errors += _errors(path, complaints)
    errors += rules.pair_errors({(article.slug, article.lang): article for article in articles})
    return tuple(articles), tuple(sorted(errors))


def _article(path: Path, load_yaml: LoadYaml) -> tuple[Article, list[rules.Complaint]]:
    name = _NAME.fullmatch(path.name)
    if not name:
        raise _failure(
            path,
            "文件名须为 <slug>.zh.md 或 <slug>.en.md，slug 只含 a-z、0-9 和 -。",
            "The name must be <slug>.zh.md or <slug>.en.md, with a-z, 0-9 and - in the slug.",
        )
    front, body, body_line = _parts(path, load_yaml)
    try:
        rendered = unsanitised(body)
    except RecursionError:
        raise _failure(path, "嵌套太深，无法渲染。", "Nested too deeply to be rendered.") from None
    html = sanitised(rendered)
    outline = Outline(html)
    article = Article(
        slug=name[1],
        lang=name[2],
        html=html,
        text=outline.text,
        headings=tuple(outline.headings),
        links=tuple(outline.links),
        markdown=body,
        body_line=body_line,
        path=path,
        **front._asdict(),
    )
    complaints = [*rules.complaints(body, rendered), *rules.heading_complaints(body, outline.headings)]
    return article, [(body_line - 1 + line, message) for line, message in complaints]


def _parts(path: Path, load_yaml: LoadYaml) -> tuple[_Front, str, int]:
    lines = _lines(path)
    if lines[0] != _MARK or _MARK not in lines[1:]:
        raise _failure(
            path, f"文件须以两行 {_MARK} 之间的元数据开头。", f"Begin with front matter between two lines of {_MARK}."
        )
    end = lines.index(_MARK, 1)
    return _front(path, lines[:end], load_yaml), "\n".join(lines[end + 1 :]), end + 2


def _lines(path: Path) -> list[str]:
    if path.is_symlink() or not path.is_file():
        raise _failure(
            path, "须是普通文件，不能是符号链接或目录。", "Must be a regular file, neither symlink nor folder."
        )
    if path.stat().st_size > MAX_BYTES:
        raise _failure(path, f"超过 {MAX_BYTES} 字节：请拆成几篇。", f"Is larger than {MAX_BYTES} bytes: split it.")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise _failure(
            path,
            "不是 UTF-8 编码，请另存为 UTF-8。",
            "Is not UTF-8 here; save the file as UTF-8.",
            raw.count(b"\n", 0, error.start) + 1,
        ) from error


def _front(path: Path, lines: list[str], load_yaml: LoadYaml) -> _Front:
    try:
        # The empty line stands for the opening mark, so that line numbers are those of the file.
        loaded = load_yaml("\n".join(["", *lines[1:]]))
    except CatalogError as error:
        raise InvalidArticlesError(ArticleError(str(path), one.line, one.message) for one in error.findings) from error
    if not isinstance(loaded, dict):
        raise _failure(path, "元数据须是「键: 值」的形式。", "Front matter must be lines of key: value.")
    errors = _errors(path, _front_complaints(lines, loaded))
    if errors:
        raise InvalidArticlesError(errors)
    fields: dict[str, Any] = {**loaded, **{name: tuple(loaded[name]) for name in _LISTS}}
    return _Front(**fields)


def _front_complaints(lines: list[str], loaded: dict[object, object]) -> Iterator[rules.Complaint]:
    def line_of(name: object) -> int:
        return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)

    known = set(_Front._fields)
    for missing in sorted(known - loaded.keys()):
        yield 1, Text(f"元数据缺少 {missing}。", f"The front matter lacks {missing}.")
    for name, value in loaded.items():
        if name not in known:
            listed = ", ".join(sorted(known))
            yield (
                line_of(name),
                Text(f"不认识的键 {name}，可用的有：{listed}。", f"Unknown key {name}. Known: {listed}."),
            )
        elif name in _LISTS:
            if not isinstance(value, list) or not all(isinstance(one, str) and _ID.fullmatch(one) for one in value):
                yield (
                    line_of(name),
                    Text(
                        f"{name} 须是列表，各项只含 a-z、0-9 和 -。",
                        f"{name} must be a list of names of a-z, 0-9 and -.",
                    ),
                )
        elif not isinstance(value, str) or not value.strip():
            yield line_of(name), Text(f"{name} 须是不为空的文字。", f"{name} must be text and not empty.")
        elif name == "updated" and not _is_date(value):
            yield line_of(name), Text("updated 须是 YYYY-MM-DD 形式的日期。", "updated must be a date, YYYY-MM-DD.")
        elif name == "source" and value not in LANGUAGES:
            yield line_of(name), Text("source 须是 zh 或 en。", "source must be zh or en.")


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _errors(path: Path, complaints: Iterator[rules.Complaint] | list[rules.Complaint]) -> list[ArticleError]:
    return [ArticleError(str(path), line, message) for line, message in complaints]


def _failure(path: Path, zh: str, en: str, line: int = 1) -> InvalidArticlesError:
    return InvalidArticlesError([ArticleError(str(path), line, Text(zh, en))])
