"""Scripts, styles and icons from memory: an address that changes with the content, compressed once, kept for a year."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from kb.redact import portable_rules

blueprint = Blueprint("assets", __name__)
_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_TYPES[".json"] = "application/json"


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[bytes, bytes]]:
    """Name -> (content, the same compressed)."""
    found = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    found["redact.json"] = json.dumps(portable_rules(), ensure_ascii=False).encode()
    return {name: (data, gzip.compress(data, 9, mtime=0)) for name, data in found.items()}


@lru_cache(maxsize=1)
def _version() -> str:
    """One version for all, so that a script can ask for another by its own."""
    return hashlib.sha256(b"".join(data for data, _ in _files().values())).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file."""
    return f"/static/{name}?v={_version()}"


@blueprint.get("/static/<name>")
def static_file(name: str) -> Response:
    """A file; kept for a year where the address names its version, else asked for again."""
    found = _files().get(name)
    if found is None:
        abort(404)
    plain, packed = found
    accepts = request.accept_encodings.quality("gzip") > 0
    response = Response(packed if accepts else plain, content_type=_TYPES[Path(name).suffix])
    if accepts:
        response.headers["Content-Encoding"] = "gzip"
    current = request.args.get("v") == _version()
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{_version()}{'-gzip' if accepts else ''}")
    return response.make_conditional(request)  # type: ignore[return-value]
