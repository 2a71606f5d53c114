"""Words of a normalised text, by which candidate patterns are found. The same split serves patterns and input."""

from __future__ import annotations

from kb.regex import Late

# In bytes, which are translated ten times as fast as text.
_SEPARATED = bytes(code if chr(code).isalnum() else 32 for code in range(128)) + bytes(range(128, 256))
_NOT_ASCII = Late(r"[^\x00-\x7f]+")


def tokens(normalized: str) -> set[str]:
    """The words of a normalised text: runs of ASCII letters and digits, and pairs of neighbours in any other script."""
    if normalized.isascii():
        return set(normalized.encode().translate(_SEPARATED).decode().split())
    found = tokens(_NOT_ASCII.sub(" ", normalized))
    for run in _NOT_ASCII.findall(normalized):
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def whole_tokens(fragment: str, open_start: bool, open_end: bool) -> set[str]:
    """The tokens of a piece of a pattern that every text matching the pattern must contain as whole tokens.

    `open_start` and `open_end` say that a word at that edge may go on in what stands beside the fragment.
    """
    start, end = 0, len(fragment)
    while open_start and start < end and _is_word(fragment[start]):
        start += 1
    while open_end and end > start and _is_word(fragment[end - 1]):
        end -= 1
    return tokens(fragment[start:end])


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
