"""The dialogue with a server over a link that something else provides: banner to QUIT, and never DATA."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from kb.probe.model import AFTER, BEFORE, CLEAR, SHORT, TLS, TRIAL, Exchange, Login, Options, Problem, Talk, Tls
from kb.probe.reply import Reply
from kb.probe.sasl import MARK, REVEALING, choose, exchange

# PLAIN takes one step, LOGIN three, CRAM-MD5 two, and `*` ends an exchange that a server would prolong.
_MOST_STEPS = 5


class LinkError(Exception):
    """A step without a reply; kind and text as in `model.Problem`."""

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text


class Link(Protocol):
    """A connection."""

    local_address: str

    def reply(self) -> Reply:
        """The next reply. Raises LinkError."""

    def send(self, line: bytes) -> None:
        """Send a line; CRLF is added. Raises LinkError."""

    def start_tls(self) -> Tls:
        """Do a handshake, and verify the certificate as the link was told to. Raises LinkError."""

    def unread(self) -> bool:
        """Whether something has come that nobody asked for; it is thrown away."""


class Session:
    """One connection's dialogue; `talk` is what came of it."""

    def __init__(self, link: Link, options: Options, begins: str) -> None:
        self._link = link
        self._options = options
        self._over = CLEAR
        self._stage = "connect"
        self._exchanges: list[Exchange] = []
        self._tls: Tls | None = None
        self._login: Login | None = None
        self._injected = False
        self._begins = begins
        self._problem: Problem | None = None

    @property
    def talk(self) -> Talk:
        """What has been said so far."""
        return Talk(self._begins, tuple(self._exchanges), self._tls, self._login, self._injected, self._problem)

    def run(self) -> Talk:
        """Have the whole dialogue. Whatever ends it early is in the result."""
        try:
            if self._begins == "implicit":
                self._handshake()
            if self._banner().code == "220":
                self._after_banner()
        except LinkError as error:
            self._problem = Problem(self._stage, error.kind, self._options.secret.hide(error.text))
        return self.talk

    def _handshake(self) -> None:
        self._tls = self._link.start_tls()
        self._over = TLS

    def _banner(self) -> Reply:
        self._stage = "banner"
        return self._read("")

    def _after_banner(self) -> None:
        if self._ehlo():
            if self._over == CLEAR:
                self._upgrade()
            listed = self.talk.ehlo(self._over)
            self._recipient(BEFORE)
            if self._options.user and listed is not None:
                self._authenticate(listed.mechanisms)
                if self._login and self._login.outcome == "accepted":
                    self._recipient(AFTER)
        with suppress(LinkError):
            self._say("quit", "QUIT")

    def _ehlo(self, name: str = "", step: str = "") -> bool:
        name = name or self._options.ehlo or self._link.local_address
        return self._say("ehlo", f"EHLO {name}", step).positive

    def _upgrade(self) -> None:
        """Ask whether the server wants TLS first, then STARTTLS where it is listed."""
        offered = self.talk.ehlo(CLEAR)
        if self._say("mail", "MAIL FROM:<>", TRIAL).positive:
            self._say("mail", "RSET", TRIAL)
        if offered is None or "STARTTLS" not in offered:
            return
        if self._say("starttls", "STARTTLS").code != "220":
            return
        # Whatever stands behind that reply came in clear and must not count as said over TLS (RFC 3207 section 4.2).
        self._injected = self._link.unread()
        self._handshake()
        self._ehlo()

    def _recipient(self, step: str) -> None:
        """Ask for the recipient, and once more under a short name (RFC 5321 section 4.1.4 lets a client say EHLO again)."""
        self._envelope(step)
        short = self._options.short_name
        if not short or not self._options.recipient:
            return
        if self._ehlo(short, SHORT[step]):
            self._envelope(SHORT[step])
        if step == BEFORE and self._options.user:
            self._ehlo(step=SHORT[step])

    def _envelope(self, step: str) -> None:
        """MAIL and RCPT, then RSET: no mail is sent."""
        options = self._options
        if not options.recipient:
            return
        if self._say("mail", f"MAIL FROM:<{options.sender}>", step).positive:
            self._say("rcpt", f"RCPT TO:<{options.recipient}>", step)
            self._say("rcpt", "RSET")

    def _authenticate(self, listed: tuple[str, ...]) -> None:
        options = self._options
        private = self._over == TLS and (self._tls is not None and self._tls.verdict.trusted_by is not None)
        wanted = choose(listed, options.mechanism, private=private)
        if not listed and not options.mechanism:
            self._login = Login("unoffered")
        elif wanted is None:
            self._login = Login("unfit")
        elif wanted in REVEALING and not (private or self._may_reveal()):
            self._login = Login("withheld", wanted)
        else:
            self._login = self._exchange(wanted)

    def _may_reveal(self) -> bool:
        return self._options.in_clear if self._over == CLEAR else self._options.unverified

    def _exchange(self, mechanism: str) -> Login:
        """The exchange of one mechanism (RFC 4954 section 4)."""
        self._stage = "auth"
        lines = exchange(mechanism, self._options.user, self._options.secret)
        line, shown = next(lines), f"AUTH {mechanism}" + (f" {MARK}" if mechanism == "PLAIN" else "")
        for _ in range(_MOST_STEPS):
            self._link.send(line)
            reply = self._read(shown)
            if reply.code != "334":
                return Login("accepted" if reply.positive else "refused", mechanism, reply)
            try:
                line, shown = lines.send(" ".join(reply.lines).encode("utf-8")), MARK
            except (StopIteration, ValueError):
                line, shown = b"*", "*"
        raise LinkError("garbage", "334")

    def _say(self, stage: str, line: str, step: str = "") -> Reply:
        self._stage = stage
        self._link.send(line.encode("utf-8"))
        return self._read(line, step)

    def _read(self, sent: str, step: str = "") -> Reply:
        reply = self._link.reply()
        hide = self._options.secret.hide
        reply = Reply(reply.code, tuple(map(hide, reply.lines)))
        self._exchanges.append(Exchange(self._stage, self._over, sent, reply, step))
        if reply.code == "421":  # the server is closing the connection (RFC 5321 section 3.8)
            raise LinkError("closing")
        return reply
