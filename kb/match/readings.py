"""How else a paste can be read that says nothing clear as it stands: letters taken for digits, words that a terminal broke at
its right edge, blanks between Chinese and Latin or after Chinese punctuation that were left out or put in, a last word that
was cut off.

A reading is another text with the place in the paste that each of its characters stands for. It is only asked when the text
itself gives no answer, or one on a code or a loose wording, and counts when a pattern that is none of these agrees with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.match.store import Store
from kb.record import Record
from kb.regex import Late
from kb.text import without_surrogates

MAX_TEXT = 4096
_MAX_COMPLETIONS = 20
_MIN_WIDTH = 40  # of a terminal
# `rec0rd`, `re1ay`: what reads text out of a picture confuses them. Between letters hardly a word has these digits.
_DIGIT_IN_WORD = Late(r"([A-Za-z])([01])([A-Za-z]{2})")
_CHINESE = Late(r"[\x{3001}-\x{301f}\x{3400}-\x{9fff}\x{ff01}-\x{ff5e}]")
# A word that is cut off is completed where a reply's code or dots say that more was there to say.
_MORE = Late(r"(?:^|[^0-9])[45][0-5][0-9][ -]|\.{3,}|…")
_CUT = Late(r"(?:^|[^0-9A-Za-z_])([a-z]{3,20})(?:\.{3,}|…)?[ \t\r\n\"'`]*$")


class Reading(Record):
    """A text, and the place in the paste of each of its characters. same: whether it only has its blanks elsewhere."""

    text: str
    places: Sequence[int]
    same: bool = False


def other_readings(store: Store, text: str) -> Iterator[Reading]:
    """Each other reading of a short text, the likeliest first."""
    if len(text) > MAX_TEXT:
        return
    text = without_surrogates(text)
    if "0" in text or "1" in text:
        letters = str(_DIGIT_IN_WORD.sub(_as_letter, text))
        if letters != text:
            yield Reading(letters, range(len(text)))
    if "\n" in text:
        yield from _unbroken(text)
    if _CHINESE.search(text):
        yield from _spacings(text)
    cut = _CUT.search(text[-64:]) if _MORE.search(text) else None
    if cut is None:
        return
    offset = max(0, len(text) - 64)
    start, end = (offset + place for place in cut.span(1))
    for word in store.completions(cut.group(1), _MAX_COMPLETIONS):
        whole = text[:start] + word
        yield Reading(whole, (*range(end), *[end - 1] * (len(whole) - end)))


def _unbroken(text: str) -> Iterator[Reading]:
    """The text with its lines put together that go to the right edge, if it is broken within words there."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if width < _MIN_WIDTH:
        return
    places: list[int] = []
    start, is_broken = 0, False
    for line, after in zip(lines, (*lines[1:], ""), strict=True):
        places += range(start, start + len(line))
        start += len(line) + 1
        goes_on = len(line) == width
        is_broken |= goes_on and bool(line[-1:].strip() and after[:1].strip())
        if not goes_on and start <= len(text):
            places.append(start - 1)
    if is_broken:
        yield Reading("".join(text[place] for place in places), places)


def _spacings(text: str) -> Iterator[Reading]:
    """Chinese has no blanks, and beside Latin letters one or none: the text written in either way, once with ASCII marks."""
    spaced: list[tuple[str, int]] = []
    joined: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
        if character == " ":
            spaced += [(" ", place)] if not (_is_chinese(before) and _is_chinese(after)) else []
            joined += [(" ", place)] if not (_is_chinese(before) or _is_chinese(after)) else []
            continue
        if (_is_chinese(before) and _is_latin(character)) or (_is_latin(before) and _is_han(character)):
            spaced.append((" ", place))
        spaced.append((_narrow(character), place))
        joined.append((character, place))
    for reading in (spaced, joined):
        said = "".join(character for character, _ in reading)
        if said != text:
            yield Reading(said, [place for _, place in reading], same=True)


def _is_chinese(character: str) -> bool:
    """Whether it is a Chinese character or punctuation mark."""
    mark = "\u3001" <= character <= "\u301f" or "\uff01" <= character <= "\uff1f"
    return _is_han(character) or (mark and not character.isalnum())


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_latin(character: str) -> bool:
    """Whether it is a letter or digit of ASCII, or the wide form of one."""
    return character.isalnum() and (character.isascii() or "\uff10" <= character <= "\uff5a")


def _narrow(character: str) -> str:
    """The ASCII form of a wide letter, digit or mark: a reply code is looked for in ASCII."""
    return chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" else character


def _as_letter(found: object) -> str:
    before, digit, after = found.groups()  # type: ignore[attr-defined]
    return f"{before}{'o' if digit == '0' else 'l'}{after}"
