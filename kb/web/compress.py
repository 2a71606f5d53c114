"""Pages sent compressed.

Only answers to GET: compression can give away a secret that stands beside text of an attacker's choice (BREACH), and only the
answer to a pasted text, which is a POST, holds anything of a reader's own. There are no cookies and no tokens on any page.
"""

from __future__ import annotations

import gzip

from flask import Response, request

from kb.web.shared import vary

_KINDS = ("text/html", "application/json", "application/xml", "application/atom+xml")
_LEAST = 1000
_LEVEL = 5


def compress(response: Response) -> Response:
    """The response, compressed where the client takes gzip and it is worth it."""
    if response.mimetype not in _KINDS or response.status_code != 200:
        return response
    vary(response, "Accept-Encoding")
    packs = (
        request.method == "GET"
        and not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and request.accept_encodings.quality("gzip") > 0
    )
    if not packs or len(response.get_data()) < _LEAST:
        return response
    etag, _ = response.get_etag()
    response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)
    return response
