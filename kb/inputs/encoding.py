"""Pasted or uploaded bytes as text, whatever their encoding."""

from __future__ import annotations

import codecs


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
