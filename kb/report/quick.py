"""Lines of Postfix whose like was judged before, told by their bytes alone: most failures of a log need no more.

A failed delivery, a rejection and a remark have a fixed form. Where a line has it, what it says decides its verdict: another line
that says the same, but for its own recipient and for what `fold` takes out, has the same one. Whatever has another form, or
anything unusual in its names, is left to `Judge.read`.
"""

from __future__ import annotations

import re2

from kb.report.gate import POSTFIX_QUEUED
from kb.report.judge import Failure, Judge, domain_of, peer_name
from kb.report.memory import keep

_LONGEST = 2000
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOCAL = _LETTERS + b".+_-"
_PEER = _LETTERS + b".-_[]:/"
_NUMBERS = b"0123456789./"
_DELAYS = (b", delay=, delays=", b", conn_use=, delay=, delays=")
_LEVELS = (b"warning", b"reject")
_DOMAIN = re2.compile(rb"^(?:[A-Za-z0-9\-]+\.)+[A-Za-z0-9]+$")
_STAGES = frozenset({b"CONNECT", b"HELO", b"EHLO", b"MAIL", b"RCPT", b"DATA", b"END-OF-MESSAGE"})
# Remarks that begin so are of another form than they seem, or tell of nothing.
_NO_REMARK = (
    *(
        f"{word}: ".encode()
        for word in ("milter-reject", "reject", "discard", "hold", "filter", "warn", "reject_warning")
    ),
    *(start.encode() for start in POSTFIX_QUEUED),
)
_NAMED = re2.compile(rb"^[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+\[[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\]")
# What stands for a recipient and a peer: what `fold` makes of them.
_RECIPIENT, _ANY_PEER = b"user@example.com", b"mx.example.net[192.0.2.1]"

_Said = tuple[bytes, str | None, bytes]  # the words, the peer's provider, the rest that the verdict depends on
# How it stands in a text where that says nothing (None for a peer that is written unusually), its name, its provider.
_Peer = tuple[bytes | None, str | None, str | None]


class Quick:
    """Remembers verdicts by bytes for one judge."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._verdicts: dict[_Said, str | None] = {}
        self._folded: dict[tuple[str, str | None, bytes], str | None] = {}
        self._domains: dict[bytes, str | None] = {}
        self._peers: dict[bytes, _Peer] = {}

    def read(self, raw: bytes) -> Failure | None:
        """What `Judge.read` says of a line, given as bytes."""
        to = raw.find(b": to=<")
        if to >= 0:
            return self._delivery(raw, to)
        mark = raw.find(b": reject: ")
        return self._rejection(raw, mark) if mark >= 0 else self._remark(raw)

    def _delivery(self, raw: bytes, to: int) -> Failure | None:
        """`QUEUEID: to=<…>, relay=…, delay=…, delays=…, dsn=5.1.1, status=bounced (…)`."""
        end = raw.find(b">", to)
        recipient = raw[to + 6 : end]
        behind = raw.find(b", ", end + 3)
        at = raw.find(b", dsn=", behind)
        domain, peer = self._domain_of(recipient), raw[end + 9 : behind]
        if (
            end < 0
            or not (domain and peer)
            or b", status=" not in raw
            or not raw.startswith(b", relay=", end + 1)
            or raw[behind:at].translate(None, _NUMBERS) not in _DELAYS
            or not _is_queued(raw, to)
        ):
            return self._slow(raw)
        try:
            mark, name, provider = self._peers[peer]
        except KeyError:
            mark, name, provider = self._peer(peer)
        if mark is None:
            return self._slow(raw)
        words = raw[at:].replace(recipient, _RECIPIENT)
        said = (words.replace(mark, _ANY_PEER) if mark else words, provider, b"")
        try:
            verdict = self._verdicts[said]
        except KeyError:
            dsn, _, words = said[0].partition(b", status=")
            verdict = self._first(raw, said, words, dsn + words[:4])
        return None if verdict is None else (verdict, name, domain)

    def _rejection(self, raw: bytes, mark: int) -> Failure | None:
        """`NOQUEUE: reject: RCPT from client[192.0.2.1]: 554 5.7.1 <…>: …; from=<…> to=<…> proto=ESMTP helo=<…>`."""
        begin = raw.find(b" from ", mark)
        stage, end = raw[mark + 10 : begin], raw.find(b": ", begin)
        envelope = raw.find(b"; from=<", end)
        to = raw.find(b" to=<", envelope)
        close = raw.find(b">", to)
        recipient = raw[to + 5 : close]
        domain = self._domain_of(recipient)
        client = raw[begin + 6 : end]
        if (
            stage not in _STAGES
            or min(to, close) < 0
            or not (domain and client)
            or b" status=" in raw
            or not _is_queued(raw, mark)
        ):
            return self._slow(raw)
        try:
            usual, name, provider = self._peers[client]
        except KeyError:
            usual, name, provider = self._peer(client)
        if usual is None:
            return self._slow(raw)
        said = (raw[end:envelope].replace(recipient, _RECIPIENT), provider, stage)
        try:
            verdict = self._verdicts[said]
        except KeyError:
            verdict = self._first(raw, said, said[0], stage)
        return None if verdict is None else (verdict, name, domain)

    def _remark(self, raw: bytes) -> Failure | None:
        """`warning: …`, `lost connection after AUTH from …`: what a program of Postfix says of itself."""
        close = raw.find(b"]: ")
        tag = raw.rfind(b" ", 0, close) + 1
        message = raw[close + 3 :]
        queue_id, _, rest = message.partition(b": ")
        if _is_id(queue_id):
            message = rest
        if (
            not raw.startswith(b"postfix", tag)
            or close < 0
            or b" status=" in raw
            or message.startswith(_NO_REMARK)
            or not queue_id.isascii()
        ):
            return self._slow(raw)
        said = (message, None, raw[tag:close].rstrip(b"0123456789") + b" ")
        try:
            verdict = self._verdicts[said]
        except KeyError:
            verdict = self._first(raw, said, message, said[2])
        return None if verdict is None else (verdict, None, None)

    def _slow(self, raw: bytes) -> Failure | None:
        return self._judge.read(_text(raw))

    def _first(self, raw: bytes, said: _Said, words: bytes, more: bytes) -> str | None:
        """The verdict on a line whose like, byte for byte, was not seen before: by its words when folded, or the judge's."""
        folded = (self._judge.fold(words.decode("utf-8", "replace")), said[1], more)
        try:
            verdict = self._folded[folded]
        except KeyError:
            failure = self._slow(raw)
            verdict = failure[0] if failure else None
            if len(words) <= _LONGEST:
                keep(self._folded, folded, verdict)
        if len(words) <= _LONGEST:
            keep(self._verdicts, said, verdict)
        return verdict

    def _domain_of(self, address: bytes) -> str | None:
        """The domain of an address, to count; None where anything in it is unusual."""
        local, _, host = address.partition(b"@")
        if not local or local.translate(None, _LOCAL):
            return None
        try:
            return self._domains[host]
        except KeyError:
            usual = len(host) <= 253 and _DOMAIN.search(host) is not None
            found = domain_of(f"@{host.decode('ascii')}") if usual else None
            keep(self._domains, host, found)
            return found

    def _peer(self, peer: bytes) -> _Peer:
        text = peer.decode("utf-8", "replace")
        provider = self._judge.provider(text)
        named = _NAMED.search(peer)
        # The names of a provider's hosts stay in the text.
        mark = None if peer.translate(None, _PEER) else named.group() if named and provider is None else b""
        found = mark, peer_name(text), provider
        keep(self._peers, peer, found)
        return found


def _is_queued(raw: bytes, to: int) -> bool:
    """Whether what stands before the colon at `to` is the tag of a Postfix program and a queue id."""
    close = raw.find(b"]: ")
    return raw.startswith(b"postfix", raw.rfind(b" ", 0, close) + 1) and _is_id(raw[close + 3 : to])


def _is_id(word: bytes) -> bool:
    return word.isalnum() and 6 <= len(word) <= 20 and word not in _LEVELS


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r")
