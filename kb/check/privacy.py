"""KB213: an example names nobody and holds no secret; everybody reads it."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from kb.catalog.findings import Finding
from kb.catalog.load import Document
from kb.catalog.model import Catalog
from kb.text import Text

_ADDRESS = re2.compile(r"([A-Za-z0-9._%+=-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
# Outside brackets four small numbers may as well be a version.
_IPV4 = re2.compile(
    r"(?:^|[^0-9.\[])([0-9]{2,3}(?:\.[0-9]{1,3}){3})(?:[^0-9.]|\.?$)|\[([0-9]{1,3}(?:\.[0-9]{1,3}){3})\]"
)
_AUTH = re2.compile(r"(?i)\bAUTH (?:PLAIN|LOGIN|CRAM-MD5|XOAUTH2|OAUTHBEARER) ([A-Za-z0-9+/]{8,}={0,2})(?:\s|$)")
# Parts before the @ that name a role and no person.
_ROLES = frozenset(
    {
        *(
            "a",
            "b",
            "me",
            "user",
            "user1",
            "user2",
            "users",
            "sender",
            "recipient",
            "nobody",
            "someone",
            "test",
            "alice",
            "bob",
        ),
        *("root", "postmaster", "abuse", "contact", "support", "admin", "administrator", "info", "delist", "www-data"),
        *("no-reply", "noreply", "mailer-daemon", "mailbox", "name", "username"),
    }
)
_NOBODYS_DOMAINS = ("example", "test", "invalid", "localhost", "local", "lan")
# Documentation (RFC 5737), private (RFC 1918), shared (RFC 6598), link-local, loopback, multicast and what lies above.
_NOBODYS = re2.compile(
    r"^(?:192\.0\.2|198\.51\.100|203\.0\.113|10\.|127\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|169\.254\.|100\.(?:6[4-9]"
    r"|[7-9][0-9]|1[01][0-9]|12[0-7])\.|0\.|22[4-9]|2[3-9][0-9]|[3-9][0-9]{2})"
)


def check(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """Findings on the examples and counter-examples of all entries."""
    for id_, entry in catalog.errors.items():
        for name, texts in (("examples", entry.examples), ("not_examples", entry.not_examples)):
            for index, text in enumerate(texts):
                message = _complaint(text)
                if message:
                    yield document.finding("KB213", ("errors", id_, name, index), message)


def _complaint(text: str) -> Text | None:
    if "@" in text:
        for found in _ADDRESS.finditer(text):
            if found.group(1).lower() not in _ROLES and not _is_nobodys(found.group(2).lower()):
                shown = found.group()
                return Text(
                    f"{shown} 可能是某个人的地址：换成 user@example.com。",
                    f"{shown} may be somebody's: write user@example.com.",
                )
    for found in _IPV4.finditer(text):
        shown = found.group(1) or found.group(2)
        if not _NOBODYS.search(shown):
            return Text(
                f"{shown} 可能是某台真实的机器：换成 192.0.2.10。",
                f"{shown} may be somebody's machine: write 192.0.2.10.",
            )
    if "auth" in text or "AUTH" in text:
        for found in _AUTH.finditer(text):
            if not found.group(1).islower():
                return Text(
                    "AUTH 后面像是密码（base64）：删去。",
                    "What follows AUTH looks like a password in base64: take it out.",
                )
    return None


def _is_nobodys(domain: str) -> bool:
    labels = domain.split(".")
    return labels[-1] in _NOBODYS_DOMAINS or "example" in labels
