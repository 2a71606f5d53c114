"""A request as it may come: nothing that somebody writes into an address raises where it is read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Request

_USUAL = "".join(map(chr, range(33, 127)))


class Received(Request):
    """A request whose query holds nothing but visible ASCII.

    Servers hand on other bytes as they came (RFC 3986 wants them as percent signs and digits), and Werkzeug then raises whenever
    an argument is read, or the address is sent back in a redirect; so they are written as they should have been.
    """

    def __init__(self, environ: dict[str, Any], *more: Any, **named: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not (query.isascii() and query.isprintable()):
            environ["QUERY_STRING"] = quote(query, safe=_USUAL, encoding="latin-1")
        super().__init__(environ, *more, **named)
