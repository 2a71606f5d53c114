"""A mail log of any length to measure with, always the same for the same arguments: python bench/maillog.py MIB [SHARE] > mail.log

Whole conversations as Postfix 3.7 logs them (tests/cases/benign.txt has the lines of the running daemons that the shapes were
taken from): connection, TLS, client, message-id, queue manager, delivery, removal; 152 bytes a line. SHARE of the lines, 0.05
unless told otherwise, are failures: deliveries in which the peer said one of the catalogue's examples, rejections, remarks; one in
five of them is text that the catalogue does not know. A message that is deferred is tried again with the same words, as in life; a few peers,
clients, recipients and kinds of replies make most of the traffic.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kb.catalog.read import read_catalog
from kb.data import data_root

SHARE = 0.05
SHARE_OF_CONVERSATIONS, SHARE_OF_RETRIES, SHARE_OF_UNKNOWN = 5.9, 2.1, 0.48
_DAY = 86_400
_REJECTS = (
    "554 5.7.1 <{to}>: Relay access denied",
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table",
    "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.org.html",
    "504 5.5.2 <{helo}>: Helo command rejected: need fully-qualified hostname",
    "450 4.7.25 Client host rejected: cannot find your hostname, [{ip}]",
    "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}",
    "450 4.1.8 <{sender}>: Sender address rejected: Domain not found",
)
_REMARKS = (
    "lost connection after AUTH from unknown[{ip}]",
    "warning: unknown[{ip}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
    "warning: hostname {helo} does not resolve to address {ip}: Name or service not known",
    "SSL_accept error from unknown[{ip}]: -1",
    "too many errors after RCPT from unknown[{ip}]",
)
_TLS = (
    "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
_UNKNOWN = (
    "551 Zorp {n} will not take this today",
    "571 the gnomes of {helo} disagree",
    "warning: frobnicator {n} is lopsided",
)


def log(size: int, share: float = SHARE, seed: int = 1) -> Iterator[bytes]:
    """Lines of a log of at least `size` bytes."""
    writer = _Writer(random.Random(seed), share)
    written = 0
    while written < size:
        for line in writer.conversation():
            raw = line.encode() + b"\n"
            written += len(raw)
            yield raw


@lru_cache(maxsize=1)
def replies() -> tuple[str, ...]:
    """The catalogue's examples that are replies of a server, in one line; in no order that means anything."""
    _, catalog = read_catalog(Path(data_root()))
    examples = (text for id_ in sorted(catalog.errors) for text in catalog.errors[id_].examples)
    found = [text for text in examples if re.match(r"[45]\d\d[ -]\S", text) and "\n" not in text and len(text) < 300]
    random.Random(1).shuffle(found)
    return tuple(found)


class _Writer:
    def __init__(self, chance: random.Random, share: float) -> None:
        self.chance = chance
        self.time = 0.0
        self.pid = 1000
        # Of the conversations written here those without a failure have eight or nine lines; each retry adds one.
        self.share = share * SHARE_OF_CONVERSATIONS
        self.share_of_retries = share * SHARE_OF_RETRIES
        self.deferred: list[str] = []

    def conversation(self) -> Iterator[str]:
        chance = self.chance
        self.time += chance.expovariate(12)
        self.pid += chance.randrange(3)
        if chance.random() < self.share_of_retries and self.deferred:
            yield self._line("smtp", chance.choice(self.deferred).replace("DELAY", str(chance.randrange(300, 90000))))
        if chance.random() >= self.share:
            yield from self._delivered()
        elif chance.random() < 0.4:
            yield from self._rejected()
        else:
            yield from self._refused()

    def _line(self, program: str, text: str) -> str:
        day, second = divmod(int(self.time), _DAY)
        stamp = f"Nov {1 + day % 30:2} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        return f"{stamp} mail postfix/{program}[{self.pid % 60000 + 100}]: {text}"

    def _few(self, count: int) -> int:
        """A number below `count`; small ones are much more frequent."""
        return min(count - 1, int(self.chance.paretovariate(0.6)) - 1)

    def _client(self) -> tuple[str, str]:
        number = self._few(20_000)
        ip = f"198.51.{number // 250 % 100}.{number % 250}"
        return ("unknown" if number % 3 == 0 else f"client{number}.example.org"), ip

    def _peer(self) -> tuple[str, str, str]:
        number = self._few(3000)
        domain = f"customer{number}.example.net"
        return domain, f"mx{number % 2 + 1}.{domain}", f"192.0.{number // 250}.{number % 250}"

    def _head(self) -> tuple[str, list[str]]:
        client, ip = self._client()
        queue_id = f"{self.chance.getrandbits(44):011X}"
        sender = f"news-{self._few(500)}@example.com"
        lines = [
            self._line("smtpd", f"connect from {client}[{ip}]"),
            self._line(
                "smtpd", f"Anonymous TLS connection established from {client}[{ip}]: {_TLS} server-digest SHA256"
            ),
            self._line("smtpd", f"{queue_id}: client={client}[{ip}]"),
            self._line(
                "cleanup", f"{queue_id}: message-id=<{self.chance.getrandbits(80):x}.{queue_id}@mail.example.com>"
            ),
            self._line(
                "qmgr", f"{queue_id}: from=<{sender}>, size={self.chance.randrange(800, 90000)}, nrcpt=1 (queue active)"
            ),
            self._line("smtpd", f"disconnect from {client}[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"),
        ]
        return queue_id, lines

    def _to(self, queue_id: str) -> tuple[str, str]:
        domain, host, ip = self._peer()
        to = f"user{self._few(400)}@{domain}"
        relay = f"relay={host}[{ip}]:25, delay=DELAY, delays=0.05/0.01/0.5/0.64"
        return f"{queue_id}: to=<{to}>, {relay}", f"{host}[{ip}]"

    def _delivered(self) -> Iterator[str]:
        queue_id, lines = self._head()
        yield from lines
        to, host = self._to(queue_id)
        if self.chance.random() < 0.9:
            yield self._line("smtp", f"Untrusted TLS connection established to {host}:25: {_TLS} server-digest SHA256")
        said = f"250 2.0.0 Ok: queued as {self.chance.getrandbits(40):010X}"
        yield self._line("smtp", f"{to.replace('DELAY', '1.2')}, dsn=2.0.0, status=sent ({said})")
        yield self._line("qmgr", f"{queue_id}: removed")

    def _refused(self) -> Iterator[str]:
        queue_id, lines = self._head()
        yield from lines
        to, host = self._to(queue_id)
        if self.chance.random() < SHARE_OF_UNKNOWN:
            said = self.chance.choice(_UNKNOWN[:2]).format(
                n=self.chance.randrange(10**6), helo=f"h{self._few(99)}.example.org"
            )
        else:
            said = _ADDRESS.sub(to.partition("<")[2].partition(">")[0], replies()[self._few(len(replies()))])
        status = "bounced" if said[0] == "5" else "deferred"
        command = self.chance.choice(("RCPT TO command", "end of DATA command", "MAIL FROM command"))
        text = f"{to}, dsn={said[0]}.0.0, status={status} (host {host} said: {said} (in reply to {command}))"
        if status == "deferred":
            self.deferred = [*self.deferred[-200:], text]
        yield self._line("smtp", text.replace("DELAY", "1.2"))
        yield self._line("qmgr", f"{queue_id}: removed")

    def _rejected(self) -> Iterator[str]:
        client, ip = self._client()
        helo, sender = f"h{self._few(999)}.example.org", f"u{self._few(999)}@example.org"
        values = {"to": f"user{self._few(400)}@example.com", "helo": helo, "ip": ip, "sender": sender}
        yield self._line("smtpd", f"connect from {client}[{ip}]")
        if self.chance.random() < 0.3:
            yield self._line("smtpd", self.chance.choice(_REMARKS).format(**values))
        else:
            said = self.chance.choice(_REJECTS).format(**values)
            envelope = f"from=<{sender}> to=<{values['to']}> proto=ESMTP helo=<{helo}>"
            yield self._line("smtpd", f"NOQUEUE: reject: RCPT from {client}[{ip}]: {said}; {envelope}")
        yield self._line("smtpd", f"disconnect from {client}[{ip}] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")


if __name__ == "__main__":
    sys.stdout.buffer.writelines(
        log(int(float(sys.argv[1]) * 2**20), float(sys.argv[2]) if len(sys.argv) > 2 else SHARE)
    )
