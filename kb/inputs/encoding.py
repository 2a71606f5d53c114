"""Pasted or uploaded bytes as text, whatever their encoding."""

from __future__ import annotations

import codecs


def decode(raw: bytes) -> str:
    """Bytes as text: by byte order mark, UTF-8, UTF-16 without mark, GB18030; what fits none keeps its ASCII part."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    zeros = raw[:2000].count(0)
    if zeros > len(raw[:2000]) // 4:
        return raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
