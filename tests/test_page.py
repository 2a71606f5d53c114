"""What the pages promise beside their content: addresses, filters, weight, compression, the issue form."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOT
from flask.testing import FlaskClient

from kb.knowledge_base import KnowledgeBase
from kb.page.answer import ISSUE_URL_LIMIT
from kb.page.words import lead_of, programs_of, words
from kb.text import first_sentence
from kb.web import MAX_BODY, create_app
from kb.web.view import repository

ENTRY = "auth-unencrypted-connection"
TEXT = "error response to AUTH command: unencrypted connection"
UNKNOWN = "qwertz 550 5.9.99 zxcvb from carol@example.net password=hunter2"


@pytest.mark.parametrize(
    ("lang", "text", "first", "rest"),
    [
        ("zh", "第一句（含。句号）。第二句。", "第一句（含。句号）。", "第二句。"),
        ("zh", "用 `a。b` 吧。完。", "用 `a。b` 吧。", "完。"),
        ("en", "See main.cf and `a. B` first. Then go.", "See main.cf and `a. B` first.", "Then go."),
        ("en", "Only one (e.g. This). ", "Only one (e.g. This).", ""),
        ("en", "No stop", "No stop", ""),
        ("en", "", "", ""),
        ("en", "A list:\n- x. Y", "A list:", "- x. Y"),
    ],
)
def test_first_sentence(lang: str, text: str, first: str, rest: str) -> None:
    assert first_sentence(text, lang) == (first, rest)


def test_first_sentences_of_the_catalogue_keep_their_code_whole(base: KnowledgeBase) -> None:
    for entry in base.store.entries():
        for lang in ("zh", "en"):
            said = json.loads(base.store.body(entry.number, lang))["explanation"]
            first, rest = first_sentence(said, lang)
            assert first.count("`") % 2 == 0, entry.id
            assert first
            assert len(first) + len(rest) >= len(said) - 2


@pytest.mark.parametrize(
    ("lang", "text", "set_", "parts"),
    [
        ("zh", "短的。后面。", ["x"], ("短的。后面。", "")),
        ("zh", f"{'长' * 70}。后面。", ["x"], (f"{'长' * 70}。", "后面。")),
        ("zh", f"{'长' * 70}。后面。", [], (f"{'长' * 70}。后面。", "")),
        ("zh", f"{'长' * 70}。然后运行：", ["x"], (f"{'长' * 70}。然后运行：", "")),
        ("en", f"Do {'this ' * 40}now. It costs.", ["x"], (f"Do {'this ' * 40}now.", "It costs.")),
    ],
)
def test_settings_come_before_the_rest_of_a_long_text(
    lang: str, text: str, set_: list[str], parts: tuple[str, str]
) -> None:
    assert lead_of({"text": text, "set": set_}, lang) == parts


RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
NO_RECIPIENTS = "554 5.5.1 Error: no valid recipients"
TIMED_OUT = "connect to mail.example.com[198.51.100.9]:25: Connection timed out"
BOUNCE = """Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.example.com

Final-Recipient: rfc822; dave@example.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <dave@example.org>: Mailbox full

Final-Recipient: rfc822; eve@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <eve@example.org>: Recipient address rejected: User unknown

--b--
"""


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        (f"level=error msg={RELAY!r}\nlevel=error msg={NO_RECIPIENTS!r}\n", "follow", ("others", "recipients")),
        (
            f"Nov 27 10:01:04 mx1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from a.example.net[192.0.2.1]: {RELAY}; proto=ESMTP\n"
            f"Nov 27 10:02:11 mx1 postfix/smtp[2]: 4A1B2C3D4E: to=<c@example.com>, dsn=4.4.1, status=deferred ({TIMED_OUT})\n",
            "others",
            ("follow", "recipients"),
        ),
        (BOUNCE, "recipients", ("follow", "others")),
    ],
)
def test_several_errors_are_told_apart(client: FlaskClient, text: str, there: str, not_there: tuple[str, str]) -> None:
    """What follows from the first, what has a cause of its own, and what each recipient got: each is announced at the top."""
    page = client.post("/en/lookup", data={"text": text}).text
    note, section = page.index(f'href="#{there}"'), page.index(f'id="{there}"')
    assert note < page.index('id="fix"') < section
    for other in not_there:
        assert f'id="{other}"' not in page


def test_the_answer_in_the_other_language_needs_no_second_paste(client: FlaskClient) -> None:
    page = client.post("/zh/lookup", data={"text": f"MP_SMTP_RELAY_PASSWORD=hunter2\n{TEXT}"}).text
    form = re.search(r'<form class="language" action="(/en/lookup)" method="post">.*?value="([^"]*)"', page)
    assert form
    carried = html.unescape(form.group(2))
    assert TEXT in carried
    assert "hunter2" not in page
    assert "refuses to send a password" in client.post(form.group(1), data={"text": carried}).text
    assert 'class="language" action' not in client.post("/zh/lookup", data={"text": "550 " * 5_000}).text


@pytest.mark.parametrize("path", ["/zh/", f"/en/errors/{ENTRY}", "/zh/codes/5.7.1", "/en/articles/"])
def test_a_page_for_all_is_sent_once_as_long_as_it_is_the_same(client: FlaskClient, path: str) -> None:
    for accepted in ("gzip", "identity"):
        first = client.get(path, headers={"Accept-Encoding": accepted})
        assert first.headers["Cache-Control"] == "no-cache"
        again = client.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def _links(page: str) -> set[str]:
    return {html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)}


def test_the_list_can_be_narrowed_without_a_script(client: FlaskClient, base: KnowledgeBase) -> None:
    entries = base.store.entries()
    page = client.get("/en/errors/?product=mailpit&stage=auth&reason=auth-unencrypted&q=password").text
    assert f"/en/errors/{ENTRY}" in _links(page)
    for link in _links(page):
        found = re.fullmatch("/en/errors/([a-z0-9-]+)", link)
        if found:
            entry = base.store.entry_by_id(found.group(1))
            assert entry is not None
            assert (entry.stage, entry.reason) == ("auth", "auth-unencrypted")
            assert "mailpit" in entry.emitters
    counts = Counter(entry.stage for entry in entries)
    whole = client.get("/zh/errors/").text
    for stage, number in counts.items():
        assert re.search(rf'href="/zh/errors/\?stage={stage}"[^>]*>[^<]*</a> <span class="quiet">{number}<', whole)
    assert "No entry matches." in client.get("/en/errors/?q=nothing-is-called-so").text
    assert client.get("/en/errors/?product=nonsense&stage=%3Cscript%3E&code=xx").status_code == 200


def test_a_code_leads_to_the_entries_that_mention_it(client: FlaskClient) -> None:
    number = re.search(r'href="/en/errors/\?code=X\.7\.1"[^>]*>(\d+)<', client.get("/en/codes/").text)
    assert number
    page = client.get("/en/errors/?code=X.7.1").text
    assert f"Matching: {number.group(1)}" in page


def test_addresses_are_permanent(client: FlaskClient) -> None:
    assert client.get("/e/no-such-entry").status_code == 404
    switched = client.get("/zh/errors/?stage=auth&q=a%20b").text
    assert "/en/errors/?stage=auth&q=a%20b" in _links(switched)


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("https://github.com/owner/name/", "https://github.com/owner/name"),
        ("http://github.com/owner/name", ""),
        ("javascript:alert(1)", ""),
        ("https://github.com/owner/name?x=y", ""),
        ("", ""),
    ],
)
def test_the_repository_is_an_address_or_nothing(address: str, taken: str) -> None:
    assert repository(address) == taken


@pytest.mark.parametrize("size", [0, 5_000])
def test_an_unanswered_text_can_be_told_with_secrets_blanked(
    monkeypatch: pytest.MonkeyPatch, size: int, client: FlaskClient
) -> None:
    monkeypatch.setenv("KB_REPOSITORY", "https://github.com/example/smtp-kb")
    app = create_app(client.application.extensions["kb"])
    text = UNKNOWN + "\n中" * size
    page = app.test_client().post("/zh/lookup", data={"text": text}).text
    (link,) = [link for link in _links(page) if "/issues/new" in link]
    assert link.startswith("https://github.com/example/smtp-kb/issues/new?")
    assert len(link) <= ISSUE_URL_LIMIT
    body = parse_qs(urlsplit(link).query)["body"][0]
    assert "qwertz 550 5.9.99" in body
    assert "hunter2" not in link
    assert "carol" not in link
    assert not [
        link for link in _links(app.test_client().post("/zh/lookup", data={"text": TEXT}).text) if "/issues/new" in link
    ]
    assert "/issues/new" not in client.post("/zh/lookup", data={"text": UNKNOWN}).text


def test_pages_are_light_and_compressed_unless_they_hold_a_pasted_text(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    weigh = lambda path: len(client.get(path, headers=packed, buffered=True).data)  # noqa: E731
    home = client.get("/zh/", headers=packed)
    assert home.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in home.headers["Vary"]
    plain = client.get("/zh/")
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(home.data) == plain.data
    shared = sum(
        weigh(link)
        for link in _links(plain.text) | set(re.findall(r'src="([^"]*)"', plain.text))
        if link.startswith("/static/")
    )
    scripts = sum(weigh(f"/static/{name}") for name in ("kept.js", "ask.js", "redact.js", "redact.json"))
    assert weigh("/zh/") + shared + scripts <= 40_000
    answer = client.post("/zh/lookup", data={"text": TEXT}, headers=packed)
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) + shared + scripts <= 80_000
    assert weigh("/zh/errors/") <= 80_000


def test_assets_have_an_address_for_each_content(client: FlaskClient) -> None:
    (style,) = [link for link in _links(client.get("/zh/").text) if "style.css" in link]
    kept = client.get(style, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Encoding"] == "gzip"
    asked = client.get("/static/style.css", buffered=True)
    assert asked.headers["Cache-Control"] == "no-cache"
    assert gzip.decompress(kept.data) == asked.data
    again = client.get("/static/style.css", headers={"If-None-Match": asked.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/static/nothing.css").status_code == 404


REJECTED = (
    "Nov 24 06:13:11 mail postfix/smtpd[26335]: NOQUEUE: reject: {stage} from unknown[192.0.2.10]: {said}; from=<bob@example.net>"
    " to=<alice@example.com> proto=ESMTP helo=<pc>"
)
NO_NAME = "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.10]"


def _failed(page: str) -> list[str]:
    """The words of the step that the dialogue marks as the one where it ended."""
    return re.findall(r'aria-current="step"><span class="words"[^>]*>([^<]*)<', page)


@pytest.mark.parametrize(
    ("text", "step", "earlier", "waits"),
    [
        (NO_NAME, "TCP", False, False),  # the entry's own
        (REJECTED.format(stage="RCPT", said=NO_NAME), "RCPT TO", True, True),
        (REJECTED.format(stage="MAIL", said=NO_NAME), "MAIL FROM", True, False),
        (
            REJECTED.format(stage="RCPT", said="554 5.7.1 <alice@example.com>: Relay access denied"),
            "RCPT TO",
            False,
            False,
        ),
        (
            'level=error msg="[relay] error: error response to AUTH command: unencrypted connection"',
            "AUTH",
            False,
            False,
        ),
    ],
)
def test_the_dialogue_ends_where_the_paste_says(
    client: FlaskClient, text: str, step: str, earlier: bool, waits: bool
) -> None:
    for lang in ("zh", "en"):
        page = client.post(f"/{lang}/lookup", data={"text": text}).text
        assert _failed(page) == [step]
        note = html.unescape("".join(re.findall(r'<p class="hint late">([^<]*)</p>', page)))
        assert note.startswith(words("late", lang).partition("{")[0] if earlier else "")
        assert bool(note) is earlier
        assert (words("late_rcpt", lang) in note) is waits


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (
            'Traceback (most recent call last):\n  File "/venv/django/core/mail/backends/smtp.py", line 1, in open\nTimeoutError: timed out',
            None,
        ),
        ("stream_socket_client(): SSL: Handshake timed out", None),
        ("nextcloud: {said}", "only-nextcloud"),
        ("{said}", "only-all"),
        ("nextcloud, phpmailer: {said}", "only-all"),
    ],
)
def test_the_software_in_the_paste_is_chosen_where_only_one_is(
    client: FlaskClient, text: str, chosen: str | None
) -> None:
    said = "stream_socket_enable_crypto(): SSL operation failed with code 1. OpenSSL Error messages: error:0A000086:SSL routines::certificate verify failed"
    page = client.post("/en/lookup", data={"text": text.format(said=said)}).text
    assert re.findall(r'name="only" id="([^"]*)" checked', page) == ([chosen] if chosen else [])


def test_no_entry_offers_more_software_to_choose_from_than_the_style_sheet_knows(base: KnowledgeBase) -> None:
    known = set(map(int, re.findall(r"only([0-9]+):checked", (ROOT / "kb/web/static/style.css").read_text("utf-8"))))
    for entry in base.store.entries():
        fixes = json.loads(base.store.body(entry.number, "en"))["fixes"]
        if len(fixes) > 3:
            assert set(range(1, len(programs_of(fixes)) + 1)) <= known, entry.id


def test_settings_in_the_box_lead_to_their_diagnosis(client: FlaskClient) -> None:
    settings = (
        "MP_SMTP_RELAY_HOST=postfix\nMP_SMTP_RELAY_PORT=25\nMP_SMTP_RELAY_AUTH=plain\nMP_SMTP_RELAY_PASSWORD=hunter2\n"
    )
    page = client.post("/en/lookup", data={"text": settings}).text
    assert words("settings_seen", "en") in page
    assert "hunter2" not in page
    sent = html.unescape(
        re.findall(r'action="/en/diagnose" method="post"><input type="hidden" name="client" value="([^"]*)"', page)[0]
    )
    assert words("diagnose_facts", "en") in client.post("/en/diagnose", data={"client": sent}).text
    for text in (TEXT, "qwertz zxcvb", " "):
        assert 'action="/en/diagnose"' not in client.post("/en/lookup", data={"text": text}).text


def test_an_empty_box_shows_nothing_recognised(client: FlaskClient) -> None:
    page = client.post("/en/lookup", data={"text": " "}).text
    assert words("empty", "en") in page
    assert words("recognised", "en") not in page


def test_a_text_of_the_largest_size_is_not_made_larger_by_the_form(client: FlaskClient) -> None:
    box = re.findall(r'<form class="paste ask"[^>]*>', client.get("/zh/").text)[0]
    assert 'enctype="multipart/form-data"' in box
    text = ("垃圾" * 20 + " [192.0.2.1]: <a@example.com>\n") * (MAX_BODY // 160)
    assert client.post("/zh/lookup", data={"text": text}).status_code == 413
    assert client.post("/zh/lookup", data={"text": text}, content_type="multipart/form-data").status_code == 200
