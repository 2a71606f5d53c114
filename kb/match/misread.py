"""Chinese in UTF-8 or GB18030 read as Windows-1252: `ÇëÊ¹ÓÃÊÚÈ¨Âë`, as Jakarta Mail shows what QQ Mail says in Chinese."""

from __future__ import annotations

from kb.regex import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re2

# What Windows-1252 has where ISO 8859-1 has controls.
_EXTRA = "ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
_RUN = Late(rf"[\x{{a1}}-\x{{ff}}][\x{{80}}-\x{{ff}}{_EXTRA}]{{5,}}")
# What the normal form writes in another way: a run without it is in the normal form already, and is left.
_RAW = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞäåçèé")
_CJK = "\u3000"  # the first of the characters that such text is made of
_ENCODINGS = ("utf-8", "gb18030")


def read_right(text: str, filler: str) -> str:
    """`text` with runs of misread Chinese as what was meant, its length kept with `filler`."""

    def meant(run: re2._Match) -> str:
        misread = str(run.group())
        if _RAW.isdisjoint(misread):
            return misread
        raw = b"".join(c.encode("cp1252") if c in _EXTRA else bytes([ord(c)]) for c in misread)
        for encoding in _ENCODINGS:
            try:
                meaning = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if min(meaning) >= _CJK and filler not in meaning:
                return meaning + filler * (len(misread) - len(meaning))
        return misread

    return str(_RUN.sub(meant, text))
