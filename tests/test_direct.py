"""A lookup that is answered before Flask: the same bytes as Flask's, and Flask's for whatever is unusual."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from content import catalog
from effort import examples
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tables import each
from werkzeug.test import create_environ

from kb.knowledge_base import KnowledgeBase
from kb.render.as_json import lookup_bytes
from kb.web import create_app
from kb.web.direct import PATH, Direct
from kb.web.policy import Policy

RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
Response = tuple[str, list[tuple[str, str]], bytes]
OTHERS = [
    "",
    "550",
    "nothing of the kind",
    "收件人 <bob@example.net>: Relay access denied 被拒绝",
    "535 5.7.8 x password=hunter2",
]


def texts() -> list[str]:
    return [*(entry.examples[0] for entry in list(catalog().errors.values())[::40] if entry.examples), *OTHERS]


def form(query: str = "", method: str = "GET", **named: Any) -> dict[str, Any]:
    return {"path": PATH, "query_string": query, "method": method, **named}


def sent(text: str, kind: str = "application/json", query: str = "", **named: Any) -> dict[str, Any]:
    data = json.dumps({"text": text}) if "json" in kind else text
    return form(query, "POST", data=data.encode(), content_type=kind, **named)


USUAL = {
    "get": form(f"q={quote(RELAY)}"),
    "plus for a blank": form("q=554+Relay+access+denied&lang=zh"),
    "language first": form("lang=zh&q=550%205.1.1"),
    "language of the reader": form("q=550", headers={"Accept-Language": "zh-TW,en;q=0.5"}),
    "compressed": form(f"q={quote(RELAY)}", headers={"Accept-Encoding": "br, gzip;q=0.5"}),
    "gzip refused": form(f"q={quote(RELAY)}", headers={"Accept-Encoding": "gzip;q=0"}),
    "json": sent(RELAY),
    "json, charset, language": sent(RELAY, "application/json; charset=utf-8", "lang=zh"),
    "text": sent(RELAY, "text/plain", headers={"Accept-Encoding": "gzip"}),
    "mail": sent(RELAY, "message/rfc822"),
}
UNUSUAL = {
    "no text": form(),
    "text twice": form("q=a&q=b"),
    "language twice": form("q=a&lang=zh&lang=en"),
    "no such language": form("q=a&lang=fr"),
    "another parameter": form("q=a&x=1"),
    "without a value": form("q"),
    "no UTF-8": form("q=%ff%fe"),
    "head": form("q=a", "HEAD"),
    "options": form("q=a", "OPTIONS"),
    "put": form("q=a", "PUT"),
    "no json": form("", "POST", data=b"{", content_type="application/json"),
    "json of another shape": form("", "POST", data=b'{"texts": 1}', content_type="application/json"),
    "another type": sent("x", "text/csv"),
    "another charset": sent("x", "text/plain; charset=utf-16"),
    "a form": sent("text=x", "application/x-www-form-urlencoded"),
    "too large": sent("x" * 300_000, "text/plain"),
    "a form in a GET": form("q=a", data=b"lang=zh", content_type="application/x-www-form-urlencoded"),
    "another path": {"path": f"{PATH}/", "query_string": "q=a"},
}


def ask(app: Any, asked: dict[str, Any]) -> Response:
    found: list[Any] = []
    environ = create_environ(**asked)
    body = b"".join(app(environ, lambda status, headers, *_: found.extend((status, headers))))
    return found[0], found[1], body


def both(app: Flask, asked: dict[str, Any]) -> tuple[Response, Response, bool]:
    """The answer with and without the layer, and whether the layer gave it."""
    direct = app.wsgi_app
    assert isinstance(direct, Direct)
    passed: list[bool] = []

    def rest(environ: Any, start: Any) -> Any:
        passed.append(True)
        return direct._rest(environ, start)

    return ask(Direct(app, rest), asked), ask(direct._rest, asked), not passed


@pytest.fixture(scope="module")
def app(client: FlaskClient) -> Flask:
    return create_app(client.application.extensions["kb"], policy=Policy())


@pytest.mark.parametrize("asked", USUAL.values(), ids=USUAL)
def test_usual_lookups_get_the_bytes_of_flask(app: Flask, asked: dict[str, Any]) -> None:
    mine, flasks, direct = both(app, asked)
    assert direct
    assert mine == flasks


@pytest.mark.parametrize("asked", UNUSUAL.values(), ids=UNUSUAL)
def test_everything_else_is_for_flask(app: Flask, asked: dict[str, Any]) -> None:
    mine, flasks, direct = both(app, asked)
    assert not direct
    assert mine == flasks


@each("text", texts)
def test_any_text_gets_the_bytes_of_flask(app: Flask, base: KnowledgeBase, text: str) -> None:
    for asked in (form(f"q={quote(text)}&lang=zh"), sent(text, query="lang=en"), sent(text, "text/plain")):
        mine, flasks, direct = both(app, asked)
        assert direct or not text
        assert mine == flasks
    lines = json.dumps(base.lookup(text, "zh"), ensure_ascii=False, separators=(",", ":")) + "\n"
    assert lookup_bytes(base.store, base.explain(text), "zh") == lines.encode()


@given(st.text(alphabet=st.sampled_from("q=&+%25lang;zhen\xe9 ")) | st.text(st.characters(max_codepoint=255)))
@examples(60)
def test_any_query_gets_the_bytes_of_flask(client: FlaskClient, query: str) -> None:
    mine, flasks, _ = both(client.application, form(query))
    assert mine == flasks


def test_both_count_against_the_same_limit(client: FlaskClient) -> None:
    limited = create_app(client.application.extensions["kb"], policy=Policy(rate_limit=3))
    first, second, third, fourth = (ask(limited, USUAL[name]) for name in ("get", "json", "get", "json"))
    assert [answer[0][:3] for answer in (first, second, third, fourth)] == ["200", "200", "200", "429"]
    remaining = [dict(answer[1])["RateLimit"].split(";")[1] for answer in (first, second, third, fourth)]
    assert remaining == ["r=2", "r=1", "r=0", "r=0"]
    flasks = create_app(client.application.extensions["kb"], policy=Policy(rate_limit=3)).wsgi_app
    assert [name for name, _ in ask(flasks._rest, USUAL["get"])[1]] == [name for name, _ in first[1]]


@pytest.mark.parametrize(
    ("host", "direct"), [("kb.example.com", True), ("kb.example.com:80", True), ("evil.test", False)]
)
def test_only_trusted_hosts_are_answered(client: FlaskClient, host: str, direct: bool) -> None:
    app = create_app(client.application.extensions["kb"], trusted_hosts=["kb.example.com"], policy=Policy())
    mine, flasks, was = both(app, USUAL["get"] | {"headers": {"Host": host}})
    assert was is direct
    assert mine == flasks
    assert mine[0][:3] == ("200" if direct else "400")


def test_a_body_that_breaks_off_is_not_taken_for_all(app: Flask) -> None:
    environ = create_environ(**sent(RELAY, "text/plain")) | {"CONTENT_LENGTH": "480"}
    passed: list[bytes] = []
    rest = Direct(app, lambda environ, start: passed.append(environ["wsgi.input"].read()) or [])
    assert rest(environ, lambda *_: None) == []
    assert passed == [RELAY.encode()]


def test_a_failure_of_ours_is_a_problem(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KnowledgeBase, "explain", lambda base, text: 1 / 0)
    status, headers, body = ask(app, USUAL["get"])
    assert (status[:3], dict(headers)["Content-Type"]) == ("500", "application/problem+json")
    assert b"Relay" not in body
