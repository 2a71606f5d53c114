"""Bounces in prose, as qmail, Exim, Postfix, Sendmail, Courier, OpenSMTPD, Exchange, Domino, IMail, Gmail, Yahoo and many
others write them. They differ in wording and agree in shape: the address at the start of a line, what went wrong behind or
below it; or a list of addresses, and what went wrong in a paragraph of its own. The message that is returned comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import re2

from kb.inputs.codes import find_codes
from kb.record import Record

MAX_NOTICE = 64 * 1024
MAX_SPAN = 4000
MAX_FAILURES = 1000
MAX_NAMED = 5  # in one line

ADDRESS = (
    r"(?:\"[^\"\n]{1,64}\"|[A-Za-z0-9!#$%&*+/=?^_`.~{|}'\x{80}-\x{2000}-]{1,128})"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?|\[[0-9A-Fa-f.:IPv]{3,50}\])"
)
# The line at which the returned message begins, or is announced.
_CUT = re2.compile(
    r"(?im)^[ \t>*=_#-]*(?:(?:this|below this line|enclosed|below|included) is a copy of|(?:the |your |start of the )?(?:original|unsent"
    r"|returned|undelivered) (?:e-?mail|mail|message)\b(?: header)?s?(?: info| data| follows| begins| as follows)?[ \t:.]*[-=*_ \t]*$"
    r"|(?:the )?(?:headers?|body|text) of the (?:original |returned )?message|message (?:headers?|text|body) follows?"
    r"|(?:the )?original message (?:follows|is attached|was attached|headers)|原(?:始)?(?:邮件|信件|信|文)[^。\n]{0,12}[ \t:：-]*$)"
    r"|^(?:received|return-path|dkim-signature|x-received|arc-seal)[ \t]*:"
)
_HEAD = re2.compile(
    r"(?i)^([ \t>]*)(?:[*•-][ \t]+)?(?:([45][0-9]{2})[ -](?:[45]\.[0-9]{1,3}\.[0-9]{1,3}[ ])?)?(?:[^<>\n:@]{0,60}[(<]?[^<>\n:]{0,80}<mailto:)?"
    rf"[<\"']*({ADDRESS})[>\"']*(?:[ \t]*<(?:mailto:)?{ADDRESS}>)?(?:[ \t]*\((?:expanded|generated|forwarded)\s+from\b[^)\n]*\)?)?()"
    r"(?:[ \t]*(?:[:;([|]|\.\.\.|[.,]?[ \t]*$)|[ \t]+(?:-|on|invalid|error|rejected|unknown|failed|failure|delivery|is|was|has|does)\b)"
)
_NAMED = re2.compile(
    r"(?i)(?:\brecipient(?: address)?|rcpt to|addressed to|failed address|deliver(?:ed|ing)?(?:[ \w]{0,30}) to|undeliverable to|rejected recipient|your message to"
    r"|returned permanent errors|following message to|userid|allowed size|[0-9] attempts|duplicated message-id in"
    rf"|(?:收件人|发往|发送[到至给])[^@\n]{{0,20}}?)[ \t]*[:：(（]?[ \t]*(?:\[smtp:)?[<\"'(]*({ADDRESS})"
)
# What a program says of itself after what went wrong: a consequence.
_TAIL = re2.compile(
    r"(?i)I'm not going to try again|giving up on [0-9a-f.:]+|message could not be delivered for|message will be deleted from"
    r"|will keep trying until|warning: message still undelivered"
)


class Failure(Record):
    """A failed recipient, and the part of the text that says what went wrong; it is empty when none belongs to it alone."""

    recipient: str
    begin: int
    end: int


class Prose(Record):
    """What a text tells. begin, end: the part of it that says what went wrong with all. cut: where the returned message is."""

    failures: tuple[Failure, ...]
    begin: int
    end: int
    cut: int | None


def read_prose(text: str) -> Prose:
    """The failed recipients of a text, in order."""
    found = _CUT.search(text)
    cut = found.start() if found else None
    notice = text[: min(len(text) if cut is None else cut, MAX_NOTICE)]
    failures: dict[str, Failure] = {}
    for failure in _failures(notice):
        known = failures.get(failure.recipient.lower())
        if known is None or _rank(notice, failure) > _rank(notice, known):
            failures[failure.recipient.lower()] = failure
        if len(failures) >= MAX_FAILURES:
            break
    begin, end = _telling_paragraph(notice)
    return Prose(tuple(failures.values()), begin, end, cut)


def tells(text: str) -> bool:
    """Whether a text has a code of failure."""
    return find_codes(text) != (None, None)


def _rank(notice: str, failure: Failure) -> tuple[bool, int]:
    """What is worth more when a recipient is named twice: a text with codes, then the longer one."""
    said = notice[failure.begin : failure.end]
    return tells(said), sum(map(str.isalpha, said[:400])) if not tells(said) else 0


def _failures(notice: str) -> Iterator[Failure]:
    lines = list(_lines(notice))
    done = 0
    for number, (place, line) in enumerate(lines):
        if place < done:
            continue
        head = _HEAD.match(line)
        if head:
            begin = place + (head.start(2) if head.group(2) else head.start(4))
            done = place + len(line) if head.group(2) else _block_end(lines, number, head.group(3), len(head.group(1)))
            yield _failure(notice, head.group(3), begin, done)
            continue
        for named in islice(_NAMED.finditer(line), MAX_NAMED):
            end = done = _block_end(lines, number, named.group(1), len(line))
            if not notice[place + named.end() : end].strip(" \t\n.>)]\"'"):
                end = max(end, _next_paragraph_end(lines, number))
            yield Failure(named.group(1).rstrip("."), place, min(end, place + MAX_SPAN))


def _failure(notice: str, recipient: str, begin: int, end: int) -> Failure:
    """Without the punctuation between the address and what is said of it."""
    end = min(end, begin + MAX_SPAN)
    said = notice[begin:end]
    begin = min(end, begin + len(said) - len(said.lstrip(" \t\n>\"':;.,|-")))
    tail = _TAIL.search(notice[begin:end])
    if tail and any(map(str.isalpha, notice[begin : begin + tail.start()])):
        end = begin + tail.start()
    return Failure(recipient, begin, end)


def _block_end(lines: list[tuple[int, str]], number: int, recipient: str, indent: int) -> int:
    """Where the lines that belong to an address end: at a blank line, another address, or another command."""
    own = recipient.lower()
    place, line = lines[number]
    end = place + len(line)
    for place, line in lines[number + 1 : number + 200]:
        if not line.strip(" \t>") or line.lstrip().startswith(">>> "):
            break
        other = _HEAD.match(line)
        if other and other.group(3).lower() != own and len(other.group(1)) <= indent:
            break
        named = _NAMED.search(line)
        if named and named.group(1).lower() != own:
            break
        end = place + len(line)
    return end


def _next_paragraph_end(lines: list[tuple[int, str]], number: int) -> int:
    end = 0
    for place, line in lines[number + 1 : number + 200]:
        if line.strip():
            end = place + len(line)
        elif end:
            break
    return end


def _telling_paragraph(notice: str) -> tuple[int, int]:
    """The first paragraph with a code of failure; without one, all of the text."""
    place = 0
    for paragraph in notice.split("\n\n"):
        if tells(paragraph):
            return place, place + min(len(paragraph), MAX_SPAN)
        place += len(paragraph) + 2
    return 0, min(len(notice), MAX_SPAN)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    place = 0
    for line in text.split("\n"):
        yield place, line
        place += len(line) + 1
