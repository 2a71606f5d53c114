"""nullmailer's /etc/nullmailer/remotes: a host a line, then `smtp` and options.

After nullmailer-send(8) and protocols/smtp.cc, protocol.cc of version 2: TLS only with `ssl`/`tls` or `starttls`, which is then
sent whatever EHLO says; a login needs both `user` and `pass`; PLAIN before LOGIN as the server offers them, LOGIN alone with
`auth-login`; certificates are checked unless `insecure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.options import Changes, client, edits_of, setting, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"nullmailer"})
SHARES = False

_LINE = re2.compile(r"^[ \t]*(?P<host>[\w.\[\]:-]+)[ \t]+(?P<protocol>smtp)(?P<options>(?:[ \t]+\S.*)?)$")
_OPTION = re2.compile(r"""(?P<lead>[ \t]+)(?P<key>(?:--)?[a-z0-9-]+)(?P<sep>=?)(?P<value>'[^']*'|"[^"]*"|[^\s'"]*)""")
_LEAD, _KEY, _VALUE = 1, 2, 4
_NAMES = (
    *("port", "user", "pass", "source", "auth-login", "tls", "ssl", "starttls", "insecure", "tls-anon-auth"),
    *("x509certfile", "x509keyfile", "x509cafile", "x509crlfile", "x509fmtder", "esmtp"),
)
_SOURCES = {
    "tls": ("ssl", "tls", "starttls"),
    "verify": ("insecure",),
    "trust": ("x509cafile",),
    "auth": ("user", "pass", "auth-login"),
    "host": ("host",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file has a remote with a word that only nullmailer uses, or is named so."""
    lines = [line for line in text.splitlines()[:200] if len(line) < 2000 and _LINE.match(line)]
    words = ("port=", "user=", "pass=", "starttls", "auth-login", "insecure", "ssl", "x509")
    named = name.replace("\\", "/").rsplit("/", 1)[-1] == "remotes"
    return any(named or any(word in line for word in words) for line in lines)


def read(files: Mapping[str, str]) -> Reading:
    """The first remote of each file, which is tried first."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line) if len(line) < 2000 and not line.lstrip().startswith("#") else None
        if found:
            return _remote(name, number, found, findings)
    return None


def _remote(name: str, number: int, found: re2._Match, findings: list[Finding]) -> Party:
    settings: dict[str, Setting] = {"host": setting(name, number, "host", found.group("host"))}
    for option in _OPTION.finditer(found.group("options")):
        key = option.group("key").removeprefix("--")
        item = setting(name, number, key, option.group("value").strip("'\""), secret=key == "pass")
        settings[key] = item
        if key not in _NAMES:
            findings.append(unknown("nullmailer", item, _NAMES, Text("因此不发信", "does not send")))
    starttls, implicit = "starttls" in settings, bool(settings.keys() & {"ssl", "tls"})
    login = "login" if "auth-login" in settings else "any"
    facts = {
        "library": "nullmailer",
        "tls": "implicit" if implicit else "starttls" if starttls else "none",
        "verify": "none" if "insecure" in settings else "full",
        "trust": "file" if "x509cafile" in settings else "system",
        "auth": login if settings.keys() >= {"user", "pass"} else "none",
    }
    port = settings["port"].value if "port" in settings else ("465" if implicit else "25")
    details = {"host": found.group("host").strip("[]"), "port": port, "file": name}
    return client("nullmailer", Text("nullmailer", "nullmailer"), facts, settings, _SOURCES, details)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The options that change the facts; None where there is none for it. A value of "" is an option without one."""
    known = {item.key for item in party.origins.get("auth", ())}
    login: Changes = [(key, word) for key, word in (("user", "USER"), ("pass", "PASSWORD")) if key not in known]
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("starttls", ""), ("ssl", None), ("tls", None)],
        ("tls", "implicit"): [("ssl", ""), ("tls", None), ("starttls", None)],
        ("tls", "none"): [("ssl", None), ("tls", None), ("starttls", None)],
        ("verify", "none"): [("insecure", "")],
        ("verify", "full"): [("insecure", None)],
        ("trust", "file"): [("x509cafile", "/etc/ssl/certs/mail-ca.pem")],
        ("auth", "any"): [*login, ("auth-login", None)],
        ("auth", "login"): [*login, ("auth-login", "")],
        ("auth", "none"): [("user", None), ("pass", None), ("auth-login", None)],
        ("host", "localhost"): [("host", "localhost")],
        ("host", "name"): [("host", "mail.example.com")],
    }
    if "port" in change:
        options["port", change["port"]] = [("port", change["port"])]
    if change.get("tls") == "implicit" and "port" not in change and party.details["port"] not in ("465", ""):
        # Its default port changes with `ssl`; the one in use stays.
        options["tls", "implicit"] = [*options["tls", "implicit"], ("port", party.details["port"])]
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with options of the first remote replaced, added at its end, or removed."""
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if len(bare) < 2000 and not bare.lstrip().startswith("#") and _LINE.match(bare):
            for edit in edits:
                bare = _set(bare, edit)
            lines[index] = bare + line[len(line.rstrip("\r\n")) :]
            break
    return "".join(lines)


def _set(line: str, edit: Edit) -> str:
    found = _LINE.match(line)
    if found is None:
        return line
    if edit.key == "host":
        return line if edit.value is None else line[: found.start(1)] + edit.value + line[found.end(1) :]
    options = found.group("options")
    written = "" if edit.value is None else f"={edit.value}" if edit.value else ""
    own = next((o for o in _OPTION.finditer(options) if o.group("key").removeprefix("--") == edit.key), None)
    if own is not None:
        new = "" if edit.value is None else f"{own.group(_LEAD)}{own.group(_KEY)}{written}"
        options = options[: own.start()] + new + options[own.end() :]
    elif edit.value is not None:
        dashes = "--" if " --" in options else ""
        options = f"{options} {dashes}{edit.key}{written}"
    return f"{line[: found.start(3)]}{options}"
