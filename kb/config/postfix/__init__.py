"""Postfix: main.cf, master.cf, postconf output and lookup tables in; settings, facts of its ports and of its client, edits out.

Law of this folder: only the standard library and what the room `config` may import; no I/O but its own data file; nothing raises
on any text; time is linear in its length; a password never gets further than `secrets.py` and `tables.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.config.postfix import checks
from kb.config.postfix.changes import edits
from kb.config.postfix.client import client_side
from kb.config.postfix.edit import apply
from kb.config.postfix.effective import Effective, effective
from kb.config.postfix.installations import installations
from kb.config.postfix.model import Config, Service, Value
from kb.config.postfix.read import read as read_config
from kb.config.postfix.read import recognised
from kb.config.postfix.server import server_sides
from kb.config.setting import Finding, Party, Reading

PRODUCTS = frozenset({"postfix"})
SHARES = True
# Files that docker-mailserver reads under these names: no Postfix of their own (kb/config/dms.py).
_OF_ANOTHER = frozenset({"postfix-main.cf", "postfix-master.cf", "postfix-sasl-password.cf", "postfix-relaymap.cf"})

__all__ = [
    "PRODUCTS",
    "SHARES",
    "Config",
    "Effective",
    "Service",
    "Value",
    "apply",
    "client_side",
    "edits",
    "effective",
    "read",
    "read_config",
    "recognised",
    "server_sides",
    "sniff",
]


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Postfix configuration: its name says so, or a good part of its lines do."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    if base in _OF_ANOTHER:
        return False
    if base.startswith(("main.cf", "master.cf")) and text.strip():
        return True
    return recognised(name, text) >= 0.5


def read(files: Mapping[str, str]) -> Reading:
    """The ports of each pasted Postfix as servers, its relaying as client, and findings on the files. Never raises."""
    parties: list[Party] = []
    found: list[Finding] = []
    for own in installations(files):
        config = read_config(own)
        client = client_side(config)
        parties += [*server_sides(config), *([client] if client else [])]
        found += [*config.findings, *checks.findings(config)]
    return Reading(tuple(parties), tuple(found))
