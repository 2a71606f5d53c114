"""Which language a reader wants."""

from __future__ import annotations

from flask import request

from kb.text import DEFAULT_LANGUAGE, LANGUAGES


def preferred_language() -> str:
    """The best of LANGUAGES for the request's Accept-Language."""
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
