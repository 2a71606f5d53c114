"""What the one who runs the server decides: environment variables, which `kb serve` also takes as options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_CONTACTS = ("mailto:", "https://", "tel:")
_MOST = 1_000_000
_NOT_IN_A_URL = frozenset(" \t\r\n\"'<>\\")


@dataclass(frozen=True)
class Policy:
    """How this server presents itself and what it allows.

    base_url: scheme and host for absolute links, "" for those of the request. rate_limit: requests a minute and client address,
    0 for no limit. trusted_proxies: how many proxies in front write X-Forwarded-For. security_contact: an address for
    `security.txt`, "" for none.
    """

    base_url: str = ""
    rate_limit: int = 0
    trusted_proxies: int = 0
    security_contact: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Policy:
        """From `KB_BASE_URL`, `KB_RATE_LIMIT`, `KB_TRUSTED_PROXIES`, `KB_SECURITY_CONTACT`. Raises ValueError."""
        return cls(
            base_url(environment.get("KB_BASE_URL", "")),
            _number("KB_RATE_LIMIT", environment.get("KB_RATE_LIMIT", "")),
            _number("KB_TRUSTED_PROXIES", environment.get("KB_TRUSTED_PROXIES", "")),
            contact(environment.get("KB_SECURITY_CONTACT", "")),
        )


def base_url(given: str) -> str:
    """Scheme and host without a slash at the end. Raises ValueError for anything else."""
    given = given.strip().rstrip("/")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        good = False
    if not good or f"{parts.scheme}://{parts.netloc}" != given or parts.username or set(given) & _NOT_IN_A_URL:
        raise ValueError(f"the base URL (KB_BASE_URL) is like https://kb.example.com, without a path; not {given!r}")
    return given


def contact(given: str) -> str:
    """An address as RFC 9116 wants it: mailto:, https: or tel:. Raises ValueError for anything else."""
    given = given.strip()
    if given and (not given.startswith(_CONTACTS) or not given.isprintable() or " " in given):
        raise ValueError(f"KB_SECURITY_CONTACT begins with mailto:, https:// or tel:, unlike {given!r}")
    return given


def _number(name: str, given: str) -> int:
    given = given.strip() or "0"
    if not given.isascii() or not given.isdigit() or len(given) > len(str(_MOST)) or int(given) > _MOST:
        raise ValueError(f"{name} is a whole number from 0 to {_MOST}, not {given!r}")
    return int(given)
