"""Settings of smtp(8), the client, that do not go together or mean something else. After src/smtp/smtp.c,"
" smtp_sasl_glue.c."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.config.postfix import client
from kb.config.postfix.effective import Effective
from kb.config.postfix.findings import on_value
from kb.config.setting import Finding
from kb.text import Text

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
    "{key} has no brackets, so Postfix looks up the MX records of {detail} and connects to those hosts. To connect"
    " to this very host write [{detail}].",
)
_PORT_465 = Text(
    "{key} 用 465 端口，那里一连接就是 TLS：要设 smtp_tls_wrappermode = yes 和 smtp_tls_security_level = secure"
    "（encrypt 也能连上，但不校验证书），否则两边互等到超时（timed out while receiving the initial server greeting）。",
    "{key} uses port 465, where TLS begins at once: set smtp_tls_wrappermode = yes and smtp_tls_security_level ="
    " secure (encrypt connects too, but checks no certificate), or both sides wait until a timeout (timed out while"
    " receiving the initial server greeting).",
)
_WRAPPER_LEVEL = Text(
    "{key} = yes 还需要 smtp_tls_security_level = secure（校验证书；至少也要 encrypt），现在是 {detail}；级别不够时"
    " Postfix 拒绝投递。",
    "{key} = yes needs smtp_tls_security_level = secure (which checks the certificate; encrypt is the least), which is"
    " {detail}; Postfix does not deliver with less.",
)
_NO_PASSWORDS = Text(
    "{key} = yes 却没有设 smtp_sasl_password_maps：Postfix 报 fatal: specify a password table via the"
    " `smtp_sasl_password_maps' configuration parameter。",
    "{key} = yes without smtp_sasl_password_maps: Postfix stops with “fatal: specify a password table via the"
    " `smtp_sasl_password_maps' configuration parameter”.",
)
_AUTH_OFF = Text(
    "设了 {key}，但 smtp_sasl_auth_enable 不是 yes：Postfix 不会认证。",
    "{key} is set, but smtp_sasl_auth_enable is not yes: Postfix does not authenticate.",
)
_NOPLAINTEXT = Text(
    "smtp_sasl_security_options 默认含 noplaintext：中继只提供 PLAIN、LOGIN 时认证不了（no mechanism available）。"
    "要求并校验 TLS（smtp_tls_security_level = secure）后设 smtp_sasl_tls_security_options = noanonymous 即可，"
    "密码仍只在加密连接上发送。",
    "smtp_sasl_security_options has noplaintext by default: with a relay that offers only PLAIN and LOGIN, Postfix"
    " cannot authenticate (no mechanism available). Require and check TLS (smtp_tls_security_level = secure) and set"
    " smtp_sasl_tls_security_options = noanonymous; passwords then go over TLS only.",
)
_POSTMAP = Text(
    "{detail} 是 {other} 表：改过源文件后要运行 postmap {other}:{detail}；有没有做过，从配置里看不出。",
    "{detail} is a table of type {other}: after a change run postmap {other}:{detail}; whether that was done"
    " cannot be seen here.",
)
_KEY_DIFFERS = Text(
    "密码表里没有 {detail} 这个键：键要与 relayhost 写得完全一样，方括号和端口也算，否则 Postfix 不认证就投递。",
    "The password table has no key {detail}: a key must be spelled exactly like relayhost, brackets and port"
    " included, or Postfix delivers without authentication.",
)
_POLICY_DIFFERS = Text(
    "TLS 策略表里没有 {detail} 这个键（要与下一跳写得完全一样），这里按 smtp_tls_security_level 处理。",
    "The TLS policy table has no key {detail} (it must be spelled like the next hop), so smtp_tls_security_level"
    " holds.",
)
_CLIENT_TYPE = Text(
    "Postfix 作客户端只支持 cyrus；{key} = {detail} 会报 unsupported SASL client implementation。Dovecot 只能用在"
    " smtpd_sasl_type。",
    "As a client Postfix supports cyrus only; {key} = {detail} gives “unsupported SASL client implementation”."
    " Dovecot is for smtpd_sasl_type.",
)
_NO_ROOTS = Text(
    "{key} = {detail} 要校验证书，却没有设 smtp_tls_CAfile 或 smtp_tls_CApath：Postfix 默认不信任任何 CA，会报"
    " Server certificate not trusted。设 smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt。",
    "{key} = {detail} checks certificates, but neither smtp_tls_CAfile nor smtp_tls_CApath is set: Postfix trusts"
    " no CA by itself and reports “Server certificate not trusted”. Set smtp_tls_CAfile ="
    " /etc/ssl/certs/ca-certificates.crt.",
)


def _relayhost(effective: Effective) -> Iterator[Finding]:
    value = effective["relayhost"]
    text = value.value.strip()
    if not value.line or not text:
        return
    if "://" in text or text.split(":")[0] in ("smtp", "smtps", "lmtp"):
        yield on_value(value, _SCHEME, text.split("[")[0].split("//")[0][:20] + ("//" if "://" in text else ""))
        return
    if "@" in text:
        yield on_value(value, _WITH_USER)
        return
    host, port, mx = client.destination(text)
    if mx and host and not host.replace(".", "").isdigit():
        yield on_value(value, _BRACKETS, host)
    if port == "465" and not effective.yes("smtp_tls_wrappermode"):
        yield on_value(value, _PORT_465)


def _wrapper(effective: Effective) -> Iterator[Finding]:
    level = effective.text("smtp_tls_security_level").lower()
    elsewhere = effective.text("smtp_tls_policy_maps") or effective.yes("smtp_enforce_tls")
    if effective.yes("smtp_tls_wrappermode") and level in ("", "none", "may", "dane") and not elsewhere:
        yield on_value(effective["smtp_tls_wrappermode"], _WRAPPER_LEVEL, level or "“”")


def _credentials(effective: Effective) -> Iterator[Finding]:
    enabled, maps = effective["smtp_sasl_auth_enable"], effective["smtp_sasl_password_maps"]
    if effective.yes("smtp_sasl_auth_enable") and not maps.value:
        yield on_value(enabled, _NO_PASSWORDS)
        return
    if not effective.yes("smtp_sasl_auth_enable"):
        if maps.line and maps.value:
            yield on_value(maps, _AUTH_OFF)
        return
    if "noplaintext" in effective.text("smtp_sasl_tls_security_options").lower():
        yield on_value(enabled, _NOPLAINTEXT)
    if effective["smtp_sasl_type"].line and effective.text("smtp_sasl_type") != "cyrus":
        yield on_value(effective["smtp_sasl_type"], _CLIENT_TYPE, effective.text("smtp_sasl_type"))
    hop = client.next_hop(effective)
    found, hidden = client.rows(effective, "smtp_sasl_password_maps")
    if hop and found and not hidden and client.lookup(found, hop) is None:
        yield on_value(maps, _KEY_DIFFERS, hop.text)


def _policies(effective: Effective) -> Iterator[Finding]:
    hop = client.next_hop(effective)
    if hop is None or not effective.text("smtp_tls_policy_maps"):
        return
    row, hidden = client.policy(effective, hop)
    if row is None and not hidden:
        yield on_value(effective["smtp_tls_policy_maps"], _POLICY_DIFFERS, hop.text)


def _roots(effective: Effective) -> Iterator[Finding]:
    value = effective["smtp_tls_security_level"]
    given = (
        effective.text("smtp_tls_CAfile") or effective.text("smtp_tls_CApath") or effective.yes("tls_append_default_CA")
    )
    if value.line and value.value.lower() in ("verify", "secure") and not given:
        yield on_value(value, _NO_ROOTS, value.value)


def _postmap(effective: Effective) -> Iterator[Finding]:
    for name in (
        "smtp_sasl_password_maps",
        "smtp_tls_policy_maps",
        "transport_maps",
        "sender_dependent_relayhost_maps",
    ):
        value = effective[name]
        for word in value.value.replace(",", " ").split()[:20]:
            kind, _, path = word.partition(":")
            if value.line and kind in ("hash", "btree", "lmdb", "cdb", "dbm", "sdbm") and path.startswith("/"):
                yield on_value(value, _POSTMAP, path, kind)


CHECKS: tuple[Callable[[Effective], Iterator[Finding]], ...] = (
    _relayhost,
    _wrapper,
    _credentials,
    _policies,
    _roots,
    _postmap,
)
