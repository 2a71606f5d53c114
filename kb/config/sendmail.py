"""Sendmail as a client: SMART_HOST and the mailer's port in sendmail.mc or submit.mc, AuthInfo and Try_TLS lines of its maps.

After cf/README (SMART_HOST, RELAY_MAILER_ARGS, FEATURE(`authinfo'), access map: TLS_Srv, Try_TLS), sendmail/deliver.c and
usersmtp.c, and run with 8.17.1: STARTTLS whenever it is offered and not checked, in clear after a 454; the mechanisms of M:
or else of confAUTH_MECHANISMS, which without a definition has neither PLAIN nor LOGIN; without AUTH in EHLO it goes on; no
implicit TLS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.options import Changes, client, edits_of, finding, setting
from kb.config.setting import M4, MAP, Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"sendmail"})
SHARES = True

_DEFINE = re2.compile(r"^[ \t]*define\([ \t]*`?(?P<key>[A-Za-z_]+)'?[ \t]*,[ \t]*`(?P<value>[^']*)'[ \t]*\)")
_KEY, _VALUE = 1, 2
_SMART = re2.compile(r"^(?:(?P<mailer>relay|e?smtp|smtp8|dsmtp)\s*:\s*)?(?P<host>\[?[\w.:-]+?\]?)\.?$")
_FEATURE = re2.compile(r"^[ \t]*FEATURE\([ \t]*`?(?P<name>\w+)'?")
_AUTH = re2.compile(r"^\s*AuthInfo:(?P<host>\S*)\s+(?P<rest>.*)$")
_PART = re2.compile(r"\"(?P<key>[UIPRM])[:=](?P<value>[^\"]*)\"")
_TRY = re2.compile(r"(?i)^\s*Try_TLS:(?P<host>\S*)\s+NO\s*$")
_SRV = re2.compile(r"(?i)^\s*TLS_Srv:(?P<host>\S*)\s+(?P<level>ENCR|VERIFY)\S*")
_PLAIN = {"PLAIN": "plain", "LOGIN": "login", "CRAM-MD5": "cram-md5"}
_ARGS = {
    "smtp": "SMTP_MAILER_ARGS",
    "esmtp": "ESMTP_MAILER_ARGS",
    "dsmtp": "DSMTP_MAILER_ARGS",
    "smtp8": "SMTP8_MAILER_ARGS",
}
_SOURCES = {
    "tls": ("Try_TLS", "TLS_Srv"),
    "auth": ("AuthInfo", "confAUTH_MECHANISMS"),
    "filter": ("confAUTH_MECHANISMS",),
    "host": ("SMART_HOST", "port"),
    "ehlo": ("confDOMAIN_NAME",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file is a sendmail.mc with a smarthost, or has lines of its maps."""
    return "SMART_HOST" in text or _is_map(text)


def _is_map(text: str) -> bool:
    return "AuthInfo:" in text or "Try_TLS:" in text or "TLS_Srv:" in text


def read(files: Mapping[str, str]) -> Reading:
    """The smarthost of the first sendmail.mc, with what the maps say of it."""
    findings: list[Finding] = []
    for name, text in files.items():
        if "SMART_HOST" in text:
            party = _party(name, text, files, findings)
            if party is not None:
                return Reading((party,), tuple(findings))
    return Reading((), tuple(findings))


def _defined(name: str, text: str) -> Iterator[Setting]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _DEFINE.match(line) if len(line) < 4000 else None
        if found:
            yield setting(name, number, found.group("key"), found.group("value").strip())


def _party(name: str, text: str, files: Mapping[str, str], findings: list[Finding]) -> Party | None:
    settings = {item.key: item for item in _defined(name, text)}
    smart = settings.get("SMART_HOST")
    found = _SMART.match(smart.value) if smart and smart.value else None
    if smart is None or found is None:
        return None
    host = found.group("host").strip("[]")
    args = settings.get(_ARGS.get(found.group("mailer") or "", "RELAY_MAILER_ARGS"))
    words = args.value.split() if args else []
    port = words[2] if len(words) > 2 and words[2].isdigit() else "25"
    if args is not None and port != "25":
        settings["port"] = args
    _remarks(settings, found.group("mailer") or "", port, findings)
    domain = settings.get("confDOMAIN_NAME")
    facts = {
        "library": "sendmail",
        "verify": "none",
        "ehlo": "full" if domain and "." in domain.value and "$" not in domain.value else "",
        **_tls(files, host, settings),
        **_login(text, files, host, settings, findings),
    }
    maps = next((file for file, content in files.items() if file != name and _is_map(content)), "")
    access = next((file for file, content in files.items() if "Try_TLS:" in content or "TLS_Srv:" in content), "access")
    details = {"host": host, "port": port, "file": name, "authinfo": maps or "authinfo", "access": access}
    details["args"] = _ARGS.get(found.group("mailer") or "", "RELAY_MAILER_ARGS")
    secrets = [
        setting(file, number, f"AuthInfo:{entry.group('host')}", "***", secret=True)
        for file, number, line in _lines(files)
        if (entry := _AUTH.match(line))
    ]
    return client("sendmail", Text("Sendmail", "Sendmail"), facts, settings, _SOURCES, details, secrets)


def _remarks(settings: Mapping[str, Setting], mailer: str, port: str, findings: list[Finding]) -> None:
    if port == "465":
        zh = "Sendmail 不会隐式 TLS，465 端口连不上：改用 587（STARTTLS），或在中间放 stunnel。"
        en = (
            "Sendmail has no implicit TLS and gets nowhere with port 465: use 587 with STARTTLS, or stunnel in between."
        )
        findings.append(finding(settings["port"], zh, en))
    needed = _ARGS.get(mailer, "RELAY_MAILER_ARGS")
    other = next((key for key in (*_ARGS.values(), "RELAY_MAILER_ARGS") if key != needed and key in settings), None)
    if needed not in settings and other is not None:
        told = mailer or "relay"
        zh = f"SMART_HOST 走的是 {told} 这个 mailer，端口由 {needed} 决定；{other} 在这里不起作用，所以连的是 25。"
        en = f"SMART_HOST uses the mailer {told}, whose port is in {needed}; {other} has no effect here, so it is port 25."
        findings.append(finding(settings[other], zh, en))


def _lines(files: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    for name, text in files.items():
        if _is_map(text):
            for number, line in enumerate(text.splitlines(), 1):
                if len(line) < 2000 and not line.lstrip().startswith("#"):
                    yield name, number, line


def _is_for(pattern: str, host: str) -> bool:
    """Whether a key of a map has a host: its name, a domain above it, or nothing for every one."""
    pattern = pattern.strip("[]").lower()
    return pattern == "" or host.lower() == pattern or host.lower().endswith("." + pattern)


def _tls(files: Mapping[str, str], host: str, settings: dict[str, Setting]) -> dict[str, str]:
    for name, number, line in _lines(files):
        off, required = _TRY.match(line), _SRV.match(line)
        if off and _is_for(off.group("host"), host):
            settings["Try_TLS"] = setting(name, number, f"Try_TLS:{off.group('host')}", "NO")
            return {"tls": "none"}
        if required and _is_for(required.group("host"), host):
            level = required.group("level").upper()
            settings["TLS_Srv"] = setting(name, number, f"TLS_Srv:{required.group('host')}", level)
            return {"tls": "starttls", "verify": "issuer" if level == "VERIFY" else "none"}
    return {"tls": "opportunistic"}


def _login(
    text: str, files: Mapping[str, str], host: str, settings: dict[str, Setting], findings: list[Finding]
) -> dict[str, str]:
    """The facts about AUTH; none where no map was pasted and one may be used."""
    offered = settings["confAUTH_MECHANISMS"].value.upper().split() if "confAUTH_MECHANISMS" in settings else None
    entries = [(name, number, found) for name, number, line in _lines(files) if (found := _AUTH.match(line))]
    for name, number, found in entries:
        if _is_for(found.group("host"), host):
            parts = {part.group("key"): part.group("value") for part in _PART.finditer(found.group("rest"))}
            settings["AuthInfo"] = setting(name, number, f"AuthInfo:{found.group('host')}", "***", secret=True)
            return _mechanisms(parts.get("M", "").upper().split() or offered, settings, findings)
    if entries:
        name, number, found = entries[0]
        key = f"AuthInfo:{found.group('host')}"
        zh = (
            f"AuthInfo 里没有 {host}（只有 {found.group('host')}），Sendmail 不登录；要和 SMART_HOST 一样，不带方括号。"
        )
        en = (
            f"No AuthInfo is for {host}, only for {found.group('host')}: Sendmail does not log in. Write SMART_HOST's name,"
            " no brackets."
        )
        findings.append(Finding(name, number, key, Text(zh, en)))
        return {"auth": "none"}
    features = {
        found.group("name") for line in text.splitlines() if len(line) < 2000 and (found := _FEATURE.match(line))
    }
    return {} if features & {"authinfo", "access_db"} else {"auth": "none"}


def _mechanisms(names: list[str] | None, settings: Mapping[str, Setting], findings: list[Finding]) -> dict[str, str]:
    if names is None:
        zh = "没有定义 confAUTH_MECHANISMS：默认不含 PLAIN 和 LOGIN，服务器只提供这两种时会报 Temporary AUTH failure。"
        en = (
            "confAUTH_MECHANISMS is not defined, and its default has neither PLAIN nor LOGIN: with a server that offers only"
            " these it ends with Temporary AUTH failure."
        )
        findings.append(finding(settings["AuthInfo"], zh, en))
        return {"auth": "any", "filter": "plaintext"}
    known = [_PLAIN[name] for name in names if name in _PLAIN]
    if len(known) == 1 or (known and "cram-md5" not in known):
        # PLAIN stands for PLAIN and LOGIN, which servers offer together.
        return {"auth": "plain" if "plain" in known else known[0]}
    return {"auth": "any", "filter": "nothing" if {"plain", "login"} & set(known) else "plaintext"}


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The definitions and lines of maps that change the facts; None where there is none for it."""
    host, port = party.details["host"], change.get("port", party.details["port"])
    options: dict[tuple[str, str], Changes] = {
        ("tls", "none"): [(f"Try_TLS:{host}", "NO")],
        ("tls", "opportunistic"): [(f"Try_TLS:{host}", None), (f"TLS_Srv:{host}", None)],
        ("tls", "starttls"): [(f"Try_TLS:{host}", None), (f"TLS_Srv:{host}", "ENCR:112")],
        ("auth", "any"): [(f"AuthInfo:{host}", '"U:USER" "I:USER" "P:PASSWORD"')],
        ("auth", "none"): [(f"AuthInfo:{host}", None)],
        ("filter", "nothing"): [("confAUTH_MECHANISMS", "EXTERNAL GSSAPI DIGEST-MD5 CRAM-MD5 LOGIN PLAIN")],
        ("host", "localhost"): [("SMART_HOST", "[localhost]")],
        ("host", "name"): [("SMART_HOST", "mail.example.com")],
        ("ehlo", "full"): [("confDOMAIN_NAME", "client.example.com")],
        ("port", port): [(party.details["args"], f"TCP $h {port}")],
    }
    made = edits_of(party, change, options)
    if made is None:
        return None
    there = {item.key for items in party.origins.values() for item in items}
    return tuple(_placed(party, edit) for edit in made if edit.value is not None or edit.key in there)


def _placed(party: Party, edit: Edit) -> Edit:
    if edit.key.startswith("AuthInfo:"):
        return Edit(party.details["authinfo"], edit.key, edit.value, MAP)
    if ":" in edit.key:
        return Edit(party.details["access"], edit.key, edit.value, MAP)
    return Edit(edit.file, edit.key, edit.value, M4)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with definitions or lines of a map replaced, added or removed."""
    for edit in edits:
        text = _set_row(text, edit) if edit.section == MAP else _set_define(text, edit)
    return text


def _set_row(text: str, edit: Edit) -> str:
    lines = [line for line in text.splitlines(keepends=True) if line.split()[:1] != [edit.key]]
    if edit.value is not None:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.append(f"{edit.key}\t{edit.value}\n")
    return "".join(lines)


def _set_define(text: str, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    places = {}
    for index, line in enumerate(lines):
        found = _DEFINE.match(line) if len(line) < 4000 else None
        if found:
            places[found.group("key")] = index, found
    new = f"define(`{edit.key}', `{edit.value}')dnl\n"
    if edit.key in places:
        index, found = places[edit.key]
        line = lines[index]
        lines[index] = (
            "" if edit.value is None else line[: found.start(_VALUE)] + edit.value + line[found.end(_VALUE) :]
        )
    elif edit.value is not None and "SMART_HOST" in places:
        index = places["SMART_HOST"][0]
        lines[index] += "" if lines[index].endswith("\n") else "\n"
        lines.insert(index + 1, new)
    return "".join(lines)
