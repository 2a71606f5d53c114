"""An SMTP dialogue as tools print it: swaks, curl -v, `openssl s_client`, smtplib's debug output, PHPMailer, Nodemailer,
`C:`/`S:` notes, `>>>`/`<<<` of bounces, or a telnet session.

What the client said last tells the stage of each failure that the server answers. Where the server refused nothing, what the
tool says for itself among the lines of the two is what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.inputs.codes import find_codes
from kb.inputs.observation import Observation
from kb.smtp.stage import stage_of_command

NAME = "transcript"

_CLIENT = re2.compile(
    r"^(?:.*?(?:CLIENT -> SERVER: ?|\bsend: b?['\"]|\bC: |\bDEBUG [^:]*: C: ))|^\s*(?:-> |~> |>>> |> |→ )"
)
_SERVER = re2.compile(
    r"^(?:.*?(?:SERVER -> CLIENT: ?|\breply: b['\"]|\bS: ))|^\s*(?:<-  ?|<\*\* |<~  ?|<~\* |<<< |< |← )"
)
_REPLY = frozenset(f"{code}{after}" for code in range(200, 600) for after in ("", " ", "-"))
_BLANKS = "\t\n\f\r "  # what RE2 counts as white space
_COMMAND = re2.compile(r"^\s*(?:EHLO|HELO|LHLO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA|QUIT|RSET|NOOP|VRFY|BDAT)\b")
# What such a line begins with, when it has no colon.
_VERBS = ("EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT", "RSET", "NOOP", "VRFY", "BDAT")
# What names the speaker in any other line that the two expressions above know.
_SPEAKERS = ("> ", "CLIENT -> SERVER:", "SERVER -> CLIENT:", "send: ", "reply: ", "C: ", "S: ")
_MARKS = ("-> ", "~> ", ">>> ", "→ ", "<- ", "<** ", "<~", "<<< ", "< ", "← ")
_MARKED = (*_MARKS, "> ")  # `> ` alone is also how mail is quoted
_BEGINNINGS = (*"2345", *_MARKS, *_VERBS, *(f"> {verb}" for verb in _VERBS))


def sniff(text: str) -> bool:
    """Whether the text holds at least one command and one reply, each on a line of its own."""
    said: set[str] = set()
    for _, speaker, _ in _dialogue(text):
        said.add(speaker)
        if len(said) == 2:
            return True
    return False


def parse(text: str) -> tuple[Observation, ...]:
    """One observation for each reply of failure, its lines joined, with the stage it answered; in order.

    Without any, one for each run of lines that are neither's.
    """
    observations: list[Observation] = []
    stage: str | None = "banner"
    reply: list[tuple[int, str]] = []
    for start, speaker, words in (*_dialogue(text), (len(text), "client", "")):
        if speaker == "server":
            reply.append((start, words))
            continue
        observations += _failures(reply, stage, text)
        reply = []
        verb = words.split(maxsplit=1)[0] if words.strip() else ""
        stage = stage_of_command(verb.upper().partition(":")[0]) or stage
    return tuple(observations or _asides(text))


def _asides(text: str) -> Iterator[Observation]:
    """What the tool says for itself: each run of lines that neither of the two said, and that are not of a message."""
    start = 0
    begun: int | None = None
    is_message = False
    for line in text.splitlines(keepends=True):
        said = next(_dialogue(line), None)
        if said is None and not is_message:
            begun = start if begun is None else begun
        elif begun is not None:
            yield from _aside(text, begun, start)
            begun = None
        if said is not None and said[1] == "server":
            is_message = said[2].lstrip().startswith("354")
        start += len(line)
    if begun is not None:
        yield from _aside(text, begun, start)


def _aside(text: str, begin: int, end: int) -> Iterator[Observation]:
    words = text[begin:end].strip()
    if words:
        yield Observation(diagnostic=words, start=text.index(words, begin), format=NAME)


def _failures(reply: list[tuple[int, str]], stage: str | None, text: str) -> Iterator[Observation]:
    """The failure replies among consecutive lines of the server, continuation lines joined."""
    begun: int | None = None
    for start, words in reply:
        code = words.lstrip()[:4]
        if code[:1] not in ("4", "5"):
            continue
        begun = start if begun is None else begun
        if code[3:] == "-":
            continue
        diagnostic = text[begun : start + len(words)]
        found, enhanced = find_codes(words.lstrip())
        yield Observation(
            diagnostic=diagnostic,
            start=begun,
            format=NAME,
            stage=stage,
            reply_code=found or code[:3],
            enhanced_status=enhanced,
            side="server",
        )
        begun = None


def _dialogue(text: str) -> Iterator[tuple[int, str, str]]:
    """(place, "client" | "server", words) for each line that one of the two said."""
    start = 0
    for line in text.splitlines(keepends=True):
        begins = start
        start += len(line)
        words = line.lstrip()
        if not words.startswith(_BEGINNINGS) and not (":" in line and any(map(line.__contains__, _SPEAKERS))):
            continue
        marked = ":" in line or words.startswith(_MARKED)
        marked_server = _SERVER.search(line) if marked else None
        if marked_server and _is_reply(line[marked_server.end() :]):
            yield begins + marked_server.end(), "server", line[marked_server.end() :].rstrip()
        elif marked and (marked_client := _CLIENT.search(line)):
            yield begins + marked_client.end(), "client", line[marked_client.end() :].rstrip()
        elif _is_reply(line):
            yield begins, "server", line.rstrip()
        elif line.lstrip(_BLANKS).startswith(_VERBS) and _COMMAND.search(line):
            yield begins, "client", line.strip()


def _is_reply(line: str) -> bool:
    """Whether a line begins with a reply code, by itself or with what parts it from its text."""
    begin = line.lstrip(_BLANKS)[:4]
    return begin in _REPLY
