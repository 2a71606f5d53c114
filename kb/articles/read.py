"""Files in, articles and everything there is to mend out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kb.catalog.findings import CatalogError, did_you_mean
from kb.catalog.lines import check_lines, read_text
from kb.text import LANGUAGES, Text

from . import rules
from .markup import Outline, sanitised, unsanitised
from .model import Article, ArticleError, InvalidArticlesError
from .sections import is_stamp

MAX_BYTES = 200 * 1024

LoadYaml = Callable[[str], object]
Kept = dict[Path, tuple[str, Article, list[ArticleError]]]  # by file: a hash of its text, and what was read

_NAME = re.compile(r"([a-z0-9][a-z0-9-]{0,79})\.(zh|en)\.md")
# What editors and desktops leave beside a file; .gitignore has it too.
_LEFT_BEHIND = re.compile(r"\..*\.sw[a-p]|.*~|\.#.*|#.*#|\.DS_Store")
_ID = re.compile(r"[a-z0-9-]{1,80}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LISTS = ("tags", "errors", "translated_from")
# Markdown that may become an element the sanitiser takes away: raw HTML, links, images, headings. Rendering tells for sure.
_MARKUP = re.compile(r"[<\[#]|^[ ]*(?:[=>*+-]|\d+[.)] )", re.M)
_MARK = "---"
_LONGEST = 300  # characters of title and summary


class _Front(NamedTuple):
    title: str
    summary: str
    tags: tuple[str, ...]
    errors: tuple[str, ...]
    updated: str
    source: str
    translated_from: tuple[str, ...] = ()


def load_articles(directory: Path, load_yaml: LoadYaml) -> tuple[Article, ...]:
    """The articles of a directory, by file name. Raises InvalidArticlesError with all that `read_articles` finds."""
    articles, errors = read_articles(directory, load_yaml)
    if errors:
        raise InvalidArticlesError(errors)
    return articles


def check_block(markdown: str) -> list[rules.Complaint]:
    """What is wrong with Markdown for `render_block`: lines of it, counted from 1, messages and rules."""
    marked = _MARKUP.search(markdown)
    if not marked and rules.is_plain(markdown):
        return []
    long = rules.too_long(markdown)
    if long is not None:
        return [long]
    try:
        rendered = unsanitised(markdown) if marked else ""
    except RecursionError:
        return [rules.Complaint(1, rules.TOO_DEEP, "KB003")]
    return list(rules.complaints(markdown, rendered))


def read_articles(
    directory: Path, load_yaml: LoadYaml, *, coloured: bool = True, kept: Kept | None = None
) -> tuple[tuple[Article, ...], tuple[ArticleError, ...]]:
    """The articles that could be read, and everything there is to mend in the directory.

    `load_yaml` turns front matter into mappings, lists and strings, or raises CatalogError. Code that is not `coloured`
    takes half the time and is enough to find what is wrong. `kept` is what an earlier call has read: files that say what
    they said then are not taken apart again.
    """
    articles: list[Article] = []
    errors: list[ArticleError] = []
    for path in sorted(path for path in directory.iterdir() if not _LEFT_BEHIND.fullmatch(path.name)):
        try:
            article, found = _kept(path, load_yaml, coloured, kept)
        except InvalidArticlesError as error:
            errors += error.errors
        else:
            articles.append(article)
            errors += found
    errors += rules.pair_errors({(article.slug, article.lang): article for article in articles})
    return tuple(articles), tuple(sorted(errors))


def _kept(path: Path, load_yaml: LoadYaml, coloured: bool, kept: Kept | None) -> tuple[Article, list[ArticleError]]:
    name = _NAME.fullmatch(path.name)
    if not name:
        raise _failure(
            path,
            "文件名须为 <slug>.zh.md 或 <slug>.en.md，slug 只含 a-z、0-9 和 -。",
            "The name must be <slug>.zh.md or <slug>.en.md, with a-z, 0-9 and - in the slug.",
            "KB320",
        )
    text = _text(path)
    if kept is None:
        return _article(path, text, name[1], name[2], load_yaml, coloured)
    hash_ = hashlib.sha256(text.encode()).hexdigest()
    if path not in kept or kept[path][0] != hash_:
        kept.pop(path, None)
        kept[path] = (hash_, *_article(path, text, name[1], name[2], load_yaml, coloured))
    return kept[path][1:]


def _article(
    path: Path, text: str, slug: str, lang: str, load_yaml: LoadYaml, coloured: bool
) -> tuple[Article, list[ArticleError]]:
    wrong = [ArticleError(str(path), f.line, f.message, f.rule, f.column) for f in check_lines(text, str(path))]
    front, body, body_line = _parts(path, text, load_yaml)
    long = rules.too_long(body)
    if long is not None:
        raise _failure(path, *long.message, long.rule, body_line - 1 + long.line)
    try:
        rendered = unsanitised(body, coloured=coloured)
    except RecursionError:
        raise _failure(path, *rules.TOO_DEEP, "KB003", body_line) from None
    html = sanitised(rendered)
    outline = Outline(html)
    article = Article(
        slug=slug,
        lang=lang,
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
    moved = [complaint._replace(line=body_line - 1 + complaint.line) for complaint in complaints]
    return article, [*wrong, *_errors(path, moved)]


def _parts(path: Path, text: str, load_yaml: LoadYaml) -> tuple[_Front, str, int]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0] != _MARK or _MARK not in lines[1:]:
        raise _failure(
            path,
            f"文件须以两行 {_MARK} 之间的元数据开头。",
            f"Begin with front matter between two lines of {_MARK}.",
            "KB321",
        )
    end = lines.index(_MARK, 1)
    return _front(path, lines[:end], load_yaml), "\n".join(lines[end + 1 :]), end + 2


def _text(path: Path) -> str:
    try:
        return read_text(path, str(path), MAX_BYTES)
    except CatalogError as error:
        raise _invalid(path, error) from error


def _invalid(path: Path, error: CatalogError) -> InvalidArticlesError:
    return InvalidArticlesError(
        ArticleError(str(path), one.line, one.message, one.rule, one.column) for one in error.findings
    )


def _front(path: Path, lines: list[str], load_yaml: LoadYaml) -> _Front:
    try:
        # The empty line stands for the opening mark, so that line numbers are those of the file.
        loaded = load_yaml("\n".join(["", *lines[1:]]))
    except CatalogError as error:
        raise _invalid(path, error) from error
    if not isinstance(loaded, dict):
        raise _failure(path, "元数据须是「键: 值」的形式。", "Front matter must be lines of key: value.", "KB110")
    errors = _errors(path, _front_complaints(lines, loaded))
    if errors:
        raise InvalidArticlesError(errors)
    fields: dict[str, Any] = {**loaded, **{name: tuple(loaded[name]) for name in _LISTS if name in loaded}}
    return _Front(**fields)


def _front_complaints(lines: list[str], loaded: dict[object, object]) -> Iterator[rules.Complaint]:
    def line_of(name: object) -> int:
        return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)

    known = _Front._fields
    for missing in (name for name in known if name not in loaded and name not in _Front._field_defaults):
        message = Text(f"元数据缺少 {missing}。", f"The front matter lacks {missing}.")
        yield rules.Complaint(1, message, "KB108")
    for name, value in loaded.items():
        if name not in known:
            hint = did_you_mean(str(name), known)
            message = Text(f"不认识的键 {name}。{hint.zh}", f"Unknown key {name}. {hint.en}")
            yield rules.Complaint(line_of(name), message, "KB102")
        elif (wrong := _wrong_value(str(name), value)) is not None:
            yield rules.Complaint(line_of(name), wrong, "KB110")
        elif name in ("tags", "errors") and len({*value}) < len(value):  # type: ignore[misc, arg-type]
            message = Text(f"{name} 里有重复的项。", f"Something stands in {name} twice.")
            yield rules.Complaint(line_of(name), message, "KB113")
        elif isinstance(value, str) and len(value) > _LONGEST:
            message = Text(f"{name} 超过 {_LONGEST} 个字符。", f"{name} has more than {_LONGEST} characters.")
            yield rules.Complaint(line_of(name), message, "KB112")


def _wrong_value(name: str, value: object) -> Text | None:
    """What is wrong with a value of the front matter, or None."""
    if name == "translated_from":
        if isinstance(value, list) and is_stamp(value):
            return None
        return Text(f"{name} 由 kb i18n stamp 写入，不要手改。", f"{name} is written by kb i18n stamp: do not edit it.")
    if name in _LISTS:
        if isinstance(value, list) and all(isinstance(one, str) and _ID.fullmatch(one) for one in value):
            return None
        return Text(f"{name} 须是列表，各项只含 a-z、0-9 和 -。", f"{name} must be a list of names of a-z, 0-9 and -.")
    if not isinstance(value, str) or not value.strip():
        return Text(f"{name} 须是不为空的文字。", f"{name} must be text and not empty.")
    if "\n" in value:
        return Text(f"{name} 须写在一行里。", f"{name} must be one line.")
    if name == "updated" and not _is_date(value):
        return Text("updated 须是 YYYY-MM-DD 形式的日期。", "updated must be a date, YYYY-MM-DD.")
    if name == "source" and value not in LANGUAGES:
        return Text("source 须是 zh 或 en。", "source must be zh or en.")
    return None


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _errors(path: Path, complaints: Iterable[rules.Complaint]) -> list[ArticleError]:
    return [ArticleError(str(path), line, message, rule) for line, message, rule in complaints]


def _failure(path: Path, zh: str, en: str, rule: str, line: int = 1) -> InvalidArticlesError:
    return InvalidArticlesError([ArticleError(str(path), line, Text(zh, en), rule)])
