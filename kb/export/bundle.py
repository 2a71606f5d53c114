"""The archive that an exported lookup unpacks in the browser: engine, templates and what they need, catalogue.

Nothing is compiled or rewritten: the modules are those of this package, the template engine that of this environment. The
same content gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import kb
from kb.articles import render_block
from kb.compile import for_browser
from kb.export.browser import CATALOGUE, MADE, TEMPLATES, key_of, plain
from kb.page.words import lead_of
from kb.smtp.registry import all_status_codes
from kb.text import LANGUAGES, Text, first_sentence
from kb.web.site import Site

_PACKAGE = Path(kb.__file__).parent
_EXPRESSIONS = "export/expressions.py"
# What kb/export/browser.py imports, directly or not; a test runs the archive alone.
_MODULES = (
    *(
        "__init__.py",
        "text.py",
        "record.py",
        "regex.py",
        "percent.py",
        "redact.py",
        "judge.py",
        "explain.py",
        "diagnosis.py",
    ),
    *("smtp/", "inputs/", "match/", "values/", "config/", "render/", "page/"),
    *("catalog/__init__.py", "catalog/vocabulary.py"),
    *("export/__init__.py", "export/browser.py", "export/places.py", "export/rewrite.py", "export/words.py"),
)
_LIBRARIES = {"jinja2": "jinja2", "markupsafe": "markupsafe"}  # distribution -> package
_PARTS = ("parts.html", "diagnosis_parts.html")


def bundle(site: Site, places: Collection[str], repository: str, megabytes: int) -> bytes:
    """The archive. places: the files of the export. repository: where issues go. megabytes: what is loaded beside it."""
    files = dict(_code())
    files["re2.py"] = (_PACKAGE / _EXPRESSIONS).read_bytes()
    for name in (*TEMPLATES.values(), *_PARTS):
        files[f"templates/{name}"] = (_PACKAGE / "web" / "templates" / name).read_bytes()
    files[CATALOGUE] = for_browser(site.base.store.serialized())
    files[MADE] = json.dumps(_made(site, places, repository, megabytes), ensure_ascii=False, sort_keys=True).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _code() -> Iterator[tuple[str, bytes]]:
    """Path -> content of modules and tables of ours and of the template engine, with its licences."""
    for path in sorted(_PACKAGE.rglob("*.*")):
        name = path.relative_to(_PACKAGE).as_posix()
        if path.suffix == ".pyc":
            continue
        if name in _MODULES or f"{name.partition('/')[0]}/" in _MODULES:
            yield f"kb/{name}", path.read_bytes()
    for name, package in _LIBRARIES.items():
        for file in distribution(name).files or ():
            if file.parts[0] == package and file.suffix == ".py":
                yield file.as_posix(), Path(str(file.locate())).read_bytes()
            elif "LICENSE" in file.name.upper():
                yield f"{package}/LICENSE.txt", Path(str(file.locate())).read_bytes()


def _made(site: Site, places: Collection[str], repository: str, megabytes: int) -> dict[str, Any]:
    articles = {
        slug: {lang: found.title for lang in LANGUAGES if (found := site.article(slug, lang))}
        for slug, _ in site.articles
    }
    prose = {key_of(text): html for text in set(_prose(site)) if (html := render_block(text)) != plain(text)}
    pages = sorted(place for place in places if place.endswith((".html", ".md")))
    return {
        "articles": articles,
        "prose": prose,
        "places": pages,
        "repository": repository,
        "megabytes": megabytes,
    }


def _prose(site: Site) -> Iterator[str]:
    """Every Markdown text that an answer can show."""
    store = site.base.store
    for lang in LANGUAGES:
        for entry in site.entries.values():
            yield from _of_body(json.loads(store.body(entry.number, lang)), lang)
        for row, _ in store.provider_rows():
            yield from _of_body(json.loads(store.provider_body(row.number, lang)), lang)
        for status in all_status_codes():
            yield from first_sentence(status.meaning.get(lang), lang)
        for rule in json.loads(store.rules()).values():
            yield Text(**rule["explanation"]).get(lang)


def _of_body(body: dict[str, Any], lang: str) -> Iterator[str]:
    yield from first_sentence(body["explanation"], lang)
    yield from body["causes"]
    yield from (fix["text"] for fix in body["fixes"])
    for fix in body["fixes"][:1]:
        yield from filter(None, lead_of(fix, lang))
    if body["verify"]:
        yield body["verify"]["text"]
