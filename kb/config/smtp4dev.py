"""smtp4dev as the server that programs send to.

Read off rnwood/smtp4dev 738a75f (appsettings.json, Server/Smtp4devServer.cs, Rnwood.SmtpServer): port 25 in clear; TLS by
TlsMode, with a certificate that it makes itself unless one is given; PLAIN, LOGIN, CRAM-MD5 and XOAUTH2 with and without TLS and
with any credentials; a login only with AuthenticationRequired, TLS at MAIL only with SecureConnectionRequired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import re2

from kb.config import image
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

PRODUCT = "smtp4dev"
PRODUCTS = frozenset({PRODUCT})
SHARES = True
PORT = "25"
TITLE = "smtp4dev"
LOGS = ""

_IMAGE = image.of("rnwood/smtp4dev")
_SETTING = re2.compile(r"""(?i)\bServerOptions(?:__|:)(?P<key>[a-z]+)["']?\s*[=:]\s*["']?(?P<value>[^"'\s\\]*)""")
_OPTION = re2.compile(
    r"""(?i)--(?P<key>smtpport|tlsmode|authenticationrequired|secureconnectionrequired)[= ]["']?(?P<value>\w*)"""
)
_OF_OPTION = {"smtpport": "port"}
_MECHANISMS = {"plain": "offers_plain", "login": "offers_login", "cram-md5": "offers_cram", "xoauth2": "offers_xoauth2"}
_ALL_MECHANISMS = ",".join(_MECHANISMS)
_LIST = {
    "not-offered": "smtpenabledauthtypeswhennotsecureconnection",
    "offered": "smtpenabledauthtypeswhensecureconnection",
}
DEFAULTS: Mapping[str, str] = {
    **{"serves": "yes", "recipient": "local", "recipient_exists": "yes", "relay": "reject", "gate": "open"},
    **{"helo_check": "none", "backend": "works", "trusts_client": "yes", "client_certificate": "not-required"},
    **{"offers_plain": "yes", "offers_login": "yes", "offers_cram": "yes", "offers_xoauth2": "yes"},
    **{"plaintext_clear": "allowed", "plaintext_tls": "allowed"},
    **{"listens": "plain", "starttls": "not-offered", "requires_tls": "no", "auth_offer": "always"},
}
REPLIES: Mapping[str, str] = {
    "starttls-not-offered": "500 Command unrecognised",
    "mail-account-required": "530 Authentication is required",
    "auth-mechanism-missing": "504 Specified AUTH mechanism not supported",
}
WHY: Mapping[str, Text] = {
    "starttls-not-offered": Text(
        "smtp4dev 的 TlsMode 默认是 None，EHLO 回应里没有 STARTTLS；设成 StartTls 才有。",
        "By default smtp4dev's TlsMode is None and EHLO lists no STARTTLS; it takes TlsMode StartTls.",
    ),
    "starttls-implicit-tls-on-plain-port": Text(
        "smtp4dev 的 SMTP 端口先明文说话，客户端却一连接就开始 TLS；TlsMode 设成 ImplicitTls 它才这样。",
        "smtp4dev's port begins in clear, the client with TLS; smtp4dev does so only with TlsMode ImplicitTls.",
    ),
    "connect-nothing-listens": Text(
        "smtp4dev 的 SMTP 不在客户端所用的端口上（默认 25，80 或 5000 是网页界面），或者它没有启动。",
        "smtp4dev's SMTP is not at the client's port (25 by default; 80 or 5000 is its web interface), or it did not start.",
    ),
    "mail-account-required": Text(
        "设了 AuthenticationRequired，smtp4dev 就要求登录；默认用什么用户名和密码都能通过。",
        "With AuthenticationRequired smtp4dev demands a login; by default any user name and password will do.",
    ),
}
TITLES: Mapping[str, Text] = {
    "connect-nothing-listens": Text(
        "smtp4dev 不在客户端所用的端口上监听", "smtp4dev does not listen at the client's port"
    ),
    "mail-account-required": Text(
        "smtp4dev 要求登录，客户端没有登录", "smtp4dev demands a login and the client does not log in"
    ),
}
_TLS_WANTED = Text(
    "没有 TLS 的会话在 MAIL 时得到 451 Secure connection required。",
    "Sessions without TLS get 451 Secure connection required at MAIL.",
)


def sniff(name: str, text: str) -> bool:
    """Whether a file has its image."""
    return "rnwood/smtp4dev" in text


def read(files: Mapping[str, str]) -> Reading:
    """The smtp4dev that a file starts, with findings on its settings. Never raises."""
    parties: list[Party] = []
    findings: list[Finding] = []
    for name, text in files.items():
        if _IMAGE.search(text):
            found = {item.key: item for item in _settings(name, text)}
            parties.append(_party(name, text, found))
            wanted = found.get("secureconnectionrequired")
            if wanted and wanted.value.lower() == "true":
                findings.append(Finding(wanted.file, wanted.line, wanted.origin, _TLS_WANTED))
    return Reading(tuple(parties), tuple(findings))


def _settings(name: str, text: str) -> Iterator[Setting]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for item in (*_SETTING.finditer(line), *_OPTION.finditer(line)):
            key = item.group("key").lower()
            yield Setting(name, number, _OF_OPTION.get(key, key), item.group("value"), item.group("key"))


def _party(name: str, text: str, found: Mapping[str, Setting]) -> Party:
    def value(key: str, default: str = "") -> str:
        return found[key].value.lower() if key in found else default

    facts = dict(DEFAULTS)
    mode = value("tlsmode", "none")
    if mode in ("starttls", "implicittls"):
        facts |= {"starttls": "offered"} if mode == "starttls" else {"listens": "implicit"}
        if not value("tlscertificate"):
            facts["certificate"] = "self-signed"
    in_clear, secured = (value(key, _ALL_MECHANISMS).split(",") for key in _LIST.values())
    secure = mode in ("starttls", "implicittls")
    for mechanism, fact in _MECHANISMS.items():
        facts[fact] = "yes" if mechanism in (secured if secure else in_clear) else "no"
    facts["auth_offer"] = "always" if any(in_clear) else "over-tls" if any(secured) and secure else "never"
    if value("authenticationrequired") == "true":
        facts["relay"] = "accounts"
    if value("secureconnectionrequired") == "true":
        del facts["requires_tls"]  # it takes AUTH without TLS, and refuses MAIL
    said = {"starttls": "tlsmode", "listens": "tlsmode", "certificate": "tlsmode", "relay": "authenticationrequired"}
    origins = {fact: (found[key],) for fact, key in said.items() if key in found}
    port = value("port", PORT)
    names = " ".join(image.names(text, _IMAGE, PRODUCT))
    details = {"port": port, "file": name, "names": names, "outside": image.outside(text, port)}
    return Party(
        "server", PRODUCT, Text(f"smtp4dev（端口 {port}）", f"smtp4dev (port {port})"), facts, origins, details
    )


def edits(party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """None: a test server is left as it is, and the client set to suit it."""
    return None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text as it is: nothing is set."""
    return text
