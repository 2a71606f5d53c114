"""What an exported site runs in the reader's browser: the same engine, templates and catalogue as the served one.

It is imported there by Pyodide, from the archive that kb/export/bundle.py makes, and in tests of that archive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from kb.export.places import place_of
from kb.export.rewrite import Target, rewritten
from kb.match.store import Store
from kb.page.answer import answer_context
from kb.page.diagnosis import diagnosis_context
from kb.page.explore import explore_context
from kb.page.words import NAMES
from kb.text import DEFAULT_LANGUAGE, LANGUAGES

# The page on which a form stands -> the template of what it asks for.
TEMPLATES = {"": "answer_body.html", "diagnose": "diagnose_body.html", "explore": "explore_body.html"}
CATALOGUE, MADE = "catalog.sqlite", "made.json"


def key_of(text: str) -> str:
    """Under which a text's HTML is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(text: str) -> str:
    """The HTML of a Markdown text without markup, as most are."""
    return f"<p>{escape(text, quote=False)}</p>"


class Lookup:
    """The answers of an export. folder: where the archive was unpacked."""

    def __init__(self, folder: str) -> None:
        self._store = Store(str(Path(folder) / CATALOGUE))
        made = json.loads((Path(folder) / MADE).read_text("utf-8"))
        self._prose: Mapping[str, str] = made["prose"]
        self._titles: Mapping[str, Mapping[str, str]] = made["articles"]
        self._repository: str = made["repository"]
        self._megabytes: int = made["megabytes"]
        self._places = frozenset(made["places"])
        self._templates = Environment(loader=FileSystemLoader(Path(folder) / "templates"), autoescape=True)
        self._templates.globals.update(NAMES, markdown=self._html)

    def page(self, name: str, lang: str, fields: Mapping[str, str]) -> str:
        """The HTML to show on the page `name` for the fields of its form. Raises KeyError for a page that has none."""
        template = self._templates.get_template(TEMPLATES[name])
        lang = lang if lang in LANGUAGES else DEFAULT_LANGUAGE
        address = f"/{lang}/{name}"
        html = template.render(self._context(name, lang, fields))
        target = Target(
            place_of(address) or "", lang, {}, self._places.__contains__, lookup=True, megabytes=self._megabytes
        )
        return rewritten(html, address, target)

    def _context(self, name: str, lang: str, fields: Mapping[str, str]) -> dict[str, Any]:
        if name == "diagnose":
            return diagnosis_context(self._store, fields, lang)
        if name == "explore":
            return explore_context(self._store, fields, lang)
        return answer_context(self._store, fields.get("text", ""), lang, self._repository, self._articles)

    def _html(self, text: str) -> str:
        """Markdown was rendered when the site was exported; there is no renderer here."""
        return self._prose.get(key_of(text)) or plain(text)

    def _articles(self, slugs: list[str], lang: str) -> list[dict[str, str]]:
        return [{"slug": slug, "title": self._titles[slug][lang]} for slug in slugs if slug in self._titles]
