"""Logs: one observation per line that says something went wrong, whatever mix of programs wrote them.

Timestamps, container names, syslog, journald, logfmt and JSON wrappers need no decoding: the matching ignores quotes and
escapes, so a line is only cut where its program is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.inputs import (
    daemon_log,
    event_log,
    exchange_log,
    exim_log,
    haraka_log,
    hmailserver_log,
    mailpit_log,
    opensmtpd_log,
    postfix_log,
    qmail_log,
    sendmail_log,
    stalwart_log,
)
from kb.inputs.observation import BENIGN, Observation, Paste
from kb.inputs.plain import parse as parse_plain
from kb.regex import Late

NAME = "log"

# To read a further program's log, write a module with NAME and parse_line and add it here.
LINE_FORMATS = (
    *(postfix_log, mailpit_log, opensmtpd_log, haraka_log, stalwart_log, hmailserver_log, exchange_log, event_log),
    *(exim_log, sendmail_log, qmail_log, daemon_log),
)
_DATED = Late(
    r"^(?:[A-Za-z0-9_.-]+ +\| )?(?:<[0-9]+>)?(?:1 )?\[?(?:t(?:ime)?=|\{\"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}"
    r"|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9:]{5,8})"
)
_SHORTEST = 8  # no format's lines are shorter, and a text may be nothing but such lines
_SHORTEST_DATE = len("Nov 27 09:12:01")
# A pasted text is taken for a wrapped one when its longest line is about as long as mail programs and terminals make them.
_WIDTHS = range(55, 101)
_WRAPPED_LINES = 200
_SOFT_BREAK = 60


def read(text: str) -> Paste | None:
    """The observations of all lines, in order; None when the text is no log.

    It is one when some format knows a line, or when two lines, or the only one, begin as log lines do.
    """
    name = None
    dated = total = 0
    found: list[Observation | tuple[int, str]] = []
    for start, line in _lines(text):
        total += 1
        known = parse_line(line, start)
        if known is None:
            dated += _is_dated(line)
            found.append((start, line))
        elif known is BENIGN:
            name = name or NAME
        else:
            name = known.format if name in (None, NAME) else name
            found.append(known)
    if name is None and dated < min(total, 2):
        return None
    return Paste(name or NAME, tuple(_parsed(found)))


def _parsed(found: Iterable[Observation | tuple[int, str]]) -> Iterator[Observation]:
    """Observations as they are, and those of the lines of no known format, each of which is taken apart once."""
    known: dict[str, tuple[Observation, ...]] = {}
    for item in found:
        if isinstance(item, Observation):
            yield item
            continue
        start, line = item
        if line not in known:
            known[line] = parse_plain(line, 0, NAME)
        yield from (seen.replace(start=start + seen.start) for seen in known[line])


def _is_dated(line: str) -> bool:
    """Whether a line begins as lines of logs do."""
    if len(line) < _SHORTEST_DATE and "=" not in line and '{"' not in line:
        return False
    return _DATED.search(line.encode()) is not None


def parse_line(line: str, start: int) -> Observation | None:
    """What the format that knows the line says of it; None when none does."""
    if len(line) < _SHORTEST:
        return None
    for format_ in LINE_FORMATS:
        found: Observation | None = format_.parse_line(line, start)
        if found is not None:
            return found
    return None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(place, line) of each log line, with the lines that carry it on joined to it: they begin with a blank, or the
    program it was copied through wrapped it.
    """
    begin = 0
    for end in _ends(text):
        if begin < end and text[begin:end].strip():
            yield begin, text[begin:end].rstrip("\r\n")
        begin = end


def _ends(text: str) -> Iterator[int]:
    width = max(map(len, text.split("\n", _WRAPPED_LINES))) if text.count("\n") < _WRAPPED_LINES else 0
    begin, place = 0, text.find("\n")
    while place >= 0:
        if text[place + 1 : place + 2] not in (" ", "\t") and not _is_wrapped(text, begin, place, width):
            yield place + 1
        begin, place = place + 1, text.find("\n", place + 1)
    yield len(text)


def _is_wrapped(text: str, begin: int, end: int, width: int) -> bool:
    """Whether the line from `begin` to `end` goes on in the next one: its first word would not have fitted into the
    width of the text, and it does not begin as a line of a log does.
    """
    if width not in _WIDTHS:
        return False
    if text[begin:end].rstrip("\r").endswith("=") and end - begin > _SOFT_BREAK:
        return True  # quoted-printable
    after = text.find("\n", end + 1)
    following = text[end + 1 : after if after >= 0 else len(text)].rstrip()
    word = following.partition(" ")[0]
    full = end - begin + 1 + len(word) > width
    return bool(word) and full and not _is_dated(following) and parse_line(following, 0) is None
