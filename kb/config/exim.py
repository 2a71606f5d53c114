"""Exim as a client, in a configuration file of its own: a manualroute router, its smtp transport, the authenticators.

After the Exim specification (manualroute, smtp transport, authenticators) and src/transports/smtp.c, tls.c of 4.96, and run:
STARTTLS when it is offered, in clear when the handshake fails, unless hosts_require_tls has the host; a certificate stops it
only for hosts in tls_verify_hosts; AUTH is tried for hosts in hosts_try_auth, and with hosts_require_auth nothing is sent
without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.exim_conf import Configuration, Instance, add_authenticator, expanded, matches, parsed, set_option
from kb.config.options import Changes, client, edits_of, ehlo_kind, finding, setting
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCTS = frozenset({"exim"})
SHARES = False

# `host`, `host::587`, `[192.0.2.1]:587`; before it a pattern of domains, after it options.
_ROUTE = re2.compile(
    r"^(?:<(?P<separator>[;,])\s*)?(?P<domains>\S+)\s+\"?(?P<host>\[?[\w.-]+\]?)(?:::?(?P<port>\d{1,5}))?(?:[\s:;\"].*)?$"
)
_DATA = re2.compile(r"^\"?(?P<host>\[?[\w.-]+\]?)(?:::?(?P<port>\d{1,5}))?(?:[\s:;\"].*)?$")
_METHODS = {"PLAIN": "plain", "LOGIN": "login", "CRAM-MD5": "cram-md5"}
_TLS_ONLY = ("$tls_out_cipher", "$tls_cipher", "${tls_out_cipher}", "${tls_cipher}")
_SECRETS = ("client_send", "client_secret")
_SOURCES = {
    "tls": ("hosts_require_tls", "hosts_avoid_tls", "protocol"),
    "verify": ("tls_verify_hosts", "tls_verify_cert_hostnames"),
    "trust": ("tls_verify_certificates",),
    "auth": ("hosts_require_auth", "hosts_try_auth", "client_send", "client_secret"),
    "host": ("route_list", "route_data"),
    "ehlo": ("helo_data",),
}


def sniff(name: str, text: str) -> bool:
    """Whether a file has routers of Exim with a smarthost."""
    routes = "route_list" in text or "route_data" in text
    return routes and "manualroute" in text and ("begin " in text or "driver" in text)


def read(files: Mapping[str, str]) -> Reading:
    """The first smarthost of each file."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    config = parsed(text)
    for router in config.instances("routers"):
        if router.value("driver") != "manualroute":
            continue
        key = "route_list" if "route_list" in router.options else "route_data"
        route = expanded(router.value(key), config.macros)
        found = (_ROUTE if key == "route_list" else _DATA).match(route)
        wanted = router.value("transport")
        transport = next((one for one in config.instances("transports") if one.name == wanted), None)
        if found and "$" not in found.group("host") and (transport is None or transport.value("driver") == "smtp"):
            place = {key: setting(name, router.options[key].line, key, route)}
            return _smarthost(name, config, transport, place, (found.group("host"), found.group("port")), findings)
    return None


def _smarthost(
    name: str,
    config: Configuration,
    transport: Instance | None,
    settings: dict[str, Setting],
    route: tuple[str, str | None],
    findings: list[Finding],
) -> Party:
    host = route[0].strip("[]")
    own = transport or Instance("", 0)
    for key, option in own.options.items():
        settings[key] = setting(name, option.line, key, expanded(option.value, config.macros).strip('"'))
    value = {key: item.value for key, item in settings.items()}
    smtps = value.get("protocol") == "smtps"
    facts = {
        "library": "exim",
        "tls": "implicit" if smtps else _tls(value, host),
        "verify": _verify(value, host),
        "trust": "file" if value.get("tls_verify_certificates", "system") not in ("system", *_BUNDLES) else "system",
        "ehlo": ehlo_kind("" if "$" in value.get("helo_data", "") else value.get("helo_data", "")),
        **_login(name, config, settings, host, findings),
    }
    port = route[1] or value.get("port", "") or ("465" if smtps else "25")
    if port == "465" and not smtps and transport is not None:
        zh = "465 端口一连接就要 TLS，而这个 transport 先以明文开始：加上 protocol = smtps。"
        en = "Port 465 begins with TLS, but this transport begins in clear: add protocol = smtps."
        findings.append(finding(next(iter(settings.values())), zh, en))
    details = {"host": host, "file": name, "transport": own.name, "authenticators": str(len(_clients(config)))}
    port = {"smtp": "25", "submission": "587", "smtps": "465", "submissions": "465"}.get(port, port)
    details |= {"port": port} if port.isdigit() else {}
    return client("exim", Text("Exim", "Exim"), facts, settings, _SOURCES, details, _secrets(name, config))


_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs")


def _tls(value: Mapping[str, str], host: str) -> str:
    if matches(value.get("hosts_avoid_tls", ""), host):
        return "none"
    return "starttls" if matches(value.get("hosts_require_tls", ""), host) else "opportunistic"


def _verify(value: Mapping[str, str], host: str) -> str:
    if not matches(value.get("tls_verify_hosts", ""), host) or value.get("tls_verify_certificates", "system") == "":
        return "none"
    return "full" if matches(value.get("tls_verify_cert_hostnames", "*"), host) else "issuer"


def _clients(config: Configuration) -> list[Instance]:
    """The authenticators that can log in somewhere."""
    marks = ("client_send", "client_secret", "client_name")
    return [one for one in config.instances("authenticators") if any(mark in one.options for mark in marks)]


def _secrets(name: str, config: Configuration) -> list[Setting]:
    """The lines with a password, of all authenticators."""
    found = [one.options[key] for one in _clients(config) for key in _SECRETS if key in one.options]
    return [
        setting(name, line, option.key, "***", secret=True)
        for option in found
        for line in range(option.line, option.line + option.count)
    ]


def _login(
    name: str, config: Configuration, settings: dict[str, Setting], host: str, findings: list[Finding]
) -> dict[str, str]:
    """The facts about AUTH, with the settings they rest on put among the others."""
    required = matches(settings["hosts_require_auth"].value, host) if "hosts_require_auth" in settings else False
    tried = matches(settings["hosts_try_auth"].value, host) if "hosts_try_auth" in settings else False
    able = _clients(config)
    for one in able:
        for key in _SECRETS:
            if key in one.options:
                settings.setdefault(key, setting(name, one.options[key].line, key, one.options[key].value, secret=True))
    if not able:
        return {"auth": "none"}
    if required is False and tried is False:
        first = able[0]
        zh = f"transport 里没有 hosts_try_auth 或 hosts_require_auth 包含 {host}，Exim 不会用 {first.name} 登录。"
        en = f"No hosts_try_auth or hosts_require_auth of the transport has {host}: Exim does not log in with {first.name}."
        findings.append(Finding(name, first.line, first.name, Text(zh, en)))
        return {"auth": "none"}
    known = {method for one in able if (method := _METHODS.get(one.value("public_name").upper()))}
    plain = [one for one in able if one.value("driver") == "plaintext"]
    careful = plain and all(any(mark in one.value("client_send") for mark in _TLS_ONLY) for one in plain)
    facts = {"auth": next(iter(known)) if len(known) == 1 and not careful else "any"}
    if careful:
        facts["filter"] = "plaintext-without-tls"
    return {**facts, "library": "exim-requires-auth"} if required else facts


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The transport's options that change the facts; None where there is none for it."""
    transport = party.details["transport"]
    if not transport:
        return None
    if change.get("port"):
        return (Edit(party.details["file"], "port", change["port"], transport),) if _own_port(party) else None
    login: Changes = [] if party.details["authenticators"] != "0" else [("authenticator", "LOGIN")]
    if party.facts.get("auth") == "none":
        login = [*login, ("hosts_try_auth", "*")]
    options: dict[tuple[str, str], Changes] = {
        ("tls", "starttls"): [("hosts_require_tls", "*"), ("hosts_avoid_tls", None), ("protocol", None)],
        ("tls", "opportunistic"): [("hosts_require_tls", None), ("hosts_avoid_tls", None), ("protocol", None)],
        ("tls", "none"): [("hosts_avoid_tls", "*"), ("hosts_require_tls", None), ("protocol", None)],
        ("tls", "implicit"): [("protocol", "smtps"), ("hosts_avoid_tls", None), *_kept_port(party)],
        ("verify", "none"): [("tls_verify_hosts", None)],
        ("verify", "full"): [("tls_verify_hosts", "*"), ("tls_verify_cert_hostnames", None)],
        ("trust", "file"): [("tls_verify_certificates", "/etc/ssl/certs/mail-ca.pem")],
        ("trust", "system"): [("tls_verify_certificates", "system")],
        ("auth", "none"): [("hosts_try_auth", None), ("hosts_require_auth", None)],
        ("ehlo", "full"): [("helo_data", "client.example.com")],
    }
    if party.facts.get("auth") in ("none", "any"):
        options["auth", "any"] = login
    made = edits_of(party, change, options)
    if made is None:
        return None
    there = {item.key for items in party.origins.values() for item in items}
    return tuple(
        Edit(edit.file, edit.key, edit.value, transport) for edit in made if edit.value is not None or edit.key in there
    )


def _own_port(party: Party) -> bool:
    """Whether the transport's port holds, since the router names none."""
    return all("::" not in item.value for item in party.origins.get("host", ()))


def _kept_port(party: Party) -> Changes:
    """The port in use, which would change with the protocol, where the router does not name it."""
    return [("port", party.details["port"])] if party.details.get("port") == "25" and _own_port(party) else []


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with options of the transport replaced, added or removed, and an authenticator added."""
    for edit in edits:
        if edit.key == "authenticator":
            text = add_authenticator(text, ": USER : PASSWORD")
        else:
            text = set_option(text, "transports", edit.section, edit.key, edit.value)
    return text
