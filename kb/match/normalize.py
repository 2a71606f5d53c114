"""One form for patterns and pasted text, so that quoting, case, escapes and line breaks never decide a match.

Every step replaces characters one for one (a blank for what carries no meaning, `FILLER` for what must vanish without
leaving a gap); only the last steps shorten the text and write negations in full. A place in the result can therefore be
traced back to the original.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.match.letters import LETTERS, WORDS
from kb.regex import Late
from kb.text import without_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re2

FILLER = "\ufdd0"  # a Unicode noncharacter

# Quotes are blanks because clients add, drop and exchange them: Go prints `502 "5.5.1 Error"` since 1.25.11, and
# `502 5.5.1 Error` before.
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›＂＇｀＼\\"
_BLANKS = (*range(0x21), *range(0x7F, 0xA1), 0xAD, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030), 0x205F)
_BLANKS += (0x2060, 0x3000, 0xFEFF)
_FOLD: dict[int, int | str] = {
    **LETTERS,
    **dict.fromkeys(range(0x300, 0x370), FILLER),  # accents that stand apart from their letter
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(map(ord, _QUOTES), " "),
    ord("İ"): "i",  # the one letter whose lower case is longer than itself
    ord("\u2010"): "-",
    ord("\u2011"): "-",
}
# The same for ASCII, in bytes, which are translated ten times as fast as text.
_FOLD_ASCII = bytes(ord(str(chr(code)).translate(_FOLD).lower()) for code in range(128)) + bytes(128)

_ESCAPE = Late(r"\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt])")
# Text in UTF-8 or GB18030 as Python and loggers print bytes: `\xe7\x94\xa8`.
_BYTES = Late(r"(?:\\+x[0-9a-fA-F]{2}){2,}")
# A reply as Python prints the two parts of it: `(550, b'No')`, without `b` what was decoded.
_PAIR = Late(r"\(([245][0-9][0-9]), b?['\"]")
# What the web and terminals put around text. Character references stand for themselves only if they cannot begin another.
_REFERENCE = Late(r"&(?:amp;)*(?:(lt|gt|quot|apos|nbsp)|#(?:x([0-9a-f]{2,5})|([0-9]{2,6})));")
_NAMED = {"lt": "<", "gt": ">"}
_TAG = Late(f"<{FILLER}*/?{FILLER}*(?:br|p|div|span|td|tr|li|pre|code)(?:[ /{FILLER}][^<>]{{0,200}})?>")
_COLOUR = Late(r"\[[0-9]{1,3}(?:;[0-9]{1,3}){0,4}m")
# Typographic quotes of UTF-8 read as Windows-1252 (`canâ€™t`, without its accent), and as ISO 8859-1 without the controls.
_MOJIBAKE = Late("a€[™˜œ“”\ufffd ]")
# The end of a long line in quoted-printable, which goes on in the next (RFC 2045 section 6.7); its begin may be elsewhere.
_SOFT_BREAK = Late(r"[^\n]{40}=\r?\n")
# Negations drawn together, whose apostrophe is a blank by then: `isn t`, `can t`. Who writes a server's text takes either.
_DRAWN = Late(r"\b(is|are|was|were|does|do|did|has|have|had|could|would|should|must|wo|ca)n t\b|\bcan not\b")
# How such words end: `n t` alone is in every `connection to`.
_ENDS = ("sn t", "dn t", "ren t", "ven t", "don t", "tn t", "won t", "can t")
_CONTINUED = Late(r"(?:^|[^0-9.])([245][0-9][0-9])-(?:(#?[245]\.[0-9]{1,3}\.[0-9]{1,3})[ :])?")


def normalize(text: str) -> str:
    """The normal form: lower case, ASCII forms, no accents, no quotes, no escapes, single spaces, `not` in full."""
    blanked = _blank_out(text)
    if FILLER in blanked:
        blanked = blanked.replace(FILLER, "")
    words = " ".join(blanked.split())
    return str(_DRAWN.sub(_not, words)) if _has_drawn(words) else words


def normalize_with_origin(text: str) -> tuple[str, Sequence[int]]:
    """`normalize(text)` and, for each character of it, the index in `text` that it stands for."""
    words, origin = _joined_words(_blank_out(text))
    return _undrawn(words, origin) if _has_drawn(words) else (words, origin)


def _joined_words(blanked: str) -> tuple[str, Sequence[int]]:
    """The words of a text that `_blank_out` made, with single blanks between them, and their places."""
    if FILLER not in blanked and "  " not in blanked:
        kept = blanked.strip(" ")
        begin = blanked.find(kept)
        return kept, range(begin, begin + len(kept))
    if FILLER not in blanked:
        return _words_with_origin(blanked)
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(blanked):
        if character == FILLER or (character == " " and characters[-1:] in ([], [" "])):
            continue
        characters.append(character)
        origin.append(index)
    if characters[-1:] == [" "]:
        del characters[-1], origin[-1]
    return "".join(characters), origin


def _words_with_origin(blanked: str) -> tuple[str, list[int]]:
    """The words of a text with single blanks between them, each the first one that stands there, and their places."""
    words: list[str] = []
    origin: list[int] = []
    place = 0
    for word in blanked.split(" "):
        if word:
            if words:
                origin.append(origin[-1] + 1)
            words.append(word)
            origin.extend(range(place, place + len(word)))
        place += len(word) + 1
    return " ".join(words), origin


def _has_drawn(words: str) -> bool:
    return "can not" in words or ("n t" in words and any(map(words.__contains__, _ENDS)))


def _not(drawn: re2._Match) -> str:
    """A negation in full."""
    verb = drawn.group(1)
    return "cannot" if verb in (None, "ca") else "will not" if verb == "wo" else f"{verb} not"


def _undrawn(words: str, origin: Sequence[int]) -> tuple[str, list[int]]:
    """A text with its negations in full, and the places of its characters."""
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for drawn in _DRAWN.finditer(words):
        start, end = drawn.span()
        full = _not(drawn)
        parts += (words[done:start], full)
        places.extend(origin[done:start])
        # The last three of `n t` are what `not` stands for.
        places.extend(origin[min(start + number, end - 3)] for number in range(len(full) - 3))
        places.extend(origin[end - 3 : end])
        done = end
    places.extend(origin[done:])
    return "".join((*parts, words[done:])), places


def normalize_fragment(text: str) -> str:
    """The normal form of a part of a pattern: like `normalize`, but a blank at either edge stays one blank."""
    core = normalize(text)
    if not core:
        return " " if text else ""
    blanked = _blank_out(text)
    return f"{' ' * blanked.startswith(' ')}{core}{' ' * blanked.endswith(' ')}"


def _blank_out(text: str) -> str:
    """`text` with the same length, in lower case, with everything that carries no meaning blank."""
    text = without_surrogates(text)
    if FILLER in text:
        text = text.replace(FILLER, " ")
    if "=\n" in text or "=\r\n" in text:
        text = str(_SOFT_BREAK.sub(_joined, text))
    if "\\" in text:
        if "\\x" in text:
            text = str(_BYTES.sub(_as_text, text))
        text = _unescape(text)
    if ", b" in text or ", '" in text or ', "' in text:
        text = str(_PAIR.sub(_as_reply, text))
    if not text.isascii():
        from kb.match.misread import read_right

        text = read_right(text, FILLER)
        for word, same in WORDS:
            text = text.replace(word, same)
    text = _folded(text)
    if "&" in text or "</" in text or "<br" in text:
        text = _without_markup(text)
    if "[0m" in text or "[39m" in text:
        text = str(_COLOUR.sub(_blanks, text))
    if "a€" in text:
        text = str(_MOJIBAKE.sub(_blanks, text))
    if "-" in text and _has_continued(text):
        text = _drop_repeated_codes(text)
    return text


def _folded(text: str) -> str:
    """`text` in lower case, with ASCII forms, its quotes and controls blank."""
    if text.isascii():
        return text.encode().translate(_FOLD_ASCII).decode()
    return text.translate(_FOLD).lower()


def _has_continued(text: str) -> bool:
    """Whether three digits stand before a hyphen, as in the first line of a reply of several."""
    place = text.find("-")
    while place >= 0:
        if text[max(0, place - 3) : place].isdecimal():
            return True
        place = text.find("-", place + 1)
    return False


def _unescape(text: str) -> str:
    """Replace `\\n`, `\\u003c`, `\\x3c` (however often the backslash was doubled) by what they mean, length kept."""
    parts: list[str] = []
    done = 0
    for match in _ESCAPE.finditer(text):
        start, end = match.span()
        escape = match.group().lstrip("\\")
        character = chr(int(escape[1:], 16)) if escape[0] in "ux" else " "
        meaning = character if character.isprintable() else " "
        parts += (text[done:start], meaning, (" " if meaning == " " else FILLER) * (end - start - 1))
        done = end
    return "".join((*parts, text[done:]))


def _as_text(found: re2._Match) -> str:
    """Printed bytes as the text they encode, length kept; as they are when they encode none."""
    written = str(found.group())
    raw = bytes.fromhex(written.replace("\\", "").replace("x", ""))
    for encoding in ("utf-8", "gb18030"):
        try:
            meaning = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not raw.isascii() and meaning.isprintable() and FILLER not in meaning:
            return meaning + FILLER * (len(written) - len(meaning))
    return written


def _as_reply(pair: re2._Match) -> str:
    """Only the code of a pair, length kept, as it stands before the text of a reply."""
    return f"({pair.group(1)}".ljust(len(pair.group()))


def _joined(line: re2._Match) -> str:
    text = str(line.group())
    return text[:40] + FILLER * (len(text) - 40)


def _without_markup(text: str) -> str:
    """Character references of HTML as what they stand for, and the tags that lay text out as blanks; length kept."""
    return str(_TAG.sub(_blanks, _REFERENCE.sub(_referred, text)))


def _referred(reference: re2._Match) -> str:
    name, hexadecimal, decimal = reference.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
    meaning = _NAMED.get(name, " ") if name else chr(number).translate(_FOLD).lower() if number < 0x110000 else ""
    # An ASCII letter, digit or mark could make another reference with what is beside it.
    if (
        len(meaning) != 1
        or (meaning.isascii() and meaning not in " <>")
        or meaning == FILLER
        or not meaning.isprintable()
    ):
        return str(reference.group())
    return meaning + (" " if meaning == " " else FILLER) * (len(reference.group()) - 1)


def _blanks(match: re2._Match) -> str:
    return " " * len(match.group())


def _drop_repeated_codes(text: str) -> str:
    """Blank the code that each line of a multi-line reply repeats (RFC 5321 section 4.2.1), wherever the lines were joined."""
    first = _CONTINUED.search(text)
    if first is None:
        return text
    code, status = first.group(1), first.group(2)
    head, tail = text[: first.end()], text[first.end() :]
    heads = [f"{code}-{status}", f"{code} {status}"] if status else []
    for repeated in (*heads, f"{code}-", f"{code} "):
        tail = tail.replace(f" {repeated}", " " * (len(repeated) + 1))
    if status:
        tail = tail.replace(f" {status} ", " " * (len(status) + 2))
    dash = first.start(1) + len(code)
    return f"{head[:dash]} {head[dash + 1 :]}{tail}"
