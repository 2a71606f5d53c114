"""What is secret in a pasted text comes back from no endpoint, in no form, and stands in no log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from test_redact import SECRETS, B, S

from kb.web import create_app
from kb.web.policy import Policy

API = "/api/v1"
BROWSER = {"Accept": "text/html"}
# Words that make the text an error, so that there is an answer to hide it from.
ERROR = "554 5.7.1 <bob@example.net>: Relay access denied"


def _requests(text: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every way to send a text: method, address, what is sent."""
    sent = f"{ERROR}\n{text}\n{ERROR}"
    items = [{"id": "1", "text": sent}, {"id": "2", "text": text}]
    for kind in (
        "text/plain",
        "message/rfc822",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "application/x-odd",
    ):
        yield "POST", "/", {"data": sent.encode(), "content_type": kind}
        yield "POST", f"{API}/lookup", {"data": sent.encode(), "content_type": kind}
    yield "POST", "/", {"json": {"text": text}, "headers": {"Accept": "application/json"}}
    yield "POST", f"{API}/lookup", {"json": {"text": sent}}
    yield "POST", f"{API}/lookup/batch", {"json": {"items": items}}
    yield "POST", f"{API}/lookup/batch", {"json": {"items": [{"id": 1, "text": text}, text]}}
    for name in ("main.cf", ".env", "compose.yaml", "app.ini", "settings.py", "application.properties", "notes.txt"):
        yield "POST", f"{API}/diagnose", {"json": {"files": {name: text}, "error": text, "answers": {"host": text}}}
    yield "POST", f"{API}/diagnose", {"json": {"files": [text]}}
    for path in (f"{API}/lookup", f"{API}/search", f"{API}/complete", "/zh/suggest", "/"):
        yield "GET", path, {"query_string": {"q": text}}
    yield "GET", f"{API}/search", {"query_string": {"q": text, "lang": text}}
    yield "GET", f"{API}/search", {"query_string": {"q": "x", "kind": text}}
    yield "GET", f"{API}/errors/{quote(text, safe='')}", {}
    yield "GET", f"/e/{quote(text, safe='')}.json", {}
    for page in ("lookup", "search"):
        yield "GET", f"/en/{page}", {"query_string": {"q": text}, "headers": BROWSER}
    yield "POST", "/zh/lookup", {"data": {"text": sent}, "headers": BROWSER}
    yield "POST", "/zh/diagnose", {"data": {"client": text, "server": text, "error": text}, "headers": BROWSER}
    yield "PUT", f"{API}/lookup", {"data": text.encode()}


@pytest.fixture(scope="module")
def limited(client: FlaskClient) -> FlaskClient:
    """The application with everything on that could tell something."""
    policy = Policy(rate_limit=1_000_000, trusted_proxies=1)
    return create_app(client.application.extensions["kb"], policy=policy).test_client()


_ALL = [
    pytest.param(text, id=name, marks=() if number % 12 == 0 else pytest.mark.thorough)
    for number, (name, text) in enumerate(SECRETS.items())
]


@pytest.mark.parametrize("text", _ALL)
def test_a_secret_comes_back_from_nowhere(limited: FlaskClient, caplog: pytest.LogCaptureFixture, text: str) -> None:
    printed = io.StringIO()
    handler = logging.StreamHandler(printed)
    logging.getLogger().addHandler(handler)
    try:
        for method, path, sent in _requests(text):
            response = limited.open(path, method=method, buffered=True, **sent)
            told = f"{response.text}\n{response.headers}"
            assert S not in told, f"{method} {path.partition('?')[0][:40]} {list(sent)}"
            assert B not in told
            assert response.status_code < 500
    finally:
        logging.getLogger().removeHandler(handler)
    assert S not in caplog.text + printed.getvalue()
