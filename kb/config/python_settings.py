"""Django's and Flask-Mail's settings: assignments in a Python file, read as text and never run.

Both send with smtplib. Django: django/core/mail/backends/smtp.py; Flask-Mail: flask_mail/__init__.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import host_kind, is_true, set_line
from kb.text import Text, nearest_word

PRODUCTS = frozenset({"django", "flask-mail"})
SHARES = True

_ASSIGNMENT = re2.compile(
    r"^(?P<lead>\s*(?:app\.config\[['\"])?)(?P<key>[A-Z][A-Z0-9_]*)(?P<sep>(?:['\"]\])?\s*=\s*)(?P<value>.*?)\s*$"
)
_DJANGO = {
    **{"host": "EMAIL_HOST", "port": "EMAIL_PORT", "starttls": "EMAIL_USE_TLS", "tls": "EMAIL_USE_SSL"},
    **{"user": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD", "timeout": "EMAIL_TIMEOUT"},
    **{"certificate": "EMAIL_SSL_CERTFILE", "key": "EMAIL_SSL_KEYFILE", "backend": "EMAIL_BACKEND"},
    **{"prefix": "EMAIL_SUBJECT_PREFIX", "file": "EMAIL_FILE_PATH", "local": "EMAIL_USE_LOCALTIME"},
}
_FLASK = {
    **{"host": "MAIL_SERVER", "port": "MAIL_PORT", "starttls": "MAIL_USE_TLS", "tls": "MAIL_USE_SSL"},
    **{"user": "MAIL_USERNAME", "password": "MAIL_PASSWORD", "sender": "MAIL_DEFAULT_SENDER", "debug": "MAIL_DEBUG"},
    **{"most": "MAIL_MAX_EMAILS", "suppress": "MAIL_SUPPRESS_SEND", "ascii": "MAIL_ASCII_ATTACHMENTS"},
}
_NAMES = {"django": _DJANGO, "flask-mail": _FLASK}
_TITLES = {"django": Text("Django", "Django"), "flask-mail": Text("Flask-Mail", "Flask-Mail")}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Django's EMAIL_* or Flask-Mail's MAIL_* settings. MAIL_* alone is not enough: others use it too."""
    if not any(word in text for word in ("EMAIL_", "MAIL_SERVER", "MAIL_USE_TLS", "MAIL_USE_SSL")):
        return False
    return any(kind for kind, _, _ in _settings(name, text))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of Django or Flask-Mail."""
    found: dict[str, dict[str, Setting]] = {}
    findings: list[Finding] = []
    for name, text in files.items():
        for kind, key, setting in _settings(name, text):
            if key is None:
                findings += _unknown(kind, setting)
            else:
                found.setdefault(kind, {})[key] = setting
    parties = [_party(kind, settings, findings) for kind, settings in found.items()]
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str) -> Iterator[tuple[str, str | None, Setting]]:
    """(django or flask-mail, meaning, setting) of every assignment that concerns mail; meaning None for an unknown name."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _ASSIGNMENT.match(line) if len(line) < 2000 else None
        if not found:
            continue
        key, value = found.group("key"), _literal(found.group("value"))
        kind = "django" if key.startswith("EMAIL_") else "flask-mail" if key.startswith("MAIL_") else None
        if kind is None:
            continue
        meaning = next((meaning for meaning, known in _NAMES[kind].items() if known == key), None)
        secret = meaning == "password" and value != ""
        yield kind, meaning, Setting(name, number, key, "***" if secret else value, secret=secret)


def _literal(value: str) -> str:
    """A Python literal as text; `os.environ[…]` and other expressions stay as they stand and are never evaluated."""
    value = value.split(" #", 1)[0].strip().rstrip(",")
    if value[:1] in ("'", '"') and value.endswith(value[0]) and len(value) > 1:
        return value[1:-1]
    return "" if value == "None" else value


def _unknown(kind: str, setting: Setting) -> Iterator[Finding]:
    near = nearest_word(setting.key, _NAMES[kind].values())
    if near:
        name = _TITLES[kind].en
        text = Text(
            f"{name} 没有 {setting.key} 这个设置，是否想写 {near}？",
            f"{name} has no setting {setting.key}. Did you mean {near}?",
        )
        yield Finding(setting.file, setting.line, setting.key, text)


def _party(kind: str, settings: dict[str, Setting], findings: list[Finding]) -> Party:
    values = {key: setting.value for key, setting in settings.items()}
    starttls, tls = is_true(values.get("starttls", "")), is_true(values.get("tls", ""))
    host = values.get("host") or "localhost"
    names = _NAMES[kind]
    if starttls and tls and kind == "django":
        setting = settings["tls"]
        text = Text(
            "EMAIL_USE_TLS 与 EMAIL_USE_SSL 只能开一个，Django 会报 ValueError。",
            "EMAIL_USE_TLS and EMAIL_USE_SSL exclude one another; Django raises ValueError.",
        )
        findings.append(Finding(setting.file, setting.line, setting.key, text))
    needs_password = kind == "django"
    has_login = bool(values.get("user")) and (not needs_password or bool(values.get("password")))
    facts = {
        "library": "smtplib",
        "tls": "implicit" if tls else "starttls" if starttls else "none",
        "verify": "none" if kind == "flask-mail" else "full",
        "trust": "system",
        "auth": "any" if has_login else "none",
        "host": host_kind(host),
    }
    if kind == "flask-mail":
        facts["ehlo"] = "full"  # smtplib: the machine's name where that is full, else its address in brackets
    sources = {"tls": ("starttls", "tls"), "auth": ("user", "password"), "host": ("host",)}
    origins = {fact: tuple(settings[key] for key in keys if key in settings) for fact, keys in sources.items()}
    first = next(iter(settings.values()))
    details = {
        "host": host,
        "port": values.get("port") or "25",
        "file": first.file,
        "kind": kind,
        "dict": names["host"],
    }
    return Party("client", kind, _TITLES[kind], facts, origins, details)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The assignments that change the facts; None where there is no setting for it."""
    names, file = _NAMES[party.details["kind"]], party.details["file"]
    made: list[tuple[str, str | None]] = []
    for fact, value in change.items():
        settings = _settings_for(party, fact, value)
        if settings is None:
            return None
        made += settings
    return tuple(Edit(file, names[key], value) for key, value in made)


def _settings_for(party: Party, fact: str, value: str) -> list[tuple[str, str | None]] | None:
    has_user = bool(party.origins.get("auth"))
    options: dict[tuple[str, str], list[tuple[str, str | None]]] = {
        ("tls", "starttls"): [("starttls", "True"), ("tls", None)],
        ("tls", "implicit"): [("tls", "True"), ("starttls", None)],
        ("tls", "none"): [("starttls", None), ("tls", None)],
        ("auth", "none"): [("user", None), ("password", None)],
        ("auth", "any"): [] if has_user else [("user", "'USER'"), ("password", "'PASSWORD'")],
        ("password", "right"): [],
        ("port", value): [("port", value)],
        ("host", "localhost"): [("host", "'localhost'")],
        ("host", "name"): [("host", "'mail.example.com'")],
        ("certificate_name", "matches"): [],
        ("ehlo", "full"): [],
        ("trust", "file"): [],
    }
    return options.get((fact, value))


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with assignments replaced, added at the end, or removed."""
    for edit in edits:
        text = set_line(text, _ASSIGNMENT, edit.key, edit.value, f"{edit.key} = {edit.value}")
    return text
