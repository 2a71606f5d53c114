"""Which software a pasted text shows: the programs on the side that submits mail, and those on the side that takes it.

A name inside an address or a host name is none: `nextcloud@example.com` may be anybody's. What each is known by stands in RULES.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.inputs.peers import emitters_in
from kb.match.programs import CLIENT, EITHER, PROVIDERS, ROLES_OF_MTA, RULES, SERVER
from kb.record import Record
from kb.regex import Gate, occurs
from kb.text import without_surrogates

_MAX_TEXT = 32 * 1024  # of the paste that is looked at: its beginning, and as much around the observation
_NOTHING: frozenset[str] = frozenset()
_GATE = Gate(words for _, words, _ in RULES)


class Software(Record):
    """The programs on either side, as words of the catalogue's emitters."""

    client: frozenset[str]
    server: frozenset[str]


NOBODY = Software(_NOTHING, _NOTHING)


def software_in(text: str, observation: Observation) -> Software:
    """The programs that a paste shows, one of whose observations this is."""
    text = without_surrogates(text)
    raw = _scope(text, observation).lower()
    coded = raw.encode()
    named = {RULES[number][0] for number in _GATE.open(raw) if occurs(RULES[number][2], coded)}
    line = _line(text, observation)
    sides: dict[str, set[str]] = {CLIENT: set(), SERVER: set()}
    unsure: set[str] = set()
    for program in named | _said_by(observation):
        if program in ROLES_OF_MTA:
            roles = _roles(program, line.encode()) or _roles(program, coded)
            for side in roles:
                sides[side].add(program)
            unsure |= {program} if not roles else set()
        else:
            sides[SERVER if program in PROVIDERS else CLIENT].add(program)
    sides[SERVER] |= emitters_in(observation.diagnostic[:_MAX_TEXT]) & PROVIDERS
    for program in unsure:
        # Where something else submits the mail, an MTA of which no more than the name is there takes it.
        for side in (SERVER,) if sides[CLIENT] else EITHER:
            sides[side].add(program)
    return Software(frozenset(sides[CLIENT]), frozenset(sides[SERVER]))


def _said_by(observation: Observation) -> set[str]:
    """The program that a format of logs recognised: the one that wrote the line, and the one that said what is in it."""
    writer = observation.format.removesuffix("-log")
    said = (writer, observation.emitter or "")
    return {program for program in said if program in ROLES_OF_MTA or program in PROVIDERS}


def _roles(program: str, raw: bytes) -> list[str]:
    """On which sides a text in lower case shows an MTA to be."""
    return [side for side, expression in ROLES_OF_MTA[program] if occurs(expression, raw)]


def _scope(text: str, observation: Observation) -> str:
    if len(text) <= 2 * _MAX_TEXT:
        return text
    begin = max(observation.start - _MAX_TEXT // 2, 0)
    return text[:_MAX_TEXT] + "\n" + text[begin : begin + _MAX_TEXT]


def _line(text: str, observation: Observation) -> str:
    """The line that an observation begins in, in lower case."""
    begin = text.rfind("\n", 0, observation.start) + 1
    end = text.find("\n", observation.start)
    return text[max(begin, observation.start - 1024) : end if end >= 0 else len(text)][:_MAX_TEXT].lower()
