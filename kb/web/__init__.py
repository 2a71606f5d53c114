"""The page and the API. The only `import flask`.

Law of this folder: pasted text is neither stored nor logged, nothing on a page comes from another host, Markdown is
rendered when the site is loaded and never from a request.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.middleware.proxy_fix import ProxyFix

from kb.page.words import MAX_SENT
from kb.web import (
    api,
    assets,
    browse,
    catalog_api,
    diagnose,
    discovery,
    explore,
    limit,
    pages,
    plain,
    problems,
    reference,
    view,
)
from kb.web.compress import compress
from kb.web.direct import Direct
from kb.web.observe import NO_ROUTE, ROUTE
from kb.web.policy import Policy
from kb.web.received import Received
from kb.web.shared import SECURITY_HEADERS
from kb.web.site import Site

MAX_BODY = MAX_SENT
_TO_ADD = tuple((name.lower(), name, value) for name, value in SECURITY_HEADERS)


def create_app(
    site: Site | None = None,
    base_url: str | None = None,
    trusted_hosts: list[str] | None = None,
    policy: Policy | None = None,
) -> Flask:
    """The WSGI application; `site` defaults to the one of `data_root()`, the rest to the environment. Raises ValueError.

    base_url: the public address, without a slash at its end. trusted_hosts: names that a request's Host may have (default any).
    """
    chosen = policy or Policy.read()
    app = Flask(__name__, static_folder=None)
    app.request_class = Received
    app.config["TRUSTED_HOSTS"] = trusted_hosts
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["BASE_URL"] = base_url or chosen.base_url
    app.config["SECURITY_CONTACT"] = chosen.security_contact
    app.extensions["kb"] = site or Site.load()
    app.wsgi_app = Direct(app, app.wsgi_app)  # type: ignore[method-assign]
    if proxies := chosen.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    limit.install(app, chosen.rate_limit)
    app.register_blueprint(api.blueprint)
    for part in (catalog_api, plain, reference, discovery, pages, browse, diagnose, explore, assets):
        app.register_blueprint(part.blueprint)
    view.install(app)
    problems.install(app)
    app.after_request(compress)
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    """Security headers on everything; no address that a forged Host header could have written; the route for the log.

    Where If-Match fails, Werkzeug leaves the body that was not wanted: it becomes a problem.
    """
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else NO_ROUTE
    if response.status_code == PreconditionFailed.code:
        response = problems.respond(PreconditionFailed())
    # Werkzeug raises and catches an exception wherever a header is not there, which costs as much as a route of Flask does.
    there = {name.lower(): value for name, value in response.headers}
    for lower, name, value in _TO_ADD:
        if lower not in there:
            response.headers.add(name, value)
    location = there.get("location", "")
    if location and location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/")
    return response
