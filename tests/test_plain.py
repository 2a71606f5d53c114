"""For who does not read HTML: negotiation, suffixes, what is sent to `/`, and what programs look for by themselves."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from tables import each

from kb.web import create_app, discovery
from kb.web.policy import Policy

ENTRY = "auth-unencrypted-connection"
RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
LOG = f"Jul 20 16:51:26 mail postfix/smtp[1]: 4F1C2240A1B: to=<bob@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.1] said: {RELAY} (in reply to RCPT TO command))\n"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ARTICLE = "reading-a-bounce"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANGS = ("zh", "en")
# Accept header -> the form of a page without a language
ACCEPTED = {
    None: "text/plain",
    "": "text/plain",
    "*/*": "text/plain",
    "text/*": "text/plain",
    "text/plain": "text/plain",
    "image/png": "text/plain",
    "text/markdown": "text/markdown",
    "text/markdown, text/html, */*": "text/markdown",
    "text/html, text/markdown;q=0.9": "text/html",
    "application/json": "application/json",
    "application/json, text/plain, */*": "application/json",
    "text/html;q=0": "text/plain",
    "text/html;q=0.2, application/json;q=0.1": "text/html",
    BROWSER: "text/html",
    "application/xhtml+xml": "text/html",
    ";;,q=": "text/plain",
}


def get(client: FlaskClient, path: str, accept: str | None = None, lang: str = "en") -> Any:
    headers = {"Accept-Language": lang} | ({} if accept is None else {"Accept": accept})
    return client.get(path, headers=headers)


# --- which form ---


@each("accept kind", ACCEPTED.items())
@each("path", [f"/e/{ENTRY}", "/c/5.7.1"])
def test_accept_decides_where_the_address_has_no_language(
    client: FlaskClient, path: str, accept: str | None, kind: str
) -> None:
    response = get(client, path, accept)
    assert (response.status_code, response.mimetype) == (302 if kind == "text/html" else 200, kind)
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


@each("accept", [None, "*/*", "image/png", BROWSER, "text/html, text/markdown;q=0.9"])
@each("page", [f"errors/{ENTRY}", "codes/5.7.1", f"articles/{ARTICLE}"])
def test_pages_of_a_language_stay_pages(client: FlaskClient, page: str, accept: str | None) -> None:
    response = get(client, f"/zh/{page}", accept)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "Accept" in response.headers["Vary"].split(", ")
    links = response.headers.getlist("Link")
    assert any(f"</zh/{page}.md>" in link and "text/markdown" in link for link in links)
    for link in links:
        target, kind = link[1:].partition(">")[0], link.partition('type="')[2].rstrip('"')
        assert client.get(target).mimetype == kind


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "application/json"])
@pytest.mark.parametrize("page", [f"errors/{ENTRY}", "codes/5.7.1", f"articles/{ARTICLE}"])
def test_unless_another_form_is_named(client: FlaskClient, page: str, kind: str) -> None:
    suffix = {"text/plain": "txt", "text/markdown": "md", "application/json": "json"}[kind]
    response = get(client, f"/zh/{page}", kind)
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.data == client.get(f"/zh/{page}.{suffix}").data


@each("lang", LANGS)
@each(
    "short folder name",
    [
        ("/e/", "errors", ENTRY),
        ("/c/", "codes", "5.7.1"),
        ("/c/", "codes", "550"),
        ("/c/", "codes", "TSS04"),
        ("", "articles", ARTICLE),
    ],
)
def test_every_suffix(client: FlaskClient, short: str, folder: str, name: str, lang: str) -> None:
    body = client.get(f"/api/v1/{folder}/{name}?lang={lang}").get_json()
    for suffix, kind in (("txt", "text/plain"), ("md", "text/markdown"), ("json", "application/json")):
        response = client.get(f"/{lang}/{folder}/{name}.{suffix}")
        assert (response.status_code, response.mimetype) == (200, kind)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"] == "public, max-age=300"
        again = client.get(f"/{lang}/{folder}/{name}.{suffix}", headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        if suffix == "json":
            assert response.get_json() == body
        else:
            assert body["title"] in response.text
            assert f"http://localhost/{lang}/{folder}/{name}" in response.text
        if short:
            neutral = get(client, f"{short}{name}.{suffix}", BROWSER, lang)
            assert neutral.data == response.data
            assert "Accept-Language" in neutral.headers["Vary"]
            assert client.head(f"{short}{name}.{suffix}").status_code == 200


def test_markdown_of_an_entry_holds_all_of_it(client: FlaskClient) -> None:
    for lang in LANGS:
        body = client.get(f"/api/v1/errors/{ENTRY}?lang={lang}").get_json()
        text = client.get(f"/{lang}/errors/{ENTRY}.md").text
        assert text.startswith(f"# {body['title']}\n")
        lines = [line for fix in body["fixes"] for line in fix["set"]]
        parts = [
            *body["causes"],
            *(fix["text"] for fix in body["fixes"]),
            *lines,
            *body["verify"]["run"],
            *body["sources"],
        ]
        assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("accept", [None, BROWSER])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/e/nothing.txt", "text/plain"),
        ("/zh/errors/nothing.md", "text/plain"),
        ("/c/999.json", "application/problem+json"),
    ],
)
def test_what_is_not_there_is_told_in_the_form_asked_for(
    client: FlaskClient, path: str, kind: str, accept: str | None
) -> None:
    response = get(client, path, accept)
    assert (response.status_code, response.mimetype) == (404, kind)


def test_what_is_not_there_without_a_suffix(client: FlaskClient) -> None:
    assert get(client, "/e/nothing").text == "404 Not found\nThere is no such entry.\n"
    assert get(client, "/e/nothing", "application/json").mimetype == "application/problem+json"
    assert get(client, "/zh/errors/nothing", BROWSER).mimetype == "text/html"
    assert get(client, "/zh/errors/nothing").mimetype == "text/html"


# --- what is sent to / ---

SENT: dict[str, dict[str, Any]] = {
    "curl -d": {"data": RELAY.encode(), "content_type": "application/x-www-form-urlencoded"},
    "curl --data-binary": {"data": LOG.encode(), "content_type": "application/x-www-form-urlencoded"},
    "form": {"data": {"text": RELAY}},
    "curl -F file": {
        "data": b'--b\r\nContent-Disposition: form-data; name="f"; filename="m.log"\r\n\r\n'
        + LOG.encode()
        + b"\r\n--b--\r\n",
        "content_type": "multipart/form-data; boundary=b",
    },
    "text": {"data": LOG.encode("utf-16"), "content_type": "text/plain"},
    "text of a charset": {"data": f"收件人 {RELAY}".encode("big5"), "content_type": "text/plain; charset=big5"},
    "message": {"data": RELAY.encode(), "content_type": "message/rfc822"},
    "no type": {"data": LOG.encode()},
    "odd type": {"data": LOG.encode(), "content_type": "application/x-nothing"},
    "JSON": {"json": {"text": RELAY}},
    "a log in JSON": {"data": json.dumps({"level": "error", "msg": RELAY}), "content_type": "application/json"},
    "an ampersand": {"data": f"a=1&b=50%\n{RELAY}".encode(), "content_type": "application/x-www-form-urlencoded"},
}


@each("sent", SENT)
def test_whatever_is_sent_is_explained(client: FlaskClient, sent: dict[str, Any]) -> None:
    title = client.get("/api/v1/errors/rcpt-relay-access-denied?lang=zh").get_json()["title"]
    response = client.post("/?lang=zh", **sent)
    assert (response.status_code, response.content_type) == (200, "text/plain; charset=utf-8")
    assert response.text.startswith(title)
    assert response.text.endswith("http://localhost/zh/errors/rcpt-relay-access-denied\n")
    assert response.headers["Cache-Control"] == "no-store"
    asked = client.post("/", headers={"Accept": "application/json"}, **sent)
    assert asked.get_json()["reason"] == "relay-denied"


def test_the_front_page_for_curl(client: FlaskClient) -> None:
    for lang in LANGS:
        usage = get(client, "/", "*/*", lang)
        assert (usage.status_code, usage.mimetype) == (200, "text/plain")
        assert usage.text.count("curl ") >= 5
        assert "http://localhost/" in usage.text
        nothing = client.post("/", headers={"Accept-Language": lang})
        assert (nothing.status_code, nothing.text) == (400, usage.text)
    assert get(client, "/", BROWSER).headers["Location"] == "/en/"
    assert "relay" in get(client, "/?q=554+5.7.1+Relay+access+denied").text
    browser = client.post("/", data={"text": RELAY}, headers={"Accept": BROWSER, "Accept-Language": "zh"})
    assert (browser.status_code, browser.headers["Location"]) == (307, "/zh/lookup")
    assert client.post("/", data=b"x" * 300_000, content_type="text/plain").text.startswith("413 ")


def test_nothing_that_a_terminal_would_obey(client: FlaskClient) -> None:
    text = f"\x1b[2J\x9b1m{RELAY}\u202e\x07"
    for response in (
        client.post("/", data=text.encode(), content_type="text/plain"),
        client.get("/", query_string={"q": text}),
    ):
        assert not set(response.text) & set("\x1b\x9b\x07\u202e")


@pytest.mark.parametrize("charset", ["gbk", "big5", "gb18030", "utf-8", "utf-16", "shift_jis", "iso-2022-jp"])
def test_the_charset_that_is_named_counts(client: FlaskClient, charset: str) -> None:
    text = "漢字 550 5.1.1 User unknown"
    body = client.post(
        "/api/v1/lookup", data=text.encode(charset), content_type=f"text/plain; charset={charset}"
    ).get_json()
    assert body["input"]["diagnostic"] == text


@pytest.mark.parametrize(
    "charset", ["nowhere", "idna", "punycode", "rot13", "zlib", "unicode_escape", "x" * 5000, "ascii"]
)
def test_a_charset_that_is_none_does_not(client: FlaskClient, charset: str) -> None:
    text = "收件人 550 5.1.1 User unknown"
    body = client.post("/api/v1/lookup", data=text.encode(), content_type=f"text/plain; charset={charset}").get_json()
    assert body["input"]["diagnostic"] == text


# --- what programs look for ---


def test_addresses_are_those_of_the_configured_site(client: FlaskClient) -> None:
    site = create_app(
        client.application.extensions["kb"], policy=Policy(base_url="https://smtp.example.org")
    ).test_client()
    for path in (
        "/",
        "/llms.txt",
        "/robots.txt",
        "/sitemap.xml",
        "/zh/feed.atom",
        "/zh/opensearch.xml",
        f"/e/{ENTRY}",
        "/zh/api/",
    ):
        text = site.get(path, headers={"Host": "evil.example"}).text
        assert "https://smtp.example.org/" in text
        assert "evil.example" not in text
        assert "http://localhost/" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_opensearch_and_its_suggestions(client: FlaskClient, lang: str) -> None:
    root = ET.fromstring(client.get(f"/{lang}/opensearch.xml").text)
    urls = {url.get("type"): url.get("template") or "" for url in root if url.tag.endswith("Url")}
    assert f'href="/{lang}/opensearch.xml"' in client.get(f"/{lang}/").text
    page = urls["text/html"].removeprefix("http://localhost").replace("{searchTerms}", "relay")
    assert client.get(page).status_code == 200
    ask = urls["application/x-suggestions+json"].removeprefix("http://localhost")
    for query in ("smtpd_tls_sec", "relay", "5.7", "中继", "", "   ", "(" * 600):
        response = client.get(ask.replace("{searchTerms}", query))
        assert response.mimetype == "application/x-suggestions+json"
        asked, words, kinds, addresses = json.loads(response.text)
        assert asked == query[:500]
        assert len(words) == len(kinds) == len(addresses) <= 8
        assert response.headers["Cache-Control"] == "no-store"
        for address in addresses:
            assert client.get(address.removeprefix("http://localhost")).status_code == 200
    assert "smtpd_tls_security_level" in json.loads(client.get(f"/{lang}/suggest?q=smtpd_tls_sec").text)[1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_feed(client: FlaskClient, lang: str) -> None:
    response = client.get(f"/{lang}/feed.atom")
    assert len(response.data) < 100_000
    root = ET.fromstring(response.text)
    articles = {row["slug"]: row for row in client.get(f"/api/v1/articles?lang={lang}").get_json()["results"]}
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == min(len(articles), discovery.MOST_CHANGES)
    ids = [entry.findtext(f"{ATOM}id") for entry in (root, *entries)]
    assert len(set(ids)) == len(ids)
    assert all((id_ or "").startswith("urn:uuid:") for id_ in ids)
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert root.findtext(f"{ATOM}updated") == dates[0]
    for element in (root, *entries):  # what RFC 4287 sections 4.1.1 and 4.1.2 demand of each
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        # Without content an entry must say where it can be read.
        assert [link.get("rel") for link in element.findall(f"{ATOM}link")].count("alternate") == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    for entry in entries[:3]:
        link = next(iter(entry.findall(f"{ATOM}link"))).get("href") or ""
        body = client.get(f"/api/v1/articles/{link.rpartition('/')[2]}?lang={lang}").get_json()
        assert entry.findtext(f"{ATOM}title") == body["title"]
        assert entry.findtext(f"{ATOM}summary") == body["summary"]
        assert (entry.findtext(f"{ATOM}updated") or "").startswith(body["updated"])
    moved = create_app(
        client.application.extensions["kb"], policy=Policy(base_url="https://b.example.org")
    ).test_client()
    again = ET.fromstring(moved.get(f"/{lang}/feed.atom").text)
    assert [entry.findtext(f"{ATOM}id") for entry in (again, *again.findall(f"{ATOM}entry"))] == ids


def test_the_feed_holds_what_changed_last(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [
        entry.findtext(f"{ATOM}id") for entry in ET.fromstring(client.get("/en/feed.atom").text).iter(f"{ATOM}entry")
    ]
    monkeypatch.setattr(discovery, "MOST_CHANGES", 3)
    few = [
        entry.findtext(f"{ATOM}id") for entry in ET.fromstring(client.get("/en/feed.atom").text).iter(f"{ATOM}entry")
    ]
    assert few == whole[:3]


def test_the_sitemap_has_every_page_in_both_languages(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").text)
    pages = {(url.findtext(f"{SITEMAP}loc") or "").removeprefix("http://localhost"): url for url in root}
    for row in client.get("/api/v1/errors").get_json()["results"]:
        assert f"/zh/errors/{row['id']}" in pages
    assert {f"/{lang}/articles/{ARTICLE}" for lang in LANGS} <= set(pages)
    for path in list(pages)[::97]:
        assert client.get(path).status_code == 200
        links = {
            link.get("hreflang"): (link.get("href") or "").removeprefix("http://localhost")
            for link in pages[path].findall(f"{XHTML}link")
        }
        assert set(links) == {"zh-Hans", "en", "x-default"}
        assert path in links.values()
        assert set(links.values()) <= set(pages)


def test_a_large_sitemap_comes_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {url.findtext(f"{SITEMAP}loc") for url in ET.fromstring(client.get("/sitemap.xml").text)}
    assert client.get("/sitemap-1.xml").status_code == 404
    monkeypatch.setattr(discovery, "MOST_ADDRESSES", 1000)
    index = [part.findtext(f"{SITEMAP}loc") or "" for part in ET.fromstring(client.get("/sitemap.xml").text)]
    assert len(index) > 1
    found: list[str | None] = []
    for address in index:
        part = [
            url.findtext(f"{SITEMAP}loc")
            for url in ET.fromstring(client.get(address.removeprefix("http://localhost")).text)
        ]
        assert len(part) <= 1000
        found += part
    assert len(found) == len(set(found))
    assert set(found) == whole
    assert client.get(f"/sitemap-{len(index) + 1}.xml").status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_llms_txt_leads_on(client: FlaskClient, lang: str) -> None:
    text = client.get(f"/llms.txt?lang={lang}").text
    assert text.startswith("# ")
    links = [part.partition(")")[0].removeprefix("http://localhost") for part in text.split("](")[1:]]
    assert len(links) > 10
    assert all(client.get(link).status_code == 200 for link in links)
    full = client.get(f"/llms-full.txt?lang={lang}").text
    assert f"/{lang}/errors/{ENTRY}.md" in full
    assert client.get(f"/api/v1/articles/{ARTICLE}?lang={lang}").get_json()["markdown"].strip() in full


def test_robots_and_security(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    assert "Disallow: /zh/lookup" in robots
    examples = re.findall(r'href="(/zh/lookup[^"]+)"', client.get("/zh/").text)
    assert len(examples) == 3
    assert all(f"Allow: {example}$\n" in robots for example in examples)
    assert client.get("/.well-known/security.txt").status_code == 404
    policy = Policy(security_contact="mailto:security@example.org")
    text = (
        create_app(client.application.extensions["kb"], policy=policy)
        .test_client()
        .get("/.well-known/security.txt")
        .text
    )
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)


def test_a_preflight_lets_scripts_of_other_sites_send(client: FlaskClient) -> None:
    asked = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for path in ("/api/v1/lookup", "/api/v1/lookup/batch", "/api/v1/diagnose"):
        response = client.options(path, headers=asked)
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in response.headers["Access-Control-Allow-Methods"].split(", ")
        assert "content-type" in response.headers["Access-Control-Allow-Headers"].lower()
        assert "Access-Control-Allow-Credentials" not in response.headers
