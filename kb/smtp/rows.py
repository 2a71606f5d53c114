"""The row types of the code tables: one row is one code, or one part of a code, with what it means."""

from __future__ import annotations

from collections import namedtuple

from kb.text import Text


class CodePart(namedtuple("CodePart", "value title meaning")):
    """What one digit of a reply code, or one sub-code of an enhanced status code, stands for."""

    __slots__ = ()
    value: str
    title: Text
    meaning: Text


class ReplyCode(namedtuple("ReplyCode", "code title meaning rfc registered", defaults=(True,))):
    """A reply code (RFC 5321 section 4.2). `registered` is False where the meaning is read off its digits."""

    __slots__ = ()
    code: str
    title: Text
    meaning: Text
    rfc: str
    registered: bool

    @property
    def reason(self) -> None:
        """No reason: one reply code stands for many causes, its text says which."""
        return None


class StatusCode(
    namedtuple(
        "StatusCode",
        "code title meaning replies rfc reason reason_classes registered",
        defaults=(None, "", True),
    )
):
    """An enhanced status code (RFC 3463), as `X.1.1` in the registry or as `5.1.1` in an answer.

    `title` in English is the sample text registered with IANA. `replies` are the reply codes the registry associates
    with it, digits left open as `y` and `z` (`5yz`); empty where it gives none. `reason` is one of the catalogue's
    REASONS, and holds for the classes in `reason_classes` ("5", "45"); None where programs use the code for more than
    one thing. `registered` is False where the meaning is read off class and subject.
    """

    __slots__ = ()
    code: str
    title: Text
    meaning: Text
    replies: tuple[str, ...]
    rfc: str
    reason: str | None
    reason_classes: str
    registered: bool
