"""One line of a log in, out what it counts as: the group, the peer, and the domain of the recipient.

What is the same text means the same, but for what varies from one message to the next (`fold`): verdicts are remembered by all
that they depend on, so a log's many repeated failures are judged once.
"""

from __future__ import annotations

from collections.abc import Callable

from kb.inputs import lines, postfix_log
from kb.inputs.observation import BENIGN, Observation
from kb.inputs.peers import emitter_of_host
from kb.inputs.plain import parse as parse_plain
from kb.judge import judge
from kb.match.score import UNKNOWN
from kb.match.store import Store
from kb.report.fold import fold_for
from kb.report.gate import POSTFIX_QUEUED
from kb.report.memory import keep
from kb.report.shape import sample, shape

_LONGEST_REMEMBERED = 2000
_MAX_NAME = 253
_LEVELS = ("warning: ", "error: ", "fatal: ", "panic: ")
_FAILED = ("== ", "** ")
# Formats that have lines without a code which tell of no failure.
_REMARKING = frozenset({"exchange-log", "haraka-log", "hmailserver-log", "sendmail-log"})
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
ENTRY, CODE, UNRECOGNISED = "entry ", "code ", "unrecognised "

Key = tuple[str | None, ...]
Failure = tuple[str, str | None, str | None]  # the group's key, the peer, the domain


class Judge:
    """Judges lines by one catalogue."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fold = fold_for(store)
        self._verdicts: dict[Key, str | None] = {}
        self._providers: dict[str, str | None] = {}

    def read(self, line: str) -> Failure | None:
        """What went wrong in a line; None when nothing did."""
        taken = postfix_log.take(line)
        if taken is None:
            return self._other(line)
        kind, diagnostic, _, peer, recipient, _ = taken
        if not kind or (kind.startswith(postfix_log.REMARK) and diagnostic.startswith(POSTFIX_QUEUED)):
            return None  # the latter a line that was cut off, as the gate has it
        key = self.key(taken)
        verdict = self._verdict(key, lambda: observed(taken, key))
        if verdict is None:
            return None
        return verdict, peer_name(peer) if peer else None, domain_of(recipient) if recipient else None

    def key(self, taken: postfix_log.Taken) -> Key:
        """All that the judgement on what was taken from a line of Postfix depends on; its second part is the folded text."""
        kind, diagnostic, _, peer, recipient, dsn = taken
        named = "recipient" if recipient else None
        return kind, self.fold(diagnostic), self.provider(peer) if peer else None, dsn, named

    def sample(self, line: str) -> str:
        """What a line of a failure says, to show: without secrets and addresses."""
        taken = postfix_log.take(line)
        seen = None if taken else _other(line)
        return sample(taken[1] if taken else seen.diagnostic if seen else line)

    def _other(self, line: str) -> Failure | None:
        """A line of another program than Postfix."""
        seen = _other(line)
        if seen is None:
            return None
        text = seen.diagnostic
        folded = self.fold(text)
        key = (seen.format, folded, seen.emitter, seen.stage, seen.enhanced_status)
        verdict = self._verdict(key, lambda: seen.replace(diagnostic=folded))
        return None if verdict is None else (verdict, _after(text, " H="), domain_of(_recipient(text)))

    def _verdict(self, key: Key, observed: Callable[[], Observation]) -> str | None:
        """The verdict remembered under a key, whose second part is the folded text; else that on what is observed in it."""
        try:
            return self._verdicts[key]
        except KeyError:
            verdict = self._judge(observed())
        if is_short(key):
            keep(self._verdicts, key, verdict)
        return verdict

    def _judge(self, seen: Observation) -> str | None:
        match = judge(self._store, (seen,))
        own_format = seen.format != lines.NAME
        if match is not None and match.reason != UNKNOWN:
            if match.entry is not None:
                return ENTRY + match.entry.id
            # In a line of a program that is not known, digits may be anything.
            if own_format or seen.reply_code:
                provider = f" {match.provider.provider}" if match.provider else ""
                return f"{CODE}{match.code}{provider}"
        return UNRECOGNISED + shape(seen.diagnostic) if own_format and _failed(seen) else None

    def provider(self, peer: str) -> str | None:
        """The provider that a peer belongs to."""
        try:
            return self._providers[peer]
        except KeyError:
            found = emitter_of_host(peer)
            keep(self._providers, peer, found)
            return found


def is_short(key: Key) -> bool:
    """Whether a key is short enough to be remembered."""
    return len(key[1] or "") <= _LONGEST_REMEMBERED


def observed(taken: postfix_log.Taken, key: Key) -> Observation:
    """What was taken from a line of Postfix, with the folded text of its key."""
    return postfix_log.observe((taken[0], key[1] or "", *taken[2:]), 0)


def _other(line: str) -> Observation | None:
    """What is seen in a line of another program than Postfix."""
    known = lines.parse_line(line, 0)
    if known is BENIGN:
        return None
    observations = (known,) if known is not None else parse_plain(line, 0, lines.NAME)
    return observations[0] if observations else None


def _failed(seen: Observation) -> bool:
    """Whether a line that the catalogue does not know tells of a failure all the same."""
    if seen.format == postfix_log.NAME and seen.stage is None and seen.recipient is None:
        return seen.reply_code is not None or seen.diagnostic.startswith(_LEVELS)
    if seen.format in _REMARKING:
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
