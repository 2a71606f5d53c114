"""The SASL mechanisms that the probe can use (RFC 4616 PLAIN, LOGIN as servers know it, RFC 2195 CRAM-MD5), and the password."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Generator, Sequence

import re2

from kb.probe.reply import harmless
from kb.text import without_surrogates

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
# With these the password itself crosses the link.
REVEALING = frozenset({"PLAIN", "LOGIN"})
_OPEN_LINK = ("CRAM-MD5", "PLAIN", "LOGIN")
MARK = "***"
_SHORTEST_FRAGMENT = 4


class Secret:
    """A password. It does not show itself, and hides where a server repeats it."""

    __slots__ = ("_forms", "_value")

    def __init__(self, value: str, user: str = "") -> None:
        self._value = value
        self._forms = _forms(value, user) if value else None

    def __repr__(self) -> str:
        return f"Secret({MARK})"

    def reveal(self) -> bytes:
        """The password as it is sent (UTF-8)."""
        return self._value.encode("utf-8", "surrogateescape")

    def hide(self, text: str) -> str:
        """`text` without the password, in its own letters or in Base64 wherever that begins."""
        return str(self._forms.sub(MARK, text)) if self._forms else text


NO_SECRET = Secret("")


def _forms(value: str, user: str) -> re2._Regexp:
    """All forms in which a password is hidden."""
    raw = value.encode("utf-8", "surrogateescape")
    forms = {re2.escape(without_surrogates(value)), re2.escape(harmless(raw))}
    for whole in (raw, b"\0" + user.encode("utf-8", "surrogateescape") + b"\0" + raw):
        for offset in range(3):
            encoded = base64.b64encode(bytes(offset) + whole).decode("ascii").rstrip("=")
            # The first letters belong to what came before, the last one to what comes after.
            fragment = encoded[(0, 2, 3)[offset] :]
            fragment = fragment[:-1] if (offset + len(whole)) % 3 else fragment
            if len(fragment) >= _SHORTEST_FRAGMENT:
                forms.add(f"(?-i:{re2.escape(fragment)})[A-Za-z0-9+/]?=*")
    return re2.compile("(?i:" + "|".join(sorted(forms, key=len, reverse=True)) + ")")


def choose(listed: Sequence[str], wanted: str | None, *, private: bool) -> str | None:
    """The mechanism to use: the wanted one, listed or not; else the first fit of those listed, None when there is none."""
    if wanted:
        return wanted.upper()
    return next((name for name in (MECHANISMS if private else _OPEN_LINK) if name in listed), None)


def exchange(mechanism: str, user: str, secret: Secret) -> Generator[bytes, bytes, None]:
    """The lines that the client sends, given the text of each 334 reply. Raises ValueError for an unreadable challenge."""
    name = user.encode("utf-8", "surrogateescape")
    if mechanism == "PLAIN":
        yield b"AUTH PLAIN " + base64.b64encode(b"\0" + name + b"\0" + secret.reveal())
    elif mechanism == "LOGIN":
        yield b"AUTH LOGIN"
        yield base64.b64encode(name)
        yield base64.b64encode(secret.reveal())
    elif mechanism == "CRAM-MD5":
        challenge = yield b"AUTH CRAM-MD5"
        try:
            asked = base64.b64decode(challenge, validate=True)
        except binascii.Error as error:
            raise ValueError("not Base64") from error
        digest = hmac.new(secret.reveal(), asked, "md5").hexdigest()
        yield base64.b64encode(name + b" " + digest.encode("ascii"))
    else:
        raise ValueError(mechanism)
