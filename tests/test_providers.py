"""Providers' own codes: which count, for whom, and what they answer."""

from __future__ import annotations

import pytest

from kb.catalog.providers import read_tables, sure_codes
from kb.inputs import read
from kb.inputs.peers import emitters_in
from kb.knowledge_base import KnowledgeBase
from kb.match.provider import tags

TABLES = read_tables()


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.open(preload=True)


def test_every_row_names_its_source_and_both_languages() -> None:
    for table in TABLES:
        for row in table.codes:
            assert row.source or table.source
            assert all((row.title.zh, row.title.en, row.meaning.zh, row.meaning.en))


def test_a_range_stands_for_each_of_its_codes() -> None:
    row = next(row for table in TABLES for row in table.codes if "5.7.606-649" in row.codes)
    codes = list(row.each())
    assert codes[0] == "5.7.606"
    assert codes[-1] == "5.7.649"
    assert len(codes) == 44


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("421 4.7.0 [TSS04] Messages", ["TSS04"]),
        ("554 MI:SPB 163 smtp3", ["MI:SPB"]),
        ("our block list (S3140).", ["S3140"]),
        ("AS(1430) [VE1EUR02FT038.eop-EUR02.prod]", ["AS(1430)"]),
        ("554 RTR:DU", []),
        ("554 (RTR:DU)", ["RTR:DU"]),
        ("550 5.1.1 no such user [192.0.2.1]", []),
    ],
)
def test_letter_codes(text: str, found: list[str]) -> None:
    assert tags(text) == found


def test_a_registered_code_is_nobodys_own() -> None:
    sure = sure_codes(TABLES)
    assert {"5.7.705", "TSS04", "MI:SPB", "AS(1430)", "S3140"} <= sure
    assert not sure & {"5.7.26", "5.4.1", "5.1.10", "5.7.1"}


@pytest.mark.parametrize(
    ("text", "emitters"),
    [
        ("said 550 [AM7EUR03FT.eop-EUR03.prod.protection.outlook.com]", {"microsoft-365"}),
        ("550 5.7.1 refused - gsmtp", {"gmail"}),
        ("550 no such user bob@gmail.com", set()),
    ],
)
def test_provider_of_a_text(text: str, emitters: set[str]) -> None:
    assert emitters_in(text) == emitters


@pytest.mark.parametrize(
    ("text", "basis", "name"),
    [
        ("550 5.7.705 Zugriff verweigert", "provider-code", "data-m365-tenant-threshold"),
        ("550 5.7.233 contingent", "provider-code", "5.7.233"),
        ("421 4.7.650 verschoben", "provider-code", "4.7.650"),
        ("553 5.7.2 [TSS11] pas accepté", "provider-code", "mail-yahoo-permanently-deferred"),
        ("421 4.7.27 verlangsamt - gsmtp", "provider-code", "4.7.27"),
        # Registered, and no provider in sight: Microsoft's meaning does not count.
        ("550 5.1.10 verweigert", "reply-code", None),
        ("550 5.1.10 verweigert [AM7.prod.outlook.com]", "provider-code", "rcpt-m365-recipient-not-found"),
        # A code that its provider uses for many things: only what its subject says, X.7 (RFC 3463 section 3.8).
        ("550 5.7.1 verweigert - gsmtp", "enhanced-status", "5.7.1"),
    ],
)
def test_what_a_code_answers(base: KnowledgeBase, text: str, basis: str, name: str | None) -> None:
    answer = base.explain(text)
    assert answer.basis == basis
    match = answer.matches[0] if answer.matches else None
    assert (match and (match.entry.id if match.entry else match.code)) == name
    assert base.classify(text)["basis"] == (basis if name else "none")


def test_text_beats_a_providers_code(base: KnowledgeBase) -> None:
    answer = base.explain("554 5.7.705 <bob@example.com>: Relay access denied")
    assert answer.basis == "pattern"


def test_the_store_gives_the_same_codes_with_and_without_preloading(base: KnowledgeBase) -> None:
    cold = KnowledgeBase.open()
    for code in ("5.7.26", "TSS04", "5.7.613", "5.9.99"):
        assert cold.store.provider_codes([code]) == base.store.provider_codes([code])


def test_a_code_without_an_entry_has_the_shape_of_an_answer(base: KnowledgeBase) -> None:
    match = base.lookup("550 5.7.233 contingent", "zh")["matches"][0]
    entry = base.lookup("550 5.7.705 x", "zh")["matches"][0]
    assert set(match) == set(entry)
    assert match["emitters"] == ["microsoft-365"]
    assert match["reason"] == "rate-limited"
    assert read("550 5.7.233 contingent").observations[0].enhanced_status == "5.7.233"
