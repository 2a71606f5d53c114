"""In which form somebody gets a page: the suffix of the address says it, else the Accept header.

At addresses without a language (`/`, `/e/…`, `/c/…`) HTML is for who names text/html, as browsers do; curl, scripts and agents
get text. Pages of one language are HTML unless another form is named.
"""

from __future__ import annotations

from flask import request

HTML, TEXT, MARKDOWN, JSON = "html", "txt", "md", "json"
FORMS = (TEXT, MARKDOWN, JSON)
MEDIA_TYPES = {
    TEXT: "text/plain; charset=utf-8",
    MARKDOWN: "text/markdown; charset=utf-8",
    JSON: "application/json",
}
_ACCEPTED = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/plain": TEXT,
    "text/markdown": MARKDOWN,
    "application/json": JSON,
}
_API = ("/api/v", "/healthz", "/readyz")


def named_form() -> str | None:
    """The form that the Accept header names and likes best, the first of equals; None when it names none of ours."""
    named = [
        (quality, _ACCEPTED[kind]) for kind, quality in request.accept_mimetypes if kind in _ACCEPTED and quality > 0
    ]
    return max(named, key=lambda each: each[0])[1] if named else None


def is_neutral(path: str) -> bool:
    """Whether an address has no language, so that its form is negotiated first."""
    return path in ("/", "/api/") or path.startswith(("/e/", "/c/"))


def form_of_request() -> str:
    """The form in which the current request is to be answered, whatever the answer."""
    path = request.path
    suffix = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    if path.startswith(_API) or suffix == JSON:
        return JSON
    if suffix in FORMS or path == "/llms.txt":
        return TEXT
    return named_form() or (TEXT if is_neutral(path) else HTML)
