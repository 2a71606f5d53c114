"""Which language a reader wants."""

from __future__ import annotations

from flask import request

from kb.text import DEFAULT_LANGUAGE, LANGUAGES


def preferred_language() -> str:
    """The first of the reader's languages that we have, whatever its region or script: `zh-TW`, `zh-Hans-CN`, `en-GB`."""
    primaries = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((primary for primary in primaries if primary in LANGUAGES), DEFAULT_LANGUAGE)
