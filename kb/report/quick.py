"""Lines of Postfix whose like was judged before, told by their bytes alone: most failures of a log need no more.

A failed delivery and a rejection have a fixed form. Where a line has it, what it says, with its own recipient, sender and peer
taken out, decides its verdict: another line that says the same has the same folded text (`fold`), and so the same verdict.
Whatever has another form, or anything unusual in its names, is left to `Judge.read`.
"""

from __future__ import annotations

import re2

from kb.inputs.peers import emitter_of_host
from kb.report.judge import Failure, Judge, Verdict, domain_of, peer_name

_MOST = 20_000
_LONGEST = 2000
_LOCAL = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_-"
_NUMBERS = b"0123456789./"
_DELAYS = b", delay=, delays="
_LEVELS = (b"warning", b"reject")
_DOMAIN = re2.compile(rb"^(?:[A-Za-z0-9\-]+\.)+[A-Za-z0-9]+$")
_PEER = re2.compile(rb"^[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+\[[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\]")
_NAME = re2.compile(rb"^<[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+>$")
_ADDRESS = re2.compile(rb"^[1-9][0-9]{0,2}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$")
_STAGES = frozenset({b"CONNECT", b"HELO", b"EHLO", b"MAIL", b"RCPT", b"DATA", b"END-OF-MESSAGE"})
# What stands for them: bytes that no line holds, in no code that a log is written in.
_RECIPIENT, _PEERS, _CLIENT = b"\xff\x01", b"\xff\x02", b"\xff\x03"

# Its name, what of it is taken out of the text (None where the peer is unusual), the provider.
_Peer = tuple[str | None, bytes | None, str | None]


class Quick:
    """Remembers verdicts by bytes for one judge."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._verdicts: dict[tuple[bytes, str | None, bytes], Verdict | None] = {}
        self._domains: dict[bytes, str | None] = {}
        self._peers: dict[bytes, _Peer] = {}

    def read(self, raw: bytes) -> Failure | None:
        """What `Judge.read` says of a line, given as bytes."""
        to = raw.find(b": to=<")
        return self._delivery(raw, to) if to >= 0 else self._rejection(raw)

    def _delivery(self, raw: bytes, to: int) -> Failure | None:
        """`QUEUEID: to=<…>, relay=…, delay=…, delays=…, dsn=5.1.1, status=bounced (…)`."""
        end = raw.find(b">, relay=", to)
        recipient = raw[to + 6 : end]
        domain = self._domain_of(recipient)
        behind = raw.find(b", delay=", end)
        at = raw.find(b", dsn=", behind)
        if not domain or not _is_queued(raw, to) or raw[behind:at].translate(None, _NUMBERS) != _DELAYS:
            return self._judge.read(_text(raw))
        peer = raw[end + 9 : behind]
        try:
            name, mark, provider = self._peers[peer]
        except KeyError:
            name, mark, provider = self._peer(peer)
        said = raw[at:].replace(recipient, _RECIPIENT)
        if mark is None:
            return self._judge.read(_text(raw))
        if mark:
            said = said.replace(mark, _PEERS)
        try:
            verdict = self._verdicts[said, provider, b""]
        except KeyError:
            return self._first(raw, (said, provider, b""))
        return None if verdict is None else (*verdict, name, domain)

    def _rejection(self, raw: bytes) -> Failure | None:
        """`NOQUEUE: reject: RCPT from client[192.0.2.1]: 554 5.7.1 <…>: …; from=<…> to=<…> proto=ESMTP helo=<…>`."""
        mark = raw.find(b": reject: ")
        begin = raw.find(b" from ", mark)
        stage, end = raw[mark + 10 : begin], raw.find(b": ", begin)
        envelope = raw.find(b"; from=<", end)
        to = raw.find(b" to=<", envelope)
        recipient = raw[to + 5 : raw.find(b">", to)]
        domain = self._domain_of(recipient)
        if mark < 0 or stage not in _STAGES or to < 0 or not domain or b" status=" in raw or not _is_queued(raw, mark):
            return self._judge.read(_text(raw))
        client = raw[begin + 6 : end]
        try:
            name, shown, provider = self._peers[client]
        except KeyError:
            name, shown, provider = self._peer(client)
        if shown is None:
            return self._judge.read(_text(raw))
        said = raw[end:envelope].replace(recipient, _RECIPIENT)
        sender = raw[envelope + 8 : raw.find(b">", envelope)]
        if sender and self._domain_of(sender):
            said = said.replace(sender, _RECIPIENT)
        said = _without_address(said, client)
        helo = raw.find(b" helo=<", to)
        greeting = raw[helo + 6 : raw.find(b">", helo) + 1] if helo >= 0 else b""
        if greeting in said and _NAME.search(greeting) and not emitter_of_host(greeting.decode("ascii").strip("<>")):
            said = said.replace(greeting, _PEERS)
        try:
            verdict = self._verdicts[said, provider, stage]
        except KeyError:
            return self._first(raw, (said, provider, stage))
        return None if verdict is None else (*verdict, name, domain)

    def _first(self, raw: bytes, key: tuple[bytes, str | None, bytes]) -> Failure | None:
        failure = self._judge.read(_text(raw))
        # A sample shows a line's own words, so these have to be read each time.
        if (failure is None or failure[1] is None) and len(key[0]) <= _LONGEST:
            if len(self._verdicts) >= _MOST:
                self._verdicts.clear()
            self._verdicts[key] = None if failure is None else failure[:2]
        return failure

    def _domain_of(self, address: bytes) -> str | None:
        """The domain of an address, to count; None where anything in it is unusual."""
        local, _, host = address.partition(b"@")
        if not local or local.translate(None, _LOCAL):
            return None
        try:
            return self._domains[host]
        except KeyError:
            return self._domain(host)

    def _domain(self, host: bytes) -> str | None:
        if len(self._domains) >= _MOST:
            self._domains.clear()
        usual = len(host) <= 253 and _DOMAIN.search(host) is not None
        found = self._domains[host] = domain_of(f"@{host.decode('ascii')}") if usual else None
        return found

    def _peer(self, peer: bytes) -> _Peer:
        if len(self._peers) >= _MOST:
            self._peers.clear()
        text = peer.decode("utf-8", "replace")
        provider = self._judge.provider(text)
        named = _PEER.search(peer)
        # The names of a provider's hosts stay in the text.
        mark = None if b" " in peer else named.group() if named and provider is None else b""
        found = self._peers[peer] = (peer_name(text), mark, provider)
        return found


def _without_address(said: bytes, client: bytes) -> bytes:
    """What was said to a client, without its address where that stands in brackets or, behind a slash, at the end."""
    address = client[client.find(b"[") + 1 : -1]
    if address.startswith(b"127.") or _ADDRESS.search(address) is None:
        return said
    said = said.replace(b"[" + address + b"]", _CLIENT)
    return said.removesuffix(address) + _CLIENT if said.endswith(b"/" + address) else said


def _is_queued(raw: bytes, to: int) -> bool:
    """Whether what stands before `: to=<` is the tag of a Postfix program and a queue id, as `postfix_log.take` wants it."""
    close = raw.find(b"]: ", raw.find(b"postfix") + 1)
    queue_id = raw[close + 3 : to]
    tag = raw.rfind(b"postfix", 0, close)
    return (
        0 <= tag < close
        and queue_id.isalnum()
        and 6 <= len(queue_id) <= 20
        and queue_id not in _LEVELS
        and b" " not in raw[tag:close]
    )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r")
