"""What people type and what they have to find: labelled queries against the real content, per kind of query.

A row of `cases/search/queries*.jsonl` has the ids that answer it, with `*` for families of entries, or `text:NAME` for every
page that names a setting. They were written down before the search was run on them; each later file when the former ones had been
used to improve the search. The first runs: the second file .79, the third .79, the fourth .86 with all that the third had taught,
the first 141 of the fifth .83, and its others .77 with what these had taught; the sixth is of four: the first 65 .81, the next 65 .96
with questions written by who knew them, the next 71, hard ones, .75 and the last 58 .83, neither known before; the seventh is of
two: the first 122 .89, and the next 59 .90 with what those had taught, .83 without. `best` says how many of its ids are what one
would hope for; the others do as well.
"""

from __future__ import annotations

import fnmatch
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CASES, ROOT
from tables import each

from kb.content import documents, open_searcher, read_articles, search_json
from kb.data import open_store
from kb.match.store import Store
from kb.search import Searcher, asked

FIRST, *LATER = (
    [json.loads(line) for line in (CASES / "search" / name).read_text("utf-8").splitlines()]
    for name in (
        "queries.jsonl",
        "queries-2.jsonl",
        "queries-3.jsonl",
        "queries-4.jsonl",
        "queries-5.jsonl",
        "queries-6.jsonl",
        "queries-7.jsonl",
    )
)
MRR = {"ALL": 0.90, "cross": 0.80, "zh": 0.85, "zh-hant": 0.85, "en": 0.85, "setting": 0.95, "setting-part": 0.95}
MRR |= {"code": 0.90, "typo": 0.90, "error": 0.90, "word": 0.85, "mixed": 0.85, "spelling": 0.90, "midword": 0.65}
# Too few of each kind to say more.
MRR_LATER = 0.85
# The fifth file has a word of two characters and a piece of a word, both mistyped, for which nothing is found.
LATER_EMPTY = (0, 0, 0, 2, 0, 0)
MAX_EMPTY_SHARE = 0.02


@pytest.fixture(scope="module")
def searcher(_own_cache: None) -> Iterator[Searcher]:
    with open_searcher(str(ROOT)) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(_own_cache: None) -> Store:
    return open_store(str(ROOT))


@pytest.fixture(scope="module")
def texts(store: Store) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = defaultdict(str)
    for document in documents(store, read_articles(Path(ROOT))):
        found[document.kind, document.id] += " ".join((document.title, document.body, *document.keys)).lower()
    return found


def rank(row: dict, ids: list[tuple[str, str]], texts: dict[tuple[str, str], str]) -> int:
    """The place of the first right page, 0 if there is none."""
    for place, found in enumerate(ids, 1):
        for wanted in row["expect"]:
            named = wanted.removeprefix("text:").lower()
            if named in texts[found] if wanted.startswith("text:") else fnmatch.fnmatchcase(found[1], wanted):
                return place
    return 0


def found_by(searcher: Searcher, store: Store, row: dict) -> list[tuple[str, str]]:
    """What a reader sees, from the top: the answer to a quoted error, then the other results."""
    body = search_json(searcher, row["q"], row["lang"], 10, store=store)
    answer = [("entry", body["answer"]["id"])] if body["answer"] else []
    return list(dict.fromkeys([*answer, *((hit["kind"], hit["id"]) for hit in body["results"])]))


def reciprocals(
    searcher: Searcher, store: Store, rows: list[dict], texts: dict[tuple[str, str], str]
) -> tuple[dict[str, list[float]], int]:
    """For each kind and for ALL one over the place of the first right page, and how many queries found nothing."""
    scores: dict[str, list[float]] = defaultdict(list)
    empty = 0
    for row in rows:
        ids = found_by(searcher, store, row)
        empty += not ids
        place = rank(row, ids, texts)
        for kind in (row["kind"], "ALL"):
            scores[kind].append(1 / place if place else 0.0)
    return scores, empty


@pytest.mark.thorough
def test_labelled_queries_are_answered(searcher: Searcher, store: Store, texts: dict[tuple[str, str], str]) -> None:
    scores, empty = reciprocals(searcher, store, FIRST, texts)
    measured = {kind: sum(values) / len(values) for kind, values in scores.items()}
    assert {kind: value for kind, value in measured.items() if value < MRR[kind]} == {}
    assert empty <= MAX_EMPTY_SHARE * len(FIRST)


@pytest.mark.thorough
@pytest.mark.parametrize(("rows", "most_empty"), list(zip(LATER, LATER_EMPTY, strict=True)))
def test_later_queries_are_answered(
    searcher: Searcher, store: Store, texts: dict[tuple[str, str], str], rows: list[dict], most_empty: int
) -> None:
    scores, empty = reciprocals(searcher, store, rows, texts)
    assert sum(scores["ALL"]) / len(rows) >= MRR_LATER
    assert empty <= most_empty


def test_the_labelled_queries_are_what_they_are_said_to_be(texts: dict[tuple[str, str], str]) -> None:
    assert len(FIRST) >= 200
    rows = [*FIRST, *(row for rows in LATER for row in rows)]
    assert len({(row["q"], row["lang"]) for row in rows}) == len(rows)
    ids = {id_ for _, id_ in texts}
    for row in rows:
        exact = [wanted for wanted in row["expect"] if not wanted.startswith("text:") and "*" not in wanted]
        assert not [wanted for wanted in exact if wanted not in ids], row


def test_the_questions_are_of_pages_that_there_are(texts: dict[tuple[str, str], str]) -> None:
    ids = {id_ for _, id_ in texts}
    assert len(asked.rows()) >= 100
    for row in asked.rows():
        assert set(row.ids) <= ids, row.ids
        assert all((*row.zh, *row.en)), row.ids
        assert not [one for one in row.zh if one.isascii()], row.ids
        assert all(one.isascii() for one in row.en), row.ids


@pytest.mark.parametrize(
    ("query", "lang", "first"),
    [
        ("请问我的邮件怎么老是进了垃圾箱", "zh", {"spf-dkim-dmarc-bounces", "data-spam-content"}),
        ("help, which port do I need for smtp", "en", {"submission-ports-587-465-25"}),
        ("怎么读懂一封退信", "en", {"reading-a-bounce", "data-bounce-notice"}),
    ],
)
def test_a_question_finds_the_page_that_answers_it(searcher: Searcher, query: str, lang: str, first: set[str]) -> None:
    assert searcher.search(query, lang, 1)[0].id in first


@each("lang", ["zh", "en"])
@each("query", ["灰名单", "greylisting", "中继", "relay", "证书过期", "certificate expired"])
def test_either_language_finds_both_and_shows_the_readers(searcher: Searcher, query: str, lang: str) -> None:
    hits = searcher.search(query, lang, 10)
    assert len(hits) == 10
    assert {hit.lang for hit in hits} == {lang}
    assert {hit.twin for hit in hits} == {"en" if lang == "zh" else "zh"}


@pytest.mark.parametrize(("zh", "en"), [("灰名单", "greylisting"), ("退信", "bounce"), ("鉴权", "authentication")])
def test_the_term_base_alone_crosses_languages(searcher: Searcher, zh: str, en: str) -> None:
    from kb.search import Filters

    for query, written in ((zh, "en"), (en, "zh")):
        hits = searcher.find(query, written, 10, Filters(lang=(written,))).hits
        assert hits
        assert hits[0].snippet.marks


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("smtpd_tls_secur", "smtpd_tls_security_level"),
        ("tls_secur", "smtpd_tls_security_level"),
        ("MP_SMTP_RELAY_ST", "MP_SMTP_RELAY_STARTTLS"),
        ("mp_smtp_relay_st", "MP_SMTP_RELAY_STARTTLS"),
        ("wrapperm", "smtp_tls_wrappermode"),
        ("5.7.1", "5.7.1"),
        ("55", "550"),
    ],
)
def test_settings_and_codes_are_completed(searcher: Searcher, typed: str, completed: str) -> None:
    assert completed in searcher.complete(typed, 20)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("error response to AUTH command: unencrypted connection", "auth-unencrypted-connection"),
        ("connection refused", "connect-refused"),
        ("django send_mail connection refused", None),
        ("550", None),
        ("5.7.1", None),
        ("starttls", None),
        ("证书", None),
        ("smtpd_tls_security_level", None),
    ],
)
def test_a_quoted_error_is_answered(searcher: Searcher, store: Store, query: str, answer: str | None) -> None:
    found = search_json(searcher, query, "en", 5, store=store)
    assert (found["answer"] and found["answer"]["id"]) == answer
    assert answer in (None, found["results"][0]["id"])


@pytest.mark.parametrize(("code", "named", "entry"), [("5.7.26", "X.7.26", "data-gmail-dmarc-policy")])
def test_a_status_code_finds_its_page_then_the_errors_that_have_it(
    searcher: Searcher, code: str, named: str, entry: str
) -> None:
    for query in (code, f"550 {code}"):
        found = [hit.id for hit in searcher.search(query, "en", 10)]
        assert found[0] == named
        assert entry in found


def test_pages_of_the_product_named_come_before_those_of_others(searcher: Searcher) -> None:
    found = [hit.id for hit in searcher.search("postfix mailbox is full", "en", 10)]
    assert not [one for one in found[:3] if "gmail" in one or "exchange" in one or "yahoo" in one]


def test_no_secret_is_echoed(searcher: Searcher, store: Store) -> None:
    body = json.dumps(search_json(searcher, "smtp://bob:hunter22@mail.example.com refused", "en", 5, store=store))
    assert "hunter22" not in body
