"""Text out of an address or a form: `%20` or `+` for a blank, `%E5%AF%86` for a character (RFC 3986 section 2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from kb.inputs.encoding import decode as decode_bytes
from kb.regex import Late
from kb.text import without_surrogates

_RUN = Late(r"(?:%[0-9a-fA-F]{2})+|\+")


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
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        coded = run.group().replace("%", "")
        meaning = " +"[not plus] if coded == "+" else decode_bytes(bytes.fromhex(coded))
        parts += (text[done:start], meaning)
        places += range(done, start)
        # A character stands at its first byte, near enough for a run of several.
        places += (start + (end - start) * i // len(meaning) for i in range(len(meaning)))
        done = end
    if not done:
        return None
    places += range(done, len(text))
    return "".join((*parts, text[done:])), places
