"""`kb i18n stamp`: a translation says which state of its source it was made from."""

from __future__ import annotations

from pathlib import Path

from kb.articles import Article, stamp
from kb.author.files import replace_file
from kb.catalog.fmt import FRONT
from kb.catalog.write import write_item
from kb.check.content import Content
from kb.text import Text

_KEY = "translated_from"


def stamp_articles(root: Path, slugs: tuple[str, ...], lang: str = "en") -> list[str]:
    """Stamp the translations of the articles named, or all that have a source and differ from it in nothing but the stamp.

    Gives the names of the files that changed. Raises ValueError, in `lang`, for an article that has no translation.
    """
    pairs: dict[str, dict[str, Article]] = {}
    for article in Content.read(root).articles:
        pairs.setdefault(article.slug, {})[article.lang] = article
    changed = []
    for slug in slugs or sorted(pairs):
        pair = pairs.get(slug, {})
        source = next((article for article in pair.values() if article.source == article.lang), None)
        translation = next((article for article in pair.values() if article.source != article.lang), None)
        if source is None or translation is None:
            if slugs:
                message = Text(
                    f"{slug}：原文和译文都在才能盖章（articles/{slug}.zh.md 和 {slug}.en.md）。",
                    f"{slug}: to be stamped it must be there in both languages (articles/{slug}.zh.md and {slug}.en.md).",
                )
                raise ValueError(message.get(lang))
            continue
        if translation.translated_from != stamp(source):
            replace_file(translation.path, stamped(translation.path.read_text(encoding="utf-8"), stamp(source)))
            changed.append(translation.path.name)
    return changed


def stamped(text: str, hashes: tuple[str, ...]) -> str:
    """An article's text with its stamp, at the end of the front matter; nothing else changes."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    front = [line for line in lines[:end] if not line.startswith(f"{_KEY}:")]
    return "\n".join([*front, *write_item((_KEY,), list(hashes), 0, FRONT), *lines[end:]])
