"""The same text as a terminal, an editor or a tool lays it out: broken at the right edge, indented, among a dialogue."""

from __future__ import annotations

import textwrap

import pytest

from kb import KnowledgeBase

REFUSED = "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted. For more information, go to gsmtp')"
TRACEBACK = f"""\
Traceback (most recent call last):
  File "/app/notify.py", line 41, in <module>
    s.login(USER, PASS)
{REFUSED}
"""
STOPPED = """\
=== Trying mx.example.com:25...
=== Connected to mx.example.com.
<-  220 mx.example.com ESMTP
 -> EHLO client.example.net
<-  250-mx.example.com
<-  250 SIZE 20480000
*** Host did not advertise authentication
 -> QUIT
<-  221 2.0.0 Bye
"""
SENT = """\
=== Connected to mx.example.com.
<-  220 mx.example.com ESMTP
 -> MAIL FROM:<a@example.com>
<-  250 2.1.0 Ok
 -> DATA
<-  354 End data with <CR><LF>.<CR><LF>
Subject: relay access denied
.
<-  250 2.0.0 Ok: queued as 4ABCDEF012
"""


def broken(text: str, width: int) -> str:
    """A text as a terminal of that width shows it."""
    return "\n".join(text[place : place + width] for place in range(0, len(text), width))


@pytest.mark.parametrize("width", range(45, 110, 5))
def test_a_line_that_a_terminal_broke_says_the_same(base: KnowledgeBase, width: int) -> None:
    text = broken(REFUSED, width)
    assert base.classify(text)["reason"] == "auth-failed"
    match = base.lookup(text, "en")["matches"][0]
    for piece in match["evidence"]:
        assert text[piece["start"] : piece["end"]] == piece["text"]


def test_a_stack_that_is_indented_as_a_whole_says_the_same(base: KnowledgeBase) -> None:
    for margin in ("    ", "\t", "\t\t"):
        assert base.classify(textwrap.indent(TRACEBACK, margin))["entry"] == base.classify(TRACEBACK)["entry"]


def test_a_dialogue_without_a_refusal_is_answered_by_what_the_tool_says(base: KnowledgeBase) -> None:
    assert base.classify(STOPPED)["entry"] == "auth-swaks-not-advertised"


def test_a_message_that_was_taken_is_no_error(base: KnowledgeBase) -> None:
    assert not base.classify(SENT)["answered"]
