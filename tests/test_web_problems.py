"""Bad input: a clear answer or an RFC 9457 problem in the reader's language, never a failure of ours, never the paste."""

from __future__ import annotations

import json
import re
import urllib.parse
from typing import Any

import pytest
from effort import examples, part, sampled
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tables import each

from kb.web import MAX_BODY, create_app
from kb.web.policy import Policy

API = "/api/v1"
LOOKUP = f"{API}/lookup"
BATCH = f"{API}/lookup/batch"
CANARY = "canary-4711-unmistakable"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LANGS = ("zh", "en")


def is_problem(response: Any, status: int, path: str) -> dict[str, Any]:
    """A problem with exactly the members of RFC 9457 that we promise, for this status and path."""
    assert response.status_code == status, response.text[:300]
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = response.get_json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert (body["type"], body["status"], body["instance"]) == ("about:blank", status, path)
    assert body["title"]
    assert body["detail"]
    assert CANARY not in response.text
    return body


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


# name: (method, path, what is sent, status)
PROBLEMS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "no q": ("GET", LOOKUP, {}, 400),
    "no q for the search": ("GET", f"{API}/search", {}, 400),
    "empty JSON": ("POST", LOOKUP, {"data": b"", "content_type": JSON}, 400),
    "half JSON": ("POST", LOOKUP, {"data": f'{{"text": "{CANARY}', "content_type": JSON}, 400),
    "single quotes": ("POST", LOOKUP, {"data": f"{{'text': '{CANARY}'}}", "content_type": JSON}, 400),
    "NaN": ("POST", LOOKUP, {"data": f'{{"text": NaN, "{CANARY}": 1}}', "content_type": JSON}, 422),
    "GBK as JSON": ("POST", LOOKUP, {"data": '{"text": "收件人"}'.encode("gbk"), "content_type": JSON}, 400),
    "UTF-16 as JSON": ("POST", LOOKUP, {"data": '{"text": "x"}'.encode("utf-16"), "content_type": JSON}, 400),
    "binary as JSON": ("POST", LOOKUP, {"data": bytes(range(256)), "content_type": JSON}, 400),
    "NUL in JSON": ("POST", LOOKUP, {"data": b'{"text": "\x00"}', "content_type": JSON}, 400),
    "lone surrogate": ("POST", LOOKUP, {"data": rb'{"text": "\ud800"}', "content_type": JSON}, 400),
    "nested arrays": ("POST", LOOKUP, {"data": b"[" * 100_000, "content_type": JSON}, 400),
    "nested objects": ("POST", LOOKUP, {"data": b'{"a":' * 40_000, "content_type": JSON}, 400),
    "nested and closed": ("POST", LOOKUP, {"data": b"[" * 100_000 + b"]" * 100_000, "content_type": JSON}, 400),
    "nested unknown field": (
        "POST",
        LOOKUP,
        {"data": b'{"text":"x","y":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "content_type": JSON},
        400,
    ),
    "array": ("POST", LOOKUP, {"json": [CANARY]}, 422),
    "string": ("POST", LOOKUP, {"json": CANARY}, 422),
    "null": ("POST", LOOKUP, {"data": b"null", "content_type": JSON}, 422),
    "huge number": ("POST", LOOKUP, {"data": b"1" * 5_000, "content_type": JSON}, 400),
    "huge number as text": ("POST", LOOKUP, {"data": b'{"text": ' + b"9" * 4_000 + b"}", "content_type": JSON}, 422),
    "no text": ("POST", LOOKUP, {"json": {}}, 422),
    "text is null": ("POST", LOOKUP, {"json": {"text": None}}, 422),
    "text is a number": ("POST", LOOKUP, {"json": {"text": 550}}, 422),
    "text is a list": ("POST", LOOKUP, {"json": {"text": [CANARY]}}, 422),
    "text is an object": ("POST", LOOKUP, {"json": {"text": {CANARY: CANARY}}}, 422),
    "unknown field": ("POST", LOOKUP, {"json": {"text": "x", "extra": CANARY}}, 422),
    "unknown field named by the paste": ("POST", LOOKUP, {"json": {"text": "x", CANARY: 1}}, 422),
    "other language": ("POST", LOOKUP, {"json": {"text": "x", "lang": "fr"}}, 422),
    "language is a number": ("POST", LOOKUP, {"json": {"text": "x", "lang": 1}}, 422),
    "wrong language beside a right one": ("POST", f"{LOOKUP}?lang=fr", {"json": {"text": "x", "lang": "zh"}}, 422),
    "language twice": ("GET", f"{LOOKUP}?q=x&lang=en&lang=zh", {}, 422),
    "query twice": ("GET", f"{API}/search?q=x&q=y", {}, 422),
    "limit twice": ("GET", f"{API}/search?q=x&limit=1&limit=2", {}, 422),
    "empty filter": ("GET", f"{API}/search?q=x&kind=", {}, 422),
    "empty language": ("GET", f"{LOOKUP}?q=x&lang=", {}, 422),
    "other language in the query": ("GET", f"{LOOKUP}?q=x&lang={CANARY}", {}, 422),
    "limit": ("GET", f"{API}/search?q=x&limit=-1", {}, 422),
    "limit in other digits": ("GET", f"{API}/search?q=x&limit=²", {}, 422),
    "huge limit": ("GET", f"{API}/search?q=x&limit={'9' * 5000}", {}, 422),
    "no such route": ("GET", f"{API}/nowhere", {}, 404),
    "no such entry": ("GET", f"{API}/errors/{'x' * 500}", {}, 404),
    "no such code": ("GET", f"{API}/codes/777", {}, 404),
    "no such article": ("GET", f"{API}/articles/nowhere", {}, 404),
    "other method": ("DELETE", LOOKUP, {}, 405),
    "other method for the search": ("POST", f"{API}/search", {"data": CANARY}, 405),
    "too large": ("POST", LOOKUP, {"data": b"x" * (MAX_BODY + 1), "content_type": "text/plain"}, 413),
    "a megabyte": ("POST", LOOKUP, {"data": CANARY.encode() * 43_000, "content_type": "text/plain"}, 413),
    "a megabyte of JSON": ("POST", LOOKUP, {"json": {"text": "x" * 1_000_000}}, 413),
    "a megabyte of form": ("POST", LOOKUP, {"data": {"text": "x" * 1_000_000}}, 413),
    "a megabyte of parts": (
        "POST",
        LOOKUP,
        {
            "data": b'--y\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 1_000_000,
            "content_type": "multipart/form-data; boundary=y",
        },
        413,
    ),
    "three megabytes of batch": ("POST", BATCH, {"json": {"items": [{"id": "1", "text": "x" * 3_000_000}]}}, 413),
    "no type": ("POST", LOOKUP, {"data": CANARY.encode()}, 415),
    "XML": ("POST", LOOKUP, {"data": CANARY.encode(), "content_type": "application/xml"}, 415),
    "HTML": ("POST", LOOKUP, {"data": CANARY.encode(), "content_type": "text/html"}, 415),
    "odd type": ("POST", LOOKUP, {"data": CANARY.encode(), "content_type": CANARY}, 415),
    "batch as text": ("POST", BATCH, {"data": CANARY.encode(), "content_type": "text/plain"}, 415),
    "batch without items": ("POST", BATCH, {"json": {}}, 422),
    "batch of strings": ("POST", BATCH, {"json": {"items": [CANARY]}}, 422),
    "batch of numbered items": ("POST", BATCH, {"json": {"items": [{"id": 1, "text": CANARY}]}}, 422),
    "batch with an item too much": (
        "POST",
        BATCH,
        {"json": {"items": [{"id": CANARY, "text": "x"}] * 1001}},
        422,
    ),
    "batch with unknown field": ("POST", BATCH, {"json": {"items": [{"id": "1", "text": "x", "y": CANARY}]}}, 422),
}


@each("lang", LANGS)
@each("method path sent status", PROBLEMS)
def test_problem(client: FlaskClient, method: str, path: str, sent: dict[str, Any], status: int, lang: str) -> None:
    response = client.open(path, method=method, headers={"Accept-Language": lang}, **sent)
    body = is_problem(response, status, path.partition("?")[0])
    assert is_chinese(body["title"]) is is_chinese(body["detail"]) is (lang == "zh")
    assert lang == "en" or not set(body["detail"].split()) & {"should", "at", "field", "Input", "is"}


# what is sent -> what is said of it: what is wrong, where, and how it should look
SAID = {
    ("POST", LOOKUP, '{"txt": "550"}'): (
        '缺少字段 text；请求体有不认识的字段，能用的是 text、lang。应类似 {"text": "554',
        'text is missing; the body has an unknown field; known are text, lang. It should look like {"text": "554',
    ),
    ("POST", LOOKUP, "{'text': '550'}"): (
        "第 1 行第 2 列附近；要用双引号。",
        "line 1 column 2; strings take double quotes.",
    ),
    ("POST", LOOKUP, " "): ("请求体是空的。", "The body is empty."),
    ("POST", LOOKUP, "[]"): ("请求体应为对象。", "The body should be an object."),
    ("POST", LOOKUP, '{"text": "550", "lang": "fr"}'): ("lang 只能是 zh 或 en。", "lang should be zh or en."),
    ("POST", BATCH, '{"items": [{"id": 1, "text": "550"}]}'): (
        "items.0.id 应为字符串。",
        "items.0.id should be a string.",
    ),
    ("POST", f"{API}/diagnose", '{"files": {}}'): ("files 至少 1 个。", "files should have at least 1."),
    ("POST", f"{API}/diagnose", '{"files": {"hunter2": 1}}'): ("files.… 应为字符串。", "files.… should be a string."),
    ("DELETE", LOOKUP, ""): ("这里只能用 GET、HEAD、POST。", "Here only GET, HEAD, POST can be used."),
    ("GET", f"{API}/lookups", ""): ("/openapi.json", "/openapi.json"),
    ("GET", f"{API}/errors/auth-unencryptd-connection", ""): (
        "相近的有：auth-unencrypted-connection",
        "auth-unencrypted-connec",
    ),
}


@pytest.mark.parametrize(("asked", "said"), SAID.items())
def test_a_problem_says_what_where_and_how(
    client: FlaskClient, asked: tuple[str, str, str], said: tuple[str, str]
) -> None:
    method, path, body = asked
    for lang, text in zip(LANGS, said, strict=True):
        answer = client.open(path, method=method, data=body, content_type=JSON, headers={"Accept-Language": lang})
        assert text in answer.get_json()["detail"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_a_name_that_is_none_links_to_what_was_meant(client: FlaskClient, lang: str) -> None:
    for path in ("errors/auth-unencrypted-connection", "articles/mailpit-postfix-relay-without-tls"):
        page = client.get(f"/{lang}/{path[:-2]}").text
        found = re.search(f'<a href="/{lang}/{path}">([^<]+)</a>', page)
        assert found
        assert is_chinese(found[1]) is (lang == "zh")


def test_a_form_that_failed_comes_back_with_what_was_in_it(client: FlaskClient) -> None:
    """Secrets blanked; of one that cannot be read, or is long, that going back keeps it."""
    client = create_app(client.application.extensions["kb"], policy=Policy(rate_limit=1)).test_client()
    pasted = {"client": "MP_SMTP_RELAY_PASSWORD=hunter2", "server": "a < b", "error": "", "fact.recipient": "remote"}
    assert client.post("/en/lookup", data={"text": "550 no"}).status_code == 200
    refused = client.post("/en/lookup", data={"text": "550 no passwd=hunter2"})
    assert (refused.status_code, ">550 no passwd=[redacted]</textarea>" in refused.text) == (429, True)
    refused = client.post("/en/diagnose", data=pasted)
    assert [each in refused.text for each in ("=[redacted]</textarea>", ">a &lt; b</textarea>", "hunter2")] == [1, 1, 0]
    assert '<input type="hidden" name="fact.recipient" value="remote">' in refused.text
    for long in ("x" * 100_000, "x" * (MAX_BODY + 1)):
        for path, field in (("lookup", "text"), ("diagnose", "server")):
            refused = client.post(f"/zh/{path}", data={field: long})
            assert ("它还在框里" in refused.text, "xxx" in refused.text) == (True, False)
            assert f'action="/zh/{path}"' in refused.text
    assert "它还在框里" not in client.get("/zh/lookup?q=550").text


def test_json_in_another_charset_is_told_so(client: FlaskClient) -> None:
    answer = client.post(
        LOOKUP, data='{"text": "收件人"}'.encode("gbk"), content_type=JSON, headers={"Accept-Language": "zh"}
    )
    assert "不是 UTF-8" in answer.get_json()["detail"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", [LOOKUP, BATCH, f"{API}/diagnose"])
def test_the_body_names_the_language_of_a_problem(client: FlaskClient, path: str, lang: str) -> None:
    other = {"zh": "en", "en": "zh"}[lang]
    response = client.post(path, json={"lang": lang, "x": 1}, headers={"Accept-Language": other})
    assert is_chinese(is_problem(response, 422, path)["detail"]) is (lang == "zh")


@pytest.mark.parametrize("lang", LANGS)
def test_the_query_names_the_language_of_a_problem(client: FlaskClient, lang: str) -> None:
    other = {"zh": "en", "en": "zh"}[lang]
    for path in (f"{API}/nowhere", f"{LOOKUP}"):
        body = client.get(f"{path}?lang={lang}", headers={"Accept-Language": other}).get_json()
        assert is_chinese(body["detail"]) is (lang == "zh")


@each("lang", LANGS)
@each(
    "method path sent status",
    [
        ("GET", "/{lang}/nowhere", {}, 404),
        ("GET", "/{lang}/errors/nowhere", {}, 404),
        ("GET", "/{lang}/codes/777", {}, 404),
        ("GET", "/{lang}/articles/nowhere", {}, 404),
        ("PUT", "/{lang}/lookup", {}, 405),
        ("POST", "/{lang}/lookup", {"data": {"text": CANARY * 50_000}}, 413),
    ],
)
def test_people_get_a_page(
    client: FlaskClient, method: str, path: str, sent: dict[str, Any], status: int, lang: str
) -> None:
    other = {"zh": "en", "en": "zh"}[lang]
    response = client.open(path.format(lang=lang), method=method, headers={"Accept-Language": other}, **sent)
    assert (response.status_code, response.content_type) == (status, "text/html; charset=utf-8")
    assert response.headers["Cache-Control"] == "no-store"
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}">' in response.text
    assert f'action="/{lang}/lookup"' in response.text
    assert CANARY not in response.text


def test_a_bug_of_ours_is_a_problem_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, client: FlaskClient
) -> None:
    app = create_app(client.application.extensions["kb"])

    def broken(*_: object) -> None:
        raise RuntimeError(f"it says {CANARY}")

    pasted = "550 pasted-canary-0815"
    monkeypatch.setattr("kb.explain.read", broken)
    for lang in LANGS:
        response = app.test_client().post(f"{LOOKUP}?lang={lang}", json={"text": pasted})
        body = is_problem(response, 500, LOOKUP)
        assert is_chinese(body["detail"]) is (lang == "zh")
        page = app.test_client().post(f"/{lang}/lookup", data={"text": pasted})
        assert page.status_code == 500
        assert CANARY not in page.text
        assert page.text.count(pasted) == page.text.count(f">{pasted}</textarea>") == 1  # given back, and nowhere else
    assert "RuntimeError" in caplog.text
    assert CANARY not in caplog.text
    assert pasted not in caplog.text


# Odd, but a text all the same: answered, and nothing of it lost on the way.
TEXTS: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n\t\n ",
    "NUL": b"550 5.1.1 User unknown\x00\x00",
    "all NUL": b"\x00" * 10_000,
    "all octets": bytes(range(256)) * 100,
    "GBK": "550 收件人不存在，邮件被退回".encode("gbk"),
    "Big5": "550 收件者不存在".encode("big5"),
    "Shift JIS": "550 宛先不明".encode("shift_jis"),
    "UTF-16 with mark": "550 收件人".encode("utf-16"),
    "UTF-16": "550 User unknown".encode("utf-16-be"),
    "UTF-16 cut short": "550 User unknown".encode("utf-16-le")[:-1],
    "UTF-8 cut short": "550 收件人".encode()[:-1],
    "half a surrogate pair": "550 \ud800 x".encode("utf-16-le", "surrogatepass"),
    "escaped surrogate": rb"550 \ud800 User unknown",
    "encoded surrogate": b"550 \xed\xa0\x80 User unknown",
    "noncharacters": "550 \ufdd1 \ufdd2 \uffff \U0010ffff".encode(),
    "control characters": "550 \x1b[31m\x07\x08\u202e\u2066\ufeff".encode(),
    "100,000 line breaks": b"\n" * part(100_000),
    "100,000 short lines": b"a\n" * part(100_000),
    "a line of 250 KB": b"x" * part(250_000),
    "many codes": b"550 5.1.1 " * part(20_000),
    "many log lines": b"Jul 20 16:51:26 m postfix/smtp[1]: A1B2C3D4E5: warning: x\n" * part(4_000),
    "brackets": b"([{<" * part(60_000),
    "quotes": b"\\\"'" * part(80_000),
    "MIME": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: message/rfc822\n\n" * part(5_000),
    "headers": b"X-A: " + b" " * 100_000 + b"\n" + b"X-B: c\n" * 10_000,
}


@sampled
@pytest.mark.parametrize("kind", ["text/plain", FORM])
@pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS)
def test_odd_text_is_answered(client: FlaskClient, raw: bytes, kind: str) -> None:
    response = client.post(LOOKUP, data=raw, content_type=kind)
    assert response.status_code == 200, response.text[:300]
    answer = response.get_json()
    assert isinstance(answer["matches"], list)
    json.dumps(answer, ensure_ascii=False).encode("utf-8")  # no lone surrogate survives


@sampled
@pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS)
def test_odd_text_gets_a_page(client: FlaskClient, raw: bytes) -> None:
    response = client.post("/zh/lookup", data=raw, content_type="message/rfc822")
    assert response.status_code == 200
    response.data.decode("utf-8")


JSON_THAT_IS_FINE = {
    "duplicate keys": b'{"text": "one", "text": "550 5.1.1 User unknown"}',
    "escapes": rb'{"text": "550 \u6536\ud83d\ude00 User unknown"}',
    "escaped NUL": rb'{"text": "550 \u0000 User unknown"}',
    "white space": b' \n\t{"text"\r\n: "550 User unknown" }\n',
    "null language": b'{"text": "550 User unknown", "lang": null}',
}


@pytest.mark.parametrize("raw", JSON_THAT_IS_FINE.values(), ids=JSON_THAT_IS_FINE)
def test_odd_json_is_answered(client: FlaskClient, raw: bytes) -> None:
    response = client.post(LOOKUP, data=raw, content_type=JSON)
    assert response.status_code == 200, response.text
    assert "User unknown" in response.get_json()["input"]["diagnostic"]


FORMS: dict[str, tuple[bytes, str]] = {
    "no field": (b"other=1", FORM),
    "bad percent": (b"text=%zz%&text=%e4%bd", FORM),
    "lone surrogate": (b"text=%ed%a0%80", FORM),
    "NUL": (b"text=%00%00", FORM),
    "GBK": (b"text=" + urllib.parse.quote("收件人".encode("gbk")).encode(), FORM),
    "only separators": (b"&&&===;;;", FORM),
    "100,000 fields": (b"a&" * 100_000, FORM),
    "multipart without boundary": (b"--x\r\n\r\n550\r\n--x--", "multipart/form-data"),
    "multipart with another boundary": (b"--x\r\n\r\n550\r\n--x--", "multipart/form-data; boundary=y"),
    "multipart cut short": (
        b'--y\r\nContent-Disposition: form-data; name="text"\r\n\r\n550',
        "multipart/form-data; boundary=y",
    ),
    "multipart with a file": (
        b'--y\r\nContent-Disposition: form-data; name="text"; filename="x"\r\n\r\n550\r\n--y--\r\n',
        "multipart/form-data; boundary=y",
    ),
    "multipart of 2,000 parts": (
        b'--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2_000 + b"--y--\r\n",
        "multipart/form-data; boundary=y",
    ),
    "multipart of headers": (b"--y\r\n" + b"A: b\r\n" * 30_000, "multipart/form-data; boundary=y"),
    "empty boundary": (b"--\r\n", "multipart/form-data; boundary="),
    "odd charset": (b"text=550", f"{FORM}; charset=nowhere"),
}


@each("path", [LOOKUP, "/zh/lookup", "/en/lookup", BATCH])
@each("raw kind", FORMS)
def test_malformed_form(client: FlaskClient, path: str, raw: bytes, kind: str) -> None:
    response = client.post(path, data=raw, content_type=kind)
    assert response.status_code in (200, 400, 413, 415, 422), response.text[:300]
    if path.startswith(API) and response.status_code != 200:
        is_problem(response, response.status_code, path)


ODD_QUERIES = [
    "%",
    "%zz",
    "%ed%a0%80",
    "%00",
    "%ff%fe",
    "a" * 60_000,
    "(" * 5_000,
    "NOT " * 3_000,
    "*",
    "\\",
    '"',
    "   ",
]


@each("query", ODD_QUERIES, range(len(ODD_QUERIES)))
@each("path", [LOOKUP, f"{API}/search", "/zh/lookup", "/en/search", "/zh/search"])
def test_odd_query(client: FlaskClient, path: str, query: str) -> None:
    response = client.get(f"{path}?q={query}")
    assert response.status_code == 200, response.text[:300]
    response.data.decode("utf-8")


@pytest.mark.parametrize(
    "language", ["x" * 8_000, "zh-" * 2_000, ";q=", "zh;q=nan", "zh;q=1e999", "\u4e2d\u6587", ",,,,"]
)
def test_odd_accept_language(client: FlaskClient, language: str) -> None:
    for path in ("/", f"{API}/errors/nowhere"):
        assert client.get(path, headers={"Accept-Language": language}).status_code in (200, 404)


KINDS = st.sampled_from(
    [JSON, "text/plain", "message/rfc822", FORM, "multipart/form-data; boundary=b", "application/octet-stream", "", "x"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
BODIES = (
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {}, optional={"text": VALUES, "lang": VALUES | st.sampled_from(LANGS), "items": VALUES, "id": VALUES}
    ).map(lambda value: json.dumps(value).encode())
)
HYPOTHESIS = examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@HYPOTHESIS
@given(path=st.sampled_from([LOOKUP, BATCH, "/zh/lookup", "/en/lookup"]), body=BODIES, kind=KINDS)
def test_any_body_of_any_type(client: FlaskClient, path: str, body: bytes, kind: str) -> None:
    response = client.post(path, data=body, content_type=kind)
    assert response.status_code in (200, 400, 415, 422), response.text[:300]
    if path.startswith(API) and response.status_code != 200:
        is_problem(response, response.status_code, path)


@HYPOTHESIS
@given(query=st.text(max_size=200), lang=st.sampled_from(LANGS))
def test_any_query(client: FlaskClient, query: str, lang: str) -> None:
    quoted = urllib.parse.quote(query.encode("utf-8", "surrogatepass"))
    for path in (f"/{lang}/search", f"/{lang}/lookup", f"{API}/search", LOOKUP):
        assert client.get(f"{path}?q={quoted}").status_code == 200


@HYPOTHESIS
@given(rest=st.text(max_size=60))
def test_any_address(client: FlaskClient, rest: str) -> None:
    quoted = urllib.parse.quote(rest.encode("utf-8", "surrogatepass"), safe="/")
    for folder in ("/", "/zh/", "/en/codes/", "/zh/errors/", "/zh/articles/", f"{API}/", f"{API}/codes/"):
        response = client.get(folder + quoted, buffered=True)
        assert response.status_code in (200, 302, 308, 404)


def test_the_rest_of_a_problem_is_not_the_paste(client: FlaskClient) -> None:
    """Whatever is wrong with a field, its value and an unknown field's name stay out of the text."""
    for body in ({"text": [CANARY]}, {"text": 1, CANARY: 2}, {"text": "x", "lang": CANARY}, [{CANARY: CANARY}]):
        response = client.post(LOOKUP, json=body)
        assert response.status_code == 422
        assert CANARY not in response.text
