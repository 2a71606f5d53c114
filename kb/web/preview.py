"""`kb serve --watch`: what somebody writes, on the page as soon as the file is saved, with a bar that lists the findings.

The page comes first: what has changed since the server was started is read and compiled alone, and one reference is exchanged.
`kb check` follows in a process of its own, then, in another, the search index; both begin anew when more is written. An entry
with a mistake in it is shown as it last was. One worker, for the one who writes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify

from kb.articles import Article
from kb.articles.read import Kept, read_articles
from kb.catalog.findings import CatalogError, Finding
from kb.catalog.lines import read_text
from kb.catalog.providers import content
from kb.catalog.read import FILE, front_matter
from kb.check import check_content
from kb.check.aside import is_large
from kb.check.content import Content
from kb.check.draft import Compiled, Draft
from kb.check.report import summary
from kb.compile import content_version
from kb.content import open_searcher
from kb.knowledge_base import KnowledgeBase
from kb.text import Text
from kb.web import reload
from kb.web.site import Site

SECONDS = 0.1
_SHOWN = 50
_log = logging.getLogger(__name__)
blueprint = Blueprint("preview", __name__)


class Preview:
    """Exchanges the Site of an application as its content is written, and keeps the findings."""

    def __init__(self, extensions: MutableMapping[str, Any], root: str, seen: reload.Stamp = ()) -> None:
        """`seen` is the stamp of the content that the Site shows; without it everything is read anew at the first look."""
        self._extensions = extensions
        self._root = root
        self._stamp: reload.Stamp = ()
        self._draft, self._compiled = Draft(), Compiled()
        self._kept: Kept = {}
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._articles: tuple[Article, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.checked = False
        self.generation = 0
        if seen:
            self._begin(seen)

    def _begin(self, seen: reload.Stamp) -> None:
        """Take what the Site shows as what was read, as far as the files say so still."""
        site: Site = self._extensions["kb"]
        try:
            text = read_text(Path(self._root) / FILE, FILE)
        except CatalogError:
            return
        if content_version(text.encode(), content()) != site.version:
            return
        self._draft, self._compiled = Draft(text), Compiled(site.base.store)
        self._stamp, self._articles = seen, tuple(site.articles.values())
        same = {name for name, *_ in set(seen) & set(reload.stamp(self._root))}
        for article in self._articles:
            if article.path.name in same:
                digest = hashlib.sha256(article.path.read_bytes()).hexdigest()
                self._kept[article.path] = digest, article, []

    def watch(self) -> None:
        """Look until the process ends, in threads."""
        self._changed.set()
        threading.Thread(target=self._look, name="kb-preview", daemon=True).start()
        threading.Thread(target=self._follow, name="kb-preview-check", daemon=True).start()

    def look(self) -> bool:
        """Show the content if it has changed; whether it had."""
        now = reload.stamp(self._root)
        if now == self._stamp:
            return False
        articles = self._read_articles(now)
        text, findings = None, self.findings
        try:
            text = read_text(Path(self._root) / FILE, FILE)
        except CatalogError as error:
            findings = error.findings
        if reload.stamp(self._root) != now:
            return False  # is being written: the next look
        self._stamp, self._articles, self.findings = now, articles, findings
        if text is not None:  # else what is shown stays
            self._show(text)
        self.checked = False
        self.generation += 1
        self._changed.set()
        return True

    def _read_articles(self, now: reload.Stamp) -> tuple[Article, ...]:
        if [row for row in self._stamp if row[0] != FILE] == [row for row in now if row[0] != FILE]:
            return self._articles
        directory = Path(self._root) / "articles"
        return read_articles(directory, front_matter, kept=self._kept)[0] if directory.is_dir() else ()

    def check(self) -> None:
        """Find what is wrong with the content."""
        now, folder = self._stamp, Path(self._root)
        if is_large(folder / FILE):  # it would take the time of the pages
            status, output, said = reload.run("kb.check", self._root, lambda: now != self._stamp)
            if status and now == self._stamp:
                raise RuntimeError(said)
            rows = [] if status else json.loads(output)
            findings = tuple(Finding(path, line, at, rule, Text(*text)) for path, line, at, rule, text in rows)
        else:
            findings = tuple(check_content(Content.read(folder)))
        if now != self._stamp:
            return  # changed meanwhile: once more
        self.findings, self.checked = findings, True
        self.generation += 1

    def index(self) -> None:
        """Let search follow, where the content can be used."""
        now = self._stamp
        problem = reload.prepare(self._root, lambda: now != self._stamp)
        if problem is None and now == self._stamp:
            self._exchange(searcher=open_searcher(self._root))

    def _show(self, text: str) -> None:
        articles = {(article.slug, article.lang): article for article in self._articles}
        edit = self._draft.read(text)
        if edit is None:
            self._exchange(articles=articles)
            return
        store = self._compiled.store(self._draft, edit, f"preview-{self.generation}")
        entries = {entry.id: entry for entry in store.entries()}
        self._exchange(base=KnowledgeBase(store), articles=articles, entries=entries, version=store.version)

    def _exchange(self, **parts: Any) -> None:
        with self._lock:  # two threads exchange different parts
            site: Site = self._extensions["kb"]
            self._extensions["kb"] = Site(**{**vars(site), **parts})

    def _look(self) -> None:
        pause = threading.Event()
        while not pause.wait(SECONDS):
            try:
                self.look()
            except Exception:
                _log.exception("the preview could not be made")

    def _follow(self) -> None:
        while True:
            self._changed.wait()
            self._changed.clear()
            try:
                self.check()
                self.index()
            except Exception:
                _log.exception("the check or the search index failed")


def install(app: Flask, root: str, seen: reload.Stamp = ()) -> Preview:
    """Let every page of an application carry the bar, and its state be asked for. The caller starts `watch`.

    `seen` is the stamp of the content that the application has loaded.
    """
    preview = Preview(app.extensions, root, seen)
    app.extensions["kb-preview"] = preview
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"preview": preview, "preview_summary": summary, "preview_shown": _SHOWN})
    app.after_request(_not_kept)
    return preview


def _not_kept(response: Response) -> Response:
    """Nothing of a preview is kept by a browser but scripts and styles."""
    if "immutable" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/preview.json")
def state() -> Response:
    """What changes when a page has to be loaded anew."""
    return jsonify(generation=current_app.extensions["kb-preview"].generation)
