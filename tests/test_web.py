"""Pages and API: every route in both languages, the JSON contract field by field, forms of input, caching, headers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from conftest import CASES
from flask.testing import FlaskClient
from tables import each

from kb import __version__
from kb.catalog import vocabulary
from kb.knowledge_base import KnowledgeBase
from kb.page.strings import STRINGS
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.web import create_app
from kb.web.site import Site

API = "/api/v1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ENTRY = "auth-unencrypted-connection"
TEXT = "error response to AUTH command: unencrypted connection"
RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
LANGS = ("zh", "en")
HTML_LANG = {"zh": "zh-Hans", "en": "en"}
BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: alice@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<bob@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; bob@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table

Final-Recipient: rfc822; carol@example.net
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <carol@example.net>: Mailbox full

--b--
"""
ARTICLE = """---
title: '{title}'
summary: '{summary}'
tags: ['postfix']
errors: ['auth-first-thing']
updated: '2026-11-24'
source: 'zh'
---

## {symptom} {{#symptom}}

```text
535 First thing went wrong
```

## {symptom} {{#cause}}

`smtpd_tls_auth_only`

## {symptom} {{#fix}}

text

## {symptom} {{#verify}}

text
"""


class Page(HTMLParser):
    """What the tests look at in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html_lang: str | None = None
        self.title = ""
        self.alternates: dict[str, str] = {}
        self.links: list[dict[str, str | None]] = []
        self.marks: list[str] = []
        self.headings: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.html_lang = values["lang"]
        if tag == "link" and values.get("rel") == "alternate" and "hreflang" in values:
            self.alternates[values["hreflang"] or ""] = values["href"] or ""
        if tag == "a":
            self.links.append(values)
        if tag in ("title", "mark", "h1"):
            self._inside.append(tag)
            if tag != "title":
                (self.marks if tag == "mark" else self.headings).append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        if "mark" in self._inside:
            self.marks[-1] += data
        if "h1" in self._inside:
            self.headings[-1] += data

    @property
    def switch(self) -> str:
        """Where the language switch leads."""
        (found,) = [link["href"] for link in self.links if link.get("class") == "language"]
        return found or ""


@pytest.fixture(scope="module")
def base(client: FlaskClient) -> KnowledgeBase:
    """The library that the application serves."""
    found: KnowledgeBase = client.application.extensions["kb"].base
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, client: FlaskClient, indexes_built_here: None) -> FlaskClient:
    """A site of two entries and two articles, one of them only in Chinese."""
    root = tmp_path_factory.mktemp("site")
    copyfile(CASES / "catalog" / "good.yaml", root / "errors.yaml")
    articles = root / "articles"
    articles.mkdir()
    for name, title, summary, symptom in (
        ("both.zh.md", "双语文章", "中文摘要", "现象"),
        ("both.en.md", "Bilingual article", "An English summary", "Symptom"),
        ("only.zh.md", "仅有中文", "中文摘要", "现象"),
    ):
        text = ARTICLE.format(title=title, summary=summary, symptom=symptom)
        (articles / name).write_text(text, encoding="utf-8")
    # Of several contents in one cache, the index of the first would give way.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_CACHE", str(root / "cache"))
        return create_app(Site.load(str(root))).test_client()


PAGES = {
    "home": "/{lang}/",
    "errors": "/{lang}/errors/",
    "entry": f"/{{lang}}/errors/{ENTRY}",
    "codes": "/{lang}/codes/",
    "reply code": "/{lang}/codes/550",
    "status code": "/{lang}/codes/5.7.1",
    "class of codes": "/{lang}/codes/X.7.1",
    "unregistered code": "/{lang}/codes/5.9.99",
    "articles": "/{lang}/articles/",
    "search": "/{lang}/search?q=relay+denied",
    "empty search": "/{lang}/search",
    "fruitless search": "/{lang}/search?q=zzzzqqqq",
    "lookup": f"/{{lang}}/lookup?q={TEXT.replace(' ', '+')}",
    "empty lookup": "/{lang}/lookup",
}
ROUTES = {
    "lookup": (f"{API}/lookup?q=550", {"schema_version", "catalog_version", "lang", "input", "answered", "matches"}),
    "search": (
        f"{API}/search?q=relay",
        {"schema_version", "lang", "query", "searched_for", "filters", "answer", "completions", "total", "results"},
    ),
    "complete": (f"{API}/complete?q=smtpd_tls", {"schema_version", "lang", "query", "total", "results"}),
    "errors": (f"{API}/errors", {"schema_version", "catalog_version", "lang", "total", "results"}),
    "entry": (f"{API}/errors/{ENTRY}", {"schema_version", "catalog_version", "lang", "id", "title", "fixes"}),
    "codes": (f"{API}/codes", {"schema_version", "catalog_version", "lang", "total", "results"}),
    "code": (f"{API}/codes/550", {"schema_version", "lang", "code", "title", "meaning", "rfc", "registered"}),
    "articles": (f"{API}/articles", {"schema_version", "catalog_version", "lang", "total", "results"}),
}
STATUS = {"healthz": "/healthz", "readyz": "/readyz"}
EVERYTHING = [
    *(path.format(lang=lang) for path in PAGES.values() for lang in LANGS),
    *(path for path, _ in ROUTES.values()),
    *STATUS.values(),
    "/",
    f"/e/{ENTRY}",
    "/c/550",
    "/static/style.css",
    "/static/page.js",
    "/static/icon.svg",
    "/nowhere",
    "/zh/nowhere",
    f"{API}/nowhere",
]


# --- pages ---


@each("lang", LANGS)
@each("path", PAGES)
def test_page(client: FlaskClient, path: str, lang: str) -> None:
    response = client.get(path.format(lang=lang))
    page = Page(response.text)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert page.html_lang == HTML_LANG[lang]
    assert page.title.endswith(STRINGS["site"].get(lang))
    assert len(page.headings) == 1
    assert page.headings[0].strip()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_language_switch_keeps_the_place(
    client: FlaskClient, path: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = "https://kb.example.com"
    assert Page(client.get(path.format(lang=lang)).text).alternates == {}  # a relative one counts for nothing
    monkeypatch.setitem(client.application.config, "BASE_URL", host)
    other = {"zh": "en", "en": "zh"}[lang]
    page = Page(client.get(path.format(lang=lang)).text)
    assert page.switch == path.format(lang=other)
    assert page.alternates == {
        "zh-Hans": host + path.format(lang="zh"),
        "en": host + path.format(lang="en"),
        "x-default": host + path.format(lang="en"),
    }
    assert Page(client.get(page.switch).text).html_lang == HTML_LANG[other]


def test_titles_tell_the_pages_apart(client: FlaskClient) -> None:
    for lang in LANGS:
        same = {"empty search", "fruitless search", "class of codes"}
        titles = {name: Page(client.get(p.format(lang=lang)).text).title for name, p in PAGES.items()}
        told = [title for name, title in titles.items() if name not in same and name != "lookup"]
        assert len(set(told)) == len(told)
        assert titles["lookup"] == titles["entry"]  # the answer is the entry


@pytest.mark.parametrize("lang", LANGS)
def test_a_pasted_text_does_not_travel_in_an_address(client: FlaskClient, lang: str) -> None:
    page = Page(client.post(f"/{lang}/lookup", data={"text": TEXT}).text)
    assert not any("unencrypted+" in (link["href"] or "") for link in page.links)


@pytest.mark.parametrize("lang", LANGS)
def test_answer_page_shows_the_entry_and_marks_the_evidence(client: FlaskClient, lang: str) -> None:
    response = client.post(f"/{lang}/lookup", data={"text": f"before\n{TEXT}\nafter"})
    page = Page(response.text)
    assert response.headers["Cache-Control"] == "no-store"
    assert f"/{lang}/errors/{ENTRY}" in [link["href"] for link in page.links]
    assert [mark for mark in page.marks if "unencrypted connection" in mark]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("text", "key"),
    [("", "empty"), ("  \n ", "empty"), ("250 2.0.0 Ok: queued as 4F1C2240A1B", "no_error"), ("qwertz", "no_answer")],
)
def test_answer_page_without_an_answer_says_why(client: FlaskClient, lang: str, text: str, key: str) -> None:
    page = Page(client.post(f"/{lang}/lookup", data={"text": text}).text)
    assert page.headings == [STRINGS[key].get(lang)]


@each(
    "accepted lang",
    [
        ("zh-CN", "zh"),
        ("zh-TW", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh", "zh"),
        ("ZH-cn", "zh"),
        ("en-GB", "en"),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", "en"),
        ("zh-CN,en;q=0.5", "zh"),
        ("en;q=0.2,zh-CN;q=0.9", "zh"),
        ("fr", "en"),
        ("fr,zh;q=0.5", "zh"),
        ("zh;q=0", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=x,,", "en"),
        (None, "en"),
    ],
)
def test_root_and_short_addresses_follow_the_reader(client: FlaskClient, accepted: str | None, lang: str) -> None:
    headers = {"Accept": BROWSER} | ({} if accepted is None else {"Accept-Language": accepted})
    for path, target in (
        ("/", f"/{lang}/"),
        (f"/e/{ENTRY}", f"/{lang}/errors/{ENTRY}"),
        ("/c/550", f"/{lang}/codes/550"),
    ):
        response = client.get(path, headers=headers)
        assert (response.status_code, response.headers["Location"]) == (302, target)
        assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
    assert client.get("/", headers=headers).headers["Cache-Control"] == "no-store"
    assert client.get(f"{API}/lookup?q=550", headers=headers).get_json()["lang"] == lang


@pytest.mark.parametrize(("path", "target"), [("/zh", "/zh/"), ("/en/errors", "/en/errors/"), ("/zh/codes?x=1", None)])
def test_a_forged_host_leads_nowhere(client: FlaskClient, path: str, target: str | None) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 308
    assert response.headers["Location"] == (target or "/zh/codes/?x=1")
    assert "evil" not in response.headers["Location"]
    assert "evil.example" not in client.get("/zh/", headers={"Host": "evil.example"}).text


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/nowhere", "/zh/nowhere", "/zh/errors/nowhere", "/zh/%22%3E%3Cx%3E"]
)
def test_a_page_that_is_not_there(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept-Language": "zh-CN"})
    page = Page(response.text)
    assert (response.status_code, response.content_type) == (404, "text/html; charset=utf-8")
    assert page.html_lang == "zh-Hans"
    assert page.switch.startswith("/en/")
    assert "<x>" not in response.text


# --- articles ---


@pytest.mark.parametrize(
    ("lang", "title", "summary"), [("zh", "双语文章", "中文摘要"), ("en", "Bilingual article", "An English summary")]
)
def test_article(small: FlaskClient, lang: str, title: str, summary: str) -> None:
    response = small.get(f"/{lang}/articles/both")
    page = Page(response.text)
    assert response.status_code == 200
    assert (page.html_lang, page.headings) == (HTML_LANG[lang], [title])
    assert page.title.startswith(title)
    assert f"/{lang}/errors/auth-first-thing" in [link["href"] for link in page.links]
    assert STRINGS["not_translated"].get(lang) not in response.text
    body = small.get(f"{API}/articles/both?lang={lang}").get_json()
    assert (body["lang"], body["title"], body["summary"]) == (lang, title, summary)
    assert set(body) == {
        *(
            "schema_version",
            "slug",
            "lang",
            "title",
            "summary",
            "tags",
            "errors",
            "updated",
            "markdown",
            "html",
            "translated",
        )
    }
    assert (body["tags"], body["errors"], body["updated"]) == (["postfix"], ["auth-first-thing"], "2026-11-24")
    assert "535 First thing went wrong" in body["markdown"]
    assert "535 First thing went wrong" in body["html"]


def test_article_without_translation_shows_the_other_language_and_says_so(small: FlaskClient) -> None:
    response = small.get("/en/articles/only")
    assert response.status_code == 200
    assert Page(response.text).html_lang == "en"
    assert '<article class="prose" lang="zh-Hans">' in response.text
    assert STRINGS["not_translated"].en in response.text
    assert STRINGS["not_translated"].zh not in small.get("/zh/articles/only").text


@pytest.mark.parametrize("lang", LANGS)
def test_articles_are_listed_and_linked(small: FlaskClient, lang: str) -> None:
    links = [link["href"] for link in Page(small.get(f"/{lang}/articles/").text).links]
    assert [href for href in links if (href or "").startswith(f"/{lang}/articles/")][1:] == [
        f"/{lang}/articles/both",
        f"/{lang}/articles/only",
    ]
    body = small.get(f"{API}/articles?lang={lang}").get_json()
    assert body["total"] == len(body["results"]) == 2
    assert [row["slug"] for row in body["results"]] == ["both", "only"]
    assert {tuple(row) for row in body["results"]} == {("slug", "title", "summary", "lang", "url", "translated")}
    assert [row["lang"] for row in body["results"]] == [lang, "zh"]


@pytest.mark.parametrize("slug", ["nowhere", "..%2f..%2fetc%2fpasswd", "both.zh.md", "BOTH", "%00"])
def test_no_such_article(small: FlaskClient, slug: str) -> None:
    assert small.get(f"/zh/articles/{slug}").status_code == 404
    assert small.get(f"{API}/articles/{slug}").status_code == 404


# --- the JSON contract ---

STRING, NUMBER, BOOLEAN, LIST, OBJECT = str, (int, float), bool, list, dict
NULL = type(None)
VERDICT: dict[str, Any] = {
    "answered": BOOLEAN,
    "basis": STRING,
    "reason": (STRING, NULL),
    "matches": LIST,
    "suggestions": LIST,
}
CONTRACT: dict[str, dict[str, Any]] = {
    "answer": {
        "schema_version": int,
        "catalog_version": STRING,
        "lang": STRING,
        "input": OBJECT,
        **VERDICT,
        "recipients": LIST,
    },
    "input": {
        "format": STRING,
        "stage": (STRING, NULL),
        "reply_code": (STRING, NULL),
        "enhanced_status": (STRING, NULL),
        "diagnostic": STRING,
    },
    "match": {
        "id": STRING,
        "url": STRING,
        "title": STRING,
        "reason": STRING,
        "side": STRING,
        "stage": (STRING, NULL),
        "emitters": LIST,
        "explanation": STRING,
        "causes": LIST,
        "fixes": LIST,
        "verify": (OBJECT, NULL),
        "retry": STRING,
        "articles": LIST,
        "sources": LIST,
        "translated": BOOLEAN,
        "score": NUMBER,
        "basis": STRING,
        "evidence": LIST,
        "values": LIST,
    },
    "fix": {"for": STRING, "text": STRING, "set": LIST},
    "verify": {"text": STRING, "run": LIST},
    "evidence": {"text": STRING, "start": int, "end": int},
    "value": {"name": STRING, "label": STRING, "text": STRING, "start": int, "end": int},
    "suggestion": {"id": STRING, "title": STRING},
    "recipient": {
        "recipient": STRING,
        "action": (STRING, NULL),
        "enhanced_status": (STRING, NULL),
        "reply_code": (STRING, NULL),
        "diagnostic": STRING,
        **VERDICT,
    },
}
CONTRACT_TEXTS = {
    "entry": TEXT,
    "relay": RELAY,
    "log line": f"Jul 20 16:51:26 mail postfix/smtp[1]: 4F1C2240A1B: to=<bob@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.1] said: {RELAY} (in reply to RCPT TO command))",
    "before the error": f"我们的服务器 🙂 says:\n{RELAY}\n",
    "status alone": "5.1.1",
    "reply alone": "550",
    "unknown": "xyzzy",
    "success": "250 2.0.0 Ok",
    "empty": "",
    "bounce": BOUNCE,
    "several": f"{TEXT}\n{RELAY}",
}


def has_shape(value: dict[str, Any], name: str) -> None:
    """Exactly the fields of the contract, each of its type."""
    fields = CONTRACT[name]
    assert set(value) == set(fields)
    for field, types in fields.items():
        assert isinstance(value[field], types), f"{name}.{field}: {value[field]!r}"
        assert isinstance(value[field], bool) == (types is BOOLEAN)


def has_verdict(verdict: dict[str, Any], text: str | None) -> None:
    assert verdict["basis"] in ("pattern", "provider-code", "enhanced-status", "reply-code", "none")
    assert verdict["answered"] is bool(verdict["matches"])
    assert (verdict["reason"] is not None) is verdict["answered"]
    for suggestion in verdict["suggestions"]:
        has_shape(suggestion, "suggestion")
    for match in verdict["matches"]:
        has_shape(match, "match")
        assert match["reason"] in vocabulary.REASONS
        assert match["side"] in vocabulary.SIDES
        assert match["stage"] is None or match["stage"] in vocabulary.STAGES
        assert match["retry"] in vocabulary.RETRY
        assert 0 < match["score"] <= 1
        assert match["sources"]
        for fix in match["fixes"]:
            has_shape(fix, "fix")
            assert fix["for"] in vocabulary.FIX_TARGETS
        for found in match["evidence"]:
            has_shape(found, "evidence")
        for value in match["values"]:
            has_shape(value, "value")
            if text is not None:
                assert text[value["start"] : value["end"]] == value["text"]
            if text is not None:
                assert text[found["start"] : found["end"]] == found["text"]
        if match["verify"] is not None:
            has_shape(match["verify"], "verify")
        for name in ("causes", "emitters", "articles", "sources"):
            assert all(isinstance(item, str) and item for item in match[name])
    if verdict["matches"]:
        assert verdict["reason"] == verdict["matches"][0]["reason"]
        assert verdict["basis"] == verdict["matches"][0]["basis"]


@each("lang", LANGS)
@each("text", CONTRACT_TEXTS)
def test_json_contract(client: FlaskClient, base: KnowledgeBase, text: str, lang: str) -> None:
    response = client.post(f"{API}/lookup", json={"text": text, "lang": lang})
    answer = response.get_json()
    assert (response.status_code, response.content_type) == (200, "application/json")
    has_shape(answer, "answer")
    has_shape(answer["input"], "input")
    assert (answer["schema_version"], answer["lang"]) == (1, lang)
    assert answer["catalog_version"] == client.get("/readyz").get_json()["catalog_version"]
    has_verdict(answer, text)
    for recipient in answer["recipients"]:
        has_shape(recipient, "recipient")
        has_verdict(recipient, None)
    assert answer == base.lookup(text, lang)
    for match in answer["matches"]:
        assert client.get(match["url"]).status_code == 200
        assert match["url"].startswith(f"/{lang}/")


def test_what_the_contract_says_of_certain_texts(client: FlaskClient) -> None:
    def ask(name: str) -> dict[str, Any]:
        return client.post(f"{API}/lookup", json={"text": CONTRACT_TEXTS[name], "lang": "en"}).get_json() or {}

    entry = ask("entry")
    assert (entry["answered"], entry["basis"], entry["matches"][0]["id"]) == (True, "pattern", ENTRY)
    assert "unencrypted connection" in entry["matches"][0]["evidence"][0]["text"]
    assert ask("relay")["reason"] == "relay-denied"
    assert ask("relay")["input"]["reply_code"] == "554"
    assert ask("relay")["input"]["enhanced_status"] == "5.7.1"
    assert ask("log line")["input"]["format"] == "postfix-log"
    assert ask("log line")["input"]["stage"] == "rcpt"
    assert (ask("status alone")["basis"], ask("status alone")["reason"]) == ("enhanced-status", "user-unknown")
    reply = ask("reply alone")
    assert (reply["answered"], reply["basis"], reply["reason"], reply["matches"]) == (False, "reply-code", None, [])
    assert reply["suggestions"][0]["id"] == "550"
    for name in ("unknown", "success", "empty"):
        assert (ask(name)["answered"], ask(name)["basis"], ask(name)["matches"]) == (False, "none", [])
    assert ask("success")["input"]["diagnostic"] == ""
    assert len({match["id"] for match in ask("several")["matches"]}) == 2


def test_a_bounce_answers_for_each_recipient(client: FlaskClient) -> None:
    answer = client.post(f"{API}/lookup", json={"text": BOUNCE, "lang": "en"}).get_json()
    assert [(r["recipient"], r["enhanced_status"], r["reason"]) for r in answer["recipients"]] == [
        ("bob@example.net", "5.1.1", "user-unknown"),
        ("carol@example.net", "5.2.2", "mailbox-full"),
    ]


# --- forms of a request ---

SENT: dict[str, dict[str, Any]] = {
    "json": {"json": {"text": RELAY}},
    "json with language": {"json": {"text": RELAY, "lang": None}},
    "json with charset": {
        "data": f'{{"text": "{RELAY}"}}',
        "content_type": "application/json; charset=utf-8",
    },
    "text/plain": {"data": RELAY.encode(), "content_type": "text/plain"},
    "text/plain with charset": {"data": RELAY.encode(), "content_type": "text/plain; charset=utf-8"},
    "message/rfc822": {"data": RELAY.encode(), "content_type": "message/rfc822"},
    "octets": {"data": RELAY.encode(), "content_type": "application/octet-stream"},
    "form": {"data": {"text": RELAY}},
    "multipart form": {"data": {"text": RELAY}, "content_type": "multipart/form-data"},
    "curl --data-binary": {"data": RELAY.encode(), "content_type": "application/x-www-form-urlencoded"},
}
ENCODED = "收件人 <bob@example.net>: Relay access denied 被拒绝"


@each("lang", LANGS)
@each("sent", SENT)
def test_every_form_of_a_lookup_gets_the_same_answer(
    client: FlaskClient, base: KnowledgeBase, sent: dict[str, Any], lang: str
) -> None:
    response = client.post(f"{API}/lookup?lang={lang}", **sent)
    assert response.status_code == 200
    assert response.get_json() == base.lookup(RELAY, lang)


def test_get_gets_the_same_answer(client: FlaskClient, base: KnowledgeBase) -> None:
    assert client.get(f"{API}/lookup", query_string={"q": RELAY, "lang": "zh"}).get_json() == base.lookup(RELAY, "zh")


@each("kind", ["text/plain", "message/rfc822", "application/x-www-form-urlencoded"])
@each("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
def test_sent_bytes_are_read_whatever_their_encoding(client: FlaskClient, kind: str, encoding: str) -> None:
    answer = client.post(f"{API}/lookup", data=ENCODED.encode(encoding), content_type=kind).get_json()
    assert answer["reason"] == "relay-denied"
    assert answer["input"]["diagnostic"] == ENCODED


def test_curl_data_binary_keeps_percent_plus_ampersand_and_line_breaks(client: FlaskClient) -> None:
    text = f"first line & more=1\r\n50% of a+b\n{RELAY}\n"
    kind = "application/x-www-form-urlencoded"
    answer = client.post(f"{API}/lookup", data=text.encode(), content_type=kind).get_json()
    plain = client.post(f"{API}/lookup", data=text.encode(), content_type="text/plain").get_json()
    assert answer == plain
    assert answer["reason"] == "relay-denied"
    found = answer["matches"][0]["evidence"][0]
    assert text[found["start"] : found["end"]] == found["text"]


def test_the_language_of_the_body_wins(client: FlaskClient) -> None:
    answer = client.post(f"{API}/lookup?lang=en", json={"text": RELAY, "lang": "zh"}, headers={"Accept-Language": "en"})
    assert answer.get_json()["lang"] == "zh"
    form = client.post(f"{API}/lookup", data={"text": RELAY, "lang": "zh"}, headers={"Accept-Language": "en"})
    assert form.get_json()["lang"] == "zh"


@pytest.mark.parametrize("path", [*(path for path, _ in ROUTES.values())])
def test_every_listing_speaks_both_languages(client: FlaskClient, path: str) -> None:
    glue = "&" if "?" in path else "?"
    bodies = {lang: client.get(f"{path}{glue}lang={lang}").get_json() for lang in LANGS}
    assert {lang: body["lang"] for lang, body in bodies.items()} == {"zh": "zh", "en": "en"}
    if bodies["en"].get("results") != []:
        assert bodies["zh"] | {"lang": "en"} != bodies["en"]


# --- batch ---


def test_batch_keeps_the_order(client: FlaskClient, base: KnowledgeBase) -> None:
    texts = [RELAY, TEXT, "", "550", "xyzzy", RELAY]
    items = [{"id": f"{9 - n}", "text": text} for n, text in enumerate(texts)]
    body = client.post(f"{API}/lookup/batch", json={"items": items, "lang": "zh"}).get_json()
    assert (body["schema_version"], body["lang"], body["total"]) == (1, "zh", len(texts))
    assert [row.pop("id") for row in body["results"]] == [item["id"] for item in items]
    assert {row.pop("error") for row in body["results"]} == {None}
    assert body["results"] == [base.lookup(text, "zh") for text in texts]


@pytest.mark.parametrize(("number", "status"), [(0, 200), (1, 200), (1000, 200), (1001, 422)])
def test_batch_takes_a_thousand(client: FlaskClient, number: int, status: int) -> None:
    response = client.post(f"{API}/lookup/batch", json={"items": [{"id": str(n), "text": "x"} for n in range(number)]})
    assert response.status_code == status
    if status == 200:
        assert [row["id"] for row in response.get_json()["results"]] == [str(n) for n in range(number)]
    else:
        assert response.content_type == "application/problem+json"


# --- search, errors, codes ---


@each("lang", LANGS)
@each("query", ["relay denied", "中继 拒绝", "5.7.1", "smtpd_tls_auth_only", "STARTTLS"])
def test_search(client: FlaskClient, query: str, lang: str) -> None:
    body = client.get(f"{API}/search", query_string={"q": query, "lang": lang}).get_json()
    assert (body["schema_version"], body["lang"], body["query"]) == (1, lang, query)
    assert body["total"] == len(body["results"]) > 0
    for hit in body["results"]:
        assert set(hit) == {"kind", "id", "url", "lang", "twin", "title", "summary", "snippet", "score"}
        assert hit["lang"] == lang
        assert hit["twin"] is None or client.get(hit["twin"]["url"]).status_code == 200
        assert hit["kind"] in ("entry", "article", "code")
        assert set(hit["snippet"]) == {"text", "marks"}
        assert all(0 <= start < end <= len(hit["snippet"]["text"]) for start, end in hit["snippet"]["marks"])
        assert client.get(hit["url"]).status_code == 200
    page = Page(client.get(f"/{lang}/search", query_string={"q": query}).text)
    shown = [link["href"] for link in page.links]
    assert [hit["url"] for hit in body["results"][:20] if hit["url"] not in shown] == []


def test_search_filters(client: FlaskClient) -> None:
    body = client.get(f"{API}/search?q=relay&lang=en&kind=entry&product=postfix,exim&stage=rcpt&in=zh").get_json()
    wanted = {"kind": ["entry"], "product": ["postfix", "exim"], "stage": ["rcpt"], "lang": ["zh"]}
    assert body["filters"] == wanted
    assert {(hit["kind"], hit["lang"]) for hit in body["results"]} == {("entry", "zh")}
    for hit in body["results"]:
        entry = client.get(f"{API}/errors/{hit['id']}").get_json()
        assert entry["stage"] == "rcpt"
        assert {"postfix", "exim"} & set(entry["emitters"])
    page = Page(client.get("/en/search?q=relay&kind=article&stage=nonsense").text)
    assert {link["href"].split("/")[2] for link in page.links if link["href"].startswith("/en/articles/")} == {
        "articles"
    }


@pytest.mark.parametrize("filters", ["kind=page", "product=nothing", "reason=x", "stage=data,y", "in=fr"])
def test_a_filter_of_no_vocabulary_is_refused(client: FlaskClient, filters: str) -> None:
    assert client.get(f"{API}/search?q=relay&{filters}").status_code == 422


def test_what_was_meant_and_a_quoted_error_are_on_the_page(client: FlaskClient) -> None:
    misspelt = client.get("/en/search?q=mynetwroks").text
    assert "/en/search?q=mynetworks" in misspelt
    quoted = client.get("/zh/search", query_string={"q": RELAY}).text
    assert "<mark>" in quoted
    assert client.get(f"{API}/search", query_string={"q": RELAY, "lang": "zh"}).get_json()["answer"]["url"] in quoted


def test_completions_come_as_json_and_on_the_page(client: FlaskClient) -> None:
    body = client.get(f"{API}/complete?q=smtpd_tls_sec&lang=en").get_json()
    assert "smtpd_tls_security_level" in [row["text"] for row in body["results"]]
    assert client.get(body["results"][0]["url"]).status_code == 200
    assert "/en/search?q=smtpd_tls_security_level" in client.get("/en/search?q=smtpd_tls_sec").text
    assert client.get(f"{API}/complete").status_code == 400


@pytest.mark.parametrize(("limit", "status"), [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("x", 422)])
def test_search_limit(client: FlaskClient, limit: str, status: int) -> None:
    response = client.get(f"{API}/search?q=relay&limit={limit}")
    assert response.status_code == status
    if status == 200:
        assert 1 <= response.get_json()["total"] <= int(limit)


def test_errors_lists_every_entry(client: FlaskClient, base: KnowledgeBase) -> None:
    body = client.get(f"{API}/errors?lang=en").get_json()
    assert body["total"] == len(body["results"]) == len(base.store.entries()) == len({r["id"] for r in body["results"]})
    assert {tuple(row) for row in body["results"]} == {("id", "title", "url", "reason", "stage")}
    page = [link["href"] for link in Page(client.get("/en/errors/").text).links]
    assert {row["url"] for row in body["results"]} <= set(page)


@pytest.mark.parametrize("lang", LANGS)
def test_one_entry(client: FlaskClient, lang: str) -> None:
    body = client.get(f"{API}/errors/{ENTRY}?lang={lang}").get_json()
    answer = client.post(f"{API}/lookup", json={"text": TEXT, "lang": lang}).get_json()
    (match, *_) = answer["matches"]
    assert {
        name: match[name] for name in CONTRACT["match"] if name not in ("score", "basis", "evidence", "values")
    } == {name: value for name, value in body.items() if name not in ("schema_version", "catalog_version", "lang")}


CODES = [
    ("550", 200, True, None),
    ("250", 200, True, None),
    ("5.7.1", 200, True, None),
    ("5.1.1", 200, True, "user-unknown"),
    ("4.2.2", 200, True, "mailbox-full"),
    ("559", 200, False, None),
    ("699", 404, None, None),
    ("5.9.99", 200, False, None),
    ("5.999.999", 200, False, None),
    ("999", 404, None, None),
    ("55", 404, None, None),
    ("5500", 404, None, None),
    ("1.2.3", 404, None, None),
    ("5.7", 404, None, None),
    ("5.7.1.1", 404, None, None),
    ("5.7.1000", 404, None, None),
    ("5.07.1", 404, None, None),
    ("５５０", 404, None, None),
    ("-550", 404, None, None),
    ("abc", 404, None, None),
    ("%00", 404, None, None),
]


@each("code status registered reason", CODES)
def test_codes(client: FlaskClient, code: str, status: int, registered: bool | None, reason: str | None) -> None:
    for lang in LANGS:
        response = client.get(f"{API}/codes/{code}?lang={lang}")
        page = client.get(f"/{lang}/codes/{code}")
        assert (response.status_code, page.status_code) == (status, status)
        body = response.get_json()
        if status == 200:
            fields = {"schema_version", "lang", "code", "title", "meaning", "rfc", "registered", "reason", "providers"}
            assert set(body) == fields
            assert (body["code"], body["registered"], body["lang"]) == (code, registered, lang)
            if reason:
                assert body["reason"] == reason
            assert (STRINGS["derived"].get(lang) in page.text) is not registered
            assert Page(page.text).headings[0].startswith(code)
        else:
            assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(("code", "provider"), [("5.7.26", "gmail"), ("TSS04", "yahoo"), ("MI:SPB", "netease-mail")])
def test_a_code_shows_what_providers_mean_by_it(client: FlaskClient, code: str, provider: str) -> None:
    for lang in LANGS:
        body = client.get(f"{API}/codes/{code}?lang={lang}").get_json()
        (meaning,) = [each for each in body["providers"] if each["provider"] == provider]
        assert set(meaning) == {"provider", "name", "title", "meaning", "reason", "retry", "entry", "sources"}
        page = client.get(f"/{lang}/codes/{code}")
        assert page.status_code == 200
        assert meaning["title"] in page.text
        found = client.get(f"{API}/search?q={code}&lang={lang}").get_json()["results"]
        shown = f"X{code[1:]}" if body["registered"] else code
        assert f"/{lang}/codes/{shown}" in {hit["url"] for hit in found}


def test_the_page_shows_what_the_text_names(client: FlaskClient) -> None:
    text = "554 5.7.1 Service unavailable; Client host [192.0.2.77] blocked using zen.spamhaus.org"
    for lang in LANGS:
        page = client.post(f"/{lang}/lookup", data={"text": text}).text
        assert STRINGS["in_your_text"].get(lang) in page
        assert '<b translate="no">zen.spamhaus.org</b>' in page
        assert "77.2.0.192.zen.spamhaus.org" in page


def test_codes_are_listed(client: FlaskClient) -> None:
    body = client.get(f"{API}/codes?lang=en").get_json()
    assert [row["code"] for row in body["results"]] == [
        *(row.code for row in all_reply_codes()),
        *(row.code for row in all_status_codes()),
    ]
    assert {tuple(row) for row in body["results"]} == {("code", "title", "rfc", "reason")}
    links = {link["href"] for link in Page(client.get("/zh/codes/").text).links}
    for row in body["results"]:
        assert f"/zh/codes/{row['code']}" in links
        assert client.get(f"/zh/codes/{row['code']}").status_code == 200


# --- health, caching, headers, methods ---


def test_health_and_readiness(client: FlaskClient, base: KnowledgeBase) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok", "version": __version__}
    assert client.get("/readyz").get_json() == {
        "status": "ok",
        "catalog_version": base.store.version,
        "entries": len(base.store.entries()),
    }


@pytest.mark.parametrize("name", [name for name in ROUTES if name not in ("lookup", "search", "complete")])
def test_what_is_the_same_for_everybody_is_cached(client: FlaskClient, name: str) -> None:
    path, fields = ROUTES[name]
    first = client.get(path)
    assert fields <= set(first.get_json())
    assert (first.status_code, first.content_type) == (200, "application/json")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in first.headers["Vary"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = client.get(path, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)
    zh = client.get(path, headers={"Accept-Language": "zh", "If-None-Match": first.headers["ETag"]})
    assert zh.status_code == (200 if zh.get_json(silent=True) and zh.get_json() != first.get_json() else 304)


@pytest.mark.parametrize("name", ["lookup", "search", "complete"])
def test_answers_to_a_text_are_not_stored(client: FlaskClient, name: str) -> None:
    path, fields = ROUTES[name]
    response = client.get(path)
    assert fields <= set(response.get_json())
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert client.post(f"{API}/lookup", json={"text": RELAY}).headers["Cache-Control"] == "no-store"


@each("path", EVERYTHING)
def test_security_headers_and_cors(client: FlaskClient, path: str) -> None:
    response = client.get(path, buffered=True)
    headers = response.headers
    assert response.status_code in (200, 302, 404)
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert set(policy.values()) == {"'none'", "'self'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers
    assert "Set-Cookie" not in headers
    for_programs = path.startswith((API, "/e/", "/c/")) or path in ("/", *STATUS.values())
    assert headers.get("Access-Control-Allow-Origin") == ("*" if for_programs else None)


@each("lang", LANGS)
@each("path", PAGES)
def test_pages_hold_to_their_policy(client: FlaskClient, path: str, lang: str) -> None:
    """No inline script, style or handler, and nothing from another host."""
    html = client.get(path.format(lang=lang)).text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=\"(?:https?:)?//", html)


def test_every_script_and_style_is_there(client: FlaskClient) -> None:
    kinds = {"style.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
    html = client.get("/zh/").text
    for name, kind in kinds.items():
        assert f"/static/{name}" in html
        response = client.get(f"/static/{name}", buffered=True)
        assert (response.status_code, response.mimetype) == (200, kind)


@pytest.mark.parametrize(
    "path", ["../__init__.py", "..%2f__init__.py", "%2e%2e/api.py", "....//api.py", "style.css%00"]
)
def test_static_files_stay_in_their_folder(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


@each("path", [p for p in EVERYTHING if "nowhere" not in p])
def test_head_and_options(client: FlaskClient, path: str) -> None:
    got, head, options = (client.open(path, method=method, buffered=True) for method in ("GET", "HEAD", "OPTIONS"))
    assert (head.status_code, head.data) == (got.status_code, b"")
    assert head.content_type == got.content_type
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))


@each("method", ["PUT", "DELETE", "PATCH", "TRACE"])
@each(
    "path allowed",
    [
        ("/zh/", {"GET"}),
        ("/zh/lookup", {"GET", "POST"}),
        (f"{API}/lookup", {"GET", "POST"}),
        (f"{API}/lookup/batch", {"POST"}),
        (f"{API}/errors", {"GET"}),
        ("/healthz", {"GET"}),
        ("/static/style.css", {"GET"}),
    ],
)
def test_other_methods_are_refused(client: FlaskClient, method: str, path: str, allowed: set[str]) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed


@pytest.mark.parametrize("path", ["/zh/", f"{API}/errors", f"{API}/search?q=x", "/healthz", f"/zh/errors/{ENTRY}"])
def test_what_is_only_read_takes_no_post(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"text": "x"}).status_code == 405


def test_the_page_is_small(client: FlaskClient) -> None:
    static = Path(create_app.__globals__["__file__"]).parent / "static"
    seldom = {"explore.js", "palette.js", "preview.js", "too-large.js"}  # loaded elsewhere, or once they are needed
    assert sum(file.stat().st_size for file in static.iterdir() if file.name not in seldom) < 37_000
    assert len(client.get("/zh/").data) < 10_000
