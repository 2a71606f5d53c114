"""Mailpit as the server that programs send to: its SMTP settings as variables, as options, or none at all beside its image.

Read off Mailpit 1.30.5 (cmd/root.go, config/config.go VerifyConfig, internal/smtpd/main.go, smtpd.go): port 1025 in clear;
STARTTLS only with a certificate; AUTH only with credentials or "accept any", then PLAIN and LOGIN with and without TLS; no start
without TLS unless "allow insecure" is set; every recipient is local.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import re2

from kb.config import image
from kb.config.env import set_variables, variables
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCT = "mailpit"
PRODUCTS = frozenset({PRODUCT})
SHARES = True
PORT = "1025"
TITLE = "Mailpit"
LOGS = "[smtpd] response ({{any}}) {reply}"

_PREFIX = "MP_SMTP_"
_NOT_OURS = ("MP_SMTP_RELAY_", "MP_SMTP_FORWARD_")
_IMAGE = image.of("axllent/mailpit")
_OPTION = re2.compile(r"""--(?P<key>smtp(?:-[a-z-]+)?)(?:[= ]+["']?(?P<value>[^\s"',\]\\-][^\s"',\]\\]*))?""")
_TRUE = ("1", "true", "yes")
_SECRET = ("MP_SMTP_AUTH",)
_AS_VARIABLE = {"smtp": "MP_SMTP_BIND_ADDR", "smtp-tls-required": "MP_SMTP_REQUIRE_STARTTLS"}
_OLD = {"MP_SMTP_TLS_REQUIRED": "MP_SMTP_REQUIRE_STARTTLS", "MP_SMTP_SSL_CERT": "MP_SMTP_TLS_CERT"}
_BASE = {
    **{"serves": "yes", "recipient": "local", "recipient_exists": "yes", "relay": "reject", "gate": "open"},
    **{"helo_check": "none", "backend": "works", "trusts_client": "yes", "client_certificate": "not-required"},
    **{"offers_cram": "no", "offers_xoauth2": "no", "plaintext_clear": "allowed", "plaintext_tls": "allowed"},
}
DEFAULTS: Mapping[str, str] = {
    **_BASE,
    "listens": "plain",
    "starttls": "not-offered",
    "requires_tls": "no",
    "auth_offer": "never",
}


def sniff(name: str, text: str) -> bool:
    """Whether a file has its image, its options, or variables that may be those of its server."""
    return _PREFIX in text or "axllent/mailpit" in text or ("mailpit" in text and "--smtp" in text)


def read(files: Mapping[str, str]) -> Reading:
    """The Mailpit that a file describes as a server, with findings on its settings. Never raises."""
    parties: list[Party] = []
    findings: list[Finding] = []
    for name, text in files.items():
        found = {item.key: item for item in _settings(name, text)}
        if found or any(_IMAGE.finditer(text)):
            parties.append(_party(name, text, found, findings))
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str) -> Iterator[Setting]:
    for item in variables(name, text, (_PREFIX,)):
        if not item.key.startswith(_NOT_OURS):
            key = _OLD.get(item.key, item.key)
            value = "***" if key in _SECRET and item.value else item.value
            yield Setting(name, item.line, key, value, secret=key in _SECRET)
    if "mailpit" not in text or "--smtp" not in text:
        return
    for number, line in enumerate(text.splitlines(), 1):
        for option in () if line.lstrip().startswith("#") else _OPTION.finditer(line):
            key = _AS_VARIABLE.get(option.group("key"), "MP_" + option.group("key").upper().replace("-", "_"))
            if not key.startswith(_NOT_OURS):
                yield Setting(name, number, key, option.group("value") or "true", "--" + option.group("key"))


def _party(name: str, text: str, found: Mapping[str, Setting], findings: list[Finding]) -> Party:
    def value(key: str) -> str:
        return found[key].value if key in found else ""

    def on(key: str) -> bool:
        return value(key).lower() in _TRUE

    certificate = value("MP_SMTP_TLS_CERT")
    accounts = bool(value("MP_SMTP_AUTH") or value("MP_SMTP_AUTH_FILE"))
    insecure = on("MP_SMTP_AUTH_ALLOW_INSECURE")
    implicit = bool(certificate) and on("MP_SMTP_REQUIRE_TLS")
    facts = dict(DEFAULTS)
    if certificate:
        facts |= {"starttls": "offered", "listens": "implicit" if implicit else "plain"}
        strict = on("MP_SMTP_REQUIRE_STARTTLS") or (bool(value("MP_SMTP_AUTH_FILE")) and not insecure)
        facts["requires_tls"] = "yes" if strict and not implicit else "no"
        if certificate.startswith("sans:"):
            facts["certificate"] = "self-signed"
    if accounts or on("MP_SMTP_AUTH_ACCEPT_ANY"):
        facts["auth_offer"] = "always"
        facts["relay"] = "accounts" if accounts else "reject"
    findings += _remarks(found, accounts=accounts, on=on)
    if _refusals(found, accounts=accounts, on=on, findings=findings):
        facts["reachable"] = "no"
    keys = ("MP_SMTP_TLS_CERT", "MP_SMTP_REQUIRE_TLS", "MP_SMTP_REQUIRE_STARTTLS", "MP_SMTP_AUTH", "MP_SMTP_AUTH_FILE")
    said = {"starttls": keys[:1], "certificate": keys[:1], "listens": keys[1:2], "requires_tls": (keys[2], keys[4])}
    said["auth_offer"] = said["relay"] = (*keys[3:], "MP_SMTP_AUTH_ACCEPT_ANY", "MP_SMTP_AUTH_ALLOW_INSECURE")
    origins = {fact: tuple(found[key] for key in own if key in found) for fact, own in said.items()}
    port = value("MP_SMTP_BIND_ADDR").rpartition(":")[2] or PORT
    names = " ".join(image.names(text, _IMAGE, PRODUCT))
    details = {"port": port, "file": name, "names": names, "outside": image.outside(text, port)}
    title = Text(f"Mailpit（端口 {port}）", f"Mailpit (port {port})")
    return Party("server", PRODUCT, title, facts, origins, details)


def _finding(item: Setting, zh: str, en: str) -> Finding:
    return Finding(item.file, item.line, item.key if not item.origin else item.origin, Text(zh, en))


def _remarks(found: Mapping[str, Setting], *, accounts: bool, on: Callable[[str], bool]) -> Iterator[Finding]:
    insecure, allowed = found.get("MP_SMTP_AUTH_ALLOW_INSECURE"), found.get("MP_SMTP_ALLOWED_RECIPIENTS")
    if insecure and on(insecure.key) and not accounts and not on("MP_SMTP_AUTH_ACCEPT_ANY"):
        yield _finding(
            insecure,
            "它单独不会打开认证：还要设 MP_SMTP_AUTH_ACCEPT_ANY=true 或 MP_SMTP_AUTH，Mailpit 才提供 AUTH。",
            "On its own it switches nothing on: Mailpit offers AUTH only with MP_SMTP_AUTH_ACCEPT_ANY=true or MP_SMTP_AUTH.",
        )
    if allowed and allowed.value and not on("MP_SMTP_IGNORE_REJECTED_RECIPIENTS"):
        yield _finding(
            allowed,
            "不匹配这个表达式的收件人得到 550 5.1.0 Requested action not taken: mailbox unavailable。",
            "Recipients that do not match this expression get 550 5.1.0 Requested action not taken: mailbox unavailable.",
        )


def _refusals(
    found: Mapping[str, Setting], *, accounts: bool, on: Callable[[str], bool], findings: list[Finding]
) -> bool:
    """Whether Mailpit refuses to start with these settings, with a finding that says so (VerifyConfig)."""
    certificate, any_ = bool(found.get("MP_SMTP_TLS_CERT")), on("MP_SMTP_AUTH_ACCEPT_ANY")
    insecure = on("MP_SMTP_AUTH_ALLOW_INSECURE")
    demands = next((found[k] for k in ("MP_SMTP_REQUIRE_TLS", "MP_SMTP_REQUIRE_STARTTLS") if on(k)), None)
    login = next(
        (found[k] for k in ("MP_SMTP_AUTH", "MP_SMTP_AUTH_FILE", "MP_SMTP_AUTH_ACCEPT_ANY") if k in found), None
    )
    said, item = "", None
    if demands and not certificate:
        said, item = "cannot be required without an SMTP TLS certificate and key", demands
    elif demands and insecure:
        said, item = "TLS cannot be required with --smtp-auth-allow-insecure", demands
    elif on("MP_SMTP_REQUIRE_TLS") and on("MP_SMTP_REQUIRE_STARTTLS"):
        said, item = "TLS & STARTTLS cannot be required together", demands
    elif accounts and any_:
        said, item = "authentication cannot use both credentials and --smtp-auth-accept-any", login
    elif (accounts or any_) and not certificate and not insecure:
        said, item = "authentication requires STARTTLS or TLS encryption", login
    if item is None:
        return False
    fix = "MP_SMTP_AUTH_ALLOW_INSECURE=true" if item is login and not (accounts and any_) else ""
    zh, en = (f"；只在本机或内网用时设 {fix}", f"; on the same machine or network only, set {fix}") if fix else ("", "")
    findings.append(_finding(item, f"Mailpit 不会启动：“{said}”{zh}。", f'Mailpit does not start: "{said}"{en}.'))
    return True


REPLIES: Mapping[str, str] = {
    "auth-sent-although-not-offered": "502 5.5.1 Command not implemented",
    "starttls-not-offered": "502 5.5.1 Command not implemented",
    "auth-tls-required-first": "530 5.7.0 Must issue a STARTTLS command first",
    "mail-tls-required-first": "530 5.7.0 Must issue a STARTTLS command first",
    "auth-mechanism-missing": "504 5.5.4 Unrecognized authentication type",
    "auth-credentials-wrong": "535 5.7.8 Authentication credentials invalid",
    "mail-account-required": "530 5.7.0 Authentication required",
    "mail-message-too-big": "552 5.3.4 Requested mail action aborted: exceeded storage allocation ({any})",
    "data-message-too-big": "552 5.3.4 Requested mail action aborted: exceeded storage allocation ({any})",
}
WHY: Mapping[str, Text] = {
    "auth-sent-although-not-offered": Text(
        "Mailpit 默认不提供认证，收到 AUTH 只回 502；要 MP_SMTP_AUTH_ACCEPT_ANY 或 MP_SMTP_AUTH 才有。",
        "By default Mailpit has no authentication and answers AUTH with 502; it takes MP_SMTP_AUTH_ACCEPT_ANY or MP_SMTP_AUTH.",
    ),
    "auth-not-offered": Text(
        "Mailpit 默认不提供认证，EHLO 回应里没有 AUTH；要 MP_SMTP_AUTH_ACCEPT_ANY 或 MP_SMTP_AUTH 才有。",
        "By default Mailpit has no authentication and lists no AUTH in EHLO; it takes MP_SMTP_AUTH_ACCEPT_ANY or MP_SMTP_AUTH.",
    ),
    "starttls-not-offered": Text(
        "没有 MP_SMTP_TLS_CERT 和 MP_SMTP_TLS_KEY 时，Mailpit 不提供 STARTTLS。",
        "Without MP_SMTP_TLS_CERT and MP_SMTP_TLS_KEY Mailpit offers no STARTTLS.",
    ),
    "starttls-implicit-tls-on-plain-port": Text(
        "Mailpit 的 SMTP 端口先明文说话，客户端却一连接就开始 TLS；只有设了证书和 MP_SMTP_REQUIRE_TLS 它才这样。",
        "Mailpit's port begins in clear, the client with TLS; Mailpit does so only with a certificate and MP_SMTP_REQUIRE_TLS.",
    ),
    "mail-account-required": Text(
        "设了 MP_SMTP_AUTH 或 MP_SMTP_AUTH_FILE，Mailpit 就要求登录。",
        "With MP_SMTP_AUTH or MP_SMTP_AUTH_FILE Mailpit demands a login.",
    ),
    "connect-nothing-listens": Text(
        "Mailpit 的 SMTP 不在客户端所用的端口上（默认 1025，8025 是网页界面），或者它没有启动。",
        "Mailpit's SMTP is not at the client's port (1025 by default; 8025 is its web interface), or it did not start.",
    ),
    "auth-mechanism-missing": Text(
        "Mailpit 打开认证后只有 PLAIN 和 LOGIN。", "With authentication on, Mailpit has PLAIN and LOGIN only."
    ),
    **dict.fromkeys(
        ("auth-tls-required-first", "mail-tls-required-first"),
        Text(
            "设了 MP_SMTP_REQUIRE_STARTTLS，或有 MP_SMTP_AUTH_FILE 而没有允许明文认证，Mailpit 就要求先 STARTTLS。",
            "With MP_SMTP_REQUIRE_STARTTLS, or MP_SMTP_AUTH_FILE and no insecure AUTH allowed, Mailpit wants STARTTLS first.",
        ),
    ),
}
TITLES: Mapping[str, Text] = {
    "mail-account-required": Text(
        "Mailpit 要求登录，客户端没有登录", "Mailpit demands a login and the client does not log in"
    ),
    "connect-nothing-listens": Text(
        "Mailpit 不在客户端所用的端口上监听", "Mailpit does not listen at the client's port"
    ),
}


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The variables that change the facts; None where Mailpit has none for it."""
    has_tls = party.facts.get("starttls") == "offered"
    made: list[tuple[str, str | None]]
    if change.get("certificate") == "trusted":
        made = [("TLS_CERT", "/path/fullchain.pem"), ("TLS_KEY", "/path/privkey.pem")]
    elif change == {"auth_offer": "always"}:
        made = [("AUTH_ACCEPT_ANY", "true"), *([] if has_tls else [("AUTH_ALLOW_INSECURE", "true")])]
    elif change == {"auth_offer": "over-tls"} and has_tls:
        made = [("AUTH_ACCEPT_ANY", "true")]
    elif change == {"requires_tls": "no"}:
        if any(item.key == "MP_SMTP_AUTH_FILE" for item in party.origins.get("requires_tls", ())):
            made = [("REQUIRE_STARTTLS", None), ("AUTH_ALLOW_INSECURE", "true")]
        else:
            made = [("REQUIRE_STARTTLS", None)]
    else:
        return None
    return tuple(Edit(party.details["file"], _PREFIX + key, value) for key, value in made)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with variables set: beside those that are there, else under the image in a compose file."""
    if any(item for item in variables("", text, (_PREFIX,))):
        return set_variables(text, edits)
    found = next(iter(_IMAGE.finditer(text)), None)
    if found is None:
        return set_variables(text, edits)
    end = text.find("\n", found.start())
    service = text[found.start() :].split("\n\n", 1)[0]
    if not text[found.start() : end].lstrip().startswith("image:") or "environment:" in service or end < 0:
        return text
    lead = found.group("lead")
    lines = [f'{lead}  {edit.key}: "{edit.value}"\n' for edit in edits if edit.value is not None]
    return text[: end + 1] + f"{lead}environment:\n" + "".join(lines) + text[end + 1 :]
