"""Go code that sends with net/smtp's SendMail or with gomail, read as text and never run; and such settings as JSON.

Go net/smtp smtp.go SendMail: STARTTLS whenever it is offered, certificates always checked, and no setting for either; auth.go:
PlainAuth only over TLS or to localhost, and only to the host it names. gomail: github.com/go-mail/mail smtp.go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import re2

from kb.config.options import Changes, client, edits_of, finding, has, is_comment, setting, split_port
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"go-sendmail", "gomail"})
SHARES = False

_ARGUMENTS = r"\((?P<arguments>[^()]*(?:\([^()]*\)[^()]*)*)"
_SENDMAIL = re2.compile(r"\bsmtp\.SendMail" + _ARGUMENTS)
_AUTH = re2.compile(r"\bsmtp\.(?P<kind>PlainAuth|CRAMMD5Auth)\((?P<arguments>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_DIALER = re2.compile(r"\b(?:gomail|mail)\.New(?:Plain)?Dialer" + _ARGUMENTS)
_VARIABLE = re2.compile(r"""(?m)\b(?P<name>[A-Za-z_]\w*)\s*(?::=|=|\bstring\s*=)\s*(?P<value>"[^"\n]*"|\d+)""")
_JSON_KEYS = {"addr", "auth", "username", "password", "from", "to", "identity"}
_JSON_AUTH = {"plain": "plain", "cram-md5": "cram-md5", "none": "none", "": "none"}
_SOURCES = {"tls": ("call",), "auth": ("auth", "username", "password"), "host": ("call", "addr")}
_TITLE = Text("Go net/smtp SendMail", "Go net/smtp SendMail")


def sniff(name: str, text: str) -> bool:
    """Whether a text is such code, or such a JSON object."""
    if "smtp.SendMail" in text or "NewDialer(" in text or "NewPlainDialer(" in text:
        return any(found for pattern in (_SENDMAIL, _DIALER) for found in pattern.finditer(text[:200_000]))
    return _object(text) is not None


def _object(text: str) -> dict[str, str] | None:
    """The settings as a JSON object of strings with `addr`; None for anything else."""
    if not text.lstrip().startswith("{") or len(text) > 10_000 or '"addr"' not in text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not {"addr"} <= found.keys() <= _JSON_KEYS:
        return None
    return {key: value for key, value in found.items() if isinstance(value, str)}


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    settings = _object(text)
    if settings is not None:
        return _of_json(name, text, settings, findings)
    known = {found.group("name"): found.group("value").strip('"') for found in _VARIABLE.finditer(text)}
    dialer = _first(_DIALER, text)
    if dialer is not None:
        return _of_gomail(name, text, dialer, known)
    call = _first(_SENDMAIL, text)
    if call is None:
        return None
    host, port = split_port(_resolved(_split(call.group("arguments"))[0], known))
    auth = _first(_AUTH, text)
    found = {"call": _item(name, text, call.start(), "smtp.SendMail", f"{host}:{port}")}
    mechanism = "none"
    if auth is not None:
        mechanism = "plain" if auth.group("kind") == "PlainAuth" else "cram-md5"
        found["auth"] = _item(name, text, auth.start(), "smtp." + auth.group("kind"), "(…)")
        named = _resolved(_split(auth.group("arguments"))[-1], known) if mechanism == "plain" else ""
        if named and host and named != host:
            zh = f"PlainAuth 的主机是 {named}，与连接的 {host} 不同，Go 会报 wrong host name。"
            findings.append(
                finding(
                    found["auth"],
                    zh,
                    f"PlainAuth names the host {named} and the connection goes to {host}: Go fails with wrong host name.",
                )
            )
    return _sendmail(name, host, port, mechanism, found, "code", findings)


def _sendmail(
    name: str, host: str, port: str, mechanism: str, found: Mapping[str, Setting], form: str, findings: list[Finding]
) -> Party:
    if port == "465":
        zh = "SendMail 没有隐式 TLS，连不上 465；改用 587，或先 tls.Dial 再 smtp.NewClient。"
        en = "SendMail has no implicit TLS and gets nowhere at 465; use 587, or tls.Dial and then smtp.NewClient."
        findings.append(finding(next(iter(found.values())), zh, en))
    facts = {"library": "go-sendmail", "tls": "opportunistic", "verify": "full", "auth": mechanism, "ehlo": "short"}
    details = {"host": host or "mail.example.com", "port": port or "25", "file": name, "form": form}
    return client("go-sendmail", _TITLE, facts, found, _SOURCES, details)


def _of_json(name: str, text: str, settings: Mapping[str, str], findings: list[Finding]) -> Party:
    host, port = split_port(settings.get("addr", ""))
    found = {
        key: setting(name, text.count("\n", 0, max(text.find(f'"{key}"'), 0)) + 1, key, value, secret=key == "password")
        for key, value in settings.items()
    }
    kind = settings.get("auth", "none").lower()
    if kind not in _JSON_AUTH:
        zh = f"auth 不认 {kind!r}，可用 plain、cram-md5、none。"
        findings.append(finding(found["auth"], zh, f"auth does not know {kind!r}; it takes plain, cram-md5, none."))
    return _sendmail(name, host, port, _JSON_AUTH.get(kind, "none"), found, "json", findings)


def _of_gomail(name: str, text: str, call: re2._Match, known: Mapping[str, str]) -> Party:
    parts = [_resolved(part, known) for part in _split(call.group("arguments"))] + [""] * 4
    host, port = parts[0], parts[1] if parts[1].isdigit() else "25"
    user = _split(call.group("arguments"))[2:3]
    policy = "none" if "NoStartTLS" in text else "starttls" if "MandatoryStartTLS" in text else "opportunistic"
    found = {"call": _item(name, text, call.start(), "NewDialer", f"{host}:{port}")}
    facts = {
        "library": "go-gomail",
        "tls": "implicit" if port == "465" else policy,
        "verify": "none" if "InsecureSkipVerify: true" in text else "full",
        "auth": "none" if user in ([], ['""']) else "any",
        "ehlo": "full" if "LocalName" in text else "short",
    }
    details = {"host": host or "mail.example.com", "port": port, "file": name, "form": "gomail"}
    return client("gomail", Text("gomail", "gomail"), facts, found, _SOURCES, details)


def _first(pattern: re2._Regexp, text: str) -> re2._Match | None:
    return next((found for found in pattern.finditer(text) if not is_comment(text, found.start())), None)


def _item(name: str, text: str, at: int, key: str, value: str) -> Setting:
    return setting(name, text.count("\n", 0, at) + 1, key, value)


def _split(arguments: str) -> list[str]:
    """The arguments of a call, split at the commas outside brackets."""
    parts, depth = [""], 0
    for character in arguments:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _resolved(expression: str, known: Mapping[str, str]) -> str:
    """What literals, variables with literal values and sums of them say; "" for what cannot be seen."""
    if expression.startswith("net.JoinHostPort("):
        return ":".join(_resolved(part, known) for part in _split(expression[len("net.JoinHostPort(") :].rstrip(")")))
    parts = [part.strip() for part in expression.split("+")]
    return "".join(
        part.strip('"') if part.startswith('"') else part if part.isdigit() else known.get(part, "") for part in parts
    )


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """What can be changed: mechanism and host of SendMail. TLS cannot, SendMail has no setting for it."""
    port = party.details["port"]
    options: dict[tuple[str, str], Changes] = {("trust", "file"): []}
    if party.details["form"] == "json":
        user: Changes = [] if has(party, "username") else [("username", "USER"), ("password", "PASSWORD")]
        options |= {
            ("auth", "none"): [("auth", "none")],
            ("auth", "plain"): [("auth", "plain"), *user],
            ("auth", "cram-md5"): [("auth", "cram-md5"), *user],
            ("port", change.get("port", "")): [("addr", f"{party.details['host']}:{change.get('port', '')}")],
            ("host", "localhost"): [("addr", f"localhost:{port}")],
            ("host", "name"): [("addr", f"mail.example.com:{port}")],
        }
    elif party.details["form"] == "code":
        options |= {("auth", "cram-md5"): [("smtp.CRAMMD5Auth", "")], ("auth", "none"): [("smtp.SendMail", "nil")]}
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with edits made."""
    settings = _object(text)
    if settings is not None:
        found = json.loads(text)
        return json.dumps({**found, **{edit.key: edit.value for edit in edits}}, indent=2, ensure_ascii=False) + "\n"
    for edit in edits:
        auth = _first(_AUTH, text)
        if auth is None:
            continue
        parts = _split(auth.group("arguments"))
        new = "nil" if edit.key == "smtp.SendMail" else f"smtp.CRAMMD5Auth({', '.join(parts[1:3])})"
        if auth.group("kind") == "PlainAuth" or new == "nil":
            text = text[: auth.start()] + new + text[auth.end() :]
    return text
