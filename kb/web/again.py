"""A form that failed, given back with what was in it, so that nobody has to look for it and paste it anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException

from kb.config.diagnose import known_answers
from kb.page.diagnosis import answers_of
from kb.redact import redact_secrets

SHOWN = 64 * 1024  # characters; more is not given back, and stays in the browser
_FORMS = {"pages.lookup": ("text",), "diagnose.diagnose": ("client", "server", "error")}


@dataclass(frozen=True)
class Again:
    """What was in a form: its fields, secrets blanked, and the facts that were answered. whole: none of it is missing."""

    settings: bool
    pasted: dict[str, str]
    answers: dict[str, str]
    whole: bool


def again() -> Again | None:
    """What was in the form of the current request; None where it sent none of ours."""
    fields = _FORMS.get(request.endpoint or "")
    if request.method != "POST" or fields is None:
        return None
    form = _form()
    pasted = {field: form.get(field, "") for field in fields}
    whole = any(pasted.values()) and sum(map(len, pasted.values())) <= SHOWN
    shown = {field: redact_secrets(text) if whole else "" for field, text in pasted.items()}
    return Again("client" in fields, shown, known_answers(answers_of(form)), whole)


def _form() -> dict[str, Any]:
    """The fields of the current request; none where they cannot be read, as of one that is too large."""
    try:
        return request.form.to_dict()
    except HTTPException:
        return {}
