"""The page on which settings of both sides are chosen and the outcome changes with them; GET: every state has an address."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from kb.page.explore import explore_context
from kb.web.site import site

blueprint = Blueprint("explore", __name__)


@blueprint.get("/<any(zh, en):lang>/explore")
def explore(lang: str) -> str:
    """The form, the outcome of what was chosen, and the table of TLS modes for the same settings otherwise."""
    return render_template("explore.html", **explore_context(site().base.store, request.args, lang))
