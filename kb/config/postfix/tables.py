"""Lookup tables pasted beside main.cf, or inline in it: password maps, TLS policies, transports. Passwords are never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.postfix import inline
from kb.config.postfix.lines import Logical, key_and_value, split
from kb.config.postfix.model import HIDDEN, Assignment, Row, Service
from kb.config.setting import Finding
from kb.text import Text

_PASSWORDS = ("sasl_passwd", "sasl_password", "passwd", "password", "sasl")
_POLICIES = ("tls_policy", "policy")
_TRANSPORTS = ("transport", "sender_relay", "relayhost")
_LEVELS = frozenset({"none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure"})
# The key of a password, policy or transport map: a host or domain, perhaps with port, or a sender's address.
_KEY = re2.compile(r"^(?:\[[\w.:-]+\](?::\w+)?|[\w.-]*\.[\w-]+(?::\w+)?|[\w.+-]*@[\w.-]+|\*|[\w-]+:\w+)$")
_NO_COLON = Text(
    "这一行的用户名和密码之间没有冒号：要写成 主机 用户名:密码，否则认证时只有用户名。",
    "There is no colon between user name and password; a line reads host, blank, user:password.",
)
_NO_VALUE = Text("这一行只有键没有值。", "This line has a key but no value.")


def is_table(name: str, text: str) -> bool:
    """Whether a pasted file is a lookup table rather than main.cf or master.cf."""
    base = _base(name)
    if base.endswith((".cf", ".conf", ".yml", ".yaml", ".env", ".ini", ".proto", ".json")) or base in (
        "main",
        "master",
    ):
        return False
    named = any(word in base for word in (*_PASSWORDS, *_POLICIES, *_TRANSPORTS))
    logical = split(text[:50_000]).logical[:200]
    rows = sum(1 for line in logical if _looks_like_row(line.text))
    if not logical:
        return False
    return rows == len(logical) or (named and rows > 0)


def _looks_like_row(text: str) -> bool:
    parts = text[:1000].split(None, 1)
    return len(parts) == 2 and "=" not in parts[0] and not parts[1].startswith("=") and bool(_KEY.match(parts[0]))


def kind(name: str, main: Mapping[str, Assignment], services: Sequence[Service] = ()) -> str:
    """passwords, policies, transports or other: by the parameter that uses a file of that name, else by the name itself."""
    base = _base(name)
    uses = {a.name for a in main.values() if _names_file(a.raw, base)}
    uses |= {o.name for service in services for o in service.overrides if _names_file(o.raw, base)}
    if any(use.endswith("sasl_password_maps") for use in uses) or any(word in base for word in _PASSWORDS):
        return "passwords"
    if any(use.endswith("tls_policy_maps") for use in uses) or any(word in base for word in _POLICIES):
        return "policies"
    if any(use.endswith(("transport_maps", "relayhost_maps")) for use in uses):
        return "transports"
    return "transports" if any(word in base for word in _TRANSPORTS) else "other"


def _names_file(raw: str, base: str) -> bool:
    words = raw[:4000].replace(",", " ").split()
    return any(word.rsplit("/", 1)[-1] == base and ":" in word for word in words)


def read(
    files: Mapping[str, str], main: Mapping[str, Assignment], services: Sequence[Service]
) -> tuple[dict[str, tuple[Row, ...]], list[Finding]]:
    """The rows of every table, by the base name of its file, and what is wrong with them."""
    found: dict[str, tuple[Row, ...]] = {}
    problems: list[Finding] = []
    for name, text in files.items():
        what = kind(name, main, services)
        rows: list[Row] = []
        for logical in split(text).logical:
            row = _row(name, logical, what)
            rows.append(row)
            if not row.value:
                problems.append(Finding(name, row.line, "", _NO_COLON if _has_value(logical) else _NO_VALUE))
        found[_base(name)] = tuple(rows)
    return found, problems


def _has_value(logical: Logical) -> bool:
    return bool(key_and_value(logical.text[:2000])[1])


def _row(file: str, logical: Logical, what: str) -> Row:
    """A row; its value is kept where it cannot be a secret, else replaced by HIDDEN ("" for a password without a user)."""
    key, value = key_and_value(logical.text)
    if what == "policies":
        shown = value if value.split(None, 1)[:1] and value.split(None, 1)[0] in _LEVELS else ""
        return Row(file, logical.line, key.lower(), shown or (value and HIDDEN))
    if what == "transports":
        return Row(file, logical.line, key.lower(), value)
    if what == "passwords":
        # A line that lost its blank, such as host:user:password, must not show up as a key.
        key = key if _KEY.match(key) and value else ""
        return Row(file, logical.line, key.lower(), HIDDEN if ":" in value else "")
    return Row(file, logical.line, "", HIDDEN if value else "")


def inline_rows(value: str, file: str, line: int) -> tuple[Row, ...]:
    """The rows of the inline table in an expanded value."""
    return tuple(Row(file, line, key.lower(), found) for key, found in inline.entries(value))


def files_of(value: str) -> list[str]:
    """Base names of the files that an expanded map value names: `hash:/etc/postfix/sasl_passwd`."""
    return [word.rsplit("/", 1)[-1] for word in value.replace(",", " ").split() if ":/" in word]


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].lower()
