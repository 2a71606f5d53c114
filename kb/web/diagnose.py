"""The page on which both sides' settings are diagnosed."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from kb.catalog import vocabulary
from kb.config.diagnose import known_answers
from kb.config.files import split_files
from kb.redact import redact_secrets
from kb.render.outcomes import outcomes
from kb.text import Text
from kb.web.site import site

blueprint = Blueprint("diagnose", __name__)
_NAMES = {"client": Text("发信程序", "client"), "server": Text("服务器", "server")}


@blueprint.route("/<any(zh, en):lang>/diagnose", methods=["GET", "POST"])
def diagnose(lang: str) -> Response:
    """The form, and the diagnosis of what was sent with it."""
    pasted = {field: request.form.get(field, "") for field in (*_NAMES, "error")}
    files: dict[str, str] = {}
    for field, name in _NAMES.items():
        files |= split_files(name.get(lang), pasted[field])
    answers = {
        key.removeprefix("fact."): value for key, value in request.form.items() if key.startswith("fact.") and value
    }
    found = site().base.diagnose(files, pasted["error"], lang, answers) if files else None
    shown = {field: redact_secrets(text) for field, text in pasted.items()}
    stages = [stage for stage in vocabulary.STAGES if stage != "quit"]
    page = render_template(
        "diagnose.html",
        lang=lang,
        diagnosis=found,
        outcomes=outcomes(found["cases"]) if found else [],
        pasted=shown,
        stages=stages,
        answers=known_answers(answers),
    )
    response = make_response(page)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response
