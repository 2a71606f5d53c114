"""What the templates of the served site may use beside the words of kb/page: its addresses, assets and version."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import re2
from flask import Flask, current_app, request

from kb.page.words import NAMES
from kb.redact import redact_secrets
from kb.text import LANGUAGES
from kb.web.assets import asset
from kb.web.site import markdown, site

_REPOSITORY = re2.compile(r"^https://[A-Za-z0-9.-]+(?:/[\w.-]+){2}$")


def install(app: Flask) -> None:
    """Give the templates their names, and read where issues go from KB_REPOSITORY."""
    app.config["REPOSITORY"] = repository(os.environ.get("KB_REPOSITORY", ""))
    app.context_processor(_names)


def repository(address: str) -> str:
    """The address of the repository, such as `https://github.com/owner/name`; "" for anything else."""
    address = address.strip().rstrip("/")
    return address if _REPOSITORY.match(address) else ""


def _names() -> dict[str, Any]:
    return {
        **NAMES,
        "markdown": markdown,
        "same_page": same_page,
        "asset": asset,
        "repository": current_app.config.get("REPOSITORY", ""),
        "catalog_version": site().version,
        "base_url": current_app.config["BASE_URL"],
    }


def same_page(lang: str) -> str:
    """This page in another language; the front page where an address has none, or stands for a pasted text."""
    _, first, *rest = request.path.split("/")
    if first not in LANGUAGES or (rest == ["lookup"] and request.method == "POST"):
        return f"/{lang}/"
    path = quote("/".join(("", lang, *rest)))
    query = request.query_string.decode("ascii", "replace")
    typed = "\n".join((*rest, *request.args.values()))
    if redact_secrets(typed) != typed:  # no link carries a secret on
        return f"/{lang}/"
    return f"{path}?{query}" if query else path
