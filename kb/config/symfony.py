"""Symfony Mailer's DSN: MAILER_DSN=smtp://user:password@host:port?options, in .env, compose and the like.

Read off symfony/mailer (Transport/Dsn.php, Transport/Smtp/EsmtpTransportFactory.php, EsmtpTransport.php): TLS from the start
with smtps, on port 465, and without a port unless the host is localhost; else STARTTLS whenever it is offered, which
auto_tls=false switches off (7.1) and require_tls=true demands (7.3); options that it does not know are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

import re2

from kb.config.options import Changes, client, edits_of, finding, is_comment
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"symfony"})
SHARES = True

_NAME = r"""(?P<lead>\bMAILER_DSN["']?[ \t]*[=:][ \t]*["']?)"""
_DSN = re2.compile(
    _NAME + r"""(?P<scheme>smtps?)://(?:(?P<user>[^\s"'/?#]*)@)?(?P<host>\[[0-9a-fA-F:.]+\]|[^\s"'/?#@:]+)"""
    r"""(?::(?P<port>\d{1,5}))?/?(?P<query>\?[^\s"'#]*)?"""
)
_BROKEN = re2.compile(_NAME + r"""smtps?://[^\s"'@]*[/?#][^\s"'@]*@""")
_OPTIONS = (
    *(
        "verify_peer",
        "peer_fingerprint",
        "local_domain",
        "max_per_second",
        "restart_threshold",
        "restart_threshold_sleep",
    ),
    *("ping_threshold", "auto_tls", "require_tls", "source_ip", "retry_period"),
)
_OFF = ("", "0", "false", "off", "no")


def sniff(name: str, text: str) -> bool:
    """Whether a file sets MAILER_DSN to an SMTP server."""
    return "MAILER_DSN" in text and bool(_DSN.search(text) or _BROKEN.search(text))


def read(files: Mapping[str, str]) -> Reading:
    """The sending side of each file: the last DSN of it counts."""
    findings: list[Finding] = []
    parties: list[Party] = []
    for name, text in files.items():
        found = [pair for pair in _DSN.finditer(text) if not is_comment(text, pair.start())]
        findings += _broken(name, text)
        if found:
            parties.append(_party(name, text, found[-1], findings))
    return Reading(tuple(parties), tuple(findings))


def _broken(name: str, text: str) -> Iterator[Finding]:
    for pair in _BROKEN.finditer(text):
        if not is_comment(text, pair.start()):
            item = Setting(name, _line(text, pair.start()), "MAILER_DSN", "***", secret=True)
            zh = "用户名或密码里的 /、?、# 必须写成 %2F、%3F、%23，否则 Symfony 读不出主机（The mailer DSN is invalid）。"
            en = (
                "In user name and password /, ? and # have to be written %2F, %3F and %23, or Symfony does not find the host"
                " (The mailer DSN is invalid)."
            )
            yield finding(item, zh, en)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _party(name: str, text: str, dsn: re2._Match, findings: list[Finding]) -> Party:
    options = dict(_options(dsn.group("query") or ""))
    scheme, host, port = dsn.group("scheme"), dsn.group("host"), dsn.group("port") or ""
    user = dsn.group("user") or ""
    implicit = scheme == "smtps" or port == "465" or (not port and host != "localhost")
    masked = f"{scheme}://{'***@' if user else ''}{host}{':' + port if port else ''}"
    item = Setting(name, _line(text, dsn.start()), "MAILER_DSN", masked)
    findings += _remarks(item, options, scheme, port, host)
    facts = {
        "library": "symfony",
        "tls": "implicit" if implicit else _starttls(options),
        "verify": "none" if "verify_peer" in options and options["verify_peer"].lower() in _OFF[1:] else "full",
        "auth": "any" if unquote(user.partition(":")[0]) else "none",
        "ehlo": "full" if "." in options.get("local_domain", "[127.0.0.1]") else "short",
    }
    details = {"host": host.strip("[]"), "port": port or ("465" if implicit else "25"), "file": name}
    sources = dict.fromkeys(("tls", "verify", "auth", "host", "ehlo"), ("MAILER_DSN",))
    title = Text("Symfony Mailer", "Symfony Mailer")
    return client("symfony", title, facts, {"MAILER_DSN": item}, sources, details)


def _options(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.removeprefix("?").split("&"):
        key, _, value = pair.partition("=")
        if key:
            yield unquote(key), unquote(value)


def _starttls(options: Mapping[str, str]) -> str:
    if options.get("require_tls", "").lower() not in _OFF:
        return "starttls"
    return "none" if options.get("auto_tls", "true").lower() in _OFF else "opportunistic"


def _remarks(item: Setting, options: Mapping[str, str], scheme: str, port: str, host: str) -> Iterator[Finding]:
    for key in options:
        if key in ("encryption", "auth_mode", "username", "password"):
            zh = f"{key} 是 Swift Mailer 的写法，Symfony Mailer 不看它；TLS 由 smtp/smtps 和端口决定，用户名密码写在 @ 之前。"
            en = (
                f"{key} is Swift Mailer's; Symfony Mailer takes no notice. smtp or smtps and the port decide about TLS, and user"
                " name and password stand before the @."
            )
            yield finding(item, zh, en)
        elif key not in _OPTIONS:
            yield finding(
                item,
                f"Symfony Mailer 没有选项 {key}，会忽略它。",
                f"Symfony Mailer has no option {key} and ignores it.",
            )
    if scheme == "smtps" and port in ("25", "587"):
        zh = f"smtps 一连接就 TLS，用于 465；{port} 端口用 smtp://，服务器提供 STARTTLS 就会用。"
        en = f"smtps is TLS from the first byte and is for 465; with {port} use smtp://, which takes STARTTLS when offered."
        yield finding(item, zh, en)
    if not port and scheme == "smtp" and host != "localhost":
        zh = "没有写端口：Symfony 会连 465 并一连接就 TLS，不是 25 或 587。"
        en = "There is no port: Symfony takes 465 with TLS from the first byte, neither 25 nor 587."
        yield finding(item, zh, en)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """Changes of parts of the DSN; None where it has no part for it."""
    port: Changes = [("MAILER_DSN port", "587")] if party.details["port"] == "465" else []
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("MAILER_DSN scheme", "smtp"), *port, ("MAILER_DSN auto_tls", None)],
        ("tls", "implicit"): [("MAILER_DSN scheme", "smtps")],
        ("tls", "none"): [("MAILER_DSN scheme", "smtp"), *port, ("MAILER_DSN auto_tls", "false")],
        ("verify", "none"): [("MAILER_DSN verify_peer", "0")],
        ("verify", "full"): [("MAILER_DSN verify_peer", None)],
        ("trust", "file"): [],
        ("auth", "any"): [("MAILER_DSN user", "USER:PASSWORD")],
        ("auth", "none"): [("MAILER_DSN user", None)],
        ("host", "localhost"): [("MAILER_DSN host", "localhost")],
        ("host", "name"): [("MAILER_DSN host", "mail.example.com")],
        ("ehlo", "full"): [("MAILER_DSN local_domain", "client.example.com")],
    }
    return edits_of(party, change, options)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with parts of its last DSN changed."""
    for edit in edits:
        found = [pair for pair in _DSN.finditer(text) if not is_comment(text, pair.start())]
        if found:
            last = found[-1]
            text = text[: last.start()] + _changed(last, edit) + text[last.end() :]
    return text


def _changed(dsn: re2._Match, edit: Edit) -> str:
    part = edit.key.removeprefix("MAILER_DSN ")
    parts = {key: dsn.group(key) or "" for key in ("scheme", "user", "host", "port")}
    options = dict(_raw_options(dsn.group("query") or ""))
    if part in parts:
        parts[part] = edit.value or ""
    elif edit.value is None:
        options.pop(part, None)
    else:
        options[part] = edit.value
    user = f"{parts['user']}@" if parts["user"] else ""
    port = f":{parts['port']}" if parts["port"] else ""
    query = "?" + "&".join(f"{key}={value}" for key, value in options.items()) if options else ""
    return f"{dsn.group('lead')}{parts['scheme']}://{user}{parts['host']}{port}{query}"


def _raw_options(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.removeprefix("?").split("&"):
        key, _, value = pair.partition("=")
        if key:
            yield key, value
