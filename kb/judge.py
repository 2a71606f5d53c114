"""Observations in, matches out: which entry or code each stands for, on what evidence, in which order.

Text beats code: a pattern, then a provider's own code, then an enhanced status code whose meaning is settled, and at last
the subject of one (X.7: policy). First causes come before their consequences.
"""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import Evidence, Hit, locate
from kb.match.normalize import normalize
from kb.match.provider import provider_code
from kb.match.score import CONFIDENT, UNKNOWN, Ranked, rank
from kb.match.store import EntryKey, ProviderCode, Store
from kb.record import Record
from kb.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATTERN, PROVIDER_CODE, ENHANCED_STATUS = "pattern", "provider-code", "enhanced-status"
REPLY_CODE, NONE = "reply-code", "none"
# What any program may say in the words that generic entries have for mail.
_LOOSE = frozenset({"server-error", "auth-failed", "connect-failed", "rate-limited"})
_ANY = "any"
_PLAIN = "plain"
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


def judge(
    store: Store, observations: tuple[Observation, ...], ranks: Sequence[list[Ranked]] | None = None
) -> Match | None:
    """What `explain` would answer first about observations of one text, without evidence; None for no answer.

    `ranks` is what `rank` says of each of them, for a caller who needs that too.
    """
    return next(iter(matches_of(store, observations, ranks, with_evidence=False)), None)


def matches_of(
    store: Store,
    observations: tuple[Observation, ...],
    ranks: Sequence[list[Ranked]] | None,
    *,
    with_evidence: bool,
) -> list[Match]:
    """The best match of each observation, causes before consequences, each entry once."""
    found: list[Match] = []
    for number, observation in _distinct(observations):
        ranked = [r for r in (ranks[number] if ranks else rank(store, observation)) if r.confident]
        vague = not ranked or ranked[0].hit.entry.generic
        by_code = _from_code(store, observation, number) if vague else None
        if not by_code and (not ranked or ranked[0].hit.entry.reason == UNKNOWN):
            by_code = _from_subject(observation, number)
        if own := _in_own_words(store, observation, by_code, ranked, alone=len(observations) == 1):
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


def _distinct(observations: tuple[Observation, ...]) -> Iterator[tuple[int, Observation]]:
    """The observations with their numbers, those that say the same as one before left out: a log may repeat itself endlessly."""
    known: set[tuple[object, ...]] = set()
    for number, observation in enumerate(observations):
        said = observation.said()
        if said not in known:
            known.add(said)
            yield number, observation


def _in_own_words(
    store: Store, observation: Observation, by_code: Match | None, ranked: list[Ranked], *, alone: bool
) -> Ranked | None:
    """What a refusal with a code says in words that are no pattern's; only where nothing found says something particular.

    Without a code, what somebody tells, if it is all (`alone`) that was pasted.
    """
    known = ranked[0].hit if ranked else None
    if known is not None and not (known.entry.generic or known.entry.id in _YIELDING):
        return None
    if not (observation.reply_code or observation.enhanced_status):
        return _told(store, observation, known) if alone and observation.format == _PLAIN else None
    if by_code and by_code.basis == PROVIDER_CODE:
        return None
    from kb.match.own_words.engine import in_own_words

    hit = in_own_words(store, observation, known, by_code.reason if by_code else None)
    return Ranked(hit, CONFIDENT, True) if hit else None


def _told(store: Store, observation: Observation, known: Hit | None) -> Ranked | None:
    """What somebody tells without a code, where no pattern gives a reason."""
    if known is not None and known.entry.reason != UNKNOWN:
        return None
    from kb.match.own_words.engine import told

    hit = told(store, observation, known)
    return Ranked(hit, CONFIDENT, True) if hit else None


def _is_about_something_else(observation: Observation, best: Ranked | None) -> bool:
    """Whether a text that no format knows names another service than mail.

    A reply with both its codes is mail. A loose wording in a text of other words needs a sign of mail.
    """
    text, known = observation.diagnostic, observation.emitter or observation.format == "dsn"
    if known or (observation.reply_code and observation.enhanced_status):
        return False
    from kb.match.foreign import is_denied, is_foreign, may_be_mail

    if not text.isascii():
        from kb.match.misread import read_right

        text = read_right(text, "")
    if is_foreign(text, observation.reply_code is not None):
        return True
    if best is not None and best.hit.entry.reason in _LISTED and not observation.reply_code and is_denied(text):
        return True
    if best is None or observation.reply_code or observation.enhanced_status:
        return False
    said = (best.hit.end - best.hit.start) / max(len(text), 1)
    if said >= _least_said(best.hit.entry) or may_be_mail(text):
        return False
    return "\\u" not in text or not may_be_mail(normalize(text))  # Chinese, as JSON writes it


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
