"""How else a paste can be read that says nothing clear as it stands: letters taken for digits, a last word that was cut off.

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
# `rec0rd`, `re1ay`: what reads text out of a picture confuses them. Between letters hardly a word has these digits.
_DIGIT_IN_WORD = Late(r"([A-Za-z])([01])([A-Za-z]{2})")
# A word that is cut off is completed where a reply's code or dots say that more was there to say.
_MORE = Late(r"(?:^|[^0-9])[45][0-5][0-9][ -]|\.{3,}|…")
_CUT = Late(r"(?:^|[^0-9A-Za-z_])([a-z]{3,20})(?:\.{3,}|…)?[ \t\r\n\"'`]*$")


class Reading(Record):
    """A text, the place in the paste of each of its characters, and where in it what was supplied begins."""

    text: str
    places: Sequence[int]
    supplied: int


def other_readings(store: Store, text: str) -> Iterator[Reading]:
    """Each other reading of a short text, the likeliest first."""
    if len(text) > MAX_TEXT:
        return
    text = without_surrogates(text)
    if "0" in text or "1" in text:
        letters = str(_DIGIT_IN_WORD.sub(_as_letter, text))
        if letters != text:
            yield Reading(letters, range(len(text)), 0)
    cut = _CUT.search(text[-64:]) if _MORE.search(text) else None
    if cut is None:
        return
    offset = max(0, len(text) - 64)
    start, end = (offset + place for place in cut.span(1))
    for word in store.completions(cut.group(1), _MAX_COMPLETIONS):
        whole = text[:start] + word
        yield Reading(whole, (*range(end), *[end - 1] * (len(whole) - end)), end)


def _as_letter(found: object) -> str:
    before, digit, after = found.groups()  # type: ignore[attr-defined]
    return f"{before}{'o' if digit == '0' else 'l'}{after}"
