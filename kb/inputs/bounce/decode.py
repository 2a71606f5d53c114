"""Transfer encodings, charsets, encoded words and HTML of a pasted message, as text. Nothing here raises."""

from __future__ import annotations

import binascii

import re2

MAX_WORDS = 4096

_WORD = re2.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS = re2.compile(r"\?=\s+=\?")
# Codecs that are charsets of mail; Python has others, some of them slow on hostile input (punycode, idna).
_CHARSETS = (
    "utf",
    "unicode-1-1-utf-7",
    "iso",
    "us-ascii",
    "ascii",
    "windows",
    "cp",
    "gb",
    "hz",
    "big5",
    "euc",
    "shift",
    "sjis",
    "koi8",
    "ks_c",
    "latin",
    "mac",
    "tis",
    "johab",
    "ibm",
)
_NO_BASE64 = re2.compile(r"[^A-Za-z0-9+/]+")
_UNSEEN = re2.compile(r"(?is)<!--.*?-->|<(?:style|script|head|title)\b.*?</(?:style|script|head|title)\s*>")
_BREAK = re2.compile(r"(?i)<(?:br|p|div|tr|table|li|h[1-6]|pre|hr)\b[^>]*>|</(?:p|div|tr|table|li|h[1-6]|pre|td)\s*>")
_TAG = re2.compile(r"</?[A-Za-z!][^>]*>")
_ENTITIES = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&apos;": "'",
    "&nbsp;": " ",
    "&#160;": " ",
    "&amp;": "&",
}


def decode_body(body: str, encoding: str, charset: str) -> str:
    """The text of a part. It comes back unchanged when nothing in it was encoded."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return decode_bytes(_base64(body), charset)
    if encoding == "quoted-printable":
        lines = "\n".join(line.rstrip(" \t") for line in body.split("\n"))
        return decode_bytes(binascii.a2b_qp(lines.encode("utf-8", "replace")), charset)
    if "\x1b" in body and charset.lower().startswith("iso-2022"):
        return decode_bytes(body.encode("ascii", "replace"), charset)
    return body


def decode_bytes(raw: bytes, charset: str) -> str:
    """Bytes in the charset they claim; what does not fit is replaced, an unknown charset is taken for UTF-8."""
    name = charset.strip().lower()
    if not name.startswith(_CHARSETS):
        name = "utf-8"
    try:
        return raw.decode(name, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def decode_words(value: str) -> str:
    """A header field with its encoded words (RFC 2047) decoded, the first MAX_WORDS characters of it."""
    value = value[:MAX_WORDS]
    if "=?" not in value:
        return value
    value = str(re2.sub(_BETWEEN_WORDS, "?==?", value))
    return str(re2.sub(_WORD, _decode_word, value))


def html_text(html: str) -> str:
    """What a reader sees of HTML, roughly: without markup, a line for each block."""
    text = str(re2.sub(_UNSEEN, " ", html))
    text = str(re2.sub(_TAG, "", str(re2.sub(_BREAK, "\n", text))))
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text


def _decode_word(match: re2._Match) -> str:
    charset, encoding, word = match.groups()
    if encoding in "bB":
        return decode_bytes(_base64(word), charset)
    return decode_bytes(binascii.a2b_qp(word.encode("utf-8", "replace"), header=True), charset)


def _base64(text: str) -> bytes:
    """The bytes of base64 that may be damaged: other characters left out, an incomplete end dropped."""
    clean = str(re2.sub(_NO_BASE64, "", text))
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
