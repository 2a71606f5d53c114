"""`/api/v1/lookup` answered before Flask, whose routing, request and response take longer than most answers do.

Only requests of the usual form that get an answer; everything else, every failure included, is Flask's (`kb.web.api`). Both
answer the same bytes: a test compares them, headers and their order included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pydantic import ValidationError
from werkzeug.sansio.utils import host_is_trusted

from kb.contract.requests import LookupRequest
from kb.inputs.encoding import decode_as
from kb.render.as_json import lookup_bytes
from kb.text import LANGUAGES
from kb.web import limit
from kb.web.compress import pack, takes_gzip
from kb.web.language import language_of
from kb.web.negotiate import JSON, MEDIA_TYPES
from kb.web.observe import ROUTE
from kb.web.shared import ANY_ORIGIN, EXPOSED, NOT_STORED, SECURITY_HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

PATH = "/api/v1/lookup"
Asked = tuple[str, str]  # text, language
_VARY = ("Vary", "Accept-Language, Accept-Encoding")
_HOSTS_KEPT = 64


class Direct:
    """The application, its most frequent request answered without it."""

    def __init__(self, app: Flask, rest: WSGIApplication) -> None:
        """`app` has the content and the settings, `rest` takes all other requests."""
        self._app = app
        self._rest = rest

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") != PATH or not self._is_for_us(environ):
            return self._rest(environ, start_response)
        try:
            read = _READ.get(environ["REQUEST_METHOD"])
            asked = read(environ, self._app.config["MAX_CONTENT_LENGTH"]) if read else None
            answer = self._answer(environ, *asked) if asked else None
        except Exception:
            answer = None  # Flask meets it again, and says so.
        if answer is None:
            return self._rest(environ, start_response)
        environ[ROUTE] = PATH
        body, headers = answer
        start_response("200 OK", headers)
        return [body]

    def _is_for_us(self, environ: WSGIEnvironment) -> bool:
        """Whether the Host header is one that is answered."""
        trusted = self._app.config["TRUSTED_HOSTS"]
        return not trusted or _is_trusted(environ.get("HTTP_HOST", ""), tuple(trusted))

    def _answer(self, environ: WSGIEnvironment, text: str, lang: str) -> tuple[bytes, list[tuple[str, str]]] | None:
        """Body and headers; None when the client has asked too often."""
        standing = limit.take(self._app, environ.get("REMOTE_ADDR"), 1)
        if standing is not None and not standing.allowed:
            return None
        base = self._app.extensions["kb"].base
        body = lookup_bytes(base.store, base.explain(text), lang)
        packs = environ["REQUEST_METHOD"] == "GET" and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        packed = pack(body) if packs else None
        body = body if packed is None else packed
        headers = [("Content-Type", MEDIA_TYPES[JSON]), ("Content-Length", str(len(body)))]
        headers += (ANY_ORIGIN, EXPOSED, NOT_STORED, _VARY, *SECURITY_HEADERS)
        if packed is not None:
            headers.append(("Content-Encoding", "gzip"))
        if standing is not None:
            headers += limit.fields(self._app, standing)
        return body, headers


def _read_get(environ: WSGIEnvironment, most: int) -> Asked | None:
    """Text and language of `?q=…&lang=…`; None for a request of any other form."""
    fields = _fields(environ.get("QUERY_STRING", ""))
    if fields is None or "q" not in fields or environ.get("CONTENT_TYPE"):
        return None
    lang = _language(environ, fields)
    return (fields["q"], lang) if lang else None


def _read_post(environ: WSGIEnvironment, most: int) -> Asked | None:
    """Text and language of a body of JSON or text; None for a request of any other form, whose body can then be read again."""
    read = _BODIES.get(environ.get("CONTENT_TYPE", ""))
    length = environ.get("CONTENT_LENGTH", "")
    fields = _fields(environ.get("QUERY_STRING", ""))
    if read is None or fields is None or "q" in fields or not length.isdecimal() or int(length) > most:
        return None
    raw = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(raw)
    lang = _language(environ, fields)
    return read(raw, lang) if lang and len(raw) == int(length) else None


def _from_json(raw: bytes, lang: str) -> Asked | None:
    try:
        body = LookupRequest.model_validate_json(raw)
    except ValidationError:
        return None
    return body.text, body.lang or lang


def _from_text(raw: bytes, lang: str) -> Asked | None:
    return decode_as(raw, None), lang


_READ: dict[str, Callable[[WSGIEnvironment, int], Asked | None]] = {"GET": _read_get, "POST": _read_post}
_BODIES: dict[str, Callable[[bytes, str], Asked | None]] = {
    "application/json": _from_json,
    "application/json; charset=utf-8": _from_json,
    "text/plain": _from_text,
    "text/plain; charset=utf-8": _from_text,
    "message/rfc822": _from_text,
}


def _fields(query: str) -> dict[str, str] | None:
    """The parameters `q` and `lang`, each at most once; None when there is anything else, or what is no UTF-8."""
    fields: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, is_, value = part.partition("=")
        if name not in ("q", "lang") or name in fields or not is_ or not value.isascii():
            return None
        try:
            fields[name] = unquote(value.replace("+", " "), errors="strict")
        except UnicodeDecodeError:
            return None
    return fields


def _language(environ: WSGIEnvironment, fields: dict[str, str]) -> str | None:
    """The language that is asked for; None when it is none of ours."""
    if "lang" in fields:
        return fields["lang"] if fields["lang"] in LANGUAGES else None
    return language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(_HOSTS_KEPT)
def _is_trusted(host: str, trusted: tuple[Any, ...]) -> bool:
    return host_is_trusted(host, trusted)
