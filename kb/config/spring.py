"""Jakarta Mail's properties (mail.smtp.*), and Spring Boot's spring.mail.* as properties, YAML or SPRING_MAIL_* variables.

Read off Angus Mail SMTPTransport.java (no TLS by default, STARTTLS when offered with starttls.enable and always with
starttls.required; no AUTH when none is offered; LOGIN, then PLAIN) and SocketFetcher.java (ssl.trust, ssl.checkserveridentity).
Spring hands user name and password over itself, so that it authenticates with or without mail.smtp.auth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.env import set_variables, unquoted, variables
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, has, setting, unknown
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import is_true
from kb.text import Text

PRODUCTS = frozenset({"spring", "jakarta-mail"})
SHARES = True

_PREFIX = "SPRING_MAIL_"
_PAIR = re2.compile(
    r"""^(?P<lead>[ \t]*(?:\w+\.(?:put|setProperty)\(")?)(?P<key>[A-Za-z][\w.-]*)(?P<sep>"?\s*[:=,]\s*|:$)"""
    r"""(?P<value>[^\n]*?)(?P<tail>\s*(?:\);)?)$"""
)
_SPRING = ("host", "port", "username", "password", "protocol", "default-encoding", "jndi-name", "test-connection")
_SPRING_TLS = ("ssl.enabled", "ssl.bundle")
_SMTP = (
    *(
        "host",
        "port",
        "user",
        "password",
        "auth",
        "auth.mechanisms",
        "starttls.enable",
        "starttls.required",
        "ssl.enable",
    ),
    *("ssl.trust", "ssl.checkserveridentity", "ssl.protocols", "ssl.ciphersuites", "ssl.socketFactory", "localhost"),
    *(
        "ssl.socketFactory.class",
        "ssl.socketFactory.port",
        "socketFactory",
        "socketFactory.class",
        "socketFactory.port",
    ),
    *(
        "socketFactory.fallback",
        "connectiontimeout",
        "timeout",
        "writetimeout",
        "from",
        "localaddress",
        "localport",
        "ehlo",
    ),
    *(
        "sendpartial",
        "quitwait",
        "allow8bitmime",
        "dsn.notify",
        "dsn.ret",
        "sasl.enable",
        "sasl.mechanisms",
        "reportsuccess",
    ),
    *(
        "auth.login.disable",
        "auth.plain.disable",
        "auth.digest-md5.disable",
        "auth.ntlm.disable",
        "auth.ntlm.domain",
        "submitter",
    ),
)
_SOURCES = {
    "tls": ("starttls.enable", "starttls.required", "ssl.enable", "protocol", "socketFactory.class"),
    "verify": ("ssl.trust", "ssl.checkserveridentity"),
    "auth": ("username", "password", "auth", "auth.mechanisms", "user"),
    "host": ("host",),
    "ehlo": ("localhost",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Spring's or Jakarta Mail's settings for sending."""
    if _PREFIX in text or "spring.mail." in text or "mail.smtp" in text:
        return True
    return any(path.startswith("spring.mail.") for path, _, _, _ in _paths(text)) if "spring:" in text else False


def read(files: Mapping[str, str]) -> Reading:
    """The sending side."""
    found: dict[str, Setting] = {}
    findings: list[Finding] = []
    spring = False
    for name, text in files.items():
        for meaning, item in _settings(name, text):
            spring = spring or item.key.lower().startswith(("spring", "host", "username"))
            if meaning in (*_SPRING, *_SPRING_TLS, *_SMTP):
                found["ssl.enable" if meaning == "ssl.enabled" else meaning] = item
            else:
                findings.append(unknown("Jakarta Mail", item, (*(f"mail.smtp.{key}" for key in _SMTP), *_SPRING)))
    party = _party(found, findings, spring=spring) if "host" in found else None
    return Reading((party,) if party else (), tuple(findings))


def _paths(text: str) -> Iterator[tuple[str, int, str, str]]:
    """(dotted path, line, key as it stands, value) of properties, of calls that set them, and of nested YAML."""
    parents: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = None if len(line) > 2000 or line.lstrip().startswith(("#", "//", "-")) else _PAIR.match(line)
        if not found:
            continue
        depth, key = len(found.group("lead")), found.group("key")
        value = unquoted(found.group("value").strip())
        while parents and depth <= parents[-1][0]:
            parents.pop()
        flat = "(" in found.group("lead")
        path = key if flat else ".".join([*(parent for _, parent in parents), key])
        if not value and ":" in found.group("sep"):
            parents.append((depth, key))
        else:
            yield path, number, key, value


def _settings(name: str, text: str) -> Iterator[tuple[str, Setting]]:
    """(name below spring.mail or mail.smtp, setting); the key of a setting is its dotted path or the variable."""
    for variable in variables(name, text, (_PREFIX,)):
        meaning = _meaning("spring.mail." + variable.key.removeprefix(_PREFIX).lower().replace("_", "."))
        if meaning:
            yield meaning, setting(name, variable.line, variable.key, variable.value, secret="PASSWORD" in variable.key)
    for path, line, _, value in _paths(text):
        meaning = _meaning(path)
        if meaning:
            yield meaning, setting(name, line, path, value, secret=meaning == "password")


def _meaning(path: str) -> str:
    path = path.removeprefix("spring.mail.properties.") if path.startswith("spring.mail.properties.") else path
    for start in ("mail.smtp.", "mail.smtps.", "spring.mail."):
        if path.startswith(start):
            return path.removeprefix(start)
    return "protocol" if path == "mail.transport.protocol" else ""


def _party(found: dict[str, Setting], findings: list[Finding], *, spring: bool) -> Party:
    value = {key: item.value for key, item in found.items()}
    implicit = is_true(value.get("ssl.enable", "")) or value.get("protocol") == "smtps"
    implicit = implicit or "SSLSocketFactory" in value.get("socketFactory.class", "")
    required, enabled = is_true(value.get("starttls.required", "")), is_true(value.get("starttls.enable", ""))
    port = value.get("port") or ("465" if implicit else "25")
    user = value.get("username") or value.get("user")
    login = bool(user) and (spring or is_true(value.get("auth", "")))
    if user and not login:
        zh = "没有 mail.smtp.auth=true：除非连接时给了用户名和密码，否则不认证。"
        item = found.get("username") or found["user"]
        findings.append(
            finding(
                item, zh, "mail.smtp.auth is not true: it authenticates only when connect() is given user and password."
            )
        )
    if implicit and port in ("25", "587"):
        item = found.get("ssl.enable") or found.get("protocol") or found["socketFactory.class"]
        zh = f"一连接就 TLS 用于 465；{port} 端口用 starttls.enable。"
        findings.append(finding(item, zh, f"TLS from the first byte is for 465; with {port} use starttls.enable."))
    if not implicit and port == "465":
        findings.append(finding(found["port"], "465 端口要用 ssl.enable=true。", "Port 465 needs ssl.enable=true."))
    facts = {
        "library": "jakarta-mail",
        "tls": "implicit" if implicit else "starttls" if required else "opportunistic" if enabled else "none",
        "verify": _verify(value),
        "auth": "any" if login else "none",
        "ehlo": ehlo_kind(value.get("localhost", "")),
    }
    host = found["host"]
    details = {"host": value["host"], "port": port, "file": host.file, "style": host.key}
    if not facts["verify"]:
        details["perhaps"] = "verify=full,issuer"
    title = (
        Text("Spring Boot（Jakarta Mail）", "Spring Boot (Jakarta Mail)")
        if spring
        else Text("Jakarta Mail", "Jakarta Mail")
    )
    return client("spring" if spring else "jakarta-mail", title, facts, found, _SOURCES, details)


def _verify(value: Mapping[str, str]) -> str:
    """ssl.trust * takes any certificate. Whether names are checked by default depends on the release, and is left open."""
    if value.get("ssl.trust") == "*":
        return "none"
    named = value.get("ssl.checkserveridentity")
    return "" if named is None else "full" if is_true(named) else "issuer"


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The properties that change the facts; None where there is none for it."""
    style = party.details["style"]
    own = "spring.mail." if party.product == "spring" else "mail.smtp."
    inner = "spring.mail.properties.mail.smtp." if party.product == "spring" else "mail.smtp."
    name = "username" if party.product == "spring" else "user"
    user: Changes = [] if has(party, name) else [(own + name, "USER"), (own + "password", "PASSWORD")]
    user = user if party.product == "spring" else [*user, (own + "auth", "true")]
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [
            (inner + "starttls.enable", "true"),
            (inner + "starttls.required", "true"),
            (inner + "ssl.enable", "false"),
        ],
        ("tls", "implicit"): [(inner + "ssl.enable", "true")],
        ("tls", "none"): [
            (inner + f"{key}", "false") for key in ("starttls.enable", "starttls.required", "ssl.enable")
        ],
        ("verify", "none"): [(inner + "ssl.trust", "*")],
        ("verify", "full"): [(inner + "ssl.checkserveridentity", "true")],
        ("trust", "file"): [],
        ("auth", "any"): user,
        ("auth", "none"): [(own + name, None), (own + "password", None), (inner + "auth", "false")],
        ("host", "localhost"): [(own + "host", "localhost")],
        ("host", "name"): [(own + "host", "mail.example.com")],
        ("ehlo", "full"): [(inner + "localhost", "client.example.com")],
    }
    made = edits_of(party, change, options)
    if made is None or not style.startswith(_PREFIX):
        return made
    return tuple(Edit(edit.file, edit.key.upper().replace(".", "_"), edit.value) for edit in made)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with properties replaced, added after the host in its form, or removed."""
    if any(edit.key.startswith(_PREFIX) for edit in edits):
        return set_variables(text, edits)
    for edit in edits:
        text = _set(text, edit.key, edit.value)
    return text


def _set(text: str, key: str, value: str | None) -> str:
    lines = text.splitlines(keepends=True)
    host = None
    for path, number, own, _ in _paths(text):
        if path == key:
            found = _PAIR.match(lines[number - 1].rstrip("\r\n"))
            new = [] if value is None or not found else [_written(found, own, value)]
            return "".join([*lines[: number - 1], *new, *lines[number:]])
        if path in ("spring.mail.host", "mail.smtp.host"):
            host = number, own
    if value is None or host is None:
        return text
    number, own = host
    found = _PAIR.match(lines[number - 1].rstrip("\r\n"))
    short = key if own != "host" else key.removeprefix("spring.mail.")
    before = lines[:number]
    before[-1] = before[-1] if before[-1].endswith("\n") else before[-1] + "\n"
    return "".join([*before, *([_written(found, short, value)] if found else []), *lines[number:]])


def _written(found: re2._Match, key: str, value: str) -> str:
    quote = '"' if "(" in found.group("lead") or (value == "*" and ":" in found.group("sep")) else ""
    return f"{found.group('lead')}{key}{found.group('sep')}{quote}{value}{quote}{found.group('tail')}\n"
