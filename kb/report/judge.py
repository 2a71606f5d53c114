"""One line of a log in, out what it counts as: the group, the peer, and the domain of the recipient.

What is the same text means the same: verdicts are remembered by all that they depend on, so a log's many repeated failures
are judged once; and so are those that differ only in what varies from one message to the next (`fold`).
"""

from __future__ import annotations

from collections.abc import Callable

from kb.explain import judge
from kb.inputs import lines, postfix_log
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host
from kb.inputs.plain import parse as parse_plain
from kb.match.score import UNKNOWN
from kb.match.store import Store
from kb.report.fold import fold_for
from kb.report.gate import POSTFIX_QUEUED
from kb.report.shape import sample, shape

_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 2000
_MAX_NAME = 253
_LEVELS = ("warning: ", "error: ", "fatal: ", "panic: ")
_FAILED = ("== ", "** ")
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
ENTRY, CODE, UNRECOGNISED = "entry ", "code ", "unrecognised "

Key = tuple[str | None, ...]
Verdict = tuple[str, str | None]  # the group's key, and for what was not recognised a sample
Failure = tuple[str, str | None, str | None, str | None]  # key, sample, peer, domain
_UNRECOGNISED: Verdict = (UNRECOGNISED, None)


class Judge:
    """Judges lines by one catalogue."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fold = fold_for(store)
        self._verdicts: dict[Key, Verdict | None] = {}
        self._folded: dict[Key, Verdict | None] = {}
        self._providers: dict[str, str | None] = {}

    def read(self, line: str) -> Failure | None:
        """What went wrong in a line; None when nothing did."""
        taken = postfix_log.take(line)
        if taken is None:
            return self._other(line)
        kind, diagnostic, _, peer, recipient, dsn = taken
        if not kind or (kind.startswith(postfix_log.REMARK) and diagnostic.startswith(POSTFIX_QUEUED)):
            return None  # the latter a line that was cut off, as the gate has it
        key = (kind, diagnostic, self.provider(peer) if peer else None, dsn)
        try:
            verdict = self._verdicts[key]
        except KeyError:
            folded = self._fold(diagnostic)
            verdict = self._remember(
                key, (kind, folded, *key[2:]), lambda: postfix_log.observe((kind, folded, *taken[2:]), 0)
            )
        if verdict is None:
            return None
        return *verdict, peer_name(peer) if peer else None, domain_of(recipient) if recipient else None

    def _other(self, line: str) -> Failure | None:
        """A line of another program than Postfix."""
        known = lines.parse_line(line, 0)
        if known is BENIGN:
            return None
        observations = (known,) if known is not None else parse_plain(line, 0, lines.NAME)
        if not observations:
            return None
        seen = observations[0]
        text = seen.diagnostic
        key = (seen.format, text, seen.emitter, seen.stage, seen.enhanced_status)
        try:
            verdict = self._verdicts[key]
        except KeyError:
            folded = self._fold(text)
            verdict = self._remember(key, (key[0], folded, *key[2:]), lambda: seen.replace(diagnostic=folded))
        return None if verdict is None else (*verdict, _after(text, " H="), domain_of(_recipient(text)))

    def _remember(self, key: Key, folded: Key, observed: Callable[[], Observation]) -> Verdict | None:
        """The verdict on the text that is the second part of a key, given its folded key and what is seen in it when folded."""
        text = key[1] or ""
        try:
            verdict = self._folded[folded]
        except KeyError:
            verdict = self._judge(observed())
            _keep(self._folded, folded, verdict, text)
        if verdict is _UNRECOGNISED:
            verdict = (UNRECOGNISED + shape(text), sample(text))
        _keep(self._verdicts, key, verdict, text)
        return verdict

    def _judge(self, seen: Observation) -> Verdict | None:
        match = judge(self._store, (seen,))
        own_format = seen.format != lines.NAME
        if match is not None and match.reason != UNKNOWN:
            if match.entry is not None:
                return ENTRY + match.entry.id, None
            # In a line of a program that is not known, digits may be anything.
            if own_format or seen.reply_code:
                provider = f" {match.provider.provider}" if match.provider else ""
                return f"{CODE}{match.code}{provider}", None
        if own_format and _failed(seen):
            return _UNRECOGNISED  # its text as it stands, not folded, is what is shown
        return None

    def provider(self, peer: str) -> str | None:
        """The provider that a peer belongs to."""
        try:
            return self._providers[peer]
        except KeyError:
            if len(self._providers) >= _REMEMBERED:
                self._providers.clear()
            found = self._providers[peer] = emitter_of_host(peer)
            return found


def _keep(verdicts: dict[Key, Verdict | None], key: Key, verdict: Verdict | None, text: str) -> None:
    if len(verdicts) >= _REMEMBERED:
        verdicts.clear()
    if len(text) <= _LONGEST_REMEMBERED:
        verdicts[key] = verdict


def _failed(seen: Observation) -> bool:
    """Whether a line that the catalogue does not know tells of a failure all the same."""
    if seen.format == postfix_log.NAME and seen.stage is None and seen.recipient is None:
        return seen.reply_code is not None or seen.diagnostic.startswith(_LEVELS)
    if seen.format == "sendmail-log":  # OpenSMTPD writes `stat=` too, also of what went well
        return seen.reply_code is not None or seen.enhanced_status is not None
    return seen.format != "exim-log" or seen.diagnostic.startswith(_FAILED)


def peer_name(peer: str) -> str | None:
    """The name of a peer such as `mx.example.com[192.0.2.1]:25`, its address where it has no name."""
    name, _, address = peer.partition("[")
    if name in ("", "unknown"):
        name = address.partition("]")[0]
    return None if name == "none" or len(name) > _MAX_NAME or not name.isprintable() else name


def domain_of(recipient: str | None) -> str | None:
    """The domain of an address in lower case; None where there is none."""
    if not recipient or "@" not in recipient:
        return None
    domain = recipient.rpartition("@")[2].lower().rstrip(".>")
    return domain if domain and len(domain) <= _MAX_NAME and _DOMAIN.issuperset(domain) else None


def _recipient(text: str) -> str | None:
    """The address behind Exim's `==` and `**`, or in `to=<…>`."""
    if text.startswith(_FAILED):
        return text[3:].partition(" ")[0]
    return _after(text, "to=<")


def _after(text: str, mark: str) -> str | None:
    """The word behind a mark."""
    at = text.find(mark)
    if at < 0:
        return None
    word = text[at + len(mark) :].partition(" ")[0].rstrip(",;>:")
    return word if word and len(word) <= _MAX_NAME and word.isprintable() else None
