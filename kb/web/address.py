"""Absolute addresses, where a path is not enough: feeds, sitemaps, text that leaves the browser."""

from __future__ import annotations

from flask import current_app, request


def base_url() -> str:
    """Scheme and host of this site, as configured, else as the request has them."""
    configured: str = current_app.config["BASE_URL"]
    return configured or request.host_url.rstrip("/")
