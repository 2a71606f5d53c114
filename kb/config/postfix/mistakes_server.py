"""Settings of smtpd(8) that do not go together, or that it refuses. After src/smtpd/smtpd.c and smtpd_check.c."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.config.postfix.effective import Effective
from kb.config.postfix.findings import on_value
from kb.config.postfix.server import tls_level
from kb.config.postfix.startup import bare_address, bracketed, unprotected
from kb.config.postfix.whole import is_long, is_printed
from kb.config.setting import Finding
from kb.text import Text

_UNPROTECTED = Text(
    "smtpd_relay_restrictions 与 smtpd_recipient_restrictions 里都没有拒绝转发的限制：smtpd 会报 fatal: in"
    " parameter … specify at least one working instance of: reject_unauth_destination … 并断开连接。设"
    " smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination。",
    "Neither smtpd_relay_restrictions nor smtpd_recipient_restrictions refuses relaying: smtpd stops with “fatal:"
    " in parameter … specify at least one working instance of: reject_unauth_destination …” and drops the"
    " connection. Set smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated,"
    " reject_unauth_destination.",
)
_NO_LEVEL = Text(
    "贴出的内容里没有 compatibility_level，这里按 3.6 看。如果文件里真的没有，Postfix 就按 0 处理：smtpd_relay_restrictions"
    " 默认为空，smtpd 报 fatal 而起不来，客户端等不到问候。加上 compatibility_level = 3.6，或设 smtpd_relay_restrictions。",
    "compatibility_level was not pasted and is taken to be 3.6. If the file really has none, Postfix takes 0, with which"
    " smtpd_relay_restrictions are empty: smtpd stops with “fatal” and clients wait for a greeting in vain. Add"
    " compatibility_level = 3.6, or set smtpd_relay_restrictions.",
)
_BARE_ADDRESS = Text(
    "mynetworks 里的 IPv6 地址要放进方括号：{detail} 写成 {other}。不加括号时 Postfix 把冒号前当作表的类型，smtpd 报 fatal: open"
    ' dictionary: expecting "type:name" form 而起不来，客户端连上后等不到问候。',
    "An IPv6 address in mynetworks stands in brackets: write {other} instead of {detail}. Without them Postfix takes what is"
    " before the colon for a kind of table; smtpd stops with “fatal: open dictionary: expecting"
    ' "type:name" form”, and clients wait for a greeting that does not come.',
)
_NO_CERTIFICATE = Text(
    "{detail} 打开了 TLS 却没有证书（smtpd_tls_cert_file 或 smtpd_tls_chain_files）：STARTTLS 会得到 454 4.7.0 TLS"
    " not available due to local problem。配上证书和私钥。",
    "{detail} switches TLS on without a certificate (smtpd_tls_cert_file or smtpd_tls_chain_files): STARTTLS gets"
    " 454 4.7.0 TLS not available due to local problem. Set certificate and key.",
)
_WRAPPED = Text(
    "{detail} 打开了隐式 TLS 却没有证书（smtpd_tls_cert_file 或 smtpd_tls_chain_files）：smtpd 记录 Wrapper-mode request"
    " dropped … TLS context initialization failed 并断开连接。配上证书和私钥。",
    "{detail} switches implicit TLS on without a certificate (smtpd_tls_cert_file or smtpd_tls_chain_files): smtpd logs"
    " “Wrapper-mode request dropped … TLS context initialization failed” and drops the connection. Set certificate and"
    " key.",
)
_AUTH_WITHOUT_TLS = Text(
    "{key} 要求先加密才能认证，可是这个端口没有打开 TLS：认证永远不会成功（503 5.5.1 Error: authentication not"
    " enabled）。设 smtpd_tls_security_level = may。",
    "{key} lets clients authenticate over TLS only, but this port has no TLS: authentication never succeeds (503"
    " 5.5.1 Error: authentication not enabled). Set smtpd_tls_security_level = may.",
)
_LEGACY = Text(
    "{key} 是旧写法；已设 smtpd_tls_security_level，{key} 不起作用。",
    "{key} is an old switch; smtpd_tls_security_level is set, so {key} has no effect.",
)
_AS_ENCRYPT = Text(
    "smtpd 没有 {detail} 这一级，会警告 unsupported TLS level 并当作 encrypt。写成 encrypt；要查客户端证书用"
    " smtpd_tls_req_ccert。",
    "smtpd has no level {detail}; it warns “unsupported TLS level” and takes encrypt. Write encrypt; client"
    " certificates are checked with smtpd_tls_req_ccert.",
)
_DOVECOT_PATH = Text(
    "smtpd_sasl_type = dovecot 时还要设 smtpd_sasl_path，通常是 private/auth（相对队列目录），并在 Dovecot 里开"
    " /var/spool/postfix/private/auth 套接字。现在用的是默认值 smtpd，smtpd 连不上它就退出。",
    "With smtpd_sasl_type = dovecot, smtpd_sasl_path is needed too, usually private/auth (relative to the queue"
    " directory), and a listener for /var/spool/postfix/private/auth in Dovecot. As it is, the default smtpd is"
    " tried and smtpd exits.",
)
_FATAL_LEVEL = Text(
    "smtpd 不接受 smtpd_tls_security_level = {detail}，会报 fatal: Invalid TLS level 并断开连接；可用 none、may、"
    "encrypt。",
    "smtpd refuses smtpd_tls_security_level = {detail} with “fatal: Invalid TLS level” and drops the connection;"
    " it takes none, may, encrypt.",
)
_SASL_OFF = Text(
    "{key} 里写了 permit_sasl_authenticated，但 smtpd_sasl_auth_enable 没有打开：没有人能通过认证。",
    "{key} has permit_sasl_authenticated, but smtpd_sasl_auth_enable is off: nobody can authenticate.",
)
_CLIENT_CERTIFICATE = Text(
    "{key} 只在强制 TLS（encrypt）时才起作用，这里不会要求客户端证书。",
    "{key} works only where TLS is required (encrypt); no client certificate is demanded here.",
)


def _unprotected(effective: Effective) -> Iterator[Finding]:
    if unprotected(effective):
        value = effective["smtpd_relay_restrictions"]
        file = value.file or min((a.file for a in effective.config.main.values()), default="main.cf")
        yield Finding(file, value.line, value.key, _UNPROTECTED)


def _no_level(effective: Effective) -> Iterator[Finding]:
    """A level that was not pasted, where the default protection depends on it."""
    main = effective.config.main
    lists = ("compatibility_level", "smtpd_relay_restrictions", "smtpd_recipient_restrictions")
    if not any(effective.is_set(name) for name in lists) and is_long(main) and not is_printed(main):
        yield Finding(min(found.file for found in main.values()), 0, "compatibility_level", _NO_LEVEL)


def _networks(effective: Effective) -> Iterator[Finding]:
    word = bare_address(effective)
    if word and effective["mynetworks"].line:
        yield on_value(effective["mynetworks"], _BARE_ADDRESS, word, bracketed(word))


def _level(effective: Effective) -> Iterator[Finding]:
    value = effective["smtpd_tls_security_level"]
    level = value.value.lower()
    if effective.yes("smtpd_tls_wrappermode") or not value.line:
        return
    if level in ("verify", "secure", "fingerprint"):
        yield on_value(value, _AS_ENCRYPT, level)
    elif level not in ("", "none", "may", "encrypt"):
        yield on_value(value, _FATAL_LEVEL, value.value)
    for name in ("smtpd_use_tls", "smtpd_enforce_tls"):
        if level and effective.yes(name):
            yield on_value(effective[name], _LEGACY)


def _certificate(effective: Effective) -> Iterator[Finding]:
    names = ("smtpd_tls_cert_file", "smtpd_tls_chain_files", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")
    level = tls_level(effective)
    if level in ("none", "") or any(effective.text(name) for name in names):
        return
    for name in ("smtpd_tls_wrappermode", "smtpd_tls_security_level", "smtpd_enforce_tls", "smtpd_use_tls"):
        if effective[name].line and effective.text(name).lower() not in ("no", "none", ""):
            yield on_value(effective[name], _WRAPPED if level == "implicit" else _NO_CERTIFICATE, name)
            return


def _auth(effective: Effective) -> Iterator[Finding]:
    if effective.yes("smtpd_sasl_auth_enable"):
        if tls_level(effective) == "none" and effective.yes("smtpd_tls_auth_only"):
            yield on_value(effective["smtpd_tls_auth_only"], _AUTH_WITHOUT_TLS)
        if effective.text("smtpd_sasl_type") == "dovecot" and not effective.is_set("smtpd_sasl_path"):
            yield on_value(effective["smtpd_sasl_type"], _DOVECOT_PATH)
        return
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_client_restrictions"):
        value = effective[name]
        # Debian writes the default out, so it is no sign of a wish where nothing else of SASL is set.
        wished = any(effective.is_set(other) for other in ("smtpd_sasl_type", "smtpd_sasl_path"))
        if value.line and wished and "permit_sasl_authenticated" in value.value.lower():
            yield on_value(value, _SASL_OFF)
            return


def _demanded(effective: Effective) -> Iterator[Finding]:
    if effective.yes("smtpd_tls_req_ccert") and tls_level(effective) in ("none", "may"):
        yield on_value(effective["smtpd_tls_req_ccert"], _CLIENT_CERTIFICATE)


CHECKS: tuple[Callable[[Effective], Iterator[Finding]], ...] = (
    _unprotected,
    _no_level,
    _networks,
    _level,
    _certificate,
    _auth,
    _demanded,
)
