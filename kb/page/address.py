"""Addresses of pages within the site."""

from __future__ import annotations

_FOLDERS = {"entry": "errors", "article": "articles", "code": "codes"}


def page_of(kind: str, id_: str, lang: str) -> str:
    """The address of the page of an entry, an article or a code."""
    return f"/{lang}/{_FOLDERS[kind]}/{id_}"
