"""Searching: analysis, ranking, both languages, snippets, and any input whatever."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from tables import each
from work import calls

from kb.search import Document, Filters, Hit, Searcher, analyzer, asked, open_or_build, reading, sequence, termbase
from kb.search.query import MAX_TERMS, parse
from kb.search.snippet import Sought, snippet
from kb.search.vocabulary import Vocabulary, edits

DOCUMENTS = (
    Document(
        "entry",
        "rcpt-relay-denied",
        "zh",
        "服务器拒绝为你转发",
        "邮件服务器不为这个客户端中继。",
        "服务器说 550 5.7.1 Relay access denied：客户端不在 mynetworks 里，也没有登录。"
        "请设置 smtpd_relay_restrictions，"
        "或者让客户端先通过身份验证。检查证书是否已经过期。",
        ("smtpd_relay_restrictions", "mynetworks"),
        ("relay-denied",),
        ("rcpt",),
        ("postfix",),
    ),
    Document(
        "entry",
        "rcpt-relay-denied",
        "en",
        "Relay access denied",
        "The server does not relay for this client.",
        "The server said 550 5.7.1 Relay access denied: the client is not in mynetworks and has not authenticated. "
        "Set smtpd_relay_restrictions or let the client log in first.",
        ("smtpd_relay_restrictions", "mynetworks"),
        ("relay-denied",),
        ("rcpt",),
        ("postfix",),
    ),
    Document(
        "entry",
        "auth-unencrypted-connection",
        "zh",
        "客户端拒绝在未加密的连接上发送密码",
        "Go 的 PLAIN 机制不在明文连接上发送密码。",
        "设置 MP_SMTP_RELAY_STARTTLS=true，连接 smtp.example.com 的 587 端口。错误是 unencrypted connection。",
        ("MP_SMTP_RELAY_STARTTLS",),
        ("auth-unencrypted",),
        ("auth",),
        ("mailpit",),
    ),
    Document(
        "entry",
        "auth-unencrypted-connection",
        "en",
        "The client refuses to send a password over an unencrypted connection",
        "PLAIN of Go sends no password in clear.",
        "Set MP_SMTP_RELAY_STARTTLS=true and connect to port 587 of smtp.example.com. "
        "SMTPAuthenticationError may follow.",
        ("MP_SMTP_RELAY_STARTTLS",),
        ("auth-unencrypted",),
        ("auth",),
        ("mailpit",),
    ),
    Document("article", "greylisting", "zh", "灰名单", "为什么要稍后重试。", "灰名单让陌生的发件人稍后重试。锁 文件。"),
    Document("code", "5.7.1", "zh", "5.7.1 未授权投递", "", "发件人无权向收件人投递。"),
    Document("code", "5.7.1", "en", "5.7.1 Delivery not authorized", "", "The sender may not send to the recipient."),
    Document("code", "550", "en", "550 Mailbox unavailable", "", "The mailbox is not there or may not be used."),
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, indexes_built_here: None) -> Iterator[Searcher]:
    with open_or_build(tmp_path_factory.mktemp("search"), DOCUMENTS, "tests") as opened:
        yield opened


def ids(hits: list[Hit]) -> list[str]:
    return [hit.id for hit in hits]


@each(
    "text terms",
    [
        ("smtpd_tls_level", ["smtpd_tls_level", "smtpd", "tl", "level"]),
        ("MP_SMTP_RELAY=true", ["mp_smtp_relay", "mp", "smtp", "relai", "true"]),
        ("smtp.example.com:587", ["smtp.example.com", "smtp", "exampl", "com", "587"]),
        ("550-5.7.26 x", ["550", "5.7.26", "x"]),
        ("550-relay", ["550", "relai"]),
        ("5.7.1-denied", ["5.7.1-denied", "5.7.1", "deni"]),
        ("郵件中繼", ["邮件", "件中", "中继"]),
        ("锁", ["锁"]),
        ("中继被relay拒绝", ["中继", "继被", "relai", "拒绝"]),
        ("ＳＭＴＰ　５５０", ["smtp", "550"]),
        ("relaying relayed relays", ["relai", "relai", "relai"]),
        ("SMTPAuthenticationError", ["smtpauthenticationerror", "smtp", "authent", "error"]),
        ("IPv6 TLSv1.2", ["ipv6", "tlsv1.2", "tlsv1", "2"]),
        ("to be or not to be", ["not"]),
        ("___ -- ... \0\ud800", []),
        ("x" * 65, []),
        ("x" * 65 + ".com", ["com"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert analyzer.terms(text) == terms


@examples(100)
@given(st.text())
def test_folding_moves_no_character(text: str) -> None:
    folded = analyzer.fold(text)
    assert len(folded) == len(text)
    for word in analyzer.words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert all(word.start <= token.start < token.end <= word.end for token in word.tokens())


@each("lang", ["zh", "en"])
@each(
    "query first",
    [
        ("绝为你", "rcpt-relay-denied"),
        ("已经过", "rcpt-relay-denied"),
        ("服務器拒絕為你轉發", "rcpt-relay-denied"),
        ("伺服器拒絕", "rcpt-relay-denied"),
        ("smtpd_relay_restrictions", "rcpt-relay-denied"),
        ("relay restrictions", "rcpt-relay-denied"),
        ("restrictions smtpd", "rcpt-relay-denied"),
        ("access denies", "rcpt-relay-denied"),
        ("relaying accesses", "rcpt-relay-denied"),
        ("relay-denied", "rcpt-relay-denied"),
        ("rcpt-relay-denied", "rcpt-relay-denied"),
        ("RELAY　ACCESS　DENIED", "rcpt-relay-denied"),
        ("mp_smtp_relay_starttls", "auth-unencrypted-connection"),
        ("MP_SMTP_RELAY_STARTTLS=true", "auth-unencrypted-connection"),
        ("starttls", "auth-unencrypted-connection"),
        ("smtp.example.com", "auth-unencrypted-connection"),
        ("example.com", "auth-unencrypted-connection"),
        ("authentication error", "auth-unencrypted-connection"),
        ("587 端口", "auth-unencrypted-connection"),
        ("mailpit", "auth-unencrypted-connection"),
        ("5.7.1", "5.7.1"),
        ("5.7.1 未授权投递", "5.7.1"),
        ("锁", "greylisting"),
        ("灰", "greylisting"),
        ("单", "greylisting"),
    ],
)
def test_finds(searcher: Searcher, query: str, lang: str, first: str) -> None:
    hits = searcher.search(query, lang)
    assert hits[0].id == first
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_in_one_language_is_shown_in_the_users(searcher: Searcher) -> None:
    hit = searcher.search("绝为你", "en")[0]
    assert (hit.lang, hit.title) == ("en", "Relay access denied")
    assert hit.snippet.text == hit.summary
    hit = searcher.search("denied", "zh")[0]
    assert (hit.lang, hit.title) == ("zh", "服务器拒绝为你转发")


def test_what_is_not_translated_is_shown_as_it_is_and_later(searcher: Searcher) -> None:
    assert [hit.lang for hit in searcher.search("灰名单", "en")] == ["zh"]
    hits = searcher.search("not", "zh")
    langs = [hit.lang for hit in hits]
    assert "en" in langs
    assert langs == sorted(langs, reverse=True)


def test_exact_names_come_first_then_all_words_then_some(searcher: Searcher) -> None:
    assert ids(searcher.search("550", "en"))[0] == "550"
    assert ids(searcher.search("550 mailbox unavailable", "en"))[0] == "550"
    hits = searcher.search("mailbox denied relay access", "en")
    assert ids(hits)[0] == "rcpt-relay-denied"
    assert hits[0].score < 1
    assert searcher.search("denied relay", "en")[0].score > 1
    assert searcher.search("mynetworks smtpd_relay_restrictions", "en")[0].score > 3
    assert searcher.search("relay access denied", "en")[0].score > 4


def test_limit_and_kinds(searcher: Searcher) -> None:
    assert len(searcher.search("5.7.1", "en", limit=1)) == 1
    assert searcher.search("5.7.1", "en", limit=0) == searcher.search("5.7.1", "en", limit=-3) == []
    assert {hit.kind for hit in searcher.search("5.7.1", "en", kinds=("entry",))} == {"entry"}
    assert {hit.kind for hit in searcher.search("relay sender mailbox", "en", kinds=("code",))} == {"code"}
    assert searcher.search("nowhere", "en", kinds=("code",)) == []
    assert searcher.search("5.7.1", "en", kinds=()) == searcher.search("5.7.1", "en", kinds=("none",)) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(product=("mailpit",)), {"auth-unencrypted-connection"}),
        (Filters(product=("mailpit", "postfix")), {"auth-unencrypted-connection", "rcpt-relay-denied"}),
        (Filters(reason=("relay-denied",)), {"rcpt-relay-denied"}),
        (Filters(stage=("auth",), kind=("entry",)), {"auth-unencrypted-connection"}),
        (Filters(stage=("auth",), product=("postfix",)), set()),
        (Filters(lang=("en",), kind=("code",)), {"5.7.1", "550"}),
        (Filters(lang=("zh",), kind=("code",)), {"5.7.1"}),
        (Filters(reason=()), set()),
    ],
)
def test_filters(searcher: Searcher, filters: Filters, found: set[str]) -> None:
    query = "relay encrypted connection 5.7.1 550 设置 mailbox"
    assert {hit.id for hit in searcher.find(query, "en", 20, filters).hits} == found


@each("lang", ["zh", "en"])
@each(
    "query first",
    [
        ("relay_restr", "rcpt-relay-denied"),
        ("smtpd_relay", "rcpt-relay-denied"),
        ("MP_SMTP_REL", "auth-unencrypted-connection"),
        ("mp smtp relay", "auth-unencrypted-connection"),
        ("StartTLS", "auth-unencrypted-connection"),
        ("start tls", "auth-unencrypted-connection"),
        ("start-tls", "auth-unencrypted-connection"),
        ("how to fix relay access denied", "rcpt-relay-denied"),
        ("拒绝中继怎么办", "rcpt-relay-denied"),
        ("greylisted", "greylisting"),
        ("graylist", "greylisting"),
        ("灰色名单", "greylisting"),
        ("unencr", "auth-unencrypted-connection"),
    ],
)
def test_finds_by_parts_spellings_and_concepts(searcher: Searcher, query: str, lang: str, first: str) -> None:
    result = searcher.find(query, lang)
    assert result.hits[0].id == first
    assert result.searched_for is None


@pytest.mark.parametrize(
    ("query", "meant", "first"),
    [
        ("smtpd_relay_restrictoins", "smtpd_relay_restrictions", "rcpt-relay-denied"),
        ("mynetwroks", "mynetworks", "rcpt-relay-denied"),
        ("relay acess denied", "relay access denied", "rcpt-relay-denied"),
        ("unencrypetd connection", "unencrypted connection", "auth-unencrypted-connection"),
        ("灰明单", "灰名单", "greylisting"),
    ],
)
def test_what_was_meant(searcher: Searcher, query: str, meant: str, first: str) -> None:
    result = searcher.find(query, "en")
    assert result.hits[0].id == first
    assert result.searched_for == meant


@pytest.mark.parametrize(
    "query", ["relay access denied", "mynetworks", "5.7.1", "zzzzqqqqxx", "拒绝", "a" * 2000, "qq", ""]
)
def test_nothing_else_is_searched_for(searcher: Searcher, query: str) -> None:
    assert searcher.find(query, "en").searched_for is None


@pytest.mark.parametrize(
    ("one", "other", "most", "distance"),
    [
        ("relay", "relay", 2, 0),
        ("realy", "relay", 2, 1),
        ("rely", "relay", 2, 1),
        ("relaay", "relay", 2, 1),
        ("xelax", "relay", 2, 2),
        ("abc", "xyz", 2, 3),
        ("a", "abcd", 2, 3),
        ("abcd", "badc", 2, 2),
    ],
)
def test_edits(one: str, other: str, most: int, distance: int) -> None:
    assert edits(one, other, most) == distance == edits(other, one, most)


@examples(100)
@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7))
def test_edits_are_those_of_the_textbook(one: str, other: str) -> None:
    def plain(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(plain(i - 1, j) + 1, plain(i, j - 1) + 1, plain(i - 1, j - 1) + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, plain(i - 2, j - 2) + 1)
        return best

    one, other = one[:5], other[:5]
    exact = plain(len(one), len(other))
    assert edits(one, other, 9) == exact
    assert (edits(one, other, 1) <= 1) == (exact <= 1)


def test_the_term_base() -> None:
    rows = termbase.rows()
    assert len(rows) >= 250
    assert len({row.concept for row in rows}) == len(rows)
    for row in rows:
        assert row.zh
        assert row.en
        assert row.sources
        assert all(analyzer.fold(word) == word.lower() for word in row.zh), f"{row.concept}: simplified only"
        for word in (*row.zh, *row.en):
            assert f"={row.concept}" in termbase.concepts(f"x, {word}, y"), word


def test_the_pages_of_everyday_questions_exist_and_no_question_stands_twice_for_one() -> None:
    known = set((ROOT / "kb/schema/ids.txt").read_text("utf-8").split())
    known |= {path.name.partition(".")[0] for path in (ROOT / "articles").glob("*.md")}
    for row in asked.rows():
        assert known.issuperset(row.ids), row.ids
    for questions in (asked.of_page(id_, lang) for id_ in known for lang in ("zh", "en")):
        assert len(set(questions)) == len(questions)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("身份驗證", "=authentication"),
        ("ＲＥＬＡＹＩＮＧ", "=relay"),
        ("不受信任的凭证", "=certificate"),
        ("it was greylisted", "=greylisting"),
    ],
)
def test_concepts(text: str, concept: str) -> None:
    assert concept in termbase.concepts(text)


def test_stop_words_count_in_phrases() -> None:
    assert "=login" not in termbase.concepts("the log")
    assert "=login" in termbase.concepts("log in")


@examples(200)
@given(st.text("relay log in 中继被拒绝 证书smtpd_tls-5.7.1", max_size=60))
def test_phrases_are_found_where_they_stand(text: str) -> None:
    known = termbase.phrases()
    every = list(known.every(text))
    longest = list(known.longest(text))
    assert set(longest) <= set(every)
    assert all(0 <= span.start < span.end <= len(text) for span in every)
    assert all(one.end <= other.start for one, other in pairwise(longest))


def test_another_language_tag_is_understood(searcher: Searcher) -> None:
    assert searcher.search("relay access denied", "zh-Hant-TW")[0].lang == "zh"
    assert searcher.search("relay access denied", "fr")[0].lang == "en"


MOST_CALLS = 300_000  # whatever the text: a query is cut to a kilobyte and 32 terms
HOSTILE = [
    "",
    " ",
    "\0",
    "\ud800",
    "a\ud800b\udfffc",
    "😀" * 300,
    "A" * 65536,
    "中" * 65536,
    "_" * 65536,
    "." * 65536,
    "a." * 32768,
    "aB" * 32768,
    "-" * 65536,
    "(a " * 2000,
    "NOT " * 3000,
    "OR AND NOT * ? ~ ^ [a TO b] {x} \"open 'open kind:entry body:relay",
    "*",
    "body:*",
    "\u202eabc\u202c\ufeff\u200b",
    "İıſKÅ",
    "1 " * 500,
    "\n".join(f"550 5.7.{n} line {n}" for n in range(500)),
]


@each("text", HOSTILE, range(len(HOSTILE)))
def test_any_text_is_answered_with_bounded_work(searcher: Searcher, text: str) -> None:
    for lang in ("zh", "en"):
        assert calls(lambda lang=lang: searcher.search(text, lang)) < MOST_CALLS


@examples(300)
@given(text=st.text() | st.text("ab5.7_-中繼拒 \0\ud800", max_size=80), lang=st.sampled_from(["zh", "en"]))
def test_no_text_raises_and_all_marks_fit(searcher: Searcher, text: str, lang: str) -> None:
    for hit in searcher.search(text, lang):
        ends = [0]
        for start, end in hit.snippet.marks:
            assert ends[-1] <= start < end <= len(hit.snippet.text)
            ends.append(end)


def test_a_query_is_bounded() -> None:
    assert len(parse("拒绝中继" * 1000).terms()) <= 2 * MAX_TERMS
    assert len(parse(" ".join(f"w{n}" for n in range(1000))).terms()) == MAX_TERMS
    assert len(parse("x" * 5000).name) <= 1024


@pytest.mark.thorough
def test_threads_share_a_searcher(tmp_path: Path) -> None:
    """Each round starts with nothing kept, so that all threads read posting lists and documents from the files."""
    chance = random.Random(5)
    words = [f"word{number}" for number in range(300)]
    texts = [" ".join(chance.choices(words, k=60)) for _ in range(200)]
    pages = [Document("entry", f"e-{n}", "en", f"title {n}", "", text) for n, text in enumerate(texts)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(2):
            with open_or_build(tmp_path, pages, "x") as alone, open_or_build(tmp_path, pages, "x") as shared:
                expected = {word: alone.search(word, "en") for word in words}
                asked = [word for _ in range(8) for word in chance.sample(words, len(words))]
                with ThreadPoolExecutor(8) as pool:
                    found = list(pool.map(lambda word, one=shared: one.search(word, "en"), asked))
                assert found == [expected[word] for word in asked]
    finally:
        sys.setswitchinterval(before)


def marked(text: str, lang: str, query: str) -> list[str]:
    piece = snippet(text, lang, Sought.of(parse(query).marked()))
    return [piece.text[start:end] for start, end in piece.marks]


@each(
    "text lang query expected",
    [
        ("邮件服务器拒绝中继，请检查", "zh", "服務器拒絕", ["服务器拒绝"]),
        ("郵件伺服器拒絕中繼", "zh", "拒绝中继", ["拒絕中繼"]),
        ("郵件伺服器拒絕中繼", "zh", "绝", ["絕"]),
        ("Relayed by SMTP.example.com, relaying", "en", "relay", ["Relayed", "relaying"]),
        ("set smtpd_tls_security_level here", "en", "security level", ["security", "level"]),
        ("set smtpd_tls_security_level here", "en", "SMTPD_TLS_SECURITY_LEVEL", ["smtpd_tls_security_level"]),
        ("said 550-5.7.26 no", "en", "5.7.26", ["5.7.26"]),
        ("返回 550 5.7.1 拒绝", "zh", "5.7.1 拒绝", ["5.7.1", "拒绝"]),
        ("怎么设置中继", "zh", "怎么中继", ["中继"]),
        ("how to relay, and how not to", "en", "how do I relay", ["relay"]),
        ("how and when", "en", "how", ["how"]),
        ("ＳＭＴＰ错误", "zh", "smtp", ["ＳＭＴＰ"]),
        ("nothing here", "en", "relay", []),
        ("邮件进了灰名单，稍后重试", "zh", "greylisting", ["灰名单"]),
        ("The message was greylisted for now", "en", "灰名單", ["greylisted"]),
        ("凭据，即用户名和密码", "zh", "credentials", ["凭据"]),
    ],
)
def test_marks(text: str, lang: str, query: str, expected: list[str]) -> None:
    assert marked(text, lang, query) == expected


@pytest.mark.parametrize(
    ("lang", "filler", "needle"),
    [("en", "lorem ipsum dolor sit amet ", "relay access denied"), ("zh", "无关的文字在这里，", "拒绝中继")],
)
def test_a_snippet_is_cut_around_what_was_found(lang: str, filler: str, needle: str) -> None:
    piece = snippet(filler * 60 + needle + " " + filler * 60, lang, Sought.of(parse(needle).terms()))
    assert needle in piece.text
    assert piece.text.startswith("…")
    assert piece.text.endswith("…")
    assert len(piece.text) <= 182
    if lang == "en":
        words = set(filler.split()) | set(needle.split())
        assert set(piece.text.strip("…").split()) <= words


def test_sources_are_shown_only_for_what_stands_nowhere_else() -> None:
    prose, sources = "Relaying is refused here. Log in first.", "RFC 5321 says relaying may be refused."
    text = f"{prose} {sources}"
    shown = [
        snippet(text, "en", Sought.of(parse(query).terms()), prose=len(prose)).text
        for query in ("relaying", "rfc 5321")
    ]
    assert shown == [prose, text]


@pytest.mark.parametrize(
    ("text", "wanted", "near"),
    [
        ("relay access denied", "relay access denied", 1.0),
        ("access relay denied", "relay access denied", 0.0),
        ("a relay access list, denied", "relay access denied", 0.5),
        ("relay access or access denied", "relay access denied", 0.75),
        ("", "relay access denied", 0.0),
    ],
)
def test_nearness_is_how_much_stands_together(text: str, wanted: str, near: float) -> None:
    places = sequence.Places.of(reading.read(text))
    assert places.nearness([sequence.number(term) for term in analyzer.terms(wanted)]) == near


@examples(100)
@given(st.text(alphabet="ab 中继拒.-_", max_size=60), st.sets(st.sampled_from(["a", "b", "ab", "中继", "继拒", "a-b"])))
def test_occurrences_are_those_of_the_reading(text: str, wanted: set[str]) -> None:
    read = reading.read(text)
    known, terms = sequence.Places.of(read), sorted(wanted)
    expected = sorted(
        (start, start + length, terms.index(term))
        for term, start, length in zip(read.terms, read.starts, read.lengths, strict=True)
        if term in wanted
    )
    numbers = [sequence.number(term) for term in terms]
    assert known.occurrences(numbers) == expected
    assert known.within(0, len(text), numbers) == [(start, end) for start, end, _ in expected]
    assert sequence.Places.unpacked(known.packed()) == known


def test_words_that_stand_together_come_first(tmp_path: Path, indexes_built_here: None) -> None:
    """Both pages have all the words, as often, and are of one length."""
    apart = "mail was denied because the sender has no access to this relay"
    together = "this mail has relay access denied because the sender was to no"
    pages = [Document("article", name, "en", name, "", text) for name, text in (("apart", apart), ("near", together))]
    with open_or_build(tmp_path, pages, "near") as opened:
        assert ids(opened.search("relay access denied", "en")) == ["near", "apart"]


@each(
    "typed meant",
    [
        *((typed, "recipient") for typed in ("recipeint", "reciipent", "recipien", "xrecipient")),
        *((typed, "relay") for typed in ("rleay", "realy", "elay", "relaay", "relxy")),
        ("bonuce", "bounce"),
        ("zzzzzz", None),
        ("abc", None),
    ],
)
def test_the_nearest_word(typed: str, meant: str | None) -> None:
    assert Vocabulary({"recipient": 3, "relay": 5, "bounce": 1, "relayhost": 1}, ()).nearest(typed) == meant


@examples(100)
@given(st.sets(st.text(alphabet="abc", min_size=4, max_size=9)), st.text(alphabet="abc", min_size=4, max_size=9))
def test_no_word_one_mistake_away_is_overlooked(words: set[str], typed: str) -> None:
    nearest = Vocabulary(dict.fromkeys(words, 1), ()).nearest(typed)
    least = min((edits(typed, word, 9) for word in words), default=9)
    if least <= 1:
        assert nearest is not None
        assert edits(typed, nearest, 9) == least


def test_a_word_is_found_by_any_piece_of_it() -> None:
    vocabulary = Vocabulary({"relayhost": 2, "smtpd_tls_level": 1, "delay": 9}, ("MP_SMTP_RELAY",))
    assert vocabulary.around("elay") == ["delay", "relayhost", "mp_smtp_relay"]
    assert vocabulary.around("ayhost") == ["relayhost"]
    assert vocabulary.names("tls") == ["smtpd_tls_level"]
    assert vocabulary.names("ls_level") == []
