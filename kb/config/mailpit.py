"""Mailpit as a sending client: relay and forward settings, as environment variables in any form or as its YAML file.

What a setting means is read off Mailpit's source (cmd/root.go, config/validators.go, internal/smtpd/relay.go, forward.go), with
its quirks: only `1`, `true` and `yes` are true; a user name without `auth` means no authentication; CRAM-MD5 takes its secret
from `secret`; a port that is no number becomes 25.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config.env import set_variables, unquoted, variables
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.config.values import host_kind
from kb.text import Text, nearest_word

_FILLED_IN = re2.compile(r"^\$(?:\{\w+(?::?-(?P<default>\d{1,5}))?\}|\w+)$")
PRODUCTS = frozenset({"mailpit-relay", "mailpit-forward"})
SHARES = True

_PREFIX = {"relay": "MP_SMTP_RELAY_", "forward": "MP_SMTP_FORWARD_"}
_TITLES = {"relay": Text("Mailpit 中继", "Mailpit relay"), "forward": Text("Mailpit 转发", "Mailpit forward")}
_BOTH = (
    *("host", "port", "starttls", "tls", "allow-insecure", "auth", "username", "password", "secret"),
    *("return-path", "override-from", "forward-smtp-errors"),
)
_KEYS = {
    "relay": (*_BOTH, "allowed-recipients", "blocked-recipients", "preserve-message-ids", "recipient-allowlist"),
    "forward": (*_BOTH, "to"),
}
_VARIABLE_OF = {"forward-smtp-errors": "FWD_SMTP_ERRORS"}
_NOT_OF_THE_FILE = {"relay": ("CONFIG", "ALL", "MATCHING"), "forward": ("CONFIG",)}
_SECRET = ("password", "secret")
_TRUE = ("1", "true", "yes")
_FALSE = ("0", "false", "no", "")
_FLAGS = ("starttls", "tls", "allow-insecure", "forward-smtp-errors", "preserve-message-ids")
_MECHANISMS = {"plain": "plain", "login": "login", "none": "none", "": "none", "false": "none"}
_YAML = re2.compile(r"^(?P<key>[a-z][a-z-]*)(?P<sep>:\s*)(?P<value>.*?)\s*$")


def sniff(name: str, text: str) -> bool:
    """Whether a file holds Mailpit's relay or forward settings."""
    if any(prefix in text for prefix in _PREFIX.values()):
        return True
    keys = {found.group("key") for line in text.splitlines() if (found := _YAML.match(line))}
    return (
        "host" in keys
        and bool(keys & {"starttls", "allow-insecure", "auth", "secret"})
        and keys <= {*_KEYS["relay"], "to"}
    )


def read(files: Mapping[str, str]) -> Reading:
    """A party for the relay and one for forwarding, where they are set up, with findings."""
    found: dict[str, dict[str, Setting]] = {"relay": {}, "forward": {}}
    findings: list[Finding] = []
    for name, text in files.items():
        for kind, key, setting in _settings(name, text):
            if key not in _KEYS[kind]:
                findings += _unknown(kind, setting)
            elif key in found[kind]:
                findings.append(_repeated(setting, found[kind][key]))
            found[kind][key] = setting
    in_container = any("services:" in text or "image:" in text or "containers:" in text for text in files.values())
    parties = [
        party
        for kind, settings in found.items()
        if settings and (party := _party(kind, settings, findings, in_container=in_container))
    ]
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str) -> Iterator[tuple[str, str, Setting]]:
    """(relay or forward, key as in the YAML file, setting) of everything that is set."""
    for kind, prefix in _PREFIX.items():
        spelled = {_variable(kind, key): key for key in _KEYS[kind]}
        for variable in variables(name, text, (prefix,)):
            tail = variable.key.removeprefix(prefix)
            if tail in _NOT_OF_THE_FILE[kind]:
                continue
            key = spelled.get(variable.key, tail.lower().replace("_", "-"))
            secret = key in _SECRET and variable.value != ""
            value = "***" if secret else variable.value
            yield kind, key, Setting(name, variable.line, variable.key, value, secret=secret)
    if any(prefix in text for prefix in _PREFIX.values()):
        return
    lines = [(number, found) for number, line in enumerate(text.splitlines(), 1) if (found := _YAML.match(line))]
    kind = "forward" if any(found.group("key") == "to" for _, found in lines) else "relay"
    for number, found in lines:
        key, value = found.group("key"), unquoted(found.group("value"))
        secret = key in _SECRET and value != ""
        yield kind, key, Setting(name, number, key, "***" if secret else value, secret=secret)


def _variable(kind: str, key: str) -> str:
    return _PREFIX[kind] + _VARIABLE_OF.get(key, key.upper().replace("-", "_"))


def key_in_file(variable: str) -> tuple[str, str] | None:
    """(relay or forward, key in its YAML file) of a variable, None for one that the file has no key for."""
    return next(
        ((kind, key) for kind in _PREFIX for key in _KEYS[kind] if _variable(kind, key) == variable),
        None,
    )


def _unknown(kind: str, setting: Setting) -> Iterator[Finding]:
    """A key that Mailpit does not know and therefore ignores."""
    as_variable = setting.key.isupper()
    known = [_variable(kind, key) for key in _KEYS[kind]] if as_variable else list(_KEYS[kind])
    near = nearest_word(setting.key, known)
    hint = Text(f"是否想写 {near}？", f"Did you mean {near}?") if near else Text("", "")
    text = Text(
        f"Mailpit 没有 {setting.key} 这个设置，会忽略它。{hint.zh}",
        f"Mailpit has no setting {setting.key} and ignores it. {hint.en}",
    )
    yield Finding(setting.file, setting.line, setting.key, Text(text.zh, text.en.rstrip()))


def _repeated(setting: Setting, first: Setting) -> Finding:
    text = Text(
        f"{setting.key} 设了两次，前一处在 {first.file} 第 {first.line} 行；以后一处为准。",
        f"{setting.key} is set twice, first at {first.file} line {first.line}; the later one was taken.",
    )
    return Finding(setting.file, setting.line, setting.key, text)


def _party(kind: str, settings: dict[str, Setting], findings: list[Finding], *, in_container: bool) -> Party | None:
    host = settings.get("host")
    if host is None or not host.value:
        findings.append(_no_host(kind, next(iter(settings.values()))))
        return None
    flags = {key: _flag(settings[key], findings) for key in _FLAGS if key in settings}
    port = _port(settings.get("port"), findings)
    auth, startup = _auth(kind, settings, findings)
    tls = _tls(flags)
    facts = {
        "library": "go-client",
        "startup": startup,
        "tls": tls,
        "verify": "none" if flags.get("allow-insecure") else "full",
        "auth": auth,
        "host": host_kind(host.value),
        "after_refusal": "stops" if flags.get("forward-smtp-errors") else "continues",
    }
    if tls == "implicit" or in_container:
        facts["ehlo"] = "short"
    if flags.get("allow-insecure") and tls == "none":
        findings.append(_useless_insecure(settings["allow-insecure"]))
    method = settings["auth"].value if "auth" in settings else ""
    form = "env" if host.key.isupper() else "yaml"
    details = {"host": host.value, "port": port, "kind": kind, "method": method, "form": form, "file": host.file}
    return Party("client", f"mailpit-{kind}", _TITLES[kind], facts, _origins(settings), details)


def _no_host(kind: str, setting: Setting) -> Finding:
    name = _variable(kind, "host")
    text = Text(
        f"没有设 {name}，Mailpit 就不会用这些设置发信。", f"Without {name} Mailpit makes no use of these settings."
    )
    return Finding(setting.file, setting.line, setting.key, text)


def _origins(settings: Mapping[str, Setting]) -> dict[str, tuple[Setting, ...]]:
    sources = {
        "tls": ("starttls", "tls"),
        "verify": ("allow-insecure",),
        "auth": ("auth", "username", "password", "secret"),
        "host": ("host",),
        "after_refusal": ("forward-smtp-errors",),
    }
    return {fact: tuple(settings[key] for key in keys if key in settings) for fact, keys in sources.items()}


def _flag(setting: Setting, findings: list[Finding]) -> bool:
    """A switch as Mailpit reads it: only 1, true and yes are true."""
    value = setting.value.lower()
    if value not in (*_TRUE, *_FALSE):
        text = Text(
            f"Mailpit 只把 1、true、yes 当作真；{setting.value!r} 等于 false。",
            f"Mailpit takes only 1, true and yes for true; {setting.value!r} means false.",
        )
        findings.append(Finding(setting.file, setting.line, setting.key, text))
    return value in _TRUE


def _port(setting: Setting | None, findings: list[Finding]) -> str:
    if setting is None or setting.value in ("", "0"):
        return "25"
    if (found := _FILLED_IN.match(setting.value)) is not None:
        # Compose fills it in; what it is without the variable is its own default (`:-`).
        default = found.group("default") or ""
        known = Text(f"这里按默认值 {default} 看", f"it is taken to be the default, {default}")
        open_ = Text("这里当作没有写端口", "no port is taken to be set here")
        told = known if default else open_
        zh, en = f"端口由变量 {setting.value} 填入，{told.zh}。", f"The port comes from {setting.value}; {told.en}."
        findings.append(Finding(setting.file, setting.line, setting.key, Text(zh, en)))
        return default or "25"
    if not (setting.value.isascii() and setting.value.isdigit()):
        text = Text(
            f"端口 {setting.value!r} 不是数字，Mailpit 会改用 25。",
            f"The port {setting.value!r} is no number; Mailpit uses 25.",
        )
        findings.append(Finding(setting.file, setting.line, setting.key, text))
        return "25"
    return setting.value


def _tls(flags: Mapping[str, bool]) -> str:
    starttls, tls = flags.get("starttls", False), flags.get("tls", False)
    if starttls and tls:
        return "both"
    return "starttls" if starttls else "implicit" if tls else "none"


def _auth(kind: str, settings: Mapping[str, Setting], findings: list[Finding]) -> tuple[str, str]:
    """(mechanism, whether Mailpit starts) with the findings on them."""
    setting = settings.get("auth")
    value = setting.value.lower() if setting else ""
    user = settings.get("username")
    if value in ("", "none", "false"):
        if user is not None and user.value:
            text = Text(
                f"设了用户名却没有设 {_variable(kind, 'auth')}：Mailpit 不会认证。",
                f"There is a user name but no {_variable(kind, 'auth')}: Mailpit does not authenticate.",
            )
            findings.append(Finding(user.file, user.line, user.key, text))
        return "none", "starts"
    mechanism = "cram-md5" if value.startswith("cram") else _MECHANISMS.get(value)
    if setting is not None and mechanism is None:
        text = Text(
            f"Mailpit 不支持认证方式 {setting.value!r}，不会启动；可用 none、plain、login、cram-md5。",
            f"Mailpit does not know the method {setting.value!r} and does not start; it takes none, plain, login, cram-md5.",
        )
        findings.append(Finding(setting.file, setting.line, setting.key, text))
        return "none", "bad-method"
    mechanism = mechanism or "none"
    startup = "starts"
    needed = ("username", "secret") if mechanism == "cram-md5" else ("username", "password")
    for key in needed:
        if setting and not (key in settings and settings[key].value):
            name = _variable(kind, key)
            text = Text(
                f"{mechanism} 需要 {name}，没有它 Mailpit 不会启动。",
                f"{mechanism} needs {name}; without it Mailpit does not start.",
            )
            findings.append(Finding(setting.file, setting.line, setting.key, text))
            startup = "no-password"
    return mechanism, startup


def _useless_insecure(setting: Setting) -> Finding:
    text = Text(
        f"{setting.key} 只关闭证书校验；不用 TLS 时它毫无作用，更不会允许明文认证。",
        f"{setting.key} only switches certificate checks off; without TLS it does nothing, and it permits no AUTH in clear.",
    )
    return Finding(setting.file, setting.line, setting.key, text)


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where Mailpit has none for it."""
    made: list[tuple[str, str | None]] = []
    if "startup" in change and ("auth" in change) != (party.facts.get("startup") == "bad-method"):
        return None
    for fact, value in change.items():
        settings = _settings_for(party, fact, value)
        if settings is None:
            return None
        made += settings
    kind, form, file = party.details["kind"], party.details["form"], party.details["file"]
    return tuple(Edit(file, _variable(kind, key) if form == "env" else key, value) for key, value in made)


def _settings_for(party: Party, fact: str, value: str) -> list[tuple[str, str | None]] | None:
    if fact == "tls":
        tls: dict[str, list[tuple[str, str | None]]] = {
            "none": [("starttls", "false"), ("tls", None)],
            "starttls": [("starttls", "true"), ("tls", None)],
            "implicit": [("tls", "true"), ("starttls", None)],
        }
        return tls.get(value)
    if fact == "auth":
        return _auth_settings(party, value)
    if fact == "startup":
        return _startup_settings(party)
    if fact == "port":
        return [("port", value)]
    if fact in ("password", "ehlo", "certificate_name"):
        return []
    simple: dict[tuple[str, str], list[tuple[str, str | None]]] = {
        ("verify", "none"): [("allow-insecure", "true")],
        ("verify", "full"): [("allow-insecure", "false")],
        ("host", "localhost"): [("host", "localhost")],
        ("host", "name"): [("host", "mail.example.com")],
        ("after_refusal", "stops"): [("forward-smtp-errors", "true")],
    }
    return simple.get((fact, value))


def _startup_settings(party: Party) -> list[tuple[str, str | None]] | None:
    """What is missing for Mailpit to start; nothing where a method that it knows is set besides."""
    if party.facts.get("startup") == "bad-method":
        return []
    return _auth_settings(party, party.facts["auth"]) if party.facts.get("startup") == "no-password" else None


def _auth_settings(party: Party, value: str) -> list[tuple[str, str | None]] | None:
    has_user = any(setting.key.lower().endswith("username") for setting in party.origins.get("auth", ()))
    user: list[tuple[str, str | None]] = [] if has_user else [("username", "USER")]
    has_password = any(setting.key.lower().endswith("password") for setting in party.origins.get("auth", ()))
    has_secret = any(setting.key.lower().endswith("secret") for setting in party.origins.get("auth", ()))
    if value in ("plain", "login"):
        return [("auth", value), *user, *([] if has_password else [("password", "PASSWORD")])]
    if value == "cram-md5":
        return [("auth", value), *user, *([] if has_secret else [("secret", "SECRET")])]
    if value == "none":
        return [("auth", None), ("username", None), ("password", None), ("secret", None)]
    return None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with edits made, in the form in which the settings stand."""
    if any(edit.key.isupper() for edit in edits):
        return set_variables(text, edits)
    lines = text.splitlines(keepends=True)
    for edit in edits:
        lines = _set_yaml(lines, edit)
    return "".join(lines)


def _set_yaml(lines: list[str], edit: Edit) -> list[str]:
    for index, line in enumerate(lines):
        found = _YAML.match(line.rstrip("\r\n"))
        if found and found.group("key") == edit.key:
            new = [] if edit.value is None else [f"{edit.key}{found.group('sep')}{edit.value}\n"]
            return lines[:index] + new + lines[index + 1 :]
    if edit.value is None:
        return lines
    if lines and not lines[-1].endswith("\n"):
        lines = [*lines[:-1], lines[-1] + "\n"]
    return [*lines, f"{edit.key}: {edit.value}\n"]
