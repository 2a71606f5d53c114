"""Addresses of pages within the site."""

from __future__ import annotations

from urllib.parse import quote

# Texts of ours to try the box with, whose answers may be in search engines, unlike those to what somebody pasted.
EXAMPLES = (
    "error response to AUTH command: unencrypted connection",
    "error creating StartTLS config: 502 5.5.1 Error: command not implemented",
    "554 5.7.1 <bob@example.net>: Relay access denied",
)
_FOLDERS = {"entry": "errors", "article": "articles", "code": "codes"}


def example_of(text: str, lang: str) -> str:
    """The address of the answer to an example."""
    return f"/{lang}/lookup?q={quote(text)}"


def page_of(kind: str, id_: str, lang: str) -> str:
    """The address of the page of an entry, an article or a code."""
    return f"/{lang}/{_FOLDERS[kind]}/{id_}"
