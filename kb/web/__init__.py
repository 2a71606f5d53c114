"""The page and the API. The only `import flask`.

Law of this folder: pasted text is neither stored nor logged, nothing on a page comes from another host, Markdown is
rendered when the site is loaded and never from a request.
"""

from __future__ import annotations

from flask import Flask, Response, request

from kb.web import api, assets, browse, diagnose, explore, pages, problems, view
from kb.web.compress import compress
from kb.web.site import Site

MAX_BODY = 256 * 1024

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(site: Site | None = None) -> Flask:
    """The WSGI application; `site` defaults to the one of `data_root()`."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["kb"] = site or Site.load()
    app.register_blueprint(api.blueprint)
    for part in (pages, browse, diagnose, explore, assets):
        app.register_blueprint(part.blueprint)
    view.install(app)
    problems.install(app)
    app.after_request(compress)
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    """Security headers on everything; no address that a forged Host header could have written."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/")
    return response
