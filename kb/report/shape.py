"""Failures that the catalogue does not know: what varies taken out of their text, so that alike ones are counted together."""

from __future__ import annotations

import re2

from kb.redact import redact

MAX_SHAPE = 160
MAX_SAMPLE = 300
_MAX_TEXT = 1000
_HOST = r"(?:[A-Za-z0-9_\-]+\.)+[A-Za-z]{2,}"
_VARIES = tuple(
    (re2.compile(source), name)
    for source, name in (
        (r"\[address\]|<[^<>]*>", "{addr}"),
        (r"https?://[^\s]+", "{link}"),
        (rf"{_HOST}\[[0-9a-fA-F.:]+\](?::[0-9]+)?", "{host}"),
        (r"\[?\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b\]?(?::[0-9]+)?|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+", "{ip}"),
        (rf"\b{_HOST}\b", "{host}"),
        (r"\b[A-Za-z0-9_\-]*[0-9][A-Za-z0-9_\-]{7,}\b", "{id}"),
    )
)
_NUMBER = re2.compile(r"([0-9]{4,}|\b[0-9]+\b)")
_CODE = re2.compile(r"^(?:[245][0-9][0-9]|[245]\.[0-9]{1,3}\.[0-9]{1,3})")


def shape(text: str) -> str:
    """The text without secrets, addresses, hosts, ids and numbers; reply codes and enhanced status codes stay."""
    text = redact(text[:_MAX_TEXT])
    for expression, name in _VARIES:
        text = expression.sub(name, text)
    words = [_word(word) for word in text.split()]
    return " ".join(words)[:MAX_SHAPE]


def sample(text: str) -> str:
    """One line to show, without secrets and addresses."""
    return " ".join(redact(text[:_MAX_TEXT]).split())[:MAX_SAMPLE]


def _word(word: str) -> str:
    if not any(map(str.isdigit, word)) or _CODE.match(word.lstrip("(#'\"")):
        return word
    return str(_NUMBER.sub("{num}", word))
