"""Articles: `<slug>.zh.md` beside `<slug>.en.md`, read, checked, rendered and sanitised.

Law: the only package that imports markdown and nh3. Markdown is rendered for the content of this project only, when it
is loaded, never for what a user sends: the renderer's time grows faster than its input.
"""

from __future__ import annotations

from .markup import render_block, render_inline
from .model import Article, ArticleError, Heading, InvalidArticlesError
from .read import check_block, load_articles, read_articles
from .sections import stale_parts, stamp

__all__ = [
    "Article",
    "ArticleError",
    "InvalidArticlesError",
    "Heading",
    "check_block",
    "load_articles",
    "read_articles",
    "render_block",
    "render_inline",
    "stale_parts",
    "stamp",
]
