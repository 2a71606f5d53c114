"""Which file an address of the site becomes, and how one file points to another."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qsl, unquote, urlsplit

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_FOLDER = re.compile(rf"/(?:zh|en)/(?:(?:errors|articles|codes)/(?:{_NAME})?|api/|search|diagnose|explore)?")
_FILE = re.compile(rf"/(?:openapi\.json|catalog\.json|(?:zh|en)/articles/{_NAME}\.md)")
_VALUE = re.compile(_NAME)
_FACETS = ("stage", "reason", "product", "code")


def place_of(address: str) -> str | None:
    """The file for a path with its query, such as `zh/errors/mail-x/index.html`; None for what is not part of an export."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc:
        return None
    if parts.query:
        return _narrowed(path, parts.query)
    if _FILE.fullmatch(path):
        return path[1:]
    if _FOLDER.fullmatch(path):
        return posixpath.join(path.strip("/"), "index.html")
    return None


def _narrowed(path: str, query: str) -> str | None:
    """The page of one group of the list of errors; several properties at once need a server."""
    chosen = parse_qsl(query, keep_blank_values=True)
    if path not in ("/zh/errors/", "/en/errors/") or len(chosen) != 1:
        return None
    name, value = chosen[0]
    if name not in _FACETS or not _VALUE.fullmatch(value):
        return None
    return f"{path[1:]}by-{name}/{value}/index.html"


def relative(target: str, source: str) -> str:
    """How the file `source` points to the file `target`: a folder's page is pointed to as the folder."""
    start = posixpath.dirname(source) or "."
    folder, name = posixpath.split(target)
    if name != "index.html":
        return posixpath.relpath(target, start)
    found = posixpath.relpath(folder or ".", start)
    return f"{found}/"
