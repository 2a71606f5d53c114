"""msmtp's configuration file (msmtprc): commands, one a line, in accounts. Meaning and defaults from msmtp(1), src/conf.c."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import re2

from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import host_kind, set_line
from kb.text import Text, nearest_word

PRODUCTS = frozenset({"msmtp"})
SHARES = False

_LINE = re2.compile(r"^(?P<lead>\s*)(?P<key>[a-z][a-z_]*)(?P<sep>[ \t]+)(?P<value>[^#]\S.*?|\S)\s*$")
_BARE = re2.compile(r"^(?P<lead>\s*)(?P<key>[a-z][a-z_]*)(?P<sep>)(?P<value>)\s*$")
_SWITCHES = (
    "tls",
    "tls_starttls",
    "tls_certcheck",
    "auth",
    "auto_from",
    "keepbcc",
    "set_from_header",
    "set_date_header",
)
_COMMANDS = (
    *("account", "defaults", "host", "port", "source_ip", "proxy_host", "proxy_port", "socket", "timeout", "protocol"),
    *("domain", "user", "password", "passwordeval", "ntlmdomain", "tls_trust_file", "tls_crl_file", "tls_fingerprint"),
    *(
        "tls_key_file",
        "tls_cert_file",
        "tls_min_dh_prime_bits",
        "tls_priorities",
        "tls_host_override",
        "from",
        "maildomain",
    ),
    *(
        "from_full_name",
        "allow_from_override",
        "dsn_notify",
        "dsn_return",
        "remove_bcc_headers",
        "undisclosed_recipients",
    ),
    *("logfile", "logfile_time_format", "syslog", "aliases", "eval", "set_msgid_header", "add_missing_from_header"),
    *("add_missing_date_header", *_SWITCHES),
)
_METHODS = ("plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256", "external", "gssapi", "digest-md5", "ntlm")
_SECRETS = ("password",)


def sniff(name: str, text: str) -> bool:
    """Whether a file is an msmtprc: it has a host and a word that only msmtp uses."""
    if "host" not in text:
        return False
    keys = {found.group("key") for line in text.splitlines()[:2000] if (found := _command(line))}
    return "host" in keys and bool(keys & {"account", "tls_starttls", "tls_trust_file", "tls_certcheck", "defaults"})


def read(files: Mapping[str, str]) -> Reading:
    """The default account of the file, with the values of `defaults` under it."""
    findings: list[Finding] = []
    parties = [party for name, text in files.items() if (party := _party(name, text, findings))]
    return Reading(tuple(parties), tuple(findings))


def _command(line: str) -> re2._Match | None:
    if len(line) > 2000 or line.lstrip().startswith("#"):
        return None
    return _LINE.match(line) or _BARE.match(line)


def _accounts(name: str, text: str, findings: list[Finding]) -> dict[str, dict[str, Setting]]:
    """Account name -> its settings. Values of `defaults` hold for the accounts after it."""
    accounts: dict[str, dict[str, Setting]] = {}
    defaults: dict[str, Setting] = {}
    current: dict[str, Setting] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _command(line)
        if not found:
            continue
        key, value = found.group("key"), found.group("value").strip("\"'")
        if key == "defaults":
            current = defaults = {}
        elif key == "account":
            title, _, parents = value.partition(":")
            current = accounts.setdefault(title.strip(), {})
            inherited = [accounts.get(parent.strip(), {}) for parent in parents.split(",") if parent.strip()]
            for settings in (defaults, *inherited):
                current.update(settings)
        elif key in _COMMANDS:
            secret = key in _SECRETS
            current[key] = Setting(name, number, key, "***" if secret else value, secret=secret)
        else:
            findings.append(_unknown(name, number, key))
    return accounts or {"default": defaults}


def _unknown(name: str, number: int, key: str) -> Finding:
    near = nearest_word(key, _COMMANDS)
    hint = Text(f"是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
    return Finding(
        name, number, key, Text(f"msmtp 没有 {key} 这条命令。{hint.zh}", f"msmtp has no command {key}.{hint.en}")
    )


def _party(name: str, text: str, findings: list[Finding]) -> Party | None:
    accounts = _accounts(name, text, findings)
    settings = accounts.get("default") or next(iter(accounts.values()))
    value = {key: setting.value for key, setting in settings.items()}
    if "host" not in value:
        return None
    tls = _switch(value.get("tls"), default=False)
    starttls = _switch(value.get("tls_starttls"), default=True)
    facts = {
        "library": "msmtp",
        "tls": "none" if not tls else "starttls" if starttls else "implicit",
        "verify": _verify(value),
        "trust": "file" if value.get("tls_trust_file", "system") not in ("system", *_SYSTEM_BUNDLES) else "system",
        "auth": _auth(settings, findings),
        "host": host_kind(value["host"]),
        # Without `domain` msmtp says EHLO localhost; GnuTLS takes TLS 1.0 unless tls_priorities says otherwise.
        "ehlo": "full" if "." in value.get("domain", "localhost") else "short",
        "client_tls_min": "1.2" if "tls_priorities" in value else "1.0",
    }
    port = value.get("port") or ("465" if facts["tls"] == "implicit" else "25")
    sources = {
        "tls": ("tls", "tls_starttls"),
        "verify": ("tls_certcheck", "tls_fingerprint"),
        "trust": ("tls_trust_file",),
        "auth": ("auth", "user", "password", "passwordeval"),
        "host": ("host",),
    }
    origins = {fact: tuple(settings[key] for key in keys if key in settings) for fact, keys in sources.items()}
    return Party(
        "client", "msmtp", Text("msmtp", "msmtp"), facts, origins, {"host": value["host"], "port": port, "file": name}
    )


_SYSTEM_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem")


def _switch(value: str | None, *, default: bool) -> bool:
    """`on`, or the command without an argument, switches on."""
    return default if value is None else value in ("on", "")


def _verify(value: Mapping[str, str]) -> str:
    if value.get("tls_fingerprint"):
        return "fingerprint"
    return "full" if _switch(value.get("tls_certcheck"), default=True) else "none"


def _auth(settings: Mapping[str, Setting], findings: list[Finding]) -> str:
    setting = settings.get("auth")
    if setting is None or setting.value == "off":
        return "none"
    if setting.value in ("on", ""):
        return "any"
    if setting.value not in (*_METHODS, "oauthbearer", "xoauth2"):
        text = Text(
            f"msmtp 不认识认证方式 {setting.value}；可用 on、off、{'、'.join(_METHODS)}。",
            f"msmtp does not know the method {setting.value}; it takes on, off, {', '.join(_METHODS)}.",
        )
        findings.append(Finding(setting.file, setting.line, "auth", text))
    return setting.value if setting.value in ("plain", "login", "cram-md5", "xoauth2") else "any"


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The commands that change the facts; None where msmtp has none for it."""
    made: list[tuple[str, str | None]] = []
    for fact, value in change.items():
        settings = _settings_for(party, fact, value)
        if settings is None:
            return None
        made += settings
    return tuple(Edit(party.details["file"], key, value) for key, value in made)


def _settings_for(party: Party, fact: str, value: str) -> list[tuple[str, str | None]] | None:
    keys = {setting.key for setting in party.origins.get("auth", ())}
    user: list[tuple[str, str | None]] = [] if "user" in keys else [("user", "USER")]
    password: list[tuple[str, str | None]] = [] if keys & {"password", "passwordeval"} else [("password", "PASSWORD")]
    options: dict[tuple[str, str], list[tuple[str, str | None]]] = {
        ("tls", "starttls"): [("tls", "on"), ("tls_starttls", "on")],
        ("tls", "implicit"): [("tls", "on"), ("tls_starttls", "off")],
        ("tls", "none"): [("tls", "off")],
        ("verify", "none"): [("tls_trust_file", None), ("tls_fingerprint", None), ("tls_certcheck", "off")],
        ("trust", "file"): [("tls_trust_file", "/etc/ssl/certs/mail-ca.pem")],
        ("auth", "none"): [("auth", "off")],
        ("auth", "any"): [("auth", "on"), *user, *password],
        ("auth", "plain"): [("auth", "plain"), *user, *password],
        ("auth", "login"): [("auth", "login"), *user, *password],
        ("auth", "cram-md5"): [("auth", "cram-md5"), *user, *password],
        ("password", "right"): [],
        ("port", value): [("port", value)],
        ("host", "localhost"): [("host", "localhost")],
        ("host", "name"): [("host", "mail.example.com")],
        ("certificate_name", "matches"): [],
        ("ehlo", "full"): [("domain", "client.example.com")],
    }
    return options.get((fact, value))


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with commands replaced, added at the end, or removed."""
    for edit in edits:
        text = set_line(text, _LINE, edit.key, edit.value, f"{edit.key} {edit.value}")
    return text
