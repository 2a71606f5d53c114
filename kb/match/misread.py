"""Chinese that was read in the wrong encoding, as what was meant.

UTF-8 or GB18030 read as Windows-1252: `ÇëÊ¹ÓÃÊÚÈ¨Âë`, as Jakarta Mail shows what QQ Mail says in Chinese. UTF-8 read as
GB18030: `璁よ瘉澶辫触`, as a Chinese Windows shows what a program writes in UTF-8.
"""

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
# What bytes of UTF-8 look like in GB18030. A run of real Chinese is hardly ever UTF-8 when written in it.
_HAN_RUN = Late(
    r"[\x{391}-\x{451}\x{20ac}\x{2010}-\x{2642}\x{3000}-\x{4dbf}\x{4e00}-\x{9fff}\x{e000}-\x{f8ff}\x{fe30}-\x{ffe5}]{4,}"
)


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

    if not _RAW.isdisjoint(text):
        text = str(_RUN.sub(meant, text))
    return str(_HAN_RUN.sub(lambda run: _in_utf_8(str(run.group()), filler), text))


def _in_utf_8(misread: str, filler: str) -> str:
    """A run of UTF-8 read as GB18030, once or more often, as what was meant; anything else as it is."""
    meaning = misread
    while len(meaning) > 3:
        raw = meaning.encode("gb18030")
        raw = raw[next((i for i in range(3) if not 0x80 <= raw[i] < 0xC0), 0) :]  # of a character whose begin was lost
        try:
            read = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":  # the last character lost a byte of an odd number of them
                break
            read = raw[: error.start].decode("utf-8")
        if len(read) < 2 or min(read) < _CJK:
            break
        meaning = read
    return meaning + filler * (len(misread) - len(meaning))
