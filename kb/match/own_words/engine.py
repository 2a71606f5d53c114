"""Asking the rules: the reply without what merely names somebody, and the first rule of its language that matches."""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import Hit
from kb.match.normalize import normalize
from kb.match.own_words.rule import Rule
from kb.match.pattern import Pattern
from kb.match.store import Store
from kb.regex import Late, in_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MAX_TEXT = 1000
# Hosts, addresses and links name somebody: `spam@example.com` is no word about spam.
_NAMES = Late(r"https?://[^ ]+|[^ <>(),;:\[\]]*@[^ <>(),;:\[\]]+|\b(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*[a-z]\b")
_HAN = Late(r"[\x{4e00}-\x{9fff}]{2}")
_KANA = Late(r"[\x{3040}-\x{30ff}]")
_CYRILLIC = Late(r"[\x{0400}-\x{04ff}]{3}")
_NONE = Pattern("", "", "", 0, frozenset())


def in_own_words(store: Store, observation: Observation) -> Hit | None:
    """The entry of the first rule that a refusal matches, with the place of its words; None when there is none."""
    normalized = normalize(observation.diagnostic[:_MAX_TEXT])
    begin = normalized.find(observation.reply_code or observation.enhanced_status or "")
    text = _without_names(" " * max(begin, 0) + normalized[max(begin, 0) :])
    raw = text.encode()
    for rule in _rules(text, raw):
        found = rule.regex.search(raw)
        if found is None or (rule.unless and rule.unless.search(raw)):
            continue
        entry = store.entry_by_id(rule.entry)
        if entry is not None:
            return Hit(entry, *in_text(found, text, raw), 0, _NONE)
    return None


def _without_names(text: str) -> str:
    """The text, of the same length, with `~` for each character of a name, and blanks for `_`."""
    return str(_NAMES.sub(_masked, text)).replace("_", " ")


def _masked(name: Any) -> str:
    return "~" * len(name.group())


def _rules(text: str, raw: bytes) -> Iterator[Rule]:
    """The rules of the languages that a text may be in, English last: it is written beside the others."""
    if not text.isascii():
        if _KANA.search(raw):
            from kb.match.own_words import japanese

            yield from japanese.RULES
        elif _HAN.search(raw):
            from kb.match.own_words import chinese

            yield from chinese.RULES
        elif _CYRILLIC.search(raw):
            from kb.match.own_words import russian

            yield from russian.RULES
    from kb.match.own_words import english, european

    yield from european.rules_for(raw)
    yield from english.RULES
