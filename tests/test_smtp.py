"""kb.smtp: the tables are complete and well written, and every well-formed code gets an honest answer."""

from __future__ import annotations

import difflib
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from tables import each

from kb.catalog.vocabulary import REASONS
from kb.catalog.vocabulary import STAGES as CATALOG_STAGES
from kb.smtp import command, reply, stage, status
from kb.smtp.registry import (
    all_reply_codes,
    all_status_codes,
    describe_reply,
    describe_status,
    reply_code,
    status_code,
)
from kb.text import Text, close_words

RFC_5321 = [  # section 4.2.3
    *("211", "214", "220", "221", "250", "251", "252", "354", "421", "450", "451", "452", "455"),
    *("500", "501", "502", "503", "504", "550", "551", "552", "553", "554", "555"),
]
RFC_7504 = ["521", "556"]
RFC_4954 = ["235", "334", "432", "454", "500", "504", "530", "534", "535", "538"]
RFC_3207 = ["220", "454", "501", "530", "554"]
OTHER_EXTENSIONS = ["253", "355", "453", "458", "459", "523", "525"]  # RFC 1985, 1845, 2645, 1985, 1985, 5248, 5248

# IANA, SMTP Enhanced Status Codes: the highest detail registered for each subject; all below it are registered too.
IANA_HIGHEST_DETAIL = {0: 0, 1: 10, 2: 4, 3: 6, 4: 7, 5: 6, 6: 10, 7: 30}
IANA_CODES = [f"X.{subject}.{detail}" for subject, last in IANA_HIGHEST_DETAIL.items() for detail in range(last + 1)]

# Texts that a reader sees, with where they come from.
TEXTS: list[tuple[str, Text]] = [
    *((f"{row.code} {field}", getattr(row, field)) for row in all_reply_codes() for field in ("title", "meaning")),
    *((f"{row.code} {field}", getattr(row, field)) for row in all_status_codes() for field in ("title", "meaning")),
    *((f"class {part.value}", part.meaning) for part in status.CLASSES.values()),
    *((f"subject {part.value}", part.meaning) for part in status.SUBJECTS.values()),
    *((f"severity {part.value}", part.meaning) for part in reply.SEVERITIES.values()),
    *((f"function {part.value}", part.meaning) for part in reply.FUNCTIONS.values()),
    *((row.verb, row.meaning) for row in command.COMMANDS.values()),
    *((row.name, row.meaning) for row in command.MECHANISMS.values()),
    *((f"port {row.number}", row.meaning) for row in command.PORTS.values()),
    *((f"port {row.number} title", row.title) for row in command.PORTS.values()),
    ("derived reply", describe_reply("571").meaning),
    ("derived status", describe_status("5.7.606").meaning),
]

reply_codes = st.from_regex(r"[2-5][0-9]{2}", fullmatch=True)
sub_codes = st.integers(0, 999).map(str)
status_codes = st.tuples(st.sampled_from("245"), sub_codes, sub_codes).map(".".join)


# --- completeness -----------------------------------------------------------------------------------------------


def test_every_reply_code_of_the_rfcs_has_a_row_and_no_other() -> None:
    wanted = set(RFC_5321 + RFC_7504 + RFC_4954 + RFC_3207 + OTHER_EXTENSIONS)
    assert {row.code for row in all_reply_codes()} == wanted


def test_every_status_code_of_the_iana_registry_has_a_row_and_no_other() -> None:
    assert [row.code for row in all_status_codes()] == IANA_CODES
    assert len(IANA_CODES) == 81


def test_class_and_subject_sub_codes_are_the_registered_ones() -> None:
    assert list(status.CLASSES) == ["2", "4", "5"]
    assert list(status.SUBJECTS) == list("01234567")


def test_rows_are_in_numeric_order_and_unique() -> None:
    codes = [row.code for row in all_reply_codes()]
    assert codes == sorted(set(codes))


@each("row", all_reply_codes(), lambda row: row.code)
def test_reply_rows_name_an_rfc_and_give_no_reason(row) -> None:
    assert row.rfc.startswith("RFC ")
    assert row.reason is None
    assert row.registered
    assert reply.is_reply_code(row.code)


@each("row", all_status_codes(), lambda row: row.code)
def test_status_rows_name_an_rfc_a_known_reason_and_well_formed_reply_codes(row) -> None:
    assert "RFC " in row.rfc
    assert row.registered
    assert row.reason is None or row.reason in REASONS
    assert (row.reason is None) == (row.reason_classes == "")
    assert row.reason_classes in ("", "4", "5", "45")
    for associated in row.replies:
        assert reply.is_reply_code(associated) or (associated[0] in "245" and associated[1:] == "yz")


@each("code", ["X.0.0", "X.1.0", "X.2.0", "X.3.0", "X.4.0", "X.5.0", "X.5.1", "X.6.0", "X.7.0", "X.7.1"])
def test_codes_that_programs_use_for_everything_have_no_reason(code: str) -> None:
    row = status_code(code)
    assert row is not None
    assert row.reason is None


def test_titles_are_unique() -> None:
    for rows in (all_reply_codes(), all_status_codes()):
        assert len({row.title.zh for row in rows}) == len(rows)
        assert len({row.title.en for row in rows}) == len(rows)


# --- wording ----------------------------------------------------------------------------------------------------


def is_cjk(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK UNIFIED")


@each("where text", TEXTS, [where for where, _ in TEXTS])
def test_both_languages_are_there_and_well_set(where: str, text: Text) -> None:
    assert text.zh
    assert text.en
    assert text.zh != text.en
    assert any(map(is_cjk, text.zh))
    assert text.en.isascii()
    for one in (text.zh, text.en):
        assert one == one.strip()
        assert "  " not in one
        assert "\n" not in one


@each("where text", TEXTS, [where for where, _ in TEXTS])
def test_chinese_has_full_width_punctuation_and_spaces_around_latin(where: str, text: Text) -> None:
    for left, right in zip(text.zh, text.zh[1:], strict=False):
        if is_cjk(left):
            assert right not in ",.;:!?()", f"half-width {right!r} after {left!r}"
            assert not (right.isascii() and right.isalnum()), f"no space between {left!r} and {right!r}"
        if is_cjk(right):
            assert left not in ",.;:!?()", f"half-width {left!r} before {right!r}"
            assert not (left.isascii() and left.isalnum()), f"no space between {left!r} and {right!r}"


@each("where text", TEXTS, [where for where, _ in TEXTS])
def test_meanings_are_sentences(where: str, text: Text) -> None:
    if "title" not in where:
        assert text.zh.endswith("。")
        assert text.en.endswith(".")


# --- reply codes ------------------------------------------------------------------------------------------------


@examples(100)
@given(reply_codes)
def test_every_reply_code_is_described(code: str) -> None:
    answer = describe_reply(code)
    assert answer.code == code
    assert answer.registered == (reply_code(code) is not None)
    assert answer.title.zh
    assert answer.title.en
    assert answer.meaning.zh
    assert answer.meaning.en
    assert answer.rfc.startswith("RFC ")
    assert answer.reason is None


def test_a_registered_reply_code_is_its_row() -> None:
    assert describe_reply("550") is reply_code("550")


def test_an_unregistered_reply_code_says_so_and_goes_by_its_digits() -> None:
    answer = describe_reply("571")
    assert not answer.registered
    assert answer.title == Text("永久失败", "permanent failure")
    assert "No standard defines 571" in answer.meaning.en
    assert "没有标准定义 571" in answer.meaning.zh
    assert describe_reply("456").title.en == "transient failure: mail system"
    assert "retries by itself" in describe_reply("456").meaning.en


@examples(100)
@given(st.text(max_size=6).filter(lambda text: not reply.is_reply_code(text)))
def test_anything_else_is_no_reply_code(text: str) -> None:
    assert reply_code(text) is None
    for refuse in (describe_reply, reply.severity_of, reply.function_of):
        with pytest.raises(ValueError, match="not a reply code"):
            refuse(text)


@each("text", ["", "55", "5500", "150", "650", "55a", "٥٥٠", "5²0", " 50", "5.5"])
def test_malformed_reply_codes(text: str) -> None:
    assert not reply.is_reply_code(text)


def test_the_digits_of_a_reply_code() -> None:
    assert reply.severity_of("421").title.en == "transient failure"
    function = reply.function_of("421")
    assert function is not None
    assert function.title.en == "connection"
    assert reply.function_of("571") is None


# --- enhanced status codes --------------------------------------------------------------------------------------


@examples(100)
@given(status_codes)
def test_every_status_code_is_described(code: str) -> None:
    answer = describe_status(code)
    row = status_code(code)
    assert answer.code == code
    assert answer.registered == (row is not None)
    assert answer.title.zh
    assert answer.title.en
    assert status.class_of(code).meaning.zh in answer.meaning.zh
    assert status.class_of(code).meaning.en in answer.meaning.en
    if code[0] == "2" or row is None:
        assert answer.reason is None
    if row is not None:
        assert answer.title == row.title
        assert answer.rfc == row.rfc
        assert answer.replies == row.replies


@each("x_code", IANA_CODES)
@each("class_", "245")
def test_registered_status_codes_in_every_class(x_code: str, class_: str) -> None:
    row = status_code(x_code)
    assert row is not None
    answer = describe_status(class_ + x_code[1:])
    assert answer.registered
    assert answer.reason == (row.reason if class_ in row.reason_classes else None)
    assert row.meaning.zh in answer.meaning.zh


def test_a_transient_code_says_that_the_server_retries() -> None:
    for code in ("4.2.2", "4.7.0", "4.7.500", "4.99.1"):
        assert "retries by itself" in describe_status(code).meaning.en
        assert "自动重试" in describe_status(code).meaning.zh


def test_the_reason_depends_on_the_class_where_the_standard_or_usage_does() -> None:
    assert describe_status("5.1.1").reason == "user-unknown"
    assert describe_status("4.1.1").reason is None
    assert describe_status("4.4.1").reason == "connect-failed"
    assert describe_status("5.4.1").reason is None
    assert describe_status("2.1.5").reason is None


def test_an_unregistered_status_code_says_so_and_goes_by_class_and_subject() -> None:
    answer = describe_status("5.7.606")
    assert not answer.registered
    assert answer.reason is None
    assert answer.replies == ()
    assert answer.title == Text("永久失败：安全或策略", "Permanent Failure: Security or Policy Status")
    assert "5.7.606 is not registered with IANA" in answer.meaning.en
    assert "5.7.606 没有在 IANA 登记" in answer.meaning.zh
    assert describe_status("5.9.0").title.en == "Permanent Failure"


@examples(100)
@given(st.text(alphabet="0123456789.X -", max_size=12).filter(lambda text: not status.is_status_code(text)))
def test_anything_else_is_no_status_code(text: str) -> None:
    for refuse in (describe_status, status.parse_status, status.class_of, status.subject_of):
        with pytest.raises(ValueError, match="not an enhanced status code"):
            refuse(text)


@each(
    "text",
    ["", "5", "5.1", "5.1.1.1", "3.1.1", "5.01.1", "5.1.01", "5.1000.1", "5..1", "5.1.1 ", "X.1.1", "5.1.²", "5.-1.1"],
)
def test_malformed_status_codes(text: str) -> None:
    assert not status.is_status_code(text)


@examples(100)
@given(status_codes)
def test_parsing_keeps_the_code(code: str) -> None:
    assert str(status.parse_status(code)) == code


def test_looking_up_by_registry_and_by_actual_code() -> None:
    assert status_code("X.1.1") is status_code("5.1.1") is status_code("4.1.1")
    assert status_code("5.1.99") is None
    assert status_code("X.1") is None
    assert status_code("") is None


# --- stages, commands, mechanisms, ports ------------------------------------------------------------------------


def test_stages_are_those_of_the_catalogue_in_session_order() -> None:
    assert tuple(CATALOG_STAGES) == stage.STAGES
    assert [stage.stage_index(name) for name in stage.STAGES] == list(range(len(stage.STAGES)))
    with pytest.raises(ValueError, match="not a stage"):
        stage.stage_index("helo")


@each(
    "verb wanted",
    [
        ("EHLO", "ehlo"),
        ("helo mail.example.com", "ehlo"),
        ("LHLO", "ehlo"),
        ("STARTTLS", "starttls"),
        ("AUTH PLAIN", "auth"),
        ("MAIL FROM:<a@example.com>", "mail"),
        ("rcpt to:<a@example.com>", "rcpt"),
        ("DATA", "data"),
        ("BDAT 86 LAST", "data"),
        (".", "data"),
        ("QUIT", "quit"),
        ("RSET", None),
        ("NOOP", None),
        ("VRFY", None),
        ("EXPN", None),
        ("FOO", None),
        ("", None),
        ("  ", None),
    ],
)
def test_stage_of_command(verb: str, wanted: str | None) -> None:
    assert stage.stage_of_command(verb) == wanted


@examples(100)
@given(st.text(max_size=40))
def test_any_text_has_a_stage_or_none(text: str) -> None:
    assert stage.stage_of_command(text) in (None, *stage.STAGES)


def test_every_verb_with_a_stage_is_a_known_command() -> None:
    assert set(stage.STAGE_OF_VERB) - {"."} <= set(command.COMMANDS)
    assert set(stage.STAGE_OF_VERB.values()) <= set(stage.STAGES)


def test_commands_and_mechanisms_are_found_in_any_case() -> None:
    ehlo = command.command("ehlo")
    assert ehlo is not None
    assert ehlo.rfc.startswith("RFC 5321")
    plain = command.mechanism("plain")
    assert plain is not None
    assert plain.needs_tls
    scram = command.mechanism("SCRAM-SHA-256")
    assert scram is not None
    assert not scram.needs_tls
    assert command.command("FOO") is None
    assert command.mechanism("FOO") is None
    assert all(row.rfc.startswith("RFC ") for row in command.COMMANDS.values())
    assert all(row.source for row in command.MECHANISMS.values())
    assert all(1 <= len(name) <= 20 and name.isupper() for name in command.MECHANISMS)  # RFC 4422 section 3.1


def test_ports() -> None:
    assert list(command.PORTS) == [25, 465, 587, 2525]
    assert [number for number, row in command.PORTS.items() if row.implicit_tls] == [465]
    assert [number for number, row in command.PORTS.items() if row.rfc is None] == [2525]
    assert command.port(80) is None


@each("word", ["mailbox-fu1l", "unkown", "expired", "", "x" * 5000, "收件人"])
@each("cutoff", [0.6, 0.86])
def test_words_that_are_near_are_those_of_difflib(word: str, cutoff: float) -> None:
    assert close_words(word, REASONS, 3, cutoff) == difflib.get_close_matches(word, REASONS, 3, cutoff)


# --- the law of the folder --------------------------------------------------------------------------------------


def test_importing_the_registry_stays_light() -> None:
    banned = ["typing", "dataclasses", "re", "enum", "yaml", "flask", "markdown", "whoosh"]
    modules = "kb.smtp.registry, kb.smtp.command, kb.smtp.stage"
    calls = "kb.smtp.registry.all_status_codes(); kb.smtp.registry.all_reply_codes()"
    code = f"import sys, {modules}; {calls}; print([name for name in {banned} if name in sys.modules])"
    root = Path(__file__).resolve().parent.parent
    # -S: what the installation itself imports at start-up (.pth files) does not count.
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
