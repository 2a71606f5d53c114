"""Python code that sends with smtplib, read as text and never run.

Lib/smtplib.py: SMTP has port 25 and SMTP_SSL 465 by default; starttls() and SMTP_SSL check no certificate unless they are given a
context that does (ssl.create_default_context); login() picks CRAM-MD5, PLAIN or LOGIN as offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.options import client, edits_of, finding, is_comment, setting
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"smtplib"})
SHARES = False

_CALL = re2.compile(r"\b(?P<class>SMTP_SSL|SMTP|LMTP)\((?P<arguments>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_VARIABLE = re2.compile(r"""(?m)^[ \t]*(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>"[^"\n]*"|'[^'\n]*'|\d+)\s*(?:#.*)?$""")
_STARTTLS = re2.compile(r"(?m)\.starttls\((?P<arguments>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_LOGIN = re2.compile(r"(?m)\.login\(")
_LINE_OF_LOGIN = re2.compile(r"(?m)^[ \t]*[\w.]+\.login\([^\n]*\)[ \t]*\n")
_LINE_OF_STARTTLS = re2.compile(r"(?m)^[ \t]*[\w.]+\.starttls\([^\n]*\)[ \t]*\n")
_OPENED = re2.compile(
    r"(?m)^(?P<lead>[ \t]*)(?:(?P<name>[\w.]+)[ \t]*=|with\b)[^\n]*\bSMTP(?:_SSL)?\([^\n]*?(?:\bas[ \t]+(?P<as>\w+):)?[ \t]*$"
)
_SECURED = ("create_default_context", "SSLContext(ssl.PROTOCOL_TLS_CLIENT")
_OPEN = ("_create_unverified_context", "CERT_NONE")
_SOURCES = {"tls": ("class", "starttls"), "verify": ("starttls", "class"), "auth": ("login",), "host": ("class",)}


def sniff(name: str, text: str) -> bool:
    """Whether a text is Python code that opens an SMTP connection."""
    return "smtplib" in text and any(found for found in _CALL.finditer(text[:200_000]))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file: its first connection."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    call = next((found for found in _CALL.finditer(text) if not is_comment(text, found.start())), None)
    if call is None:
        return None
    known = {found.group("name"): found.group("value").strip("\"'") for found in _VARIABLE.finditer(text)}
    arguments = dict(_arguments(call.group("arguments"), ("host", "port")))
    host = _resolved(arguments.get("host", ""), known)
    host, _, inline = host.partition(":") if host.count(":") == 1 else (host, "", "")
    implicit = call.group("class") == "SMTP_SSL"
    port = _resolved(arguments.get("port", ""), known) or inline or ("465" if implicit else "25")
    upgrade = next((found for found in _STARTTLS.finditer(text) if not is_comment(text, found.start())), None)
    login = next((found for found in _LOGIN.finditer(text) if not is_comment(text, found.start())), None)
    found = {"class": _item(name, text, call.start(), call.group("class"), host)}
    if upgrade:
        found["starttls"] = _item(name, text, upgrade.start(), "starttls", upgrade.group("arguments"))
    if login:
        found["login"] = setting(name, text.count("\n", 0, login.start()) + 1, "login", "(…)", secret=True)
    if implicit and port in ("25", "587"):
        zh = f"SMTP_SSL 一连接就 TLS，用于 465；{port} 端口用 SMTP 再调用 starttls()。"
        findings.append(
            finding(
                found["class"],
                zh,
                f"SMTP_SSL is TLS from the first byte and is for 465; with {port} use SMTP and starttls().",
            )
        )
    context = arguments.get("context", "") if implicit else upgrade.group("arguments") if upgrade else ""
    facts = {
        "library": "smtplib",
        "tls": "implicit" if implicit else "starttls" if upgrade else "none",
        "verify": _verify(context, text) if implicit or upgrade else "",
        "auth": "any" if login else "none",
    }
    details = {"host": host or "localhost", "port": port if port.isdigit() else "25", "file": name}
    return client("smtplib", Text("Python smtplib", "Python smtplib"), facts, found, _SOURCES, details)


def _item(name: str, text: str, at: int, key: str, value: str) -> Setting:
    return setting(name, text.count("\n", 0, at) + 1, key, value)


def _arguments(text: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(name, expression) of a call's arguments; the first ones go by their place. A comma inside brackets splits too early, which
    only concerns arguments that are not looked at."""
    for index, part in enumerate(text.split(",")):
        name, equals, value = part.partition("=")
        if equals and name.strip().isidentifier():
            yield name.strip(), value.strip()
        elif index < len(names):
            yield names[index], part.strip()


def _resolved(expression: str, known: Mapping[str, str]) -> str:
    """What a literal or a variable with a literal value says; "" for anything else."""
    if expression[:1] in ("'", '"'):
        return expression.strip("\"'")
    return expression if expression.isdigit() else known.get(expression, "")


def _verify(context: str, text: str) -> str:
    """Certificate checks: none without a context; "" when it is not to be seen what the context does."""
    if not context.strip():
        return "none"
    if any(word in text for word in _OPEN):
        return "none"
    return "full" if any(word in text for word in _SECURED) else ""


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The changes of code for the facts: of TLS, and of whether it logs in; None for the others."""
    context = "context=ssl.create_default_context()"
    return edits_of(party, change, {
        ("tls", "starttls"): [("starttls", context)],
        ("tls", "implicit"): [("SMTP_SSL", context)],
        ("tls", "none"): [("starttls", None)],
        ("auth", "none"): [("login", None)],
        ("trust", "file"): [],
    })  # fmt: skip


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The code with edits made."""
    for edit in edits:
        if edit.key == "login":
            text = str(_LINE_OF_LOGIN.sub("", text))
        elif edit.key == "SMTP_SSL":
            text = str(_LINE_OF_STARTTLS.sub("", text)).replace("smtplib.SMTP(", "smtplib.SMTP_SSL(", 1)
        else:
            text = str(_LINE_OF_STARTTLS.sub("", text)).replace("SMTP_SSL(", "SMTP(")
            text = text if edit.value is None else _with_starttls(text, edit.value)
    return text


def _with_starttls(text: str, arguments: str) -> str:
    opened = _OPENED.search(text)
    if opened is None:
        return text
    name = opened.group("as") or opened.group("name") or "server"
    lead = opened.group("lead") + ("    " if opened.group("as") else "")
    return f"{text[: opened.end()]}\n{lead}{name}.starttls({arguments}){text[opened.end() :]}"
