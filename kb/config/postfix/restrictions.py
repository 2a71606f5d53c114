"""smtpd_*_restrictions: what they decide for a client that is trusted or not, authenticated or not.

Evaluation follows smtpd_check.c: each list is read from the left until something decides; a reject ends the command, a permit
ends only its list. What a table or an outside service decides cannot be seen, and is taken not to decide.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.config.postfix.effective import Effective
from kb.config.postfix.values import takes_argument

# Classes within classes, one level of the stack each.
_MOST_CLASSES = 50
MAX_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Client:
    """Whom the lists judge: its address is in mynetworks, it has authenticated; the recipient is one the server receives for."""

    trusted: bool
    authenticated: bool
    local_recipient: bool = False


# What smtpd_check.c wants to see before it starts.
_NEEDED = frozenset(
    {
        "reject",
        "defer",
        "defer_if_permit",
        "reject_unauth_destination",
        "defer_unauth_destination",
        "check_relay_domains",
    }
)
_DECIDES: Mapping[str, str] = {
    "permit": "permit",
    "reject": "reject",
    "defer": "defer",
    "reject_unauth_destination": "reject",
    "check_relay_domains": "reject",
    "defer_unauth_destination": "defer",
}
FIRST_LISTS = ("smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions")


class Lists:
    """The restriction lists of one service."""

    def __init__(self, effective: Effective) -> None:
        self._effective = effective
        self._words: dict[str, list[str]] = {}
        self.classes = frozenset(effective.words("smtpd_restriction_classes")[:MAX_WORDS])

    def words(self, name: str) -> list[str]:
        """The words of a list or class, `{...}` as one word without its braces."""
        if name not in self._words:
            self._words[name] = _split(self._effective.text(name))
        return self._words[name]

    def last(self) -> tuple[str, str]:
        """The lists of relaying and of recipients, in the order in which they judge; from Postfix 3.6 on a switch decides."""
        both = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
        return both if self._effective.yes("smtpd_relay_before_recipient_restrictions") else (both[1], both[0])

    def verdict(self, client: Client, lists: Sequence[str]) -> tuple[str, str]:
        """What becomes of a recipient by these lists: permit, reject (5xx) or defer (4xx), and the restriction that says so."""
        for name in lists:
            result, by = self._judge(self.words(name), client, {})
            if result in ("reject", "defer"):
                return result, by
        return "permit", ""

    def protected(self) -> bool:
        """Whether smtpd starts at all: it wants something that refuses relaying in one of two lists."""
        return any(self._refuses_relaying(name) for name in self.last())

    def _refuses_relaying(self, name: str, opened: tuple[str, ...] = ()) -> bool:
        """As has_required() of src/smtpd/smtpd_check.c: a `permit` ends its own list, or its own class."""
        warned = False
        for word, _ in _pairs(self.words(name)):
            plain = word.lower()
            if plain == "permit" and not warned:
                return False
            if plain in _NEEDED and not warned:
                return True
            nested = word in self.classes and word not in opened and len(opened) < _MOST_CLASSES
            if nested and self._refuses_relaying(word, (*opened, word)):
                return True
            warned = plain == "warn_if_reject"
        return False

    def reaches(self, client: Client, wanted: frozenset[str]) -> bool:
        """Whether a client that nothing else refuses comes to one of these restrictions."""
        for name in (*FIRST_LISTS, *self.last()):
            for word, _ in _pairs(self.words(name)):
                if word.lower() in wanted:
                    return True
                if self._one(word, client, {}):
                    break
        return False

    def restrictions(self, name: str) -> Iterator[tuple[str, str]]:
        """Every restriction of a list with its argument; those of a class once, after its name."""
        todo = deque(_pairs(self.words(name)))
        opened: set[str] = set()
        while todo:
            word, argument = todo.popleft()
            yield word, argument
            if word in self.classes and word not in opened:
                opened.add(word)
                todo.extendleft(reversed(list(_pairs(self.words(word)))))

    def _judge(self, listed: Sequence[str], client: Client, seen: dict[str, str]) -> tuple[str, str]:
        """The first restriction that decides; `seen` holds what the classes came to, so that none is judged twice."""
        warn = False
        for word, _ in _pairs(listed):
            if word.lower() == "warn_if_reject":
                warn = True
                continue
            result = self._one(word, client, seen)
            if result and not (warn and result != "permit"):
                return result, word
            warn = False
        return "", ""

    def _one(self, word: str, client: Client, seen: dict[str, str]) -> str:
        """permit, reject, defer or "" (does not decide)."""
        name = word.lower()
        if name == "permit_mynetworks":
            return "permit" if client.trusted else ""
        if name == "permit_sasl_authenticated":
            return "permit" if client.authenticated else ""
        if name in ("reject_unauth_destination", "check_relay_domains", "defer_unauth_destination"):
            return "" if client.local_recipient else _DECIDES[name]
        if name == "permit_auth_destination":
            return "permit" if client.local_recipient else ""
        if name in _DECIDES:
            return _DECIDES[name]
        if word in self.classes and word not in seen:
            seen[word] = ""
            if len(seen) <= _MOST_CLASSES:
                seen[word] = self._judge(self.words(word), client, seen)[0]
        return seen.get(word, "")


def _split(text: str) -> list[str]:
    """Words apart at blanks and commas."""
    found: list[str] = []
    piece: list[str] = []
    level = 0
    for character in text:
        if character in "{}":
            level = max(level + (1 if character == "{" else -1), 0)
            character = " "
        if level == 0 and (character == "," or character in " \t\r\n"):
            found.append("".join(piece).strip())
            piece = []
            if len(found) > MAX_WORDS:
                break
        else:
            piece.append(character)
    found.append("".join(piece).strip())
    return [word for word in found if word]


def _pairs(listed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Restrictions with their arguments."""
    position = 0
    while position < len(listed):
        word = listed[position]
        position += 1
        if takes_argument(word.lower()) and position < len(listed):
            yield word, listed[position]
            position += 1
        else:
            yield word, ""
