"""What answers for everybody have in common: caching, and access from pages of other hosts."""

from __future__ import annotations

from flask import Response, request

MAX_AGE = 300
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
EXPOSED = ("Access-Control-Expose-Headers", "ETag, Retry-After, RateLimit, RateLimit-Policy")
NOT_STORED = ("Cache-Control", "no-store")
SECURITY_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def allow_other_origins(response: Response) -> None:
    """CORS: anybody may read, without credentials; a preflight learns the methods and headers (Fetch standard, 3.2)."""
    response.headers.set(*ANY_ORIGIN)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    else:
        response.headers.set(*EXPOSED)


def keep(response: Response) -> None:
    """Let caches keep an answer that is the same for everybody. Its ETag is strong: a hash of the bytes, if it has none yet."""
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.add_etag()
    response.make_conditional(request)


def is_page_for_all(response: Response) -> bool:
    """Whether a response is a success that holds nothing of what was sent."""
    return request.method in ("GET", "HEAD") and response.status_code == 200


def vary(response: Response, name: str) -> None:
    """Add a name to Vary. Werkzeug's own way parses and writes the header anew, which costs half as much as a lookup."""
    there = response.headers.getlist("Vary")
    if not there:
        response.headers.add("Vary", name)
    elif name.lower() not in map(str.strip, ",".join(there).lower().split(",")):
        response.headers["Vary"] = ", ".join((*there, name))
