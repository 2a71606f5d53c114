"""How the service was asked to run. Environment variables, so that every worker and any other WSGI server knows them too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.web.policy import base_url

LOG_FORMATS = ("text", "json", "off")
_TRUE = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class Settings:
    """log_format: how requests are logged. metrics: whether `/metrics` is there. base_url: the public address, or None."""

    log_format: str = "off"
    metrics: bool = False
    base_url: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """`KB_LOG_FORMAT`, `KB_METRICS` and `KB_BASE_URL`. Raises ValueError that says what is wrong."""
        known = os.environ if environ is None else environ
        log_format = known.get("KB_LOG_FORMAT") or "off"
        if log_format not in LOG_FORMATS:
            raise ValueError(f"KB_LOG_FORMAT is one of {', '.join(LOG_FORMATS)}, not {log_format}")
        address = base_url(known.get("KB_BASE_URL", "")) or None
        return cls(log_format, known.get("KB_METRICS", "").lower() in _TRUE, address)

    def write(self) -> dict[str, str]:
        """The variables that `read` takes these settings from."""
        return {
            "KB_LOG_FORMAT": self.log_format,
            "KB_METRICS": "1" if self.metrics else "",
            "KB_BASE_URL": self.base_url or "",
        }

    def trusted_hosts(self) -> list[str] | None:
        """Names that a request's Host may have; None for any. This machine's own are for health checks."""
        if self.base_url is None:
            return None
        return [urlsplit(self.base_url).hostname or "", "localhost", "127.0.0.1", "[::1]"]
