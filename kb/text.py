"""Text in the two languages of the product, and the choice between them. Standard library only."""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What a terminal would obey: C0 but tab and line feed, DEL, C1, and the overrides of the writing direction.
_CONTROLS = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""
)
LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "en"


class Text(namedtuple("Text", "zh en")):
    """One text in Chinese and in English."""

    __slots__ = ()
    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The text in `lang`, one of LANGUAGES."""
        return self.zh if lang == "zh" else self.en


def choose_language(wanted: str | None) -> str:
    """Map a locale or language tag (`zh_CN.UTF-8`, `zh-Hant-TW`, `en`, None) to one of LANGUAGES."""
    primary = (wanted or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return primary if primary in LANGUAGES else DEFAULT_LANGUAGE


def join_lines(block: str, lang: str) -> str:
    """Join the lines of a text block: one sentence per line in, paragraphs out.

    Chinese lines join without a blank, except between two Latin letters or digits; English lines with one. A blank line
    stays a paragraph break; lines that begin a list item (`- `, `1. `) and code blocks keep their line breaks.
    """
    paragraphs = [paragraph.strip("\n") for paragraph in block.strip().split("\n\n") if paragraph.strip()]
    return "\n\n".join(_join_paragraph(paragraph, lang) for paragraph in paragraphs)


def _join_paragraph(paragraph: str, lang: str) -> str:
    joined = ""
    for line in paragraph.split("\n"):
        if not joined or line.startswith(("- ", "* ", "    ", "```")) or line[:2].rstrip(".").isdigit():
            joined += ("\n" if joined else "") + line
            continue
        line = line.strip()
        glue = " " if lang == "en" or (_is_latin(joined[-1]) and _is_latin(line[:1])) else ""
        joined = joined.rstrip() + glue + line
    return joined


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "`)_")


def for_terminal(text: str) -> str:
    """`text` without characters that a terminal would obey."""
    return text.translate(_CONTROLS)


def without_surrogates(text: str) -> str:
    """`text` with each lone surrogate (no character, and not encodable) as `?`; the length stays."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be, or None when none is near."""
    near = close_words(word, known, 1, 0.6)
    return near[0] if near else None


def close_words(word: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    """What `difflib.get_close_matches` gives, which is only asked about words with enough letters in common: it is slow."""
    import difflib

    length = len(word)
    long = [one for one in known if _alike(min(length, len(one)), length + len(one)) >= cutoff]
    own = _letters(word) if long else 0
    able = [one for one in long if _alike((own & _known_letters(one)).bit_count(), length + len(one)) >= cutoff]
    return difflib.get_close_matches(word, able, most, cutoff)


def _alike(common: int, total: int) -> float:
    return 2.0 * common / total if total else 1.0


def _letters(word: str) -> int:
    """The letters of a word, one bit for each time that one comes: two words have no more letters in common than bits."""
    found, times = 0, dict[int, int]()
    for letter in word:
        bit = ord(letter) & 63
        found |= 1 << (bit + 64 * times.setdefault(bit, 0))
        times[bit] += 1
    return found


_known_letters = lru_cache(maxsize=1 << 14)(_letters)


def first_sentence(text: str, lang: str) -> tuple[str, str]:
    """The first sentence of a Markdown text and the rest; a stop inside code or brackets ends none."""
    depth, code = 0, False
    for place, character in enumerate(text):
        if character == "`":
            code = not code
        elif code:
            continue
        elif character in "(（":
            depth += 1
        elif character in ")）":
            depth = max(0, depth - 1)
        elif character == "\n":
            return text[:place].rstrip(), text[place:].strip()
        elif depth == 0 and _ends(text, place, lang):
            return text[: place + 1], text[place + 1 :].strip()
    return text, ""


def _ends(text: str, place: int, lang: str) -> bool:
    if text[place] in "。！？":
        return True
    after = text[place + 1 : place + 3]
    return lang == "en" and text[place] in ".!?" and after[:1] in (" ", "") and not after[1:].islower()
