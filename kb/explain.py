"""A pasted text in, an answer out: language-neutral, which entries apply, on what evidence, in which order.

Text beats code: a pattern, then a provider's own code, then an enhanced status code whose meaning is settled, and at last
the subject of one (X.7: policy). A reply code alone says too little for a reason and only gets its meaning. Below the
threshold there is no answer, but the nearest entries. First causes come before their consequences.
"""

from __future__ import annotations

from kb.inputs import Observation, Paste, read, read_as_one
from kb.inputs.urlencoded import decoded
from kb.match.engine import Evidence, locate
from kb.match.normalize import normalize
from kb.match.provider import provider_code
from kb.match.readings import Reading, other_readings
from kb.match.score import CONFIDENT, UNKNOWN, Ranked, rank
from kb.match.store import EntryKey, ProviderCode, Store
from kb.match.tokens import tokens
from kb.record import Record
from kb.values import Value, find_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict = tuple[str, str | None, str | None]  # basis, reason, id of the entry or the code

PATTERN, PROVIDER_CODE, ENHANCED_STATUS = "pattern", "provider-code", "enhanced-status"
REPLY_CODE, NONE = "reply-code", "none"
MAX_OBSERVATIONS = 5000
MAX_MATCHES = 20
SUGGESTIONS = 5
_NEAREST_TEXT = 4096
# What any program may say in the words that generic entries have for mail.
_LOOSE = frozenset({"server-error", "auth-failed", "connect-failed", "rate-limited"})
_ANY = "any"
# What is said of any refusal, the text of RFC 5321 for 550 and "policy" among it: more may be said beside it.
_YIELDING = frozenset({"data-policy-rejected", "rcpt-mailbox-unavailable", "rcpt-mailbox-temporarily-unavailable"})
_LISTED = frozenset({"ip-blocked", "domain-blocked"})
_CODE_SCORE = {PROVIDER_CODE: 0.5, ENHANCED_STATUS: 0.4}
_SUBJECT_SCORE = 0.3


class Match(Record):
    """One thing that went wrong, what it stands on, and what the text names.

    Either `entry` or `code` is set: an enhanced status code, or with `provider` a code as that provider defines it.
    fixes: the numbers of the entry's fixes in the order that suits the paste, empty for the entry's own. program: the one
    whose fixes alone matter of all programs that fixes are for, where the paste leaves no doubt.
    """

    entry: EntryKey | None
    code: str | None
    reason: str
    score: float
    basis: str
    evidence: tuple[Evidence, ...]
    observation: int
    provider: ProviderCode | None = None
    values: tuple[Value, ...] = ()
    fixes: tuple[int, ...] = ()
    program: str | None = None


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
    if answer.recipients or answer.observation is None or not is_vague(_first(answer.matches)):
        return answer
    better = _better_reading(store, text)
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


def judge(
    store: Store, observations: tuple[Observation, ...], ranks: Sequence[list[Ranked]] | None = None
) -> Match | None:
    """What `explain` would answer first about observations of one text, without evidence; None for no answer.

    `ranks` is what `rank` says of each of them, for a caller who needs that too.
    """
    return _first(_matches(store, observations, ranks, with_evidence=False))


def classify(store: Store, text: str) -> Verdict:
    """Only basis, reason and entry id of the first match: what `explain` would answer, without evidence."""
    if encoded := decoded(text):
        text = encoded[0]
    paste = read(text)
    match = _judged(store, text, paste)
    # A log that tells of no failure tells of none however it is read.
    if paste.observations and is_vague(match) and (better := _better_reading(store, text)):
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


def _better_reading(store: Store, text: str) -> tuple[Reading, Match] | None:
    """The other reading of which a wording of its own gives the reason, and that match, if all that do agree on the reason."""
    found = []
    for reading in other_readings(store, text):
        match = _judged(store, reading.text, read(reading.text))
        if match is not None and match.basis == PATTERN and not is_vague(match):
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
    matches = _matches(store, observations, None, with_evidence=True)[:MAX_MATCHES]
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


def _matches(
    store: Store,
    observations: tuple[Observation, ...],
    ranks: Sequence[list[Ranked]] | None,
    *,
    with_evidence: bool,
) -> list[Match]:
    """The best match of each observation, causes before consequences, each entry once."""
    found: list[Match] = []
    for number, observation in enumerate(observations):
        ranked = [r for r in (ranks[number] if ranks else rank(store, observation)) if r.confident]
        vague = not ranked or ranked[0].hit.entry.generic
        by_code = _from_code(store, observation, number) if vague else None
        if not by_code and (not ranked or ranked[0].hit.entry.reason == UNKNOWN):
            by_code = _from_subject(observation, number)
        if own := _in_own_words(store, observation, by_code, ranked):
            ranked, by_code = [own], None
        if (by_code or ranked) and _is_about_something_else(observation, ranked[0] if ranked else None):
            continue
        # A generic wording yields to a settled code that says something else.
        if by_code and not (ranked and ranked[0].hit.entry.reason == by_code.reason):
            found.append(by_code)
        else:
            found += _from_patterns(observation, number, ranked, with_evidence)
    if len(found) < 2:
        return found
    once: dict[str, Match] = {}
    for match in found:
        once.setdefault(match.entry.id if match.entry else match.code or "", match)
    return _causes_first(list(once.values()))


def _in_own_words(store: Store, observation: Observation, by_code: Match | None, ranked: list[Ranked]) -> Ranked | None:
    """What a refusal with a code says in words that are no pattern's; only where nothing found says something particular."""
    known = ranked[0].hit if ranked else None
    if known is not None and not (known.entry.generic or known.entry.id in _YIELDING):
        return None
    if not (observation.reply_code or observation.enhanced_status) or (by_code and by_code.basis == PROVIDER_CODE):
        return None
    from kb.match.own_words.engine import in_own_words

    hit = in_own_words(store, observation, known, by_code.reason if by_code else None)
    return Ranked(hit, CONFIDENT, True) if hit else None


def _is_about_something_else(observation: Observation, best: Ranked | None) -> bool:
    """Whether a text that no format knows names another service than mail.

    A reply with both its codes is mail. A loose wording in a text of other words needs a sign of mail.
    """
    text, known = observation.diagnostic, observation.emitter or observation.format == "dsn"
    if known or (observation.reply_code and observation.enhanced_status):
        return False
    from kb.match.foreign import is_denied, is_foreign, may_be_mail

    if is_foreign(text, observation.reply_code is not None):
        return True
    if best is not None and best.hit.entry.reason in _LISTED and not observation.reply_code and is_denied(text):
        return True
    if best is None or observation.reply_code or observation.enhanced_status:
        return False
    said = (best.hit.end - best.hit.start) / max(len(text), 1)
    return said < _least_said(best.hit.entry) and not may_be_mail(text)


def _least_said(entry: EntryKey) -> float:
    """What share of a text without codes and without a word of mail the words of an entry must be, since others say them too.

    What is said of a user is left: bounces are often pasted without their codes.
    """
    if entry.generic and entry.reason in _LOOSE:
        return 0.5
    said_by_any = _ANY in entry.emitters and (entry.side == "server" or entry.reason == "expired")
    return 0.8 if said_by_any and entry.stage != "rcpt" else 0.0


def _from_patterns(observation: Observation, number: int, ranked: list[Ranked], with_evidence: bool) -> list[Match]:
    """The best hit, and the best of other lines of the same text when they say something else."""
    chosen = ranked[:1]
    if not chosen:
        return []
    if "\n" in observation.diagnostic:
        for other in ranked[1:]:
            if not other.hit.entry.generic and all(_stands_apart(other, known, observation) for known in chosen):
                chosen.append(other)
    places = locate(observation.diagnostic, [r.hit for r in chosen], observation.start) if with_evidence else []
    return [
        Match(r.hit.entry, None, r.hit.entry.reason, r.score, PATTERN, (places[i],) if places else (), number)
        for i, r in enumerate(chosen)
    ]


def _stands_apart(other: Ranked, known: Ranked, observation: Observation) -> bool:
    """Whether two hits stand on different lines, so that they tell of different errors."""
    first, second = sorted((other.hit, known.hit), key=lambda hit: hit.start)
    if first.end > second.start:
        return False
    one, two = locate(observation.diagnostic, [first, second])
    return "\n" in observation.diagnostic[one.end : two.start]


def _from_code(store: Store, observation: Observation, number: int) -> Match | None:
    """A match by a code alone: one that a provider defined, or a registered enhanced status code with a settled meaning."""
    own = _from_provider(store, observation, number)
    code = observation.enhanced_status
    if own is not None or code is None:
        return own
    from kb.smtp.registry import describe_status

    status = describe_status(code)
    if status.reason is None:
        return None
    place = _place_of_code(observation, code)
    return Match(None, code, status.reason, _CODE_SCORE[ENHANCED_STATUS], ENHANCED_STATUS, place, number)


def _from_subject(observation: Observation, number: int) -> Match | None:
    """A refusal for good that says no more than that it is one of policy: RFC 3463 section 3.8, `X.7.z`.

    Only where the code is sure to be a status: beside a reply code, out of a report, or at the beginning. The digits of a
    version look the same.
    """
    code = observation.enhanced_status
    if code is None or not code.startswith("5.7."):
        return None
    begins = observation.diagnostic.lstrip("'\"#([").startswith(code)
    if not (begins or observation.reply_code or observation.format == "dsn"):
        return None
    place = _place_of_code(observation, code)
    return Match(None, code, "policy", _SUBJECT_SCORE, ENHANCED_STATUS, place, number)


def _from_provider(store: Store, observation: Observation, number: int) -> Match | None:
    """A match by a code that a provider defined, with its full entry where the catalogue has one."""
    found = provider_code(store, observation)
    if found is None:
        return None
    place = _place_of_code(observation, found.code)
    entry = store.entry(found.entry) if found.entry is not None else None
    reason = entry.reason if entry else found.reason
    code = None if entry else found.code
    return Match(entry, code, reason, _CODE_SCORE[PROVIDER_CODE], PROVIDER_CODE, place, number, found)


def _place_of_code(observation: Observation, code: str) -> tuple[Evidence, ...]:
    at = observation.diagnostic.find(code)
    if at < 0:
        return ()
    start = observation.start + at
    return (Evidence(code, start, start + len(code)),)


def _causes_first(matches: list[Match]) -> list[Match]:
    """Patterns before codes, generic wordings last; an entry that follows a stage after the matches of that stage."""
    stages = {match.entry.stage for match in matches if match.entry}

    def order(indexed: tuple[int, Match]) -> tuple[bool, bool, bool, int]:
        index, match = indexed
        entry = match.entry
        if entry is None:
            return True, False, False, index
        return False, entry.generic, bool(entry.follows & (stages - {entry.stage})), index

    return [match for _, match in sorted(enumerate(matches), key=order)]


def nearest(store: Store, answer: Answer) -> list[EntryKey]:
    """The entries to look at when there is no answer: those that share the rarest words with the text."""
    if answer.matches or answer.observation is None:
        return []
    return store.nearest(tokens(normalize(answer.observation.diagnostic[:_NEAREST_TEXT])), SUGGESTIONS)
