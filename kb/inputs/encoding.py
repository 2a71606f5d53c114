"""Pasted or uploaded bytes as text, whatever their encoding."""

from __future__ import annotations

import codecs

# Prefixes of the codecs that a sender may name: character sets only, all of them linear.
_CHARSETS = (
    "utf-16",
    "utf-32",
    "gb",
    "hz",
    "big5",
    "shift_jis",
    "euc_",
    "iso8859-",
    "iso2022_",
    "cp",
    "koi8-",
    "johab",
)


def decode_as(raw: bytes, charset: str | None) -> str:
    """Bytes as text in the charset that their sender names; as `decode` reads them if it is unknown, UTF-8, or does not fit."""
    try:
        name = codecs.lookup(charset or "utf-8").name
        if name.startswith(_CHARSETS):
            return raw.decode(name)
    except (LookupError, ValueError):
        pass
    return decode(raw)


def decode(raw: bytes) -> str:
    """Bytes as text: by byte order mark, UTF-8, UTF-16 without mark, GB18030; what fits none keeps its ASCII part."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    start = raw[:2000]
    if start.count(0) > len(start) // 5:
        return raw.decode("utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
