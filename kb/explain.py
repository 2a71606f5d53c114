"""A pasted text in, an answer out: language-neutral, which entries apply (`kb.judge`), and what the text names.

A reply code alone says too little for a reason and only gets its meaning. Below the threshold there is no answer, but the
nearest entries.
"""

from __future__ import annotations

from kb.inputs import Observation, Paste, read, read_as_one
from kb.inputs.urlencoded import decoded
from kb.judge import ENHANCED_STATUS, NONE, PATTERN, REPLY_CODE, Match, judge, matches_of
from kb.match.engine import Evidence
from kb.match.normalize import normalize
from kb.match.readings import Reading, other_readings
from kb.match.score import UNKNOWN
from kb.match.store import EntryKey, Store
from kb.match.tokens import tokens
from kb.record import Record
from kb.values import find_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict = tuple[str, str | None, str | None]  # basis, reason, id of the entry or the code

MAX_OBSERVATIONS = 5000
MAX_MATCHES = 20
SUGGESTIONS = 5
_NEAREST_TEXT = 4096


class Answer(Record):
    """What a paste means.

    observation: the one that decided, or the first. matches: best first. basis: on what the first stands. codes: reply and
    enhanced status codes found, to be explained. recipients: (observation, answer) pairs of a delivery report.
    """

    format: str
    observation: Observation | None
    matches: tuple[Match, ...]
    basis: str
    codes: tuple[str, ...]
    recipients: tuple[tuple[Observation, Answer], ...]

    @property
    def reason(self) -> str | None:
        """The reason, None when there is no answer, or only words that wrap an error which is not there."""
        return _settled(self.matches[0].reason) if self.matches else None


def explain(store: Store, text: str) -> Answer:
    """Answer a pasted text of any accepted form."""
    if encoded := decoded(text):
        return _moved(_explain(store, encoded[0]), encoded[1], text)
    answer = _explain(store, text)
    if answer.observation is None or not is_vague(_first(answer.matches)):
        return answer
    better = _better_reading(store, text, _first(answer.matches))
    if better is None:
        return answer
    reading, match = better
    second = _explain(store, reading.text)
    return _moved(second, reading.places, text) if second.reason == match.reason else answer


def _explain(store: Store, text: str) -> Answer:
    """The answer to a text as it stands."""
    paste = read(text)
    observations = paste.observations[:MAX_OBSERVATIONS]
    answer = _answer(store, text, paste.format, observations)
    if answer.reason is None and (whole := read_as_one(text, paste)):
        second = _answer(store, text, paste.format, whole)
        answer = second if second.reason else answer
    reports = [o for o in observations if o.recipient and o.format == "dsn"]
    if not reports:
        return answer
    return answer.replace(recipients=tuple((o, _answer(store, text, paste.format, (o,))) for o in reports))


def classify(store: Store, text: str) -> Verdict:
    """Only basis, reason and entry id of the first match: what `explain` would answer, without evidence."""
    if encoded := decoded(text):
        text = encoded[0]
    paste = read(text)
    match = _judged(store, text, paste)
    # A log that tells of no failure tells of none however it is read.
    if paste.observations and is_vague(match) and (better := _better_reading(store, text, match)):
        match = better[1]
    return verdict(match)


def verdict(match: Match | None) -> Verdict:
    """What a first match says in short."""
    if match is None:
        return NONE, None, None
    return match.basis, _settled(match.reason), match.entry.id if match.entry else match.code


def _judged(store: Store, text: str, paste: Paste) -> Match | None:
    """The first match of a text as it stands, which was read as `paste`."""
    match = judge(store, paste.observations[:MAX_OBSERVATIONS])
    if (match is None or match.reason == UNKNOWN) and (whole := read_as_one(text, paste)):
        second = judge(store, whole)
        match = second if second and second.reason != UNKNOWN else match
    return match


def is_vague(match: Match | None) -> bool:
    """Whether another reading of the text may say more: there is no match, or one on a code or a loose wording."""
    return match is None or match.basis == ENHANCED_STATUS or (match.entry is not None and match.entry.generic)


def _better_reading(store: Store, text: str, known: Match | None) -> tuple[Reading, Match] | None:
    """The other reading of which a wording of its own gives the reason, and that match, if all that do agree on the reason.

    Where only the blanks are elsewhere, a loose wording says as much as in the paste, and none says more than the one known.
    """
    found = []
    for reading in other_readings(store, text):
        if reading.same and known is not None and known.entry is not None:
            continue
        match = _judged(store, reading.text, read(reading.text))
        loose = reading.same and known is None
        if match is not None and match.basis == PATTERN and (loose or not is_vague(match)):
            found.append((reading, match))
    return found[0] if len({match.reason for _, match in found}) == 1 else None


def _moved(answer: Answer, places: Sequence[int], text: str) -> Answer:
    """An answer to another reading of `text`, with its evidence where it stands in `text`."""

    def at(start: int, end: int) -> tuple[int, int]:
        return places[start], places[end - 1] + 1

    def evidence(piece: Evidence) -> Evidence:
        start, end = at(piece.start, piece.end)
        return Evidence(text[start:end], start, end)

    matches = tuple(
        match.replace(
            evidence=tuple(map(evidence, match.evidence)),
            values=tuple(v.replace(start=at(v.start, v.end)[0], end=at(v.start, v.end)[1]) for v in match.values),
        )
        for match in answer.matches
    )
    recipients = tuple((o, _moved(own, places, text)) for o, own in answer.recipients)
    return answer.replace(matches=matches, recipients=recipients)


def _settled(reason: str) -> str | None:
    return None if reason == UNKNOWN else reason


def _first(matches: Sequence[Match]) -> Match | None:
    return matches[0] if matches else None


def _answer(store: Store, text: str, format_: str, observations: tuple[Observation, ...]) -> Answer:
    matches = matches_of(store, observations, None, with_evidence=True)[:MAX_MATCHES]
    named = {number: find_values(text, observations[number]) for number in {match.observation for match in matches}}
    matches = [_suited(match.replace(values=named[match.observation]), text, observations) for match in matches]
    decisive = observations[matches[0].observation] if matches else _fullest(observations)
    codes = tuple(c for c in (decisive.enhanced_status, decisive.reply_code) if c) if decisive else ()
    basis = matches[0].basis if matches else REPLY_CODE if codes else NONE
    return Answer(format_, decisive, tuple(matches), basis, codes, ())


def _suited(match: Match, text: str, observations: tuple[Observation, ...]) -> Match:
    """A match whose fixes are in the order that suits the software in the paste."""
    if match.entry is None or not match.entry.targets:
        return match
    from kb.match.order import shown
    from kb.match.software import software_in

    best = shown(match.entry, software_in(text, observations[match.observation]))
    kept = best.order == tuple(range(len(best.order)))
    return match.replace(fixes=() if kept else best.order, program=best.program)


def _fullest(observations: tuple[Observation, ...]) -> Observation | None:
    """Without an answer, the observation that carries most codes; the first among equals."""
    return max(
        observations,
        key=lambda o: (o.enhanced_status is not None) + (o.reply_code is not None),
        default=None,
    )


def nearest(store: Store, answer: Answer) -> list[EntryKey]:
    """The entries to look at when there is no answer: those that share the rarest words with the text."""
    if answer.matches or answer.observation is None:
        return []
    return store.nearest(tokens(normalize(answer.observation.diagnostic[:_NEAREST_TEXT])), SUGGESTIONS)
