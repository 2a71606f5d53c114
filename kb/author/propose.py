"""What a new entry could look like, from the text that somebody pasted: pattern, id, stage, side, reason.

Everything here is a proposal for a person to look at. What varies from one such text to the next becomes a placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import NamedTuple

import re2

from kb.author.near import near
from kb.catalog.vocabulary import STAGES
from kb.inputs import Observation, read
from kb.match.normalize import normalize
from kb.match.pattern import MIN_LITERAL_BYTES, PatternError, parse_pattern
from kb.match.score import UNKNOWN
from kb.match.store import EntryKey, Store
from kb.match.tokens import tokens
from kb.smtp.registry import describe_status


def _host(found: re2._Match) -> str:
    """A host, but for what only looks like one: the class of an exception."""
    name: str = found.group()
    return name if name.endswith(("error", "exception")) else "{host}"


_WORDS = 14
_ALIKE = 0.5
# Where a refusal with this code is said, when the text does not tell.
_STAGES = {"432": "auth", "454": "auth", "530": "auth", "534": "auth", "535": "auth", "538": "auth", "552": "data"}
_ID_WORDS = 4
# What varies, the first that fits: addresses, URLs, IP addresses, hosts, queue ids and other ids, long numbers.
_VARIES = (
    (re2.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>,;:()\[\]]+@[^\s<>,;:()\[\]]+"), "{addr}"),
    (re2.compile(r"https?://\S+"), "{word}"),
    (re2.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9:.]+"), "{word} {word}"),
    (re2.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9:.]+z?"), "{word}"),
    (re2.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}"), "{host}"),
    (re2.compile(r"\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::[0-9]+)?\b"), _host),
    (re2.compile(r"\b[0-9a-f]*(?:[0-9][a-f]|[a-f][0-9])[0-9a-f]{6,}\b"), "{word}"),
    (re2.compile(r"\b[0-9]{4,}\b"), "{num}"),
)
_CODES = re2.compile(
    r"^[^a-z]*[245][0-9]{2}[ -](?:#?[245]\.[0-9]{1,3}\.[0-9]{1,3}:? )?|^[245]\.[0-9]{1,3}\.[0-9]{1,3}:? "
)
_STATUS_REPLY = re2.compile(r"(?:^|[ (:=])[245][0-9]{2}(?:[ -]|, b )#?[245]\.[0-9]{1,3}\.[0-9]{1,3}[: ]+")
_REPLY = re2.compile(r"(?:^|[ (:=])[245][0-9]{2}(?:[ -]|, b )")
_TAIL = re2.compile(r" ?\(in reply to .*$")
_EDGES = " .,;:-"
# What is particular to one message: the name of a client that it begins with; the ticket, the time or the address of a page
# that it ends with.
_FIRST = re2.compile(r"^[^\s{]*[a-z][^\s{]*\{(?:addr|host|word|num)\}[^\s{]*\s+")
_LAST = re2.compile(r"\s*(?:[\[(][^\[\]()]*\{[a-z]+\}[^\[\]()]*[\])]?|(?:see )?\{word\}|- gsmtp)$")
_ADDRESS = re2.compile(r"[A-Za-z0-9._%+=\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_IPV4 = re2.compile(r"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b")
_NOBODYS = ("192.0.2.", "198.51.100.", "203.0.113.", "127.", "0.")
_PLACEHOLDER = re2.compile(r"\{[a-z]+\}")
_DULL = (
    "a an and are as at be by for from has have in is it its not of on or that the this to was were will with you your error"
    " failed please see said smtp mail message host server"
)


class Proposal(NamedTuple):
    """The facts of a pasted text that an entry begins with; empty where nothing can be told."""

    example: str
    pattern: str
    id: str
    stage: str
    side: str
    reason: str
    emitters: tuple[str, ...]
    retry: str
    near: tuple[EntryKey, ...]


def propose(store: Store, text: str, taken: Collection[str]) -> Proposal:
    """What a new entry for `text` could look like; `taken` are the ids there are."""
    observation = _observation(text)
    diagnostic = observation.diagnostic if observation else text
    code = observation.reply_code if observation else None
    pattern = pattern_for(diagnostic)
    found = near(store, tokens(_PLACEHOLDER.sub(" ", pattern or normalize(diagnostic[:4096]))))
    # What only sounds a little alike says nothing about stage and reason: rather ask than propose the wrong one.
    like = found[0].entry if found and found[0].covered >= _ALIKE else None
    stage = (observation.stage if observation else None) or _STAGES.get(code or "", "") or (like.stage if like else "")
    emitter = observation.emitter if observation else None
    return Proposal(
        example=anonymous(" ".join(diagnostic.split())),
        pattern=pattern,
        id=free_id(stage, pattern, emitter, taken),
        stage=stage if stage in STAGES else "",
        side="server" if code else "client",
        reason=_reason(observation, like),
        emitters=(emitter,) if emitter else (),
        retry="later" if code and code.startswith("4") else "after-fix",
        near=tuple(one.entry for one in found),
    )


def _reason(observation: Observation | None, like: EntryKey | None) -> str:
    """What the enhanced status code settles, else the reason of an entry that is much alike, if it says one."""
    code = observation.enhanced_status if observation else None
    settled = describe_status(code).reason if code else None
    if settled or like is None:
        return settled or ""
    return "" if like.reason == UNKNOWN else like.reason


def pattern_for(text: str) -> str:
    """A pattern that `text` matches, with placeholders for what varies; empty when no pattern can be made of it."""
    whole = normalize(text)
    open_text = _masked(whole)
    candidates = [_said(open_text), _CODES.sub("", open_text), open_text]
    for candidate in candidates:
        for shorter in _shortened(_trimmed(candidate)):
            if _fits(shorter, whole):
                return shorter
    return ""


def _said(text: str) -> str:
    """What stands after the last reply code: a log or a client has put its own words before it."""
    ends = [found.end() for found in _STATUS_REPLY.finditer(text)]
    first = _REPLY.search(text)
    end = ends[-1] if ends else first.end() if first else 0
    said = _TAIL.sub("", text[end:])
    return said if len(_PLACEHOLDER.sub(" ", said).split()) > 1 or not said.isascii() else ""


def _trimmed(text: str) -> str:
    """A text without what is particular to one message at its edges: an address it begins with, a ticket it ends with."""
    text = text.strip(_EDGES)
    for edge in (_FIRST, _LAST):
        shorter = edge.sub("", text).strip(_EDGES)
        if len(_PLACEHOLDER.sub(" ", shorter)) >= len(_PLACEHOLDER.sub(" ", text)) / 2:
            text = shorter
    for opening, closing in (("(", ")"), ("[", "]")):
        if text.endswith(f" {closing}") and text.count(closing) > text.count(opening):
            text = text[:-2].strip(_EDGES)
        if text.count(opening) > text.count(closing):
            text = (
                text[: text.rindex(opening)] if text.rindex(opening) > len(text) // 2 else text.replace(opening, " ", 1)
            )
    return text.strip(_EDGES)


def free_id(stage: str, pattern: str, emitter: str | None, taken: Collection[str]) -> str:
    """An id that is not taken: the stage, the program if it is known, and the words that tell most."""
    dull = set(_DULL.split())
    plain = _PLACEHOLDER.sub(" ", pattern)
    words = [word for word in re2.findall(r"[a-z0-9]+", plain) if word not in dull and not word.isdigit()]
    if len(words) < 2 and not plain.isascii():
        return ""  # what is said in another script, the author can name
    said = [word for word in words if word not in (emitter or "").split("-")][:_ID_WORDS]
    parts = [stage or "data", *([emitter] if emitter else []), *said] if said else []
    base = "-".join(parts)[:70].rstrip("-")
    number = 2
    id_ = base
    while id_ and id_ in taken:
        id_, number = f"{base}-{number}", number + 1
    return id_


def anonymous(text: str) -> str:
    """A text with mail addresses and IPv4 addresses that belong to nobody, for an example that everybody will read."""
    text = _ADDRESS.sub(lambda found: found.group() if "example." in found.group() else "user@example.com", text)
    return str(_IPV4.sub(lambda found: found.group() if found.group().startswith(_NOBODYS) else "192.0.2.10", text))


def _observation(text: str) -> Observation | None:
    """The observation that says most; what a paste is about when it has several."""
    observations = read(text).observations
    return max(observations, key=lambda o: (o.reply_code is not None, len(o.diagnostic)), default=None)


def _masked(text: str) -> str:
    for pattern, placeholder in _VARIES:
        text = _outside(text, partial(pattern.sub, placeholder))
    return text


def _outside(text: str, change: Callable[[str], str]) -> str:
    """`text` changed outside the placeholders that it has already."""
    parts: list[str] = []
    done = 0
    for match in _PLACEHOLDER.finditer(text):
        parts += (change(text[done : match.start()]), match.group())
        done = match.end()
    return "".join((*parts, change(text[done:])))


def _shortened(candidate: str) -> Iterable[str]:
    """The candidate, cut to a bearable number of words: whole clauses first, then the beginning."""
    words = candidate.split()
    if len(words) <= _WORDS:
        yield candidate
    clauses = [clause.strip(" .,;:-") for clause in re2.split(r"[;:.] |, ", candidate)]
    fitting = [clause for clause in clauses if len(clause.split()) <= _WORDS]
    yield from sorted(fitting, key=lambda clause: -len(_PLACEHOLDER.sub("", clause)))[:1]
    yield " ".join(words[:_WORDS])
    yield candidate


def _fits(pattern: str, whole: str) -> bool:
    """Whether a pattern can be used and is found in the text, with more than the least literal text."""
    try:
        parsed = parse_pattern(pattern)
    except PatternError:
        return False
    return parsed.find(whole) is not None and parsed.specificity >= MIN_LITERAL_BYTES
