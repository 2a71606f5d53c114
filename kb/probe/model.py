"""What is asked of a server, and what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.probe.der import Certificate
from kb.probe.reply import Extensions, Reply, extensions
from kb.probe.sasl import NO_SECRET, Secret

CLEAR, TLS = "clear", "tls"
TRIAL, BEFORE, AFTER = "trial", "before", "after"
# The same question under a name for EHLO that has no dot, as a container's.
SHORT = {BEFORE: "short-before", AFTER: "short-after"}
TLS_VERSIONS = ("1.0", "1.1", "1.2", "1.3")


@dataclass(frozen=True)
class Options:
    """What to ask. host, port: where to connect. name: the host as the client spells it, for the certificate and SNI.

    begins: "auto", "plain" or "implicit". timeout: seconds for every single step. user "" logs nobody in.
    in_clear, unverified: whether the password may go over a link without TLS, and to a server whose certificate does not
    verify. recipient: asks whether the server takes it, from `sender`. short_name: a name for EHLO without a dot, under which
    to ask for it once more; "" where the client's own name is full. names: what the client wants in the certificate, one of
    them; none for `name`. versions: try every TLS version.
    """

    host: str
    port: int
    name: str
    begins: str = "auto"
    timeout: float = 10.0
    ehlo: str = ""
    user: str = ""
    secret: Secret = NO_SECRET
    mechanism: str | None = None
    in_clear: bool = False
    unverified: bool = False
    sender: str = ""
    recipient: str = ""
    short_name: str = ""
    names: tuple[str, ...] = ()
    ca_file: str | None = None
    versions: bool = False


@dataclass(frozen=True)
class Problem:
    """What ended a step without a reply.

    kind: dns, refused, timeout, unreachable, closed, reset, silent, closing (after 421), garbage, tls-bytes, too-long, and of
    handshakes certificate, plain (no TLS came), version, client-certificate, tls. text: the words of the system or the TLS
    library, or what the server sent instead; harmless.
    """

    stage: str
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Attempt:
    """One address that was tried; problem is None where it answered."""

    address: str
    problem: Problem | None = None


@dataclass(frozen=True)
class Exchange:
    """A command as it may be shown ("" before the banner), the reply, and the link they went over.

    step tells the MAIL and RCPT commands apart: TRIAL only asks whether the server wants TLS first, BEFORE and AFTER (a login)
    ask for the recipient, and so does SHORT of these, with EHLO before it.
    """

    stage: str
    link: str
    sent: str
    reply: Reply
    step: str = ""


@dataclass(frozen=True)
class Verdict:
    """What verification of the certificate says: trusted by "system", by "file" (--ca-file), or by nothing (None).

    number, text: the first complaint, as OpenSSL numbers and words it (X509_V_ERR_…); 0 and "" without one.
    """

    trusted_by: str | None
    number: int = 0
    text: str = ""


@dataclass(frozen=True)
class Tls:
    """A handshake that succeeded. certificate is None where it could not be read."""

    version: str
    cipher: str
    certificate: Certificate | None
    fingerprint: str
    verdict: Verdict


@dataclass(frozen=True)
class Login:
    """outcome: accepted, refused, withheld (the link was not fit for a password), unoffered (no AUTH), unfit (no mechanism)."""

    outcome: str
    mechanism: str = ""
    reply: Reply | None = None


@dataclass(frozen=True)
class Talk:
    """One connection from its begin to its end. begins: plain or implicit. problem: what ended it early."""

    begins: str
    exchanges: tuple[Exchange, ...] = ()
    tls: Tls | None = None
    login: Login | None = None
    injected: bool = False
    problem: Problem | None = None

    @property
    def begun(self) -> bool:
        """Whether the server was understood at all: it greeted, or the handshake succeeded."""
        return bool(self.exchanges) or self.tls is not None

    def replies(self, stage: str, link: str | None = None) -> Iterator[Reply]:
        """The replies at a stage, in order, but those under another name."""
        named = SHORT.values()
        return (e.reply for e in self.exchanges if e.stage == stage and link in (None, e.link) and e.step not in named)

    def ehlo(self, link: str) -> Extensions | None:
        """What the EHLO reply on a link lists, None without a positive one."""
        reply = next(self.replies("ehlo", link), None)
        return extensions(reply.lines) if reply and reply.positive else None

    def envelope(self, step: str) -> tuple[Exchange, ...]:
        """MAIL and RCPT of one step."""
        return tuple(e for e in self.exchanges if e.step == step)


@dataclass(frozen=True)
class Measurement:
    """All that was found out. talk: the connection that got furthest, None where none came up.

    versions: TLS versions that were tried on their own, and whether each was accepted.
    """

    options: Options
    attempts: tuple[Attempt, ...]
    talk: Talk | None = None
    problem: Problem | None = None
    versions: tuple[tuple[str, bool], ...] = field(default=())

    @property
    def reached(self) -> bool:
        """Whether any address took the connection."""
        return any(attempt.problem is None for attempt in self.attempts)

    def without_secret(self) -> Measurement:
        """The same without the password."""
        return replace(self, options=replace(self.options, secret=NO_SECRET))
