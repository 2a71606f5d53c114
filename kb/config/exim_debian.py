"""Exim of Debian and Ubuntu, whose configuration is made of update-exim4.conf.conf, exim4.conf.localmacros and passwd.client.

Read off exim4-config 4.96 (conf.d/transport/30_exim4-config_remote_smtp_smarthost, 10_exim4-config_transport-macros,
auth/30_exim4-config_examples, update-exim4.conf) and run: STARTTLS when it is offered, with a certificate that is checked,
and in clear where that fails unless REMOTE_SMTP_SMARTHOST_HOSTS_REQUIRE_TLS has the host; CRAM-MD5 before PLAIN and LOGIN,
those two over TLS alone; a login only for a host that passwd.client has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.exim_conf import matches, parsed, set_macro
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, setting
from kb.config.setting import WHOLE_LINE, Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"exim-debian"})
SHARES = True

_DC = re2.compile(
    r"^(?P<lead>[ \t]*)(?P<key>dc_[a-z_]+|CFILEMODE)(?P<sep>=)(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\"]*)[ \t]*$"
)
_KEY, _VALUE = 2, 4
# `host:user:password`; the host may be a pattern: *, *.example.com, a regular expression.
_PASSWD = re2.compile(r"^(?P<host>\*|\^?[\w.*-]+):(?P<user>[^:\s]+):(?P<password>\S.*)$")
_PREFIX = "REMOTE_SMTP_SMARTHOST_"
_NO_TLS = "AUTH_CLIENT_ALLOW_NOTLS_PASSWORDS"
_MACROS = "exim4.conf.localmacros"
_SMARTHOST = re2.compile(r"^(?P<host>\[?[\w.-]+\]?)(?:::(?P<port>\d{1,5}))?$")
_SOURCES = {
    "tls": (f"{_PREFIX}HOSTS_REQUIRE_TLS", f"{_PREFIX}HOSTS_AVOID_TLS", f"{_PREFIX}PROTOCOL"),
    "verify": (f"{_PREFIX}TLS_VERIFY_HOSTS",),
    "trust": (f"{_PREFIX}TLS_VERIFY_CERTIFICATES",),
    "auth": ("passwd.client",),
    "filter": (_NO_TLS,),
    "host": ("dc_smarthost",),
    "ehlo": ("REMOTE_SMTP_HELO_DATA",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file is one of the three, by its content."""
    return "dc_smarthost" in text or "dc_eximconfig_configtype" in text or _has_macros(text) or _is_passwd(name, text)


def _has_macros(text: str) -> bool:
    return (_PREFIX in text or _NO_TLS in text) and "begin transports" not in text


def _is_passwd(name: str, text: str) -> bool:
    if name.replace("\\", "/").rsplit("/", 1)[-1] == "passwd.client":
        return True
    return "passwd.client" in text[:5000] or "exim4_passwd_client" in text[:5000]


def read(files: Mapping[str, str]) -> Reading:
    """The smarthost of the first update-exim4.conf.conf among the files."""
    findings: list[Finding] = []
    for name, text in files.items():
        found = {item.key: item for item in _pairs(name, text)}
        if "dc_smarthost" in found or "dc_eximconfig_configtype" in found:
            party = _party(name, found, files, findings)
            return Reading((party,) if party else (), tuple(findings))
    return Reading((), ())


def _pairs(name: str, text: str) -> Iterator[Setting]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _DC.match(line) if len(line) < 4000 else None
        if found:
            yield setting(name, number, found.group("key"), found.group("value").strip("'\""))


def _macros(files: Mapping[str, str]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for name, text in files.items():
        if _has_macros(text):
            found |= {key: setting(name, one.line, key, one.value) for key, one in parsed(text).macros.items()}
    return found


def _party(name: str, found: Mapping[str, Setting], files: Mapping[str, str], findings: list[Finding]) -> Party | None:
    kind, smarthost = found.get("dc_eximconfig_configtype"), found.get("dc_smarthost")
    if kind is not None and kind.value not in ("smarthost", "satellite"):
        zh = f"dc_eximconfig_configtype 是 {kind.value}，Exim 不经 dc_smarthost 发信；要用它，改成 satellite 或 smarthost。"
        en = f"dc_eximconfig_configtype is {kind.value}, so Exim does not use dc_smarthost; write satellite or smarthost."
        findings.append(finding(kind, zh, en))
        return None
    address = _address(smarthost, findings)
    if smarthost is None or address is None:
        return None
    host, port = address
    settings = {**_macros(files), "dc_smarthost": smarthost}
    value = {key.removeprefix(_PREFIX): item.value for key, item in settings.items()}
    facts = {"library": "exim", **_tls(value, host, settings, port, findings)}
    facts |= _login(files, host, settings, findings, in_clear=_NO_TLS in value)
    facts["ehlo"] = ehlo_kind(
        "" if "$" in value.get("REMOTE_SMTP_HELO_DATA", "") else value.get("REMOTE_SMTP_HELO_DATA", "")
    )
    macros = next((file for file, text in files.items() if _has_macros(text)), _MACROS)
    passwd = next((file for file, text in files.items() if _is_passwd(file, text)), "passwd.client")
    details = {"host": host, "port": port, "file": macros, "conf": name, "passwd": passwd}
    secrets = [setting(file, line, entry.group("host"), "***", secret=True) for file, line, entry in _entries(files)]
    return client("exim-debian", Text("Exim（Debian）", "Exim (Debian)"), facts, settings, _SOURCES, details, secrets)


def _address(item: Setting | None, findings: list[Finding]) -> tuple[str, str] | None:
    """Host and port of the first smarthost; None where there is none."""
    if item is None or not item.value.strip():
        return None
    first = item.value.split(";")[0].strip()
    found = _SMARTHOST.match(first)
    if found is None and first.count(":") == 1:
        host, _, port = first.partition(":")
        zh = f"一个冒号是分隔两台主机，不是端口：写成 dc_smarthost='{host}::{port}'。现在 Exim 会连 {host} 的 25 端口。"
        en = (
            f"One colon separates two hosts and gives no port: write dc_smarthost='{host}::{port}'."
            f" As it stands Exim uses port 25 of {host}."
        )
        findings.append(finding(item, zh, en))
        return (host, "25") if host else None
    return (found.group("host").strip("[]"), found.group("port") or "25") if found else None


def _tls(
    value: Mapping[str, str], host: str, settings: Mapping[str, Setting], port: str, findings: list[Finding]
) -> dict[str, str]:
    implicit = value.get("PROTOCOL") == "smtps"
    avoided = matches(value.get("HOSTS_AVOID_TLS", ""), host)
    required = matches(value.get("HOSTS_REQUIRE_TLS", ""), host)
    tls = "implicit" if implicit else "none" if avoided else "starttls" if required else "opportunistic"
    if port == "465" and not implicit:
        zh = f"465 端口一连接就要 TLS：在 {_MACROS} 里写 {_PREFIX}PROTOCOL = smtps，否则 Exim 一直等不到问候。"
        en = f"Port 465 begins with TLS: write {_PREFIX}PROTOCOL = smtps in {_MACROS}, or Exim waits for a greeting in vain."
        findings.append(finding(settings["dc_smarthost"], zh, en))
    checked = matches(value.get("TLS_VERIFY_HOSTS", "*"), host) is not False
    own = value.get("TLS_VERIFY_CERTIFICATES", "system") not in ("system", "/etc/ssl/certs/ca-certificates.crt")
    return {"tls": tls, "verify": "full" if checked else "none", "trust": "file" if own else "system"}


def _entries(files: Mapping[str, str]) -> Iterator[tuple[str, int, re2._Match]]:
    """File, line and entry of every line of passwd.client."""
    for file, text in files.items():
        for number, line in enumerate(text.splitlines(), 1) if _is_passwd(file, text) else ():
            entry = None if len(line) > 2000 or line.startswith("#") else _PASSWD.match(line.strip())
            if entry:
                yield file, number, entry


def _login(
    files: Mapping[str, str], host: str, settings: dict[str, Setting], findings: list[Finding], *, in_clear: bool
) -> dict[str, str]:
    """The facts about AUTH by passwd.client; none where it was not pasted."""
    entries = list(_entries(files))
    filter_ = {} if in_clear else {"filter": "plaintext-without-tls"}
    for file, number, entry in entries:
        if matches(entry.group("host"), host) or entry.group("host").startswith("^"):
            settings["passwd.client"] = setting(file, number, entry.group("host"), "***", secret=True)
            return {"auth": "any", **filter_}
    if any(_is_passwd(file, text) for file, text in files.items()):
        if entries:
            file, number, entry = entries[0]
            other = entry.group("host")
            zh = (
                f"passwd.client 里没有 {host} 这一行（只有 {other}），Exim 不登录；"
                "若主机名是 CNAME，要写它最后指向的名字，或写 *。"
            )
            en = (
                f"passwd.client has no line for {host} but one for {other}: Exim does not log in. For a CNAME it has to be the"
                " name that it leads to, or *."
            )
            findings.append(Finding(file, number, entry.group("host"), Text(zh, en)))
        return {"auth": "none", **filter_}
    return filter_


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The macros, and lines of the other files, that change the facts; None where there is none for it."""
    host, port = party.details["host"], party.details["port"]
    new_port = change.get("port", port)
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("HOSTS_REQUIRE_TLS", "*"), ("HOSTS_AVOID_TLS", None), ("PROTOCOL", None)],
        ("tls", "opportunistic"): [("HOSTS_REQUIRE_TLS", None), ("HOSTS_AVOID_TLS", None), ("PROTOCOL", None)],
        ("tls", "none"): [("HOSTS_AVOID_TLS", "*"), ("HOSTS_REQUIRE_TLS", None), ("PROTOCOL", None)],
        ("tls", "implicit"): [("PROTOCOL", "smtps"), ("HOSTS_AVOID_TLS", None)],
        ("verify", "none"): [("TLS_VERIFY_HOSTS", "")],
        ("verify", "full"): [("TLS_VERIFY_HOSTS", None)],
        ("trust", "file"): [("TLS_VERIFY_CERTIFICATES", "/etc/ssl/certs/mail-ca.pem")],
        ("trust", "system"): [("TLS_VERIFY_CERTIFICATES", None)],
        ("auth", "any"): [("passwd.client", f"{host}:USER:PASSWORD")],
        ("auth", "none"): [("passwd.client", None)],
        ("filter", "nothing"): [(_NO_TLS, "true")],
        ("host", "localhost"): [("dc_smarthost", f"'localhost::{port}'")],
        ("host", "name"): [("dc_smarthost", f"'mail.example.com::{port}'")],
        ("ehlo", "full"): [("REMOTE_SMTP_HELO_DATA", "client.example.com")],
        ("port", new_port): [("dc_smarthost", f"'{host}::{new_port}'")],
    }
    made = edits_of(party, change, options)
    if made is None:
        return None
    there = {item.key for items in party.origins.values() for item in items}
    placed = [_placed(party, edit) for edit in made]
    return tuple(edit for edit in placed if edit.value is not None or edit.key in there or edit.section == WHOLE_LINE)


def _placed(party: Party, edit: Edit) -> Edit:
    if edit.key == "dc_smarthost":
        return Edit(party.details["conf"], edit.key, edit.value)
    if edit.key == "passwd.client":
        return Edit(party.details["passwd"], party.details["host"], edit.value, WHOLE_LINE)
    name = edit.key if edit.key in (_NO_TLS, "REMOTE_SMTP_HELO_DATA") else _PREFIX + edit.key
    return Edit(party.details["file"], name, edit.value, "macros")


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with macros, lines of passwd.client, or the smarthost changed."""
    for edit in edits:
        if edit.section == "macros":
            text = set_macro(text, edit.key, edit.value)
        elif edit.section == WHOLE_LINE:
            text = _set_line(text, edit)
        else:
            text = _set_pair(text, edit)
    return text


def _set_line(text: str, edit: Edit) -> str:
    kept = []
    for line in text.splitlines(keepends=True):
        found = _PASSWD.match(line.strip())
        if not found or not matches(found.group("host"), edit.key):
            kept.append(line)
    if edit.value is not None:
        if kept and not kept[-1].endswith("\n"):
            kept[-1] += "\n"
        kept.append(edit.value + "\n")
    return "".join(kept)


def _set_pair(text: str, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        found = _DC.match(bare) if len(line) < 4000 else None
        if found and found.group("key") == edit.key and edit.value is not None:
            lines[index] = f"{bare[: found.start(_VALUE)]}{edit.value}{line[len(bare) :]}"
    return "".join(lines)
