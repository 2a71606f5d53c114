"""What a new entry could look like, from the text that somebody pasted: pattern, id, stage, side, reason.

Everything here is a proposal for a person to look at. What varies from one such text to the next becomes a placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import NamedTuple

import re2

from kb.catalog.vocabulary import STAGES
from kb.inputs import Observation, read
from kb.match.normalize import normalize
from kb.match.pattern import MIN_LITERAL_BYTES, PatternError, parse_pattern
from kb.match.store import EntryKey, Store
from kb.match.tokens import tokens

_WORDS = 14
_ID_WORDS = 4
# What varies, the first that fits: addresses, URLs, IP addresses, hosts, queue ids and other ids, long numbers.
_VARIES = (
    (re2.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>,;:()\[\]]+@[^\s<>,;:()\[\]]+"), "{addr}"),
    (re2.compile(r"https?://\S+"), "{word}"),
    (re2.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}"), "{host}"),
    (re2.compile(r"\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::[0-9]+)?\b"), "{host}"),
    (re2.compile(r"\b[0-9a-f]*(?:[0-9][a-f]|[a-f][0-9])[0-9a-f]{6,}\b"), "{word}"),
    (re2.compile(r"\b[0-9]{4,}\b"), "{num}"),
)
_CODES = re2.compile(
    r"^[^a-z]*[245][0-9]{2}[ -](?:#?[245]\.[0-9]{1,3}\.[0-9]{1,3}:? )?|^[245]\.[0-9]{1,3}\.[0-9]{1,3}:? "
)
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
    near = tuple(_near(store, diagnostic))
    code = observation.reply_code if observation else None
    stage = (observation.stage if observation else None) or (near[0].stage if near else "")
    pattern = pattern_for(diagnostic)
    emitter = observation.emitter if observation else None
    return Proposal(
        example=anonymous(" ".join(diagnostic.split())),
        pattern=pattern,
        id=free_id(stage, pattern, emitter, taken),
        stage=stage if stage in STAGES else "",
        side="server" if code else "client",
        reason=near[0].reason if near else "",
        emitters=(emitter,) if emitter else (),
        retry="later" if code and code.startswith("4") else "after-fix",
        near=near,
    )


def pattern_for(text: str) -> str:
    """A pattern that `text` matches, with placeholders for what varies; empty when no pattern can be made of it."""
    whole = normalize(text)
    open_text = _masked(whole)
    candidates = [_CODES.sub("", open_text), open_text]
    for candidate in candidates:
        for shorter in _shortened(candidate.strip(" .,;:-[]()")):
            if _fits(shorter, whole):
                return shorter
    return ""


def free_id(stage: str, pattern: str, emitter: str | None, taken: Collection[str]) -> str:
    """An id that is not taken: the stage, the program if it is known, and the words that tell most."""
    dull = set(_DULL.split())
    plain = _PLACEHOLDER.sub(" ", pattern)
    words = [word for word in re2.findall(r"[a-z0-9]+", plain) if word not in dull and not word.isdigit()]
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


def _near(store: Store, diagnostic: str) -> Iterable[EntryKey]:
    return store.nearest(tokens(normalize(diagnostic[:4096])), 5)


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
