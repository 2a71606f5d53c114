"""The API against what it publishes: every answer and every problem fits the schema, and nothing published is taken back."""

from __future__ import annotations

import copy
import html
import json
from functools import cache
from typing import Any

import pytest
from conftest import ROOT
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from tables import each

from kb.contract.changes import API_VERSION, CHANGES
from kb.contract.openapi import document, document_json
from kb.contract.operations import OPERATIONS
from kb.contract.promises import promises
from kb.generated import broken_promises
from kb.web.reference import LABELS

API = "/api/v1"
STRICT = document(strict=True)
LANGS = ("zh", "en")
CLIENT = "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_PORT=25\nMP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_USERNAME=u\nMP_SMTP_RELAY_PASSWORD=p\n"
SERVER = "smtpd_tls_security_level = may\nsmtpd_sasl_auth_enable = yes\nmynetworks = 127.0.0.0/8\n"
BOUNCE = """Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; bob@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table

--b--
"""
TEXTS = (
    "error response to AUTH command: unencrypted connection",
    "554 5.7.1 <bob@example.net>: Relay access denied",
    "554 5.7.1 Service unavailable; Client host [192.0.2.77] blocked using zen.spamhaus.org",
    "550-5.7.26 This mail has been blocked because the sender is unauthenticated.",
    "5.1.1",
    "550",
    "xyzzy",
    "250 2.0.0 Ok",
    "",
    BOUNCE,
)
# operation -> (address, what is sent): enough that every field of every answer is seen filled
ASKED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "lookup": [(f"{API}/lookup", {"json": {"text": text}}) for text in TEXTS]
    + [(f"{API}/lookup", {"data": BOUNCE, "content_type": kind}) for kind in ("text/plain", "message/rfc822")],
    "lookupByQuery": [(f"{API}/lookup?q=550+5.1.1+User+unknown", {})],
    "lookupBatch": [
        (f"{API}/lookup/batch", {"json": {"items": [{"id": str(n), "text": text} for n, text in enumerate(TEXTS)]}}),
        (f"{API}/lookup/batch", {"json": {"items": [{"id": "long", "text": "x" * 70_000}]}}),
        (f"{API}/lookup/batch", {"json": {"items": []}}),
    ],
    "diagnose": [
        (f"{API}/diagnose", {"json": {"files": {"mailpit.env": CLIENT, "main.cf": SERVER}}}),
        (f"{API}/diagnose", {"json": {"files": {"mailpit.env": CLIENT}, "error": TEXTS[0]}}),
        (f"{API}/diagnose", {"json": {"files": {"main.cf": SERVER}, "answers": {"recipient": "remote"}}}),
        (f"{API}/diagnose", {"json": {"files": {"notes.txt": "nothing"}}}),
    ],
    "search": [
        (f"{API}/search?q={query}", {})
        for query in (
            "relay+denied",
            "mynetwroks",
            "smtpd_tls&kind=entry,article&stage=starttls",
            "zzzzqqqq",
            "554+5.7.1+Relay+access+denied",
        )
    ],
    "complete": [(f"{API}/complete?q=smtpd_tls", {})],
    "errors": [(f"{API}/errors", {})],
    "error": [(f"{API}/errors/auth-unencrypted-connection", {}), (f"{API}/errors/rcpt-relay-access-denied", {})],
    "codes": [(f"{API}/codes", {})],
    "code": [(f"{API}/codes/{code}", {}) for code in ("550", "5.7.1", "5.7.26", "TSS04", "5.9.99")],
    "articles": [(f"{API}/articles", {})],
    "article": [(f"{API}/articles/reading-a-bounce", {})],
    "combinations": [(f"{API}/combinations", {})],
    "catalog": [("/catalog.json", {})],
    "health": [("/healthz", {})],
    "ready": [("/readyz", {})],
}
FAILING: list[tuple[str, str, dict[str, Any], int]] = [
    ("lookup", f"{API}/lookup", {"data": "{", "content_type": "application/json"}, 400),
    ("lookup", f"{API}/lookup", {"json": {"text": 1}}, 422),
    ("lookup", f"{API}/lookup", {"data": "x", "content_type": "application/xml"}, 415),
    ("lookup", f"{API}/lookup", {"data": "x" * 300_000, "content_type": "text/plain"}, 413),
    ("lookupByQuery", f"{API}/lookup", {}, 400),
    ("lookupByQuery", f"{API}/lookup?q=x&lang=fr", {}, 422),
    ("lookupBatch", f"{API}/lookup/batch", {"json": {}}, 422),
    ("lookupBatch", f"{API}/lookup/batch", {"data": "x", "content_type": "text/plain"}, 415),
    ("lookupBatch", f"{API}/lookup/batch", {"data": "x" * 3_000_000, "content_type": "application/json"}, 413),
    ("diagnose", f"{API}/diagnose", {"json": {"files": {}}}, 422),
    ("diagnose", f"{API}/diagnose", {"data": "x", "content_type": "text/plain"}, 415),
    ("search", f"{API}/search", {}, 400),
    ("search", f"{API}/search?q=x&kind=page", {}, 422),
    ("complete", f"{API}/complete?q=x&limit=51", {}, 422),
    ("error", f"{API}/errors/nothing", {}, 404),
    ("code", f"{API}/codes/999", {}, 404),
    ("article", f"{API}/articles/nothing", {}, 404),
    ("combinations", f"{API}/combinations?lang=", {}, 422),
]
METHODS = {operation.name: operation.method for operation in OPERATIONS}


def fits(value: object, schema: str) -> None:
    """The value has the shape that is published, and no field beside it."""
    root = {"$ref": f"#/components/schemas/{schema}", "components": STRICT["components"]}
    errors = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(root).iter_errors(value)]
    assert errors == []


def operation(name: str) -> dict[str, Any]:
    for operations in STRICT["paths"].values():
        for found in operations.values():
            if found["operationId"] == name:
                return dict(found)
    raise AssertionError(name)


@pytest.mark.thorough  # the validator takes a second, and the document is the committed one: `kb schema --check`
def test_the_document_is_valid_openapi() -> None:
    from openapi_spec_validator import validate  # a second to import, for this test alone

    validate(document())
    assert document()["openapi"].startswith("3.1")
    assert document()["info"]["version"] == API_VERSION == CHANGES[0].version


def test_it_is_served_as_committed(client: FlaskClient) -> None:
    committed = (ROOT / "kb" / "schema" / "openapi.json").read_text("utf-8")
    assert committed == document_json()
    for path in ("/openapi.json", f"{API}/openapi.json"):
        response = client.get(path)
        assert response.content_type == "application/json"
        assert response.get_json() == json.loads(committed)


def test_every_route_is_published_and_every_published_one_is_there(client: FlaskClient) -> None:
    routes = {
        (rule.rule.replace("<id_>", "{id}").replace("<code>", "{code}").replace("<slug>", "{slug}"), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith(("api.", "catalog_api.")) and not rule.rule.endswith("openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, operations in document()["paths"].items() for method in operations}
    assert set(ASKED) == set(METHODS)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ASKED)
def test_every_answer_fits(client: FlaskClient, name: str, lang: str) -> None:
    schema = operation(name)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    for path, sent in ASKED[name]:
        response = client.open(path, method=METHODS[name], headers={"Accept-Language": lang}, **sent)
        assert (response.status_code, response.content_type) == (200, "application/json"), response.text[:300]
        body = response.get_json()
        if name == "catalog":  # the validator takes seconds for all of it
            body = {key: value[::15] if isinstance(value, list) else value for key, value in body.items()}
        fits(body, schema.rpartition("/")[2])


def test_many_codes_and_some_entries_fit(client: FlaskClient) -> None:
    for row in client.get(f"{API}/codes").get_json()["results"][::3]:
        fits(client.get(f"{API}/codes/{row['code'].replace('X', '5')}").get_json(), "Code")
    for row in client.get(f"{API}/errors").get_json()["results"][::30]:
        fits(client.get(f"{API}/errors/{row['id']}").get_json(), "Entry")


@each("name path sent status", FAILING, [f"{row[0]}-{row[3]}" for row in FAILING])
def test_every_problem_fits_and_is_published(
    client: FlaskClient, name: str, path: str, sent: dict[str, Any], status: int
) -> None:
    response = client.open(path, method=METHODS[name], **sent)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    fits(response.get_json(), "Problem")
    assert str(status) in operation(name)["responses"]


def test_every_failure_that_is_published_is_met(client: FlaskClient) -> None:
    """Beside 429, which test_limit.py meets."""
    met = {(name, status) for name, _, _, status in FAILING}
    published = {(o.name, status) for o in OPERATIONS for status in o.failures}
    language_alone = {(o.name, 422) for o in OPERATIONS if o.path.startswith(API)}
    shared_reader = {("lookupBatch", 400), ("diagnose", 400), ("diagnose", 413), ("complete", 400)}
    assert published - met <= language_alone | shared_reader


def test_the_catalogue_is_whole_and_kept(client: FlaskClient) -> None:
    plain = client.get("/catalog.json")
    packed = client.get("/catalog.json", headers={"Accept-Encoding": "gzip"})
    body = plain.get_json()
    assert [row["id"] for row in body["errors"]] == [
        row["id"] for row in client.get(f"{API}/errors").get_json()["results"]
    ]
    assert {row["code"] for row in body["codes"]} == {
        row["code"] for row in client.get(f"{API}/codes").get_json()["results"]
    }
    assert len(body["combinations"]) == client.get(f"{API}/combinations").get_json()["total"] > 10
    assert {row["slug"] for row in body["articles"]} == {
        row["slug"] for row in client.get(f"{API}/articles").get_json()["results"]
    }
    entry = client.get(f"{API}/errors/{body['errors'][0]['id']}?lang=zh").get_json()
    assert {name: entry[name] for name in body["errors"][0]["zh"]} == body["errors"][0]["zh"]
    assert len(packed.data) < len(plain.data) / 2
    assert plain.headers["ETag"] != packed.headers["ETag"]
    for response, encoding in ((plain, "identity"), (packed, "gzip")):
        assert response.headers["Vary"] == "Accept-Encoding"
        headers = {"If-None-Match": response.headers["ETag"], "Accept-Encoding": encoding}
        again = client.get("/catalog.json", headers=headers)
        assert (again.status_code, again.data) == (304, b"")


# --- what was published stays ---


def test_nothing_that_was_published_is_broken() -> None:
    assert broken_promises(ROOT) == []
    assert len(promises(document())) > 400


@cache
def promised() -> frozenset[str]:
    return frozenset(promises(document()))


def edited(change: Any) -> frozenset[str]:
    """What breaks when the document is changed so."""
    changed = copy.deepcopy(document())
    change(changed)
    return promised() - set(promises(changed))


BREAKING = {
    "field removed": lambda d: d["components"]["schemas"]["Match"]["properties"].pop("score"),
    "field may be null": lambda d: d["components"]["schemas"]["Match"]["properties"]["title"].update(
        type=["string", "null"]
    ),
    "other type": lambda d: d["components"]["schemas"]["Evidence"]["properties"]["start"].update(type="string"),
    "field not always there": lambda d: d["components"]["schemas"]["Answer"]["required"].remove("basis"),
    "word removed": lambda d: d["components"]["schemas"]["Reason"]["enum"].remove("relay-denied"),
    "path removed": lambda d: d["paths"].pop(f"{API}/codes"),
    "method removed": lambda d: d["paths"][f"{API}/lookup"].pop("get"),
    "parameter removed": lambda d: d["paths"][f"{API}/errors"]["get"]["parameters"].pop(),
    "parameter required": lambda d: d["paths"][f"{API}/errors"]["get"]["parameters"][0].update(required=True),
    "body field required": lambda d: d["components"]["schemas"]["LookupRequest"]["required"].append("lang"),
    "body type removed": lambda d: d["paths"][f"{API}/lookup"]["post"]["requestBody"]["content"].pop("message/rfc822"),
    "other answer": lambda d: d["paths"][f"{API}/errors"]["get"]["responses"]["200"]["content"].update(
        {"application/json": {"schema": {"$ref": "#/components/schemas/Codes"}}}
    ),
    "renamed operation": lambda d: d["paths"][f"{API}/errors"]["get"].update(operationId="entries"),
}
HARMLESS = {
    "field added": lambda d: d["components"]["schemas"]["Match"]["properties"].update(more={"type": "string"}),
    "word added": lambda d: d["components"]["schemas"]["Reason"]["enum"].append("new-reason"),
    "path added": lambda d: d["paths"].update({f"{API}/more": {"get": d["paths"][f"{API}/errors"]["get"]}}),
    "optional parameter added": lambda d: d["paths"][f"{API}/errors"]["get"]["parameters"].append(
        {"name": "more", "in": "query", "required": False, "schema": {"type": "string"}}
    ),
    "description": lambda d: d["components"]["schemas"]["Match"].update(description="Other words."),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_a_change_that_breaks_clients_is_seen(change: Any) -> None:
    assert edited(change)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_change_that_adds_is_not(change: Any) -> None:
    assert edited(change) == frozenset()


# --- the reference ---


@pytest.mark.parametrize("lang", LANGS)
def test_the_reference_tells_every_operation_and_schema(client: FlaskClient, lang: str) -> None:
    page = html.unescape(client.get(f"/{lang}/api/").text)
    for published in OPERATIONS:
        assert f'id="{published.name}"' in page
        assert published.summary.get(lang) in page
    for name, schema in document()["components"]["schemas"].items():
        assert f'id="{name}"' in page
        for field in schema.get("properties", {}):
            assert f"<code>{field}</code>" in page
    for label in LABELS.values():
        assert label.get(lang) in page
    assert "{base}" not in page
    targets = {part.partition('"')[0] for part in page.split('href="#')[1:]} - {"content"}
    assert all(f'id="{target}"' in page for target in targets)


def test_the_reference_without_a_language(client: FlaskClient) -> None:
    browser = client.get("/api/", headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert (browser.status_code, browser.headers["Location"]) == (302, "/zh/api/")
    text = client.get("/api/")
    assert (text.status_code, text.mimetype) == (200, "text/plain")
    assert all(f"{o.method.upper()} {o.path}" in text.text for o in OPERATIONS)
