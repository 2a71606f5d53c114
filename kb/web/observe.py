"""What can be seen of the running service: a log line and figures for each request, without what was asked.

A layer around the application, present only when asked for. A request is named by its route's template (`/api/v1/errors/<id_>`),
never by its address, so nothing that was pasted or searched reaches a log, and the figures keep a bounded number of names.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from kb.web import logs
from kb.web.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from kb.web.metrics import Metrics

REQUEST_ID = "kb.request_id"
ROUTE = "kb.route"  # the application writes it there when it has answered
NO_ROUTE = "-"
_ID_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-_.")
_ID_LENGTH = 64
_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"))


class Observed:
    """The application, with each request logged and counted, and with a request id that the answer carries too."""

    def __init__(
        self,
        app: WSGIApplication,
        log_format: str,
        metrics: Metrics | None,
        write: Callable[[bytes], object] = logs.write,
    ) -> None:
        self._app = app
        self._log_format = log_format
        self._metrics = metrics
        self._write = write

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; `/metrics` here, everything else in the application."""
        if self._metrics and environ["PATH_INFO"] == "/metrics":
            return self._metrics.respond(environ, start_response)
        began = perf_counter()
        request_id = _request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        environ[REQUEST_ID] = request_id
        answer: list[Any] = [0, None]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            answer[:] = int(status[:3]), next((v for n, v in headers if n.lower() == "content-length"), None)
            headers.append(("X-Request-ID", request_id))
            return start_response(status, headers, *error)

        body = self._app(environ, start)
        self._observe(environ, request_id, perf_counter() - began, *answer)
        return body

    def _observe(
        self, environ: WSGIEnvironment, request_id: str, seconds: float, status: int, length: str | None
    ) -> None:
        method = environ["REQUEST_METHOD"]
        method = method if method in _METHODS else "other"
        route = environ.get(ROUTE, NO_ROUTE)
        size = int(length) if length else None
        if self._metrics:
            self._metrics.count(method, route, status, seconds, size or 0)
        if self._log_format != "off":
            fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            self._write(logs.request_line(self._log_format, {**fields, "bytes": size, "id": request_id}))


def observed(app: WSGIApplication, settings: Settings, metrics: Metrics | None) -> WSGIApplication:
    """The application as the settings want it seen."""
    if settings.log_format == "off" and metrics is None:
        return app
    return Observed(app, settings.log_format, metrics)


def _request_id(given: str) -> str:
    """The id that a proxy gave, if it is one, else a new one."""
    if given and len(given) <= _ID_LENGTH and _ID_CHARACTERS.issuperset(given):
        return given
    return secrets.token_hex(8)
