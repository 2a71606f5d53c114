"""OpenSMTPD's smtpd.conf as a client: an action that relays through a host.

After smtpd.conf(5) and usr.sbin/smtpd of 6.8 and 7 (to.c text_to_relayhost, mta_session.c, parse.y): smtp:// takes STARTTLS
when it is offered and checks nothing; smtp+tls:// and smtps:// check the certificate unless `tls no-verify`. A label before @
names the credentials and goes with those two alone; PLAIN before LOGIN, never without TLS. With any other url nothing is
sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.options import client, ehlo_kind, finding, setting, split_port
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"opensmtpd"})
SHARES = False

_ACTION = re2.compile(r"^[ \t]*action[ \t]+.*[ \t]relay[ \t]+(?:.*[ \t])?host[ \t]+(?P<url>\"[^\"\s]+\"|[^\s\"]+)")
_OPTION = re2.compile(r"[ \t]+(?P<key>auth|helo|tls)\b(?:[ \t]+(?P<value>no-verify|<[^>\s]*>|\"[^\"]*\"|[^\s<\"]+))?")
_OLD = re2.compile(r"^[ \t]*accept[ \t].*[ \t]relay[ \t]+via[ \t]+\S+")
_URL = re2.compile(
    r"^(?:(?P<proto>[a-z+]+)://)?(?:(?P<label>[^@/\s]+)@)?(?P<host>\[[^\]\s]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?$"
)
_TLS = {"smtp": "opportunistic", "smtp+tls": "starttls", "smtp+notls": "none", "smtps": "implicit"}
_PROTO = {tls: proto for proto, tls in _TLS.items()}
_LONGEST = 4000
_SOURCES = {
    "tls": ("host", "tls"),
    "verify": ("tls", "host"),
    "auth": ("host", "auth"),
    "host": ("host",),
    "ehlo": ("helo",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file has an action that relays through a host, in today's words or those before 6.4."""
    return any(_ACTION.match(line) or _OLD.match(line) for _, _, line in _whole_lines(text))


def read(files: Mapping[str, str]) -> Reading:
    """The first relaying action of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _whole_lines(text: str) -> list[tuple[int, int, str]]:
    """(number of its first line, number of lines, line) of each, those that a backslash continues put together; no comments."""
    found: list[tuple[int, int, str]] = []
    begin, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _LONGEST or (not parts and line.lstrip().startswith("#")):
            continue
        begin = begin if parts else number
        goes_on = line.rstrip().endswith("\\")
        parts.append(line.rstrip()[:-1] + " " if goes_on else line)
        if not goes_on:
            found.append((begin, len(parts), "".join(parts)))
            parts = []
    return found


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    for number, _, line in _whole_lines(text):
        if _OLD.match(line):
            item = setting(name, number, "relay via", "")
            zh = "这是 6.4 以前的写法，现在的 smtpd 不认，不会启动：改成 action … relay host … 和 match … action …。"
            en = "This is the syntax from before 6.4, with which today's smtpd does not start: write action … relay host … and"
            findings.append(finding(item, zh, f"{en} match … action …."))
        action = _ACTION.match(line)
        if action:
            return _relay(name, number, line, action.group("url").strip('"'), findings)
    return None


def _relay(name: str, number: int, line: str, url: str, findings: list[Finding]) -> Party | None:
    parts = _URL.match(url)
    settings: dict[str, Setting] = {"host": setting(name, number, "host", url)}
    end = line.find(url) + len(url)
    for option in _OPTION.finditer(line[end:]):
        settings[option.group("key")] = setting(
            name, number, option.group("key"), (option.group("value") or "").strip('"')
        )
    tls = _TLS.get((parts.group("proto") or "smtp") if parts else "")
    label = parts.group("label") if parts else None
    tls = "starttls" if tls == "opportunistic" and "tls" in settings else tls
    trouble = _trouble(parts, tls, settings, label=bool(label))
    if trouble is not None:
        findings.append(finding(settings["host"], *trouble))
    if parts is None or tls is None or trouble is not None:
        return None
    no_check = settings.get("tls") is not None and settings["tls"].value == "no-verify"
    if "auth" in settings and not label:
        zh = "host 的 URL 里没有“标签@”，auth 的凭据表就不会用到，不登录。"
        en = "Without a label and @ in the url of host the table of auth is not used and nobody logs in."
        findings.append(finding(settings["auth"], zh, en))
    facts = {
        "library": "opensmtpd",
        "tls": tls,
        "verify": "full" if tls in ("starttls", "implicit") and not no_check else "none",
        "auth": "any" if label else "none",
        "ehlo": ehlo_kind(settings["helo"].value) if "helo" in settings else "",
    }
    host, port = split_port(f"{parts.group('host')}:{parts.group('port') or ('465' if tls == 'implicit' else '25')}")
    details = {
        "host": host,
        "port": port,
        "file": name,
        "label": label or "",
        "table": settings["auth"].value if "auth" in settings else "",
    }
    return client("opensmtpd", Text("OpenSMTPD", "OpenSMTPD"), facts, settings, _SOURCES, details)


def _trouble(
    parts: re2._Match | None, tls: str | None, settings: Mapping[str, Setting], *, label: bool
) -> tuple[str, str] | None:
    """Why nothing is sent with this url, None where it is."""
    if parts is None or tls is None:
        known = "smtp、smtp+tls、smtp+notls、smtps"
        return (
            f"这个 relay URL 不合写法，邮件会留在队列里：协议只有 {known}（tls+auth、secure 是 6.4 以前的）。",
            "This relay url is not valid and mail stays in the queue: the protocols are smtp, smtp+tls, smtp+notls and smtps"
            " (tls+auth and secure were those before 6.4).",
        )
    if label and tls not in ("starttls", "implicit"):
        return (
            "带“标签@”的 URL 只能用 smtp+tls:// 或 smtps://：用别的协议 smtpd 启动时不报错，邮件却一封也不发。",
            "A url with a label and @ has to begin with smtp+tls:// or smtps://; with another one smtpd starts without a word"
            " and sends nothing.",
        )
    if label and "auth" not in settings:
        return (
            "URL 里有“标签@”却没有 auth <表>，找不到凭据，邮件不发：加上 auth <secrets>。",
            "The url has a label and @ but there is no auth <table>, so no credentials are found and nothing is sent: add auth"
            " <secrets>.",
        )
    if tls == "none" and "tls" in settings:
        return (
            "smtp+notls:// 不能和 tls 一起用，邮件不发：URL 改成 smtp+tls://，或去掉 tls。",
            "smtp+notls:// does not go with tls, and nothing is sent: write smtp+tls:// or leave tls out.",
        )
    return None


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The url and options that change the facts; None where there is none for it."""
    logs_in = {**party.facts, **change}.get("auth") == "any"
    if not _can(change) or (logs_in and change.get("tls") in ("none", "opportunistic")):
        return None
    facts = {**party.facts, **change}
    if logs_in and facts["tls"] in ("none", "opportunistic"):
        facts["tls"] = "starttls"
    spelled = {"localhost": "localhost", "name": "mail.example.com"}
    host = spelled.get(change.get("host", ""), party.details["host"])
    label = f"{party.details['label'] or 'relay'}@" if logs_in else ""
    made: list[tuple[str, str | None]] = []
    if change.keys() & {"tls", "auth", "host", "port"}:
        port = change.get("port", party.details["port"])
        made.append(("host", f"{_PROTO[facts['tls']]}://{label}{host}:{port}"))
    if change.keys() & {"tls", "auth", "verify"}:
        unchecked = facts["tls"] in ("starttls", "implicit") and facts.get("verify") == "none"
        made.append(("tls", "no-verify" if unchecked else None))
    if "auth" in change:
        made.append(("auth", (party.details["table"] or "<secrets>") if logs_in else None))
    if "ehlo" in change:
        made.append(("helo", "client.example.com"))
    now = {item.key: item.value for items in party.origins.values() for item in items}
    return tuple(Edit(party.details["file"], key, value) for key, value in made if now.get(key) != value)


_ALLOWED = {
    **{"tls": tuple(_PROTO), "verify": ("full", "none"), "auth": ("any", "none"), "host": ("localhost", "name")},
    **{"trust": ("file",), "ehlo": ("full",)},
}


def _can(change: Mapping[str, str]) -> bool:
    """Whether OpenSMTPD can be told all of it; what no setting says goes with it."""
    free = ("port", "certificate_name", "password")
    return all(name in free or value in _ALLOWED.get(name, ()) for name, value in change.items())


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with the relaying action's url and options changed, on the line where they stand."""
    lines = text.splitlines(keepends=True)
    for number, count, line in _whole_lines(text):
        if not _ACTION.match(line):
            continue
        stretch = lines[number - 1 : number - 1 + count]
        for edit in edits:
            stretch = _set(stretch, edit)
        return "".join([*lines[: number - 1], *stretch, *lines[number - 1 + count :]])
    return text


_VALUE = 2
_HOST = re2.compile(r"(?P<lead>\bhost[ \t]+)(?P<value>\"[^\"\s]+\"|[^\s\"\\]+)")


def _set(lines: list[str], edit: Edit) -> list[str]:
    for index, line in enumerate(lines):
        host = _HOST.search(line)
        if edit.key == "host":
            if host and edit.value is not None:
                return [
                    *lines[:index],
                    line[: host.start(_VALUE)] + edit.value + line[host.end(_VALUE) :],
                    *lines[index + 1 :],
                ]
            continue
        begin = host.end() if host else 0
        own = next((o for o in _OPTION.finditer(line, begin) if o.group("key") == edit.key), None)
        if own is not None:
            new = "" if edit.value is None else f" {edit.key} {edit.value}"
            return [*lines[:index], line[: own.start()] + new + line[own.end() :], *lines[index + 1 :]]
    if edit.value is None:
        return lines
    at = next((index for index, line in enumerate(lines) if _HOST.search(line)), None)
    if at is None:
        return lines
    end = _HOST.search(lines[at]).end()
    return [*lines[:at], f"{lines[at][:end]} {edit.key} {edit.value}{lines[at][end:]}", *lines[at + 1 :]]
