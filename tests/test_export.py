"""`kb export`: a folder in which nothing leads nowhere, the same every time, and never in the place of anything else."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import re2
from conftest import ROOT
from inside import inside
from lookups import asks, same, served
from service import ENTRY, make_content
from tables import each

from kb.export import expressions
from kb.export.bundle import bundle
from kb.export.folder import ForeignFolderError, check, replace
from kb.export.places import place_of, relative
from kb.export.rewrite import Target, rewritten
from kb.export.runtime import VERSION, RuntimeRefusedError, runtime
from kb.text import LANGUAGES
from kb.web.site import Site

ALIAS = "an-older-name-of-it"


def export(content: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "KB_ROOT": str(content), "KB_CACHE": str(content / "cache")}
    command = [sys.executable, "-m", "kb", "export", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One entry with an alias, and one article that links to it and to what needs a server."""
    folder = make_content(tmp_path_factory.mktemp("content"))
    catalogue = folder / "errors.yaml"
    lines = catalogue.read_text("utf-8").split("\n")
    lines.insert(2, f"    aliases: [{ALIAS}]")
    catalogue.write_text("\n".join(lines), "utf-8")
    (folder / "articles").mkdir()
    for lang in ("zh", "en"):
        name = f"reading-a-bounce.{lang}.md"
        text = (ROOT / "articles" / name).read_text("utf-8")
        (folder / "articles" / name).write_text(f"{text}\n[a](/{lang}/diagnose) [b](/{lang}/errors/{ENTRY})\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def exported(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "site"
    done = export(content, folder)
    assert done.returncode == 0, done.stderr
    assert "pages" in done.stderr
    assert done.stdout == ""
    return folder


class Page(HTMLParser):
    """Every address in a page, its tags, its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self.ids.add(known.get("id") or "")
        self.handlers += [name for name in known if name.startswith("on") or name == "style"]
        if tag == "script":
            assert known.get("src"), "an inline script"
        for name in ("href", "src", "action", "data-index"):
            if name in known:
                self.addresses.append((tag, known[name] or ""))
        if known.get("http-equiv") == "refresh":
            self.addresses.append((tag, (known["content"] or "").partition("url=")[2]))


def pages(folder: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}


def target_of(page: Path, address: str) -> Path:
    path = (page.parent / unquote(urlsplit(address).path)).resolve() if urlsplit(address).path else page
    return path / "index.html" if address.partition("#")[0].endswith("/") else path


@pytest.mark.thorough
def test_every_link_of_every_page_leads_to_a_file_of_the_folder(exported: Path) -> None:
    found = pages(exported)
    assert len(found) > 500
    for path, page in found.items():
        for tag, address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme in ("https", "http", "mailto"):
                assert tag == "a", f"{path}: loads {address}"
                assert parts.hostname not in ("localhost", "127.0.0.1"), f"{path}: {address}"
                continue
            assert not address.startswith("/"), f"{path}: {address}"
            assert not parts.query, f"{path}: {address}"
            target = target_of(path, address)
            assert target.is_relative_to(exported)
            assert target.is_file(), f"{path}: {address}"
            if parts.fragment and target in found:
                assert unquote(parts.fragment) in found[target].ids, f"{path}: {address}"


@pytest.mark.thorough
def test_no_page_needs_a_server(exported: Path) -> None:
    for path, page in pages(exported).items():
        assert not {"form", "textarea", "base", "iframe"} & set(page.tags), path
        assert page.tags.count("button") <= 1, path  # the menu, which the browser opens by itself
        assert page.handlers == [], path
        text = path.read_text("utf-8")
        assert text.index("Content-Security-Policy") < text.index("<title>"), path
    home = (exported / "en" / "index.html").read_text("utf-8")
    assert "kb explain" in home
    assert "Diagnose" not in home
    assert "pasted" not in home.partition("<footer>")[2]
    assert not (exported / "en" / "explore").exists()
    assert json.loads((exported / "manifest.json").read_text("utf-8"))["lookup"] is None


@pytest.mark.thorough
def test_what_is_there(exported: Path, content: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_text("utf-8"))
    present = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()}
    assert present == {*manifest["files"], "manifest.json"}
    assert manifest["catalog_version"]
    for lang in ("zh", "en"):
        wanted = [f"{lang}/{name}index.html" for name in ("", "search/", "errors/", "articles/", "codes/", "api/")]
        wanted += [
            f"{lang}/errors/{ENTRY}/index.html",
            f"{lang}/errors/{ALIAS}/index.html",
            f"{lang}/codes/550/index.html",
        ]
        wanted += [f"{lang}/articles/reading-a-bounce.md", f"{lang}/errors/by-stage/mail/index.html"]
        assert {*wanted} <= present
    assert {
        "index.html",
        "404.html",
        "llms.txt",
        "openapi.json",
        f"e/{ENTRY}/index.html",
        f"e/{ALIAS}/index.html",
    } <= present
    for old in (f"e/{ALIAS}", f"en/errors/{ALIAS}"):
        text = (exported / old / "index.html").read_text("utf-8")
        assert re.search(rf'rel="canonical" href="[./]*(?:en/errors/)?{ENTRY}/"', text), old
    markdown = (exported / "en/articles/reading-a-bounce.md").read_text("utf-8")
    assert "127.0.0.1:8055" not in markdown


@pytest.mark.thorough
def test_a_second_run_replaces_the_first_and_is_the_same(exported: Path, content: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(exported, again)
    (again / "llms.txt").write_text("old", "utf-8")
    assert export(content, again).returncode == 0
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (exported, again)
    )
    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_a_folder_of_somebody_else_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    done = inside("export", str(tmp_path))
    assert done.returncode == 2
    assert b"name a new folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_export_to_which_something_was_added_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    files = {
        "a/index.html": b"x",
        "manifest.json": json.dumps({"made_by": "kb export", "files": {"a/index.html": ""}}).encode(),
    }
    replace(folder, files)
    replace(folder, files)
    (folder / "CNAME").write_text("kb.example.org", "utf-8")
    with pytest.raises(ForeignFolderError, match="CNAME"):
        check(folder)
    with pytest.raises(ForeignFolderError, match="CNAME"):
        replace(folder, files)
    assert (folder / "a" / "index.html").read_bytes() == b"x"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@each(
    "address place",
    [
        ("/zh/", "zh/index.html"),
        ("/en/codes/5.7.1", "en/codes/5.7.1/index.html"),
        ("/en/errors/?stage=auth", "en/errors/by-stage/auth/index.html"),
        ("/en/errors/?stage=auth&reason=x", None),
        ("/en/errors/?q=x", None),
        ("/en/search?q=x", None),
        ("/en/errors/?product=../x", None),
        ("/en/errors/..%2f..%2fx", None),
        ("/en/errors/../x", None),
        ("/en/explore", "en/explore/index.html"),
        ("/en/explore?tls=none", None),
        ("/api/v1/lookup", None),
        ("//example.org/zh/", None),
    ],
)
def test_addresses_become_files(address: str, place: str | None) -> None:
    assert place_of(address) == place


def test_files_point_to_each_other() -> None:
    assert relative("zh/index.html", "zh/errors/x/index.html") == "../../"
    assert relative("zh/index.html", "zh/index.html") == "./"
    assert relative("zh/errors/x/index.html", "index.html") == "zh/errors/x/"
    assert relative("index.html", "e/x/index.html") == "../../"
    assert relative("static/a.css", "zh/index.html") == "../static/a.css"


def test_what_leads_nowhere_becomes_text_and_text_stays() -> None:
    page = '<a href="/en/lookup?q=x">x</a><a href="errors/y#fix">z</a><code>&lt;a href="/en/"&gt;</code><a href="https://example.org/">y</a>'
    assert rewritten(page, "/en/", Target("en/index.html", "en", {}, lambda _: True)) == (
        '<span>x</span><a href="errors/y/#fix">z</a><code>&lt;a href="/en/"&gt;</code><a href="https://example.org/">y</a>'
    )


def test_a_form_stays_where_it_is_answered_in_the_browser() -> None:
    form = '<form class="choose" action="/en/explore#outcome"><select></select></form><a href="/en/explore?tls=none#outcome">x</a>'
    target = Target("en/explore/index.html", "en", {}, lambda _: True, lookup=True, megabytes=16)
    made = rewritten(form, "/en/explore", target)
    assert made.startswith('<form class="choose" data-page="explore" hidden><select></select></form>')
    assert '<a href="?tls=none#outcome">x</a>' in made
    assert "16 MB" in made
    words = '<body data-lang="en" data-copy="c" data-too-large="{size}" data-cut="k" data-live="l">'
    page = f'{words}<form class="paste" action="/en/lookup" data-most="9"></form>'
    assert '<body data-lang="en" data-copy="c" data-too-large="{size}" data-cut="k">' in rewritten(page, "/en/", target)
    assert rewritten(words, "/en/", target) == '<body data-lang="en" data-copy="c">'
    asked = '<a href="/en/lookup?q=x%20y">x</a>'
    assert rewritten(asked, "/en/", target) == '<a href="../#q=x%20y">x</a>'


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (None, "is no npm package"),
        ({"name": "pyodide"}, "is no npm package"),
        ({"name": "pyodide", "version": "0.1.0"}, "is pyodide 0.1.0"),
        ({"name": "other", "version": VERSION}, "is other"),
        ({"name": "pyodide", "version": VERSION}, "SHA-256"),
    ],
)
def test_no_other_python_is_taken_into_an_export(tmp_path: Path, about: dict[str, str] | None, said: str) -> None:
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"):
        (tmp_path / name).write_bytes(b"")
    if about is not None:
        (tmp_path / "package.json").write_text(json.dumps(about), "utf-8")
    with pytest.raises(RuntimeRefusedError, match=said) as refused:
        runtime(tmp_path)
    assert f"npm install pyodide@{VERSION}" in str(refused.value)


# Expression, text: found alike by google-re2 and by what stands for it in a browser, or not found by either.
ALIKE = (
    (r"a$", "a\n"),
    (r"(?m)a$", "a\nb"),
    (r"(?m)^b$|c$", "a\nb\nc\n"),
    (r"\bx\d+\b", "éx12é x34"),
    (r"\w+", "ü_a9ñ"),
    (r"[\w.]+", "été a.b"),
    (r"[^\w]+", "ab é, c"),
    (r"[^\s<]+", "\x0b\u3000 a<b"),
    (r"[\s\S]b", "\nb"),
    (r"[^\S\n]+", "a \n b"),
    (r"\s", "\x0b"),
    (r"\D+", "12٣4"),
    (r"x(?i)ab|cd", "XCD xAB CD"),
    (r"(?:x(?i)ab|cd)E", "cde CDE xABE"),
    (r"(?i)почт", "ПОЧТА"),
    (r"(?i:k)", "\u212a"),
    (r"(?i)(?-i:A)b", "aB AB"),
    (r"a.c", "a\nc"),
    (r"(?s)a.c", "a\nc"),
    (r"[A-Za-z\x{C0}-\x{FFFF}]{2,}", "1 éà漢 "),
    (r"\x{6f22}\z", "漢\n"),
    (r"\z", ""),
    (r"[]a]+", "x]a"),
    (r"[[&~|]+", "a[&~|"),
    (r"(a)|(b)", "b"),
    (r"(?P<key>\w+)=(?P<value>[^;]*)", "漢; k=漢字;"),
    (r"\B-", "a- -"),
    (r".{0,3}?c", "漢字abc"),
)


@each("expression text", ALIKE)
def test_an_expression_finds_the_same_without_google_re2(expression: str, text: str) -> None:
    for given in (text, text.encode()):
        theirs, ours = re2.search(expression, given), expressions.search(expression, given)
        assert (theirs is None) == (ours is None)
        if theirs and ours:
            groups = range(len(theirs.groups()) + 1)
            assert [theirs.span(group) for group in groups] == [ours.span(group) for group in groups]
            assert theirs.groups() == ours.groups()
            assert theirs.group() == ours.group()
    places = [found.span() for found in re2.finditer(expression, text) if found.group()]
    assert places == [found.span() for found in expressions.finditer(expression, text) if found.group()]


@pytest.mark.parametrize("expression", [r"\pL", r"[[:alpha:]]", r"(?U)a+", r"\Qa.b\E", r"\C"])
def test_an_expression_that_cannot_be_translated_is_refused(expression: str) -> None:
    with pytest.raises(expressions.error):
        expressions.compile(expression)


CHILD = """
import json, sys
sys.path = [sys.argv[1], *(path for path in sys.path if path and "site-packages" not in path)]
from kb.export.browser import Lookup
lookup = Lookup(sys.argv[1])
for line in sys.stdin:
    print(json.dumps(lookup.page(*json.loads(line))))
"""


@pytest.mark.thorough
@pytest.mark.usefixtures("_own_cache")
def test_the_archive_of_the_lookup_answers_alone_and_like_the_site(tmp_path: Path) -> None:
    """With the standard library and nothing else, as in a browser; every name that an answer links to counts as there."""
    site = Site.load()
    places = {place for entry in site.entries for lang in LANGUAGES if (place := place_of(f"/{lang}/errors/{entry}"))}
    with zipfile.ZipFile(io.BytesIO(bundle(site, places, "", 16))) as archive:
        archive.extractall(tmp_path)
    wanted = asks(250)
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHILD, str(tmp_path)],
        input="".join(f"{json.dumps(ask)}\n" for ask in wanted),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    different = [
        ask
        for ask, ours, theirs in zip(wanted, answers, served(site, wanted, places, 16), strict=True)
        if not same(ours, theirs)
    ]
    assert different == []
