"""A limit on requests per client address: token buckets in this process, in bounded memory. Off unless asked for.

Each address may make `rate_limit` requests at once and gets as many back in the course of a minute. An IPv6 address counts with
its /64, which is what one customer gets. Several worker processes keep buckets of their own.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request

from kb.text import Text
from kb.web.problems import Problem

WINDOW = 60
_MOST_CLIENTS = 20_000
_FREE = ("/static/", "/healthz", "/readyz", "/metrics")
_KEY = "kb_limit"
_DETAIL = Text("请求太多了。请过 {} 秒再试。", "Too many requests. Try again in {} seconds.")


class Standing(NamedTuple):
    """Where a client stands: whether it may go on, what remains, seconds until all is back, seconds to wait if it may not."""

    allowed: bool
    remaining: int
    reset: int
    wait: int


class Buckets:
    """Tokens by client. The clients that were quiet longest are forgotten first."""

    def __init__(self, size: int, most: int = _MOST_CLIENTS) -> None:
        """`size` tokens a client, and as many back in WINDOW seconds."""
        self.size = size
        self._most = most
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, cost: int, now: float) -> Standing:
        """Take `cost` tokens at the time `now` in seconds, or nothing if there are not as many. None costs more than a bucket."""
        speed = self.size / WINDOW
        cost = min(cost, self.size)
        with self._lock:
            tokens, before = self._kept.pop(client, (float(self.size), now))
            tokens = min(float(self.size), tokens + max(0.0, now - before) * speed)
            allowed = tokens >= cost
            tokens -= cost if allowed else 0
            self._kept[client] = (tokens, now)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        wait = 0 if allowed else max(1, math.ceil((cost - tokens) / speed))
        return Standing(allowed, int(tokens), math.ceil((self.size - tokens) / speed), wait)

    def __len__(self) -> int:
        return len(self._kept)


def install(app: Flask, rate_limit: int) -> None:
    """Limit requests to `rate_limit` a minute and client; 0 installs nothing."""
    if not rate_limit:
        return
    app.extensions[_KEY] = Buckets(rate_limit)
    app.before_request(_count)
    app.after_request(_tell)


def charge(cost: int) -> None:
    """Take more for a request that is more work than others. Raises Problem 429."""
    if cost < 1:
        return
    standing = take(current_app, request.remote_addr, cost)
    if standing is None:
        return
    g.standing = standing
    if not standing.allowed:
        raise Problem(429, Text(*(text.format(standing.wait) for text in _DETAIL)))


def take(app: Flask, address: str | None, cost: int) -> Standing | None:
    """Take for a request from an address; None where nothing is limited."""
    buckets: Buckets | None = app.extensions.get(_KEY)
    return buckets.take(client_of(address), cost, time.monotonic()) if buckets is not None else None


def fields(app: Flask, standing: Standing) -> list[tuple[str, str]]:
    """RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""
    size = app.extensions[_KEY].size
    return [
        ("RateLimit-Policy", f'"default";q={size};w={WINDOW}'),
        ("RateLimit", f'"default";r={standing.remaining};t={standing.reset}'),
    ]


def client_of(address: str | None) -> str:
    """An IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "?"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def _count() -> None:
    if request.method != "OPTIONS" and not request.path.startswith(_FREE):
        charge(1)


def _tell(response: Response) -> Response:
    """RateLimit fields, and Retry-After for who has to wait (RFC 9110, 10.2.3)."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        for name, value in fields(current_app, standing):
            response.headers[name] = value
        if not standing.allowed:
            response.headers["Retry-After"] = str(standing.wait)
    return response
