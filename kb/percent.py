"""Percent-encoding (RFC 3986 section 2.1), as addresses and forms have it."""

from __future__ import annotations

from kb.regex import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_RUN = Late("(?:%[0-9a-fA-F]{2})+")


def decode(text: str, read: Callable[[bytes], str], plus: bool) -> tuple[str, list[int]]:
    """`text` with each run of `%XX` as what `read` makes of its bytes, and the place in `text` of each of its characters.

    plus: whether `+` stands for a blank, as in a form.
    """
    if plus:
        text = text.replace("+", " ")
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        meaning = read(bytes.fromhex(run.group().replace("%", "")))
        parts += (text[done:start], meaning)
        places += range(done, start)
        # A character stands at its first byte, near enough for a run of several.
        places += (start + (end - start) * i // len(meaning) for i in range(len(meaning)))
        done = end
    return "".join((*parts, text[done:])), [*places, *range(done, len(text))]


def decoded(text: str, read: Callable[[bytes], str], plus: bool) -> str:
    """The text alone that `decode` gives, in a third of the time; `text` has no lone surrogates."""
    raw = (text.replace("+", " ") if plus else text).encode()
    parts: list[str] = []
    done = 0
    for run in _RUN.finditer(raw):
        start, end = run.span()
        parts += (raw[done:start].decode(), read(bytes.fromhex(raw[start:end].replace(b"%", b"").decode())))
        done = end
    return "".join((*parts, raw[done:].decode()))
