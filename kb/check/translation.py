"""The two languages: what is only in one of them, and which translations are older than what they translate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kb.articles import Article, stale_parts
from kb.catalog.findings import Finding
from kb.catalog.load import Document, Key
from kb.catalog.read import mappings
from kb.check.content import Content
from kb.text import LANGUAGES, Text

MISSING, STALE, UNSTAMPED, CURRENT = "missing", "stale", "unstamped", "current"
_NAMES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
_OTHER = {"zh": "en", "en": "zh"}


class Row(NamedTuple):
    """How a translation stands: `lang` is the language that is missing or to be looked at, `parts` what of it."""

    kind: str
    id: str
    lang: str
    state: str
    parts: tuple[str, ...]


def status(content: Content) -> list[Row]:
    """A row for each entry that is not whole in both languages, and for each article."""
    rows = [Row("entry", id_, lang, MISSING, parts) for id_, lang, parts in _entries(content.document)]
    return [*rows, *(_article_row(slug, pair) for slug, pair in sorted(_pairs(content).items()))]


def check(content: Content) -> Iterator[Finding]:
    """KB105 and KB701: what must be mended. KB704-KB706: what is missing, stale or not stamped, as notes."""
    document = content.document
    if document is not None:
        yield from both(document, "combinations")
        for id_, lang, parts in _entries(document):
            message = Text(
                f"还没有{_NAMES[lang].zh}（{'、'.join(parts)}）：页面会显示另一种语言并注明。",
                f"Not in {_NAMES[lang].en} yet ({', '.join(parts)}): shown in the other language, and marked.",
            )
            yield document.finding("KB704", ("errors", id_), message, at_key=True)
    for slug, pair in sorted(_pairs(content).items()):
        row = _article_row(slug, pair)
        yield from _source(pair)
        if row.state != CURRENT:
            yield _article_finding(row, pair)


def both(document: Document, *sections: str) -> Iterator[Finding]:
    """KB105: where a text in one language alone will not do."""
    data = document.data if isinstance(document.data, dict) else {}
    for section in sections:
        for key, mapping in mappings(data.get(section), (section,)):
            for lang in _missing(mapping):
                message = Text(
                    f"缺少{_NAMES[lang].zh}（键 {lang}）。", f"The {_NAMES[lang].en} text is missing (key {lang})."
                )
                yield document.finding("KB105", key, message)


def _entries(document: Document | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Id, language and places of every text of an entry that is in the other language alone."""
    entries = document.data.get("errors") if document is not None and isinstance(document.data, dict) else None
    for id_, entry in entries.items() if isinstance(entries, dict) else ():
        found: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
        for key, mapping in mappings(entry):
            for lang in _missing(mapping):
                found[lang].append(_place(key))
        for lang, places in found.items():
            if places:
                yield id_, lang, tuple(places)


def _missing(mapping: dict[str, object]) -> tuple[str, ...]:
    """The language that a text lacks; nothing when the mapping is no text."""
    if len(mapping) != 1:
        return ()
    return tuple(_OTHER[lang] for lang in mapping if lang in _OTHER)


def _place(key: Key) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in key)


def _pairs(content: Content) -> dict[str, dict[str, Article]]:
    pairs: dict[str, dict[str, Article]] = {}
    for article in content.articles:
        pairs.setdefault(article.slug, {})[article.lang] = article
    # What could not be read is there all the same: it is not missing, and other findings tell what is wrong with it.
    broken = {error.path.rpartition("/")[2] for error in content.article_errors}
    return {
        slug: pair
        for slug, pair in pairs.items()
        if len(pair) == len(LANGUAGES)
        or not any(f"{slug}.{lang}.md" in broken for lang in LANGUAGES if lang not in pair)
    }


def _article_row(slug: str, pair: dict[str, Article]) -> Row:
    if len(pair) < len(LANGUAGES):
        (lang,) = (lang for lang in LANGUAGES if lang not in pair)
        return Row("article", slug, lang, MISSING, ())
    source = pair["zh"].source
    translation = pair[_OTHER[source]]
    if not translation.translated_from:
        return Row("article", slug, translation.lang, UNSTAMPED, ())
    stale = tuple(stale_parts(pair[source], translation))
    return Row("article", slug, translation.lang, STALE if stale else CURRENT, stale)


def _source(pair: dict[str, Article]) -> Iterator[Finding]:
    """KB701: `source` names a language that the article is in, and the source itself is no translation."""
    for lang, article in pair.items():
        path = f"articles/{article.path.name}"
        if article.source not in pair:
            message = Text(
                f"source 是 {article.source}，但没有这种语言的文章：改成 {lang}，或补上它。",
                f"source is {article.source}, but there is no such article: write {lang}, or add it.",
            )
            yield Finding(path, 1, 1, "KB701", message)
        elif article.source == lang and article.translated_from:
            message = Text("原文不带 translated_from：请删去。", "The source has no translated_from: remove it.")
            yield Finding(path, 1, 1, "KB701", message)


def _article_finding(row: Row, pair: dict[str, Article]) -> Finding:
    there = pair.get(row.lang) or next(iter(pair.values()))
    path, name = f"articles/{there.path.name}", _NAMES[row.lang]
    if row.state == MISSING:
        message = Text(
            f"还没有{name.zh}：页面会显示另一种语言并注明。",
            f"Not in {name.en} yet: shown in the other language, and marked.",
        )
        return Finding(path, 1, 1, "KB704", message)
    if row.state == UNSTAMPED:
        message = Text(
            "不知道译自哪一版原文：核对后运行 kb i18n stamp。",
            "Does not say which state of the source it translates: compare, then run kb i18n stamp.",
        )
        return Finding(path, 1, 1, "KB706", message)
    parts = ", ".join(row.parts)
    message = Text(
        f"原文改过：{parts}。更新译文后运行 kb i18n stamp。",
        f"The source has changed: {parts}. Bring the translation up to date, then run kb i18n stamp.",
    )
    return Finding(path, 1, 1, "KB705", message)
