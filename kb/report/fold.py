"""What varies from one message to the next, taken out of what was said, so that a log's many wordings are judged once each.

The letters of an address, a peer's own name, a session's id or a long number say nothing of what went wrong; that they are
replaced by fixed ones changes no judgement on any text that we know (tests/test_report.py), and where it could, the words around
them decide. None of them has a blank in it, so a text is folded word by word, and words are remembered.
"""

from __future__ import annotations

import re2

from kb.inputs.peers import emitter_of_host
from kb.match.foreign import PORTS
from kb.match.pattern import BOUNDARY
from kb.match.store import Store
from kb.match.tokens import tokens
from kb.report.memory import keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set

_ADDRESS = re2.compile(r"[A-Za-z0-9.!#$%&*+/=?^_{|}~\-]+@(?:[A-Za-z0-9\-]+\.)+[A-Za-z0-9\-]*[A-Za-z0-9]")
# A peer as Postfix names it, with its address behind it: `mx.example.com[192.0.2.1]`.
_PEER = re2.compile(
    r"([A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+)\[(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)\]"
)
# Its last part has a letter, unlike that of an address such as <192.0.2.1>.
_NAME = re2.compile(r"<([A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*\.[A-Za-z0-9_\-]*[A-Za-z][A-Za-z0-9_\-]*)>")
_IP = re2.compile(r"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b")
# What Google puts at the end of a reply: `a1-20020a170902c24c00b001d770328a05sm3332281plg.36 - gsmtp`; sm and si say who sends.
_GOOGLE = re2.compile(r"^[a-z0-9]+-[a-z0-9]+?(s[a-z])[0-9]{5,}[a-z]{3}\.[0-9]+$")
_ID = re2.compile(r"\b(?:[A-Za-z0-9]{8,}|[0-9]{4,7})\b")
_FIXED_ADDRESS, _FIXED_HOST, _FIXED_IP = "user@example.com", "mx.example.net", "192.0.2.1"
_FIXED_NUMBER, _FIXED_ID = "10000000", "4F1C22400"
_FIXED_SIGNATURE = (
    r"a1-20020a170902c24c00b001d770328a05\g<1>3332281plg.36"  # as long as theirs: the gaps of patterns have limits
)
_DIGITS = frozenset("0123456789")
_SHORTEST = 4
_LONGEST_NAME = 5
_LONGEST_REMEMBERED = 200


def fold_for(store: Store) -> Fold:
    """The fold for a catalogue in memory."""
    return Fold(words_of(store))


def words_of(store: Store) -> frozenset[str]:
    """All words of a catalogue's patterns and codes, in lower case."""
    patterns = [pattern for pattern, _ in store.patterns()]
    written = " ".join([*(pattern.literal for pattern in patterns), *(pattern.regex for pattern in patterns)])
    codes = " ".join(code for _, all_of_row in store.provider_rows() for code in all_of_row)
    return frozenset({*tokens(written.replace(BOUNDARY, " ")), *tokens(codes.lower()), *PORTS, "2525"})


class Fold:
    """Texts with addresses, names of peers and ids replaced; what is a word of a pattern stays."""

    def __init__(self, words: Set[str]) -> None:
        """`words`: all words of the catalogue's patterns and codes, in lower case."""
        self._folded = _Words(words).__getitem__

    def __call__(self, text: str) -> str:
        """The text to judge."""
        return " ".join(map(self._folded, text.split(" ")))


class _Words(dict[str, str]):
    """Words, and what they are when folded; made when first asked for."""

    def __init__(self, words: Set[str]) -> None:
        self._words = words

    def __missing__(self, word: str) -> str:
        folded = word if word.isalpha() else self._fold(word)
        if len(word) <= _LONGEST_REMEMBERED:
            keep(self, word, folded)
        return folded

    def _fold(self, text: str) -> str:
        if "@" in text:
            text = _ADDRESS.sub(_FIXED_ADDRESS, text)
        elif "[" in text:
            text = _PEER.sub(_peer, text)
        elif "<" in text:
            text = _NAME.sub(_name, text)
        if len(text) < _SHORTEST or _DIGITS.isdisjoint(text):
            return text
        if "-" in text and _GOOGLE.search(text):
            return str(_GOOGLE.sub(_FIXED_SIGNATURE, text))
        if text.count(".") > 2:
            text = _IP.sub(_ip, text)
        return str(_ID.sub(self._id, text))

    def _id(self, match: re2._Match) -> str:
        word = str(match.group())
        if word.isalpha() or word.lower() in self._words:
            return word
        # What a provider numbers, such as SBL123456, is told by its letters.
        name = word.rstrip("0123456789")
        if name.isalpha() or not name:
            number = _FIXED_NUMBER if len(word) >= len(_FIXED_NUMBER) else _FIXED_NUMBER[: len(word)]
            return name + number if len(name) <= _LONGEST_NAME else word
        return _FIXED_ID


def _peer(match: re2._Match) -> str:
    host = match.group(1)
    return match.group() if emitter_of_host(host) else f"{_FIXED_HOST}[{_FIXED_IP}]"


def _name(match: re2._Match) -> str:
    return match.group() if emitter_of_host(match.group(1)) else f"<{_FIXED_HOST}>"


def _ip(match: re2._Match) -> str:
    address = match.group()
    return address if address.startswith(("127.", "0.")) else _FIXED_IP
