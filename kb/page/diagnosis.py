"""The diagnosis of both sides' settings, as its template wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.catalog import vocabulary
from kb.config.diagnose import known_answers
from kb.config.files import split_files
from kb.diagnosis import diagnose_json
from kb.match.store import Store
from kb.redact import redact_secrets
from kb.render.outcomes import outcomes
from kb.text import Text

_NAMES = {"client": Text("发信程序", "client"), "server": Text("服务器", "server")}
_FACT = "fact."
STAGES = tuple(stage for stage in vocabulary.STAGES if stage != "quit")


def diagnosis_context(store: Store, form: Mapping[str, str], lang: str) -> dict[str, Any]:
    """What `diagnose.html` and `diagnose_body.html` are rendered with, for the fields of its form."""
    pasted = {field: form.get(field, "") for field in (*_NAMES, "error")}
    files: dict[str, str] = {}
    for field, name in _NAMES.items():
        files |= split_files(name.get(lang), pasted[field])
    answers = answers_of(form)
    found = diagnose_json(store, files, pasted["error"], lang, answers) if files else None
    return {
        "lang": lang,
        "diagnosis": found,
        "outcomes": outcomes(found["cases"]) if found else [],
        "pasted": {field: redact_secrets(text) for field, text in pasted.items()},
        "stages": STAGES,
        "answers": known_answers(answers),
    }


def answers_of(form: Mapping[str, str]) -> dict[str, str]:
    """The facts that the fields of a form answer; a part of a form may have come without a name."""
    return {key.removeprefix(_FACT): value for key, value in form.items() if key and value and key.startswith(_FACT)}
