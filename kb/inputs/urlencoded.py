"""Text out of an address or a form: `%20` or `+` for a blank, `%E5%AF%86` for a character."""

from __future__ import annotations

from collections.abc import Sequence

from kb import percent
from kb.inputs.encoding import decode
from kb.text import without_surrogates


def decoded(text: str) -> tuple[str, Sequence[int]] | None:
    """What an encoded text says, and for each character of that its place in `text`; None where it is not encoded.

    It is when its blanks are: there are more `%20` than blanks, or no blank at all but `%XX` or several `+`.
    """
    if "%" not in text and "+" not in text:
        return None
    text = without_surrogates(text)
    blanks = len(text.split()) - 1
    plus = blanks < 1 and "%20" not in text and text.count("+") > 1
    if not plus and not text.count("%20") > blanks and not (blanks < 1 and "%" in text):
        return None
    said, places = percent.decode(text, decode, plus)
    return (said, places) if said != text else None
