"""The same error, however it was copied: wrapped, quoted, escaped, coloured, prefixed; over the catalogue's own examples."""

from __future__ import annotations

import html
import json
import random
import textwrap
import unicodedata
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from content import examples

from kb import KnowledgeBase
from kb.inputs import read
from kb.inputs.quoted import without_marks


def _wrapped(width: int, mark: str = "", end: str = "") -> Callable[[str], str]:
    def wrap(text: str) -> str:
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        return "\n".join(f"{mark}{line}{end}" for line in lines)

    return wrap


def _quoted_printable(text: str) -> str:
    return "=\n".join(text[i : i + 75] for i in range(0, len(text), 75))


SHAPES: dict[str, Callable[[str], str]] = {
    "wrapped at 72": _wrapped(72),
    "wrapped at 78": _wrapped(78),
    "wrapped by Windows": lambda text: _wrapped(72)(text).replace("\n", "\r\n"),
    "quoted": _wrapped(70, "> "),
    "quoted twice": _wrapped(70, ">> "),
    "quoted by a chat": _wrapped(60, "| "),
    "HTML": lambda text: f"<p>{html.escape(text)}</p>",
    "HTML with line breaks": lambda text: _wrapped(60, end="<br>")(html.escape(text)),
    "HTML with fixed blanks": lambda text: html.escape(text).replace(" ", "&nbsp;"),
    "HTML escaped twice": lambda text: html.escape(html.escape(text)),
    "quoted-printable": _quoted_printable,
    "JSON": lambda text: json.dumps({"level": "error", "msg": _wrapped(70)(text) + "\r\n"}),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "repr of bytes": lambda text: repr(text.encode()) if text.isascii() else repr(text),
    "bytes of GB18030": lambda text: repr(text.encode("gb18030")) if not text.isascii() else text,
    "address": lambda text: f"https://example.com/?lang=zh&q={quote(text)}",
    "form": lambda text: quote_plus(text) if " " in text else text,
    "blanks of an address": lambda text: text.replace(" ", "%20"),
    "without accents": lambda text: unicodedata.normalize("NFD", text),
    "Ruby": lambda text: (
        f"/usr/lib/ruby/net/smtp.rb:1055:in `check_response': {text} (Net::SMTPFatalError)\n\tfrom /app/mail.rb:3:in `run'"
    ),
    "code span": lambda text: f"We get `{text}` since yesterday.",
    "shell": lambda text: "'" + text.replace("'", "'\\''") + "'",
    "terminal colours": lambda text: f"\x1b[1;31m{text}\x1b[0m",
    "colours without ESC": lambda text: f"[31m{text}[0m",
    "typographic quotes in a wrong charset": lambda text: text.replace("'", "â€™").replace('"', "â€œ"),
    "upper case": str.upper,
    "full-width marks": lambda text: text.translate(
        {ord(a): b for a, b in zip(",:;()!?", "，：；（）！？", strict=True)}
    ),
    "syslog": lambda text: f"Nov 27 18:44:09 mail app[1234]: {text}",
    "Docker": lambda text: f"mail-1  | 2026-11-27T18:44:09.123456789Z {text}",
    "Kubernetes": lambda text: f"2026-11-27T18:44:09.123456789Z stderr F {text}",
    "Windows log": lambda text: f"11/27/2026 6:44:09 PM | ERROR | {text}",
    "Java log": lambda text: f"2026-11-27 18:44:09.123 ERROR 1 --- [main] c.e.MailService : {text}",
    "ellipsis": lambda text: f"{text}…",
    "question": lambda text: f"发送邮件时报错：{text}，请问怎么解决？",
}


def _examples() -> list[str]:
    every = [example for example in examples() if "\n" not in example]
    return random.Random(20261127).sample(every, 120)


@pytest.fixture(scope="module")
def plain(base: KnowledgeBase) -> dict[str, dict[str, object]]:
    """Some examples, and what each gets as it is."""
    return {example: base.classify(example) for example in _examples()}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_error_is_recognised_in_whatever_shape_it_is_pasted(
    base: KnowledgeBase, plain: dict[str, dict[str, object]], shape: str
) -> None:
    """All but a few examples: some stand for a whole line, and other words around them make them something else."""
    missed = []
    for example, expected in plain.items():
        got = base.classify(SHAPES[shape](example))
        if (got["reason"], got["reason"] or got["entry"]) != (
            expected["reason"],
            expected["reason"] or expected["entry"],
        ):
            missed.append((example, got["entry"]))
    assert len(missed) <= 3, missed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("postfix/smtpd[29393]: lost connection\nafter CONNECT from unknown[192.0.2.10]", "connect-failed"),
        ("[relay] configuration not\nfound or readable: /etc/mailpit/relay.yaml", "config-invalid"),
        ("Nov 27 18:44:09 mail postfix/smtp[1]: 3F2A: to=<b@example.com>, status=sent (250 ok)\nno error here", None),
    ],
)
def test_a_line_of_a_log_may_be_broken_anywhere(base: KnowledgeBase, text: str, reason: str | None) -> None:
    assert base.classify(text)["reason"] == reason
    assert base.lookup(text)["reason"] == reason


def test_lines_of_a_log_stay_apart() -> None:
    """Also where the longest one is followed by a line of an unknown program that has a date of its own."""
    log = (
        "Nov 27 18:44:09 mail postfix/smtp[1]: 3F2A: to=<b@example.com>, relay=none, status=deferred (Host not found)\n"
        "Nov 27 18:44:10 mail other[2]: something else went wrong\n"
    )
    assert len(read(log).observations) == 2


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("> a\n> b", "  a\n  b"),
        (">> a\n>> b", "   a\n   b"),
        ("Bob wrote:\n> a\n> b", "Bob wrote:\n  a\n  b"),
        ("> a\nb\nc", "> a\nb\nc"),
        ("> EHLO x\n< 250 ok", "> EHLO x\n< 250 ok"),
    ],
)
def test_quoting_marks_become_blanks_where_most_lines_have_them(text: str, same: str) -> None:
    assert without_marks(text) == same


READINGS = {
    "554 5.7.1 <bob@example.com>: Relay access deni": "relay-denied",
    "554 5.7.1 <bob@example.com>: Relay access deni...": "relay-denied",
    "554 5.7.1 <bob@example.com>: Re1ay access denied": "relay-denied",
    "530 5.7.0 Must issue a STARTTLS c0mmand first": "tls-required",
    "554%205.7.1%20%3Cbob%40example.com%3E%3A%20Relay%20access%20denied": "relay-denied",
    "554+5.7.1+%3Cbob%40example.com%3E%3A+Relay+access+denied": "relay-denied",
    "535%20%E7%94%A8%E6%88%B7%E5%90%8D%E6%88%96%E5%AF%86%E7%A0%81%E9%94%99%E8%AF%AF": "auth-failed",
    "SMTP错误：无法连接到SMTP主机。": "connect-failed",
    "报错信息：SMTP 错误： 登录失败。": "auth-failed",
    "the relay is fine, see https://example.com/a%20b": None,
    "100%25+a+b": None,
    "it was deni": None,
}


@pytest.mark.parametrize(("text", "reason"), READINGS.items())
def test_what_is_cut_misread_or_encoded_is_read_as_it_was_said(
    base: KnowledgeBase, text: str, reason: str | None
) -> None:
    """And both ways of asking agree, with evidence that stands in the paste."""
    assert base.classify(text)["reason"] == reason
    answer = base.lookup(text)
    assert answer["reason"] == reason
    for match in answer["matches"]:
        for evidence in match["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_accents_and_traditional_characters_are_no_difference(base: KnowledgeBase) -> None:
    for one, other in (
        ("550 Boîte aux lettres pleine", "550 BOITE AUX LETTRES PLEINE"),
        ("552 收件人信箱空間不足", "552 收件人信箱空间不足"),
        (
            "SMTP-Fehler: Die folgenden Empfänger sind nicht korrekt",
            "SMTP-Fehler: Die folgenden Empfanger sind nicht korrekt",
        ),
    ):
        assert base.classify(one)["reason"] is not None
        assert base.classify(one) == base.classify(other)
