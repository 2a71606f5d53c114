"""The same error, however it was copied: wrapped, quoted, escaped, coloured, prefixed; over the catalogue's own examples."""

from __future__ import annotations

import html
import json
import random
import textwrap
from collections.abc import Callable

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


@pytest.mark.parametrize("shape", SHAPES)
def test_an_error_is_recognised_in_whatever_shape_it_is_pasted(base: KnowledgeBase, shape: str) -> None:
    """All but a few examples: some stand for a whole line, and other words around them make them something else."""
    missed = []
    for example in _examples():
        expected, got = base.classify(example), base.classify(SHAPES[shape](example))
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
