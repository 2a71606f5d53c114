"""Which language a reader wants."""

from __future__ import annotations

from functools import lru_cache

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from kb.text import DEFAULT_LANGUAGE, LANGUAGES

_KEPT = 64


def preferred_language() -> str:
    """The first of the reader's languages that we have, whatever its region or script: `zh-TW`, `zh-Hans-CN`, `en-GB`."""
    return language_of(request.headers.get("Accept-Language", ""))


@lru_cache(_KEPT)
def language_of(accepted: str) -> str:
    """What an Accept-Language header asks for."""
    tags = parse_accept_header(accepted, LanguageAccept)
    primaries = (tag.partition("-")[0].lower() for tag, quality in tags if quality > 0)
    return next((primary for primary in primaries if primary in LANGUAGES), DEFAULT_LANGUAGE)
