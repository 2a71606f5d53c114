"""The page on which both sides' settings are diagnosed."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from kb.page.diagnosis import diagnosis_context
from kb.web.site import site

blueprint = Blueprint("diagnose", __name__)


@blueprint.route("/<any(zh, en):lang>/diagnose", methods=["GET", "POST"])
def diagnose(lang: str) -> Response:
    """The form, and the diagnosis of what was sent with it."""
    response = make_response(
        render_template("diagnose.html", **diagnosis_context(site().base.store, request.form, lang))
    )
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response
