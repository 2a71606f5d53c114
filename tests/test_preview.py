"""`kb serve --watch`: what is written shows, findings stand on every page, and search follows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import CASES
from flask import Flask
from service import ENTRY as SERVED
from service import make_content, serving, wait_for, write_catalogue

from kb.web import create_app, preview, reload
from kb.web.preview import Preview
from kb.web.site import Site

pytestmark = pytest.mark.usefixtures("provider_tables_kept", "indexes_built_here")
GOOD = CASES / "broken" / "good"
ENTRY, ARTICLE = "/en/errors/auth-first-thing", "/en/articles/first-steps"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def root(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_CACHE", str(cache))
    shutil.copytree(GOOD, tmp_path / "content")
    return tmp_path / "content"


@pytest.fixture
def app(root: Path) -> Flask:
    return create_app(Site.load(str(root)))


@pytest.fixture
def shown(app: Flask, root: Path) -> Preview:
    """As it stands once the first check is done."""
    found = preview.install(app, str(root), reload.stamp(str(root)))
    assert not found.look()  # what the server has loaded is not read again
    found.check()
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def page(app: Flask, path: str) -> str:
    return app.test_client().get(path).get_data(as_text=True)


def test_an_entry_shows_before_it_is_checked(app: Flask, shown: Preview, root: Path) -> None:
    edit(root / "errors.yaml", "The first sentence.", "Another sentence.")
    assert shown.look()
    assert "Another sentence." in page(app, ENTRY)
    assert "checking" in page(app, ENTRY)
    shown.check()
    assert "no findings" in page(app, ENTRY)
    assert not shown.look()


def test_what_was_saved_while_the_server_started_shows(app: Flask, root: Path) -> None:
    loaded = reload.stamp(str(root))
    edit(root / "articles" / "first-steps.en.md", "A setting.", "Quite another setting.")
    found = preview.install(app, str(root), loaded)
    assert found.look()
    assert "Quite another setting." in page(app, ARTICLE)
    edit(root / "errors.yaml", "The first sentence.", "Another sentence.")
    other = preview.install(create_app(app.extensions["kb"]), str(root), loaded)  # its catalogue is of an older text
    assert other.look()
    assert found.look()
    assert "Another sentence." in page(app, ENTRY)


def test_an_entry_comes_and_goes(app: Flask, shown: Preview, root: Path) -> None:
    path = root / "errors.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  mail-second-thing"), text.index("combinations:")
    added = (
        text[start:end].replace("mail-second-thing", "mail-third-thing").replace("econd thing went", "third thing went")
    )
    path.write_text(text[:end] + added + text[end:], encoding="utf-8")
    assert shown.look()
    assert "mail-third-thing" in page(app, "/en/lookup?q=550+Sthird+thing+went+wrong")
    path.write_text("", encoding="utf-8")  # an editor empties a file before it writes it
    assert shown.look()
    assert app.test_client().get("/en/errors/mail-third-thing").status_code == 200
    path.write_text(text.replace("    retry: 'later'", "    codes: ['4.7.99']\n    retry: 'later'"), encoding="utf-8")
    assert shown.look()
    assert app.test_client().get("/en/errors/mail-third-thing").status_code == 404
    assert "The first sentence." in page(app, ENTRY)


def test_an_article_shows(app: Flask, shown: Preview, root: Path) -> None:
    edit(root / "articles" / "first-steps.en.md", "A setting.", "Quite another setting.")
    assert shown.look()
    assert "Quite another setting." in page(app, ARTICLE)


def test_search_follows(app: Flask, shown: Preview, root: Path) -> None:
    edit(root / "errors.yaml", "en: 'The first thing'", "en: 'The zebra crossing'")
    shown.look()
    assert "The zebra crossing" not in page(app, "/en/search?q=zebra")
    shown.index()
    assert "The zebra crossing" in page(app, "/en/search?q=zebra")


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "line"),
    [
        ("errors.yaml", "retry: 'after-fix'", "retyr: 'after-fix'", "KB102", "retry: 'after-fix'"),
        ("errors.yaml", "reason: 'auth-failed'", "reason: 'auth-faild'", "KB109", "reason: 'auth-failed'"),
        ("errors.yaml", "- '535 First thing went wrong'", "- '535 Something else'", "KB201", "- '535 First thing"),
        (
            "errors.yaml",
            "title: {zh: '第一件事', en:",
            "title: {zh: '第一件事', en: '",
            "KB002",
            "title: {zh: '第一件事",
        ),
        ("articles/first-steps.en.md", "{#cause}", "{#why}", "KB3", ""),
    ],
)
def test_findings_stand_on_every_page(
    app: Flask, shown: Preview, root: Path, name: str, old: str, new: str, rule: str, line: str
) -> None:
    number = (root / name).read_text(encoding="utf-8").partition(line)[0].count("\n") + 1 if line else 0
    edit(root / name, old, new)
    shown.look()
    shown.check()
    for path in (ENTRY, ARTICLE, "/en/", "/en/search?q=first", "/en/no-such-page"):
        text = page(app, path)
        assert f"</code> {rule}" in text, path
        assert not line or f"<code>{name}:{number}:" in text, path
    assert "正在检查" not in page(app, "/zh/")
    assert "个错误" in page(app, "/zh/")
    assert "The first sentence." in page(app, ENTRY)  # as it last was
    edit(root / name, new, old)
    shown.look()
    shown.check()
    assert "no findings" in page(app, ENTRY)


def test_a_catalogue_that_is_gone_changes_nothing(app: Flask, shown: Preview, root: Path) -> None:
    (root / "errors.yaml").rename(root / "aside.yaml")
    shown.look()
    shown.check()
    assert "KB001" in page(app, ENTRY)
    assert "The first sentence." in page(app, ENTRY)


def test_findings_are_text(app: Flask, shown: Preview, root: Path) -> None:
    edit(root / "errors.yaml", "retry: 'after-fix'", "'<b>x</b>': 'after-fix'")
    shown.look()
    shown.check()
    assert "<b>x</b>" not in page(app, ENTRY)
    assert "&lt;b&gt;" in page(app, ENTRY)


def test_without_the_option_there_is_no_bar(app: Flask) -> None:
    assert 'id="preview"' not in page(app, ENTRY)
    assert "preview.js" not in page(app, ENTRY)
    assert app.test_client().get("/preview.json").status_code == 404


def test_nothing_is_kept_and_the_policy_stays(app: Flask, shown: Preview) -> None:
    answer = app.test_client().get(ENTRY)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "style=" not in answer.get_data(as_text=True)


@pytest.mark.thorough
def test_the_real_server(tmp_path: Path) -> None:
    content = make_content(tmp_path / "content")
    with serving(content, tmp_path / "cache", "--watch") as service:
        write_catalogue(content, "Afterwards")
        wait_for(lambda: b"Afterwards" in service.get(f"/en/errors/{SERVED}")[1])
        assert b"generation" in service.get("/preview.json")[1]
        assert service.stop() == 0
