"""Pages sent compressed.

Only answers to GET: compression can give away a secret that stands beside text of an attacker's choice (BREACH), and only the
answer to a pasted text, which is a POST, holds anything of a reader's own. There are no cookies and no tokens on any page.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Response, request
from werkzeug.http import parse_accept_header

from kb.web.shared import vary

_KINDS = ("text/html", "application/json", "application/xml", "application/atom+xml")
_LEAST = 1000
_LEVEL = 5
_KEPT = 64


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
        and takes_gzip(request.headers.get("Accept-Encoding", ""))
    )
    packed = pack(response.get_data()) if packs else None
    if packed is None:
        return response
    etag, _ = response.get_etag()
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)
    return response


@lru_cache(_KEPT)
def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes it."""
    return parse_accept_header(accepted).quality("gzip") > 0


def pack(body: bytes) -> bytes | None:
    """A body compressed; None where it is not worth it."""
    return None if len(body) < _LEAST else gzip.compress(body, _LEVEL, mtime=0)
