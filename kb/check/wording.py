"""Typography: full-width punctuation and a space beside Latin in Chinese, half-width punctuation in English; the language."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document
from kb.catalog.read import mappings
from kb.text import Text

_HAN = r"[\p{Han}]"
_CODE = re2.compile(r"`[^`]*`")
_HALF = rf"{_HAN}[,;:?!]|{_HAN}\.(?:\s|$)|\({_HAN}|{_HAN}\)"
_TIGHT = rf"{_HAN}[A-Za-z0-9`]|[A-Za-z0-9`%]{_HAN}"
_HALF_WIDTH, _NO_SPACE, _EITHER = re2.compile(_HALF), re2.compile(_TIGHT), re2.compile(f"{_HALF}|{_TIGHT}")
_ANY_HAN, _LETTER, _WORD = re2.compile(_HAN), re2.compile("[A-Za-z]"), re2.compile("[A-Za-z]{2,}")
_FULL_WIDTH = re2.compile("[\u3001\u3002\u300c-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]")
_THIRD = re2.compile("[\u0370-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3041-\u30fa\uac00-\ud7a3]")
_LETTERS = 5  # of a third script, in names
_WORDS = 5  # of Latin letters alone, such as the names of products, can be Chinese too
OTHER_LANGUAGE = {
    "zh": Text("zh 下不是中文：写中文，或删去 zh。", "No Chinese under zh: write Chinese, or leave zh out."),
    "en": Text("en 下不是英文：写英文，或删去 en。", "No English under en: write English, or leave en out."),
}


def check(document: Document) -> Iterator[Finding]:
    """Findings on every text of the document."""
    for key, mapping in mappings(document.data):
        if not mapping.keys() <= {"zh", "en"}:
            continue
        for lang, text in mapping.items():
            if not isinstance(text, str):
                continue
            if is_in_the_other(text, lang):
                yield document.finding("KB403", (*key, lang), OTHER_LANGUAGE[lang])
            for rule, _, message in complaints(text) if lang == "zh" else english_complaints(text):
                yield document.finding(rule, (*key, lang), message)


def is_in_the_other(text: str, lang: str) -> bool:
    """KB403: whether a text is so plainly in the other language that it stands in the wrong place."""
    if text.isascii():
        return lang == "zh" and len(_WORD.findall(_CODE.sub("", text) if "`" in text else text)) > _WORDS
    if lang == "zh" and not _THIRD.search(text):
        return False
    prose = _CODE.sub("", text) if "`" in text else text
    if len(_THIRD.findall(prose)) > _LETTERS:
        return True
    if lang == "zh":
        return False
    return bool(_ANY_HAN.search(prose)) and len(_ANY_HAN.findall(prose)) > len(_LETTER.findall(prose))


def english_complaints(text: str) -> Iterator[tuple[str, int, Text]]:
    """KB401: half-width punctuation in English, unless the text speaks of Chinese. As `complaints`."""
    if text.isascii():
        return
    prose = _CODE.sub(lambda code: "x" * len(code.group()), text) if "`" in text else text
    full = _FULL_WIDTH.search(prose)
    if full and not _ANY_HAN.search(prose):
        message = Text(
            f"英文里请用半角标点：{full.group()!r}。", f"Half-width punctuation in English: {full.group()!r}."
        )
        yield "KB401", full.start() + 1, message


def complaints(text: str) -> Iterator[tuple[str, int, Text]]:
    """KB401: full-width punctuation in Chinese. KB402: a space between Chinese and Latin letters or digits.

    Gives the rule, a column from 1, and the message.
    """
    if text.isascii():
        return
    prose = _CODE.sub(lambda code: "`" + "x" * (len(code.group()) - 2) + "`", text) if "`" in text else text
    if not _EITHER.search(prose):
        return
    half = _HALF_WIDTH.search(prose)
    if half:
        message = Text(
            f"中文里请用全角标点：{half.group()!r}。", f"Full-width punctuation in Chinese: {half.group()!r}."
        )
        yield "KB401", half.start() + 1, message
    tight = _NO_SPACE.search(prose)
    if tight:
        message = Text(
            f"中文与西文之间加一个空格：{tight.group()!r}。", f"A space between Chinese and Latin: {tight.group()!r}."
        )
        yield "KB402", tight.start() + 1, message
