"""Typical mistakes in settings that Postfix accepts without a word, or refuses with one that does not help."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.config.postfix import client
from kb.config.postfix.effective import Effective, find, smtp_servers
from kb.config.postfix.findings import filled, make
from kb.config.postfix.model import Assignment, Config, Value
from kb.config.postfix.restrictions import protected
from kb.config.postfix.server import tls_level
from kb.config.setting import Finding
from kb.text import Text

# What takes a command or free text, in which quotes and # are at home.
_FREE = ("_command", "_checks", "_macros", "_filter", "_reply", "_footer", "_banner", "_charset", "_header", "_characters")

_ODD_BLANK = Text(
    "{key} 里有看似空格的特殊字符（如不间断空格、全角空格），Postfix 不当它是空白。请删掉重打。",
    "{key} holds a character that looks like a blank (a no-break or full-width space); Postfix does not take it for one. Type it anew.",
)
_CURLY = Text(
    "{key} 里有弯引号或全角标点，多半是从网页或文档复制来的；Postfix 只认 ASCII 字符。",
    "{key} holds curly quotes or full-width punctuation, most likely copied from a page; Postfix knows ASCII only.",
)
_QUOTES = Text(
    "{key} 的值带着引号；Postfix 不去引号，它们成了值的一部分。去掉引号。",
    "The value of {key} stands in quotes; Postfix does not take them off, they become part of the value. Remove them.",
)
_COMMENT = Text(
    "{key} 的值后面跟着 # 注释；Postfix 不支持行尾注释，它成了值的一部分。注释要另起一行。",
    "A # comment follows the value of {key}; Postfix has no comments at the end of a line, it becomes part of the value. Put it on a"
    " line of its own.",
)
_NO_TYPE = Text(
    "{key} 要写成 类型:路径，如 hash:{detail}；只写路径时 Postfix 报 fatal: open dictionary: expecting \"type:name\" form。",
    "{key} takes type:path, such as hash:{detail}; with the path alone Postfix stops with “fatal: open dictionary: expecting"
    " \"type:name\" form”.",
)


def in_raw(found: Assignment) -> Iterator[Finding]:
    """Mistakes in the text of one value."""
    raw = found.raw
    head = raw[:4000]
    if any(mark in head for mark in "\u00a0\u3000\u200b\u2007\u202f"):
        yield _at(found, _ODD_BLANK)
    elif any(mark in head for mark in "“”‘’，；：＝"):
        yield _at(found, _CURLY)
    if found.name.endswith(_FREE):
        return
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        yield _at(found, _QUOTES)
    elif raw.startswith("#") or " #" in raw or "\t#" in raw:
        yield _at(found, _COMMENT)
    if found.name.endswith(("_maps", "_database")) and raw.startswith("/") and ":" not in raw:
        yield Finding(found.file, found.line, found.name, filled(_NO_TYPE, found.name, raw.split()[0]))


def _at(found: Assignment, text: Text, detail: str = "", other: str = "") -> Finding:
    return Finding(found.file, found.line, found.name, filled(text, found.name, detail, other))


def across(config: Config, main: Effective) -> Iterator[Finding]:
    """Mistakes that show when settings are seen together."""
    for _, service in smtp_servers(config):
        effective = Effective(config, service)
        for check in _SERVER_CHECKS:
            yield from check(effective)
    sending = Effective(config, find(config, "smtp/unix"))
    for check in _CLIENT_CHECKS:
        yield from check(sending)
    yield from _commented(config)


def _told(value: Value, text: Text, detail: str = "", other: str = "") -> Finding:
    return Finding(value.file, value.line, value.key, filled(text, value.key, detail, other))


_UNPROTECTED = Text(
    "smtpd_relay_restrictions 与 smtpd_recipient_restrictions 里都没有拒绝转发的限制：smtpd 会报 fatal: in parameter … specify at least"
    " one working instance of: reject_unauth_destination … 并断开连接。设 smtpd_relay_restrictions = permit_mynetworks,"
    " permit_sasl_authenticated, reject_unauth_destination。",
    "Neither smtpd_relay_restrictions nor smtpd_recipient_restrictions refuses relaying: smtpd stops with “fatal: in parameter …"
    " specify at least one working instance of: reject_unauth_destination …” and drops the connection. Set smtpd_relay_restrictions"
    " = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination.",
)
_NO_CERTIFICATE = Text(
    "{detail} 打开了 TLS 却没有证书（smtpd_tls_cert_file 或 smtpd_tls_chain_files）：STARTTLS 会得到 454 4.7.0 TLS not available due to"
    " local problem。配上证书和私钥。",
    "{detail} switches TLS on without a certificate (smtpd_tls_cert_file or smtpd_tls_chain_files): STARTTLS gets 454 4.7.0 TLS not"
    " available due to local problem. Set certificate and key.",
)
_AUTH_WITHOUT_TLS = Text(
    "{key} 要求先加密才能认证，可是这个端口没有打开 TLS：认证永远不会成功（503 5.5.1 Error: authentication not enabled）。"
    "设 smtpd_tls_security_level = may。",
    "{key} lets clients authenticate over TLS only, but this port has no TLS: authentication never succeeds (503 5.5.1 Error:"
    " authentication not enabled). Set smtpd_tls_security_level = may.",
)
_LEGACY = Text(
    "{key} 是旧写法；已设 smtpd_tls_security_level，{key} 不起作用。",
    "{key} is an old switch; smtpd_tls_security_level is set, so {key} has no effect.",
)
_AS_ENCRYPT = Text(
    "smtpd 没有 {detail} 这一级，会警告 unsupported TLS level 并当作 encrypt。写成 encrypt；要查客户端证书用 smtpd_tls_req_ccert。",
    "smtpd has no level {detail}; it warns “unsupported TLS level” and takes encrypt. Write encrypt; client certificates are checked"
    " with smtpd_tls_req_ccert.",
)
_DOVECOT_PATH = Text(
    "smtpd_sasl_type = dovecot 时还要设 smtpd_sasl_path，通常是 private/auth（相对队列目录），并在 Dovecot 里开 /var/spool/postfix/private/auth"
    " 套接字。现在用的是默认值 smtpd，smtpd 连不上它就退出。",
    "With smtpd_sasl_type = dovecot, smtpd_sasl_path is needed too, usually private/auth (relative to the queue directory), and a"
    " listener for /var/spool/postfix/private/auth in Dovecot. As it is, the default smtpd is tried and smtpd exits.",
)
_FATAL_LEVEL = Text(
    "smtpd 不接受 smtpd_tls_security_level = {detail}，会报 fatal: Invalid TLS level 并断开连接；可用 none、may、encrypt。",
    "smtpd refuses smtpd_tls_security_level = {detail} with “fatal: Invalid TLS level” and drops the connection; it takes none, may,"
    " encrypt.",
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
    if not protected(effective):
        value = effective["smtpd_relay_restrictions"]
        file = value.file or min((a.file for a in effective.config.main.values()), default="main.cf")
        yield Finding(file, value.line, value.key, _UNPROTECTED)


def _level(effective: Effective) -> Iterator[Finding]:
    value = effective["smtpd_tls_security_level"]
    level = value.value.lower()
    if effective.yes("smtpd_tls_wrappermode") or not value.line:
        return
    if level in ("verify", "secure", "fingerprint"):
        yield _told(value, _AS_ENCRYPT, level)
    elif level not in ("", "none", "may", "encrypt"):
        yield _told(value, _FATAL_LEVEL, value.value)
    for name in ("smtpd_use_tls", "smtpd_enforce_tls"):
        if level and effective.yes(name):
            yield _told(effective[name], _LEGACY)


def _certificate(effective: Effective) -> Iterator[Finding]:
    names = ("smtpd_tls_cert_file", "smtpd_tls_chain_files", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")
    if tls_level(effective) == "none" or any(effective.text(name) for name in names):
        return
    for name in ("smtpd_tls_wrappermode", "smtpd_tls_security_level", "smtpd_enforce_tls", "smtpd_use_tls"):
        if effective[name].line and effective.text(name).lower() not in ("no", "none", ""):
            yield _told(effective[name], _NO_CERTIFICATE, name)
            return


def _auth(effective: Effective) -> Iterator[Finding]:
    if effective.yes("smtpd_sasl_auth_enable"):
        if tls_level(effective) == "none" and effective.yes("smtpd_tls_auth_only"):
            yield _told(effective["smtpd_tls_auth_only"], _AUTH_WITHOUT_TLS)
        if effective.text("smtpd_sasl_type") == "dovecot" and not effective.is_set("smtpd_sasl_path"):
            yield _told(effective["smtpd_sasl_type"], _DOVECOT_PATH)
        return
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_client_restrictions"):
        value = effective[name]
        # Debian writes the default out, so it is no sign of a wish where nothing else of SASL is set.
        wished = any(effective.is_set(other) for other in ("smtpd_sasl_type", "smtpd_sasl_path"))
        if value.line and wished and "permit_sasl_authenticated" in value.value.lower():
            yield _told(value, _SASL_OFF)
            return


def _demanded(effective: Effective) -> Iterator[Finding]:
    if effective.yes("smtpd_tls_req_ccert") and tls_level(effective) in ("none", "may"):
        yield _told(effective["smtpd_tls_req_ccert"], _CLIENT_CERTIFICATE)


_SCHEME = Text(
    "{key} 不是网址：去掉 {detail}，写成 [主机]:端口；要隐式 TLS 就设 smtp_tls_wrappermode = yes。",
    "{key} is no URL: leave {detail} out and write [host]:port; for implicit TLS set smtp_tls_wrappermode = yes.",
)
_WITH_USER = Text(
    "{key} 里不能写用户名和密码；它们放在 smtp_sasl_password_maps 里。",
    "{key} takes no user name or password; these go into smtp_sasl_password_maps.",
)
_BRACKETS = Text(
    "{key} 没有方括号，Postfix 会先查 {detail} 的 MX 记录，再连 MX 主机。要直接连这台主机，写成 [{detail}]。",
    "{key} has no brackets, so Postfix looks up the MX records of {detail} and connects to those hosts. To connect to this very host"
    " write [{detail}].",
)
_PORT_465 = Text(
    "{key} 用 465 端口，那里一连接就是 TLS：要设 smtp_tls_wrappermode = yes 和 smtp_tls_security_level = encrypt，否则两边互等到超时"
    "（timed out while receiving the initial server greeting）。",
    "{key} uses port 465, where TLS begins at once: set smtp_tls_wrappermode = yes and smtp_tls_security_level = encrypt, or both sides"
    " wait until a timeout (timed out while receiving the initial server greeting).",
)
_WRAPPER_LEVEL = Text(
    "{key} = yes 还需要 smtp_tls_security_level = encrypt（或更高），现在是 {detail}；级别不够时 Postfix 拒绝投递。",
    "{key} = yes needs smtp_tls_security_level = encrypt (or stronger), which is {detail}; Postfix does not deliver with less.",
)
_NO_PASSWORDS = Text(
    "{key} = yes 却没有设 smtp_sasl_password_maps：Postfix 报 fatal: specify a password table via the `smtp_sasl_password_maps'"
    " configuration parameter。",
    "{key} = yes without smtp_sasl_password_maps: Postfix stops with “fatal: specify a password table via the"
    " `smtp_sasl_password_maps' configuration parameter”.",
)
_AUTH_OFF = Text(
    "设了 {key}，但 smtp_sasl_auth_enable 不是 yes：Postfix 不会认证。",
    "{key} is set, but smtp_sasl_auth_enable is not yes: Postfix does not authenticate.",
)
_NOPLAINTEXT = Text(
    "smtp_sasl_security_options 默认含 noplaintext：中继只提供 PLAIN、LOGIN 时认证不了（no mechanism available）。要求 TLS 后设"
    " smtp_sasl_tls_security_options = noanonymous 即可，密码仍只在加密连接上发送。",
    "smtp_sasl_security_options has noplaintext by default: with a relay that offers only PLAIN and LOGIN, Postfix cannot authenticate"
    " (no mechanism available). Require TLS and set smtp_sasl_tls_security_options = noanonymous; passwords then go over TLS only.",
)
_POSTMAP = Text(
    "{detail} 是 {other} 表：改过源文件后要运行 postmap {other}:{detail}；有没有做过，从配置里看不出。",
    "{detail} is a table of type {other}: after a change run postmap {other}:{detail}; whether that was done cannot be seen here.",
)
_KEY_DIFFERS = Text(
    "密码表里没有 {detail} 这个键：键要与 relayhost 写得完全一样，方括号和端口也算，否则 Postfix 不认证就投递。",
    "The password table has no key {detail}: a key must be spelled exactly like relayhost, brackets and port included, or Postfix"
    " delivers without authentication.",
)
_POLICY_DIFFERS = Text(
    "TLS 策略表里没有 {detail} 这个键（要与下一跳写得完全一样），这里按 smtp_tls_security_level 处理。",
    "The TLS policy table has no key {detail} (it must be spelled like the next hop), so smtp_tls_security_level holds.",
)
_CLIENT_TYPE = Text(
    "Postfix 作客户端只支持 cyrus；{key} = {detail} 会报 unsupported SASL client implementation。Dovecot 只能用在 smtpd_sasl_type。",
    "As a client Postfix supports cyrus only; {key} = {detail} gives “unsupported SASL client implementation”. Dovecot is for"
    " smtpd_sasl_type.",
)
_NO_ROOTS = Text(
    "{key} = {detail} 要校验证书，却没有设 smtp_tls_CAfile 或 smtp_tls_CApath：Postfix 默认不信任任何 CA，会报 Server certificate not"
    " trusted。设 smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt。",
    "{key} = {detail} checks certificates, but neither smtp_tls_CAfile nor smtp_tls_CApath is set: Postfix trusts no CA by itself and"
    " reports “Server certificate not trusted”. Set smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt.",
)


def _relayhost(effective: Effective) -> Iterator[Finding]:
    value = effective["relayhost"]
    text = value.value.strip()
    if not value.line or not text:
        return
    if "://" in text or text.split(":")[0] in ("smtp", "smtps", "lmtp"):
        yield _told(value, _SCHEME, text.split("[")[0].split("//")[0][:20] + ("//" if "://" in text else ""))
        return
    if "@" in text:
        yield _told(value, _WITH_USER)
        return
    host, port, mx = client.destination(text)
    if mx and host and not host.replace(".", "").isdigit():
        yield _told(value, _BRACKETS, host)
    if port == "465" and not effective.yes("smtp_tls_wrappermode"):
        yield _told(value, _PORT_465)


def _wrapper(effective: Effective) -> Iterator[Finding]:
    level = effective.text("smtp_tls_security_level").lower()
    if effective.yes("smtp_tls_wrappermode") and level in ("", "none", "may", "dane"):
        if not effective.text("smtp_tls_policy_maps") and not effective.yes("smtp_enforce_tls"):
            yield _told(effective["smtp_tls_wrappermode"], _WRAPPER_LEVEL, level or "“”")


def _credentials(effective: Effective) -> Iterator[Finding]:
    enabled, maps = effective["smtp_sasl_auth_enable"], effective["smtp_sasl_password_maps"]
    if effective.yes("smtp_sasl_auth_enable") and not maps.value:
        yield _told(enabled, _NO_PASSWORDS)
        return
    if not effective.yes("smtp_sasl_auth_enable"):
        if maps.line and maps.value:
            yield _told(maps, _AUTH_OFF)
        return
    if "noplaintext" in effective.text("smtp_sasl_tls_security_options").lower():
        yield _told(enabled, _NOPLAINTEXT)
    if effective["smtp_sasl_type"].line and effective.text("smtp_sasl_type") != "cyrus":
        yield _told(effective["smtp_sasl_type"], _CLIENT_TYPE, effective.text("smtp_sasl_type"))
    hop = client.next_hop(effective)
    found, hidden = client.rows(effective, "smtp_sasl_password_maps")
    if hop and found and not hidden and client.lookup(found, hop) is None:
        yield _told(maps, _KEY_DIFFERS, hop.text)


def _policies(effective: Effective) -> Iterator[Finding]:
    hop = client.next_hop(effective)
    if hop is None or not effective.text("smtp_tls_policy_maps"):
        return
    row, hidden = client.policy(effective, hop)
    if row is None and not hidden:
        yield _told(effective["smtp_tls_policy_maps"], _POLICY_DIFFERS, hop.text)


def _roots(effective: Effective) -> Iterator[Finding]:
    value = effective["smtp_tls_security_level"]
    given = effective.text("smtp_tls_CAfile") or effective.text("smtp_tls_CApath") or effective.yes("tls_append_default_CA")
    if value.line and value.value.lower() in ("verify", "secure") and not given:
        yield _told(value, _NO_ROOTS, value.value)


def _postmap(effective: Effective) -> Iterator[Finding]:
    for name in ("smtp_sasl_password_maps", "smtp_tls_policy_maps", "transport_maps", "sender_dependent_relayhost_maps"):
        value = effective[name]
        for word in value.value.replace(",", " ").split()[:20]:
            kind, _, path = word.partition(":")
            if value.line and kind in ("hash", "btree", "lmdb", "cdb", "dbm", "sdbm") and path.startswith("/"):
                yield _told(value, _POSTMAP, path, kind)


def _commented(config: Config) -> Iterator[Finding]:
    """Submission services that stand in comments, where no such port is open."""
    ports = {service.name.rpartition(":")[2] for service in config.services if service.type == "inet"}
    for label, (file, line) in config.commented.items():
        name = label.partition("/")[0]
        if name in ("submission", "submissions", "smtps") and not ports & {name, "465" if name != "submission" else "587"}:
            if name == "smtps" and "submissions" in ports:
                continue
            yield make("commented-service", file, line, name)


_Check = Callable[[Effective], Iterator[Finding]]
_SERVER_CHECKS: tuple[_Check, ...] = (_unprotected, _level, _certificate, _auth, _demanded)
_CLIENT_CHECKS: tuple[_Check, ...] = (_relayhost, _wrapper, _credentials, _policies, _roots, _postmap)
