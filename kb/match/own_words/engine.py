"""Asking the rules: the reply without what merely names somebody, and what its language's rules say of it."""

from __future__ import annotations

from kb.inputs.observation import Observation
from kb.match.engine import Hit
from kb.match.foreign import is_mail, may_be_mail
from kb.match.normalize import normalize
from kb.match.own_words.precedence import undecided
from kb.match.own_words.rule import Rule, Rules
from kb.match.pattern import Pattern
from kb.match.score import UNKNOWN
from kb.match.store import Store
from kb.regex import Late, in_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_MAX_TEXT = 1000
_MAX_TOLD = 120  # what somebody tells in a sentence or two; longer texts are about more than one thing
_MAX_SPELT = 240  # the same in letters
_MAX_SPAN = 160  # words further apart belong to different sentences, whatever stands between them
# Reply codes that the web has too, and of other services' logins: without a word of mail they are rather those.
_SHARED = ("40", "41", "42", "44", "50", "51", "53")
# What only the web has: `404 Not Found` is no word of a mail server.
_OF_THE_WEB = ("400", "401", "404", "405", "408", "409", "410", "413", "429")
# Hosts, addresses and links name somebody: `spam@example.com` is no word about spam.
_NAMES = Late(r"https?://[^ ]+|[^ <>(),;:\[\]]*@[^ <>(),;:\[\]]+|\b(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*[a-z]\b")
_HAN = Late(r"[\x{4e00}-\x{9fff}]{2}")
# A question how something is done, not what is to be done about a failure.
_ASKS_HOW = Late(r"怎[么样](?:设|配|写|开|做|用|限)|如何[^解处]|是什么|什么是")
_PROGRAM = Late(r"[a-zA-Z][\w./-]{1,30}: ")
# Where the program reports one more line of the same reply.
_GOES_ON = Late(r"(?:server message: |[^\n:]{0,30}: )?[245][0-9][0-9]")
_KANA = Late(r"[\x{3040}-\x{30ff}]")
_CYRILLIC = Late(r"[\x{0400}-\x{04ff}]{3}")
_NONE = Pattern("", "", "", 0, ())
_MARKS = ("'", '"')


def in_own_words(store: Store, observation: Observation, known: Hit | None, by_code: str | None) -> Hit | None:
    """The entry of the most particular rule that a refusal matches, with the place of its words; None when there is none.

    known: what is found already and says little; what stands within it does not count. by_code: the reason that a code gives.
    Where either says something, only rules that are sure of it go before it, and none that says the same. Where rules of
    several entries match and none is declared to go before the others (kb.match.own_words.precedence), there is none.
    """
    if not _is_reply(observation):
        return None
    normalized = normalize(_quotation_ends(_until_the_program_speaks(observation), observation.reply_code))
    begin = max(normalized.find(observation.reply_code or observation.enhanced_status or ""), 0)
    text = without_names(" " * begin + _without_repeats(normalized, known)[begin:])
    told = by_code not in (None, "policy") or (known is not None and known.entry.reason != UNKNOWN)
    if told and not observation.reply_code:
        return None  # the words of a program that delivers, not of a server that refuses
    for places in matches(text):
        found = {
            rule.entry: place
            for rule, place in places
            if (rule.sure or not told) and not (known and _is_within(place, known, normalized))
        }
        if not found:
            continue
        decided = undecided(found)
        entry = store.entry_by_id(min(decided)) if len(decided) == 1 else None
        said = by_code or (known.entry.reason if known else None)
        return None if entry is None or entry.reason == said else Hit(entry, *found[entry.id], _NONE)
    return None


def _quotation_ends(text: str, code: str | None) -> str:
    """A text up to the end of the quotation that begins with its code: what a client adds after it is not the server's."""
    begin = min((place for mark in _MARKS if (place := text.find(mark + code)) >= 0), default=-1) if code else -1
    if begin < 0:
        return text
    end = text.find(text[begin], begin + 1)
    while 0 <= end < len(text) - 1 and text[end + 1].isalnum():  # an apostrophe within a word
        end = text.find(text[begin], end + 1)
    return text if end < 0 else text[:end]


def told(store: Store, observation: Observation, known: Hit | None) -> Hit | None:
    """The entry for what a short text without a code tells of mail, as people ask for help, or None.

    known: what a pattern found that gives no reason. Chinese goes before it, other languages where anybody may have said it.
    """
    if hit := told_in_chinese(store, observation):
        return hit
    return None if known and "any" not in known.entry.emitters else _told_elsewhere(store, observation)


def _told_elsewhere(store: Store, observation: Observation) -> Hit | None:
    """The same in other languages than Chinese."""
    text = observation.diagnostic
    if len(text) > _MAX_SPELT:
        return None
    from kb.match.own_words import told as elsewhere

    masked = without_names(normalize(text))
    raw = masked.encode()
    if not elsewhere.TOPIC.search(raw) or elsewhere.ASKS_HOW.search(raw):
        return None
    return _decided(store, elsewhere.RULES, masked, raw)


def _without_repeats(text: str, known: Hit | None) -> str:
    """The text, of the same length, without what a program says of its own accord and may say again after the reply."""
    if known is None or known.entry.side != "client" or next(iter(known.pattern.gaps(text)), None):
        return text
    said = text[known.start : known.end]
    return text.replace(said, " " * len(said))


def _until_the_program_speaks(observation: Observation) -> str:
    """The diagnostic to the end of what the server said, where the program goes on in lines of its own, as msmtp does.

    `msmtp: server message: 554 …` and then `msmtp: could not send mail …`: the second is no word of the server.
    """
    text = observation.diagnostic[:_MAX_TEXT]
    place = text.find(observation.reply_code or observation.enhanced_status or "")
    line = text[text.rfind("\n", 0, max(place, 0)) + 1 :]
    program = line[: line.find(": ") + 2]
    if place < 0 or not _PROGRAM.fullmatch(program):
        return text
    end = text.find("\n" + program, place)
    while end >= 0 and _GOES_ON.match(text[end + 1 + len(program) :]):
        end = text.find("\n" + program, end + 1)
    return text if end < 0 else text[:end]


def told_in_chinese(store: Store, observation: Observation) -> Hit | None:
    """The entry for what a short text without a code tells of mail in Chinese, as people ask for help, or None."""
    text = observation.diagnostic
    if len(text) > _MAX_TOLD or text.isascii() or not is_mail(text):
        return None
    masked = without_names(normalize(text))
    raw = masked.encode()
    if not _HAN.search(raw) or _KANA.search(raw) or _ASKS_HOW.search(raw):
        return None
    from kb.match.own_words import chinese_told

    return _decided(store, chinese_told.RULES, masked, raw)


def _decided(store: Store, rules: Rules, text: str, raw: bytes) -> Hit | None:
    """The entry of the most particular rule that a text matches; None where none is declared to go before the others."""
    found = {rule.entry: place for rule in rules.open(text) if (place := _place(rule, text, raw))}
    decided = undecided(found)
    entry = store.entry_by_id(min(decided)) if len(decided) == 1 else None
    return None if entry is None else Hit(entry, *found[entry.id], _NONE)


def _is_within(place: tuple[int, int], known: Hit, normalized: str) -> bool:
    """Whether words stand within what is found already; what a gap of its pattern passes over is not found."""
    if not (known.start <= place[0] and place[1] <= known.end):
        return False
    return not any(start <= place[0] and place[1] <= end for start, end in known.pattern.gaps(normalized))


def matches(text: str) -> Iterator[list[tuple[Rule, tuple[int, int]]]]:
    """The rules that a text matches, each with its place: of the likeliest language first, English last.

    text: in the normal form, without names. Of the rules of one entry, the one with the first and longest place comes last.
    """
    raw = text.encode()
    for tables in _tables(text, raw):
        found = [(rule, place) for rules in tables for rule in rules.open(text) if (place := _place(rule, text, raw))]
        yield sorted(found, key=lambda one: (-one[1][0], one[1][1], one[0].entry))


def _place(rule: Rule, text: str, raw: bytes) -> tuple[int, int] | None:
    """Where the words of a rule stand."""
    found = rule.regex.search(raw)
    if found is None or found.end() - found.start() > _MAX_SPAN or (rule.unless and rule.unless.search(raw)):
        return None
    return in_text(found, text, raw)


def _is_reply(observation: Observation) -> bool:
    """Whether a text with a code is a reply of a mail server: a program or report says so, or its form or its words do."""
    text, code = observation.diagnostic, observation.reply_code or ""
    if observation.emitter or observation.format == "dsn" or observation.enhanced_status:
        return True
    if code in _OF_THE_WEB:
        return False
    if text.lstrip(" \t\r\n\"'`*([<").startswith(code) and (code == "421" or not code.startswith(_SHARED)):
        return True
    return may_be_mail(text)


def without_names(text: str) -> str:
    """The text, of the same length, with `@` for each character of an address, `~` of a host or link, and blanks for `_`."""
    return str(_NAMES.sub(_masked, text)).replace("_", " ")


def _masked(name: Any) -> str:
    text = name.group()
    return ("@" if "@" in text else "~") * len(text)


def _tables(text: str, raw: bytes) -> Iterator[Sequence[Rules]]:
    """The rules of the languages that a text may be in, equally likely ones together, and English last."""
    if not text.isascii():
        if _KANA.search(raw):
            from kb.match.own_words import japanese

            yield (japanese.RULES,)
        elif _HAN.search(raw):
            from kb.match.own_words import chinese

            yield (chinese.RULES,)
        elif _CYRILLIC.search(raw):
            from kb.match.own_words import russian

            yield (russian.RULES,)
    from kb.match.own_words import english, european

    yield from european.tables_for(text, raw)
    yield (english.RULES,)
