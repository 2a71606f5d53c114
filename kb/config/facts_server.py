"""The facts about a server, its port, and the recipient."""

from __future__ import annotations

from kb.config.fact import VERSIONS, YES_NO, Fact
from kb.text import Text

# Measured with smtpd_sasl_mechanism_filter, before Cyrus SASL as before Dovecot.
_OFFERED = {
    **YES_NO,
    "unlisted": Text("不列出，但客户端用它时仍接受", "not listed, but accepted from a client that uses it"),
}

SERVER = (
    Fact(
        "reachable",
        "server",
        Text("端口是否可达", "whether the port can be reached"),
        YES_NO,
        Text(
            "服务器上有服务在听这个端口吗（看 postconf -M 或 ss -ltn）？",
            "Does a service of the server listen at this port (see postconf -M or ss -ltn)?",
        ),
        assumed="yes",
    ),
    Fact(
        "serves",
        "server",
        Text("服务器的进程能否以这些设置启动", "whether the server's process starts with these settings"),
        YES_NO,
        assumed="yes",
    ),
    Fact(
        "listens",
        "server",
        Text("服务器端口怎样开始", "how the server's port begins"),
        {
            "plain": Text("先明文，可再 STARTTLS", "in clear, perhaps with STARTTLS"),
            "implicit": Text("一连接就 TLS（隐式 TLS）", "implicit TLS"),
        },
        Text(
            "服务器这个端口是隐式 TLS（wrappermode）吗？",
            "Is this port of the server one for implicit TLS (wrapper mode)?",
        ),
    ),
    Fact(
        "starttls",
        "server",
        Text("服务器是否提供 STARTTLS", "whether the server offers STARTTLS"),
        {
            "offered": Text("提供", "offered"),
            "not-offered": Text("不提供", "not offered"),
        },
        Text("服务器的 EHLO 回应里有 STARTTLS 吗？", "Does the server's EHLO reply list STARTTLS?"),
    ),
    Fact(
        "certificate",
        "server",
        Text("服务器的证书", "the server's certificate"),
        {
            "trusted": Text("公共 CA 签发", "from a public CA"),
            "self-signed": Text("自签名", "self-signed"),
            "private-ca": Text("私有 CA 签发", "from a private CA"),
            "expired": Text("已过期", "expired"),
            "missing": Text("没有可用的证书或私钥", "no usable certificate or key"),
        },
        Text("服务器的证书是谁签发的？", "Who issued the server's certificate?"),
    ),
    Fact(
        "certificate_name",
        "server",
        Text("证书里的名字", "names in the certificate"),
        {
            "matches": Text("含有客户端所用的主机名", "include the host the client uses"),
            "differs": Text("不含客户端所用的主机名", "do not include the host the client uses"),
        },
        Text(
            "证书的 SAN 里有客户端填写的主机名吗？",
            "Do the certificate's names (SAN) include the host that the client uses?",
        ),
    ),
    Fact(
        "server_tls_min",
        "server",
        Text("服务器最低 TLS 版本", "lowest TLS version of the server"),
        VERSIONS,
        assumed="1.2",
    ),
    Fact(
        "server_tls_max",
        "server",
        Text("服务器最高 TLS 版本", "highest TLS version of the server"),
        VERSIONS,
        assumed="1.3",
    ),
    Fact(
        "requires_tls",
        "server",
        Text("服务器是否强制 TLS", "whether the server requires TLS"),
        YES_NO,
        Text("服务器要求先 STARTTLS 吗？", "Does the server require STARTTLS first?"),
    ),
    Fact(
        "auth_offer",
        "server",
        Text("服务器何时提供 AUTH", "when the server offers AUTH"),
        {
            "never": Text("从不", "never"),
            "over-tls": Text("只在 TLS 之后", "only over TLS"),
            "always": Text("有没有 TLS 都提供", "with and without TLS"),
            "hidden": Text("EHLO 里不列，但收到 AUTH 会接受", "not listed in EHLO, but AUTH is accepted"),
        },
        Text(
            "服务器何时提供 AUTH：从不、只在 TLS 之后，还是总是？",
            "When does the server offer AUTH: never, only over TLS, or always?",
        ),
    ),
    Fact("offers_plain", "server", Text("服务器提供 PLAIN", "the server offers PLAIN"), _OFFERED, assumed="yes"),
    Fact("offers_login", "server", Text("服务器提供 LOGIN", "the server offers LOGIN"), _OFFERED, assumed="yes"),
    Fact("offers_cram", "server", Text("服务器提供 CRAM-MD5", "the server offers CRAM-MD5"), YES_NO, assumed="no"),
    Fact("offers_xoauth2", "server", Text("服务器提供 XOAUTH2", "the server offers XOAUTH2"), YES_NO, assumed="no"),
    Fact(
        "plaintext_clear",
        "server",
        Text("未加密时是否接受明文机制", "plaintext mechanisms without TLS"),
        {"allowed": Text("接受", "accepted"), "forbidden": Text("不接受（noplaintext）", "not accepted (noplaintext)")},
        assumed="allowed",
    ),
    Fact(
        "plaintext_tls",
        "server",
        Text("TLS 之后是否接受明文机制", "plaintext mechanisms over TLS"),
        {"allowed": Text("接受", "accepted"), "forbidden": Text("不接受（noplaintext）", "not accepted (noplaintext)")},
        assumed="allowed",
    ),
    Fact(
        "backend",
        "server",
        Text("SASL 后端", "SASL backend"),
        {
            "works": Text("正常", "works"),
            "unreachable": Text("连不上（进程退出）", "cannot be reached, the process exits"),
            "broken": Text("出错（临时失败）", "fails temporarily"),
        },
        assumed="works",
    ),
    Fact(
        "client_certificate",
        "server",
        Text("服务器是否要求客户端证书", "whether the server demands a client certificate"),
        {"required": Text("要求", "demanded"), "not-required": Text("不要求", "not demanded")},
        assumed="not-required",
    ),
    Fact(
        "trusts_client",
        "server",
        Text("客户端的地址是否在 mynetworks 里", "whether the client's address is trusted (mynetworks)"),
        YES_NO,
        Text(
            "客户端连过来的 IP 在服务器的 mynetworks 里吗？",
            "Is the client's address, as the server sees it, in mynetworks?",
        ),
    ),
    Fact(
        "relay",
        "server",
        Text("服务器替谁转发到外域", "for whom the server relays to other domains"),
        {
            "reject": Text(
                "可信网络与已认证者；其余 554", "trusted networks and authenticated clients, 554 for others"
            ),
            "defer": Text("可信网络与已认证者；其余 454", "trusted networks and authenticated clients, 454 for others"),
            "trusted-only": Text("只有可信网络；其余 554", "trusted networks only, 554 for others"),
            "auth-only": Text("只有已认证者；其余 554", "authenticated clients only, 554 for others"),
            "login-only": Text("未认证者一律 554", "554 for everyone who is not authenticated"),
            "members-only": Text(
                "可信网络与已认证者；其余一律 554，发给本域也不例外",
                "trusted networks and authenticated clients, 554 for everyone else, to local recipients too",
            ),
            "networks-only": Text(
                "只有可信网络；其余一律 554，发给本域也不例外",
                "trusted networks only, 554 for everyone else, to local recipients too",
            ),
            "nobody": Text("不替任何人转发，一律 554", "nobody, 554 for everyone"),
            "closed": Text(
                "任何人发给任何收件人都是 554", "nobody, and no local recipients either: 554 for everything"
            ),
            "accounts": Text("只替自己的账号，登录之后", "its own accounts only, after a login"),
            "anyone": Text("任何人（开放中继）", "anyone (an open relay)"),
        },
        assumed="reject",
    ),
    Fact(
        "gate",
        "server",
        Text("服务器还让谁进门", "whom the server admits at all"),
        {
            "open": Text("不另设限", "no further limit"),
            "client": Text(
                "未认证的客户端一律拒绝（client 限制）", "refuses unauthenticated clients (client restrictions)"
            ),
            "strangers": Text(
                "只放行可信网络与已认证者（client 限制）",
                "admits trusted networks and authenticated clients only (client restrictions)",
            ),
            "sender": Text(
                "未认证的客户端一律拒绝（sender 限制）", "refuses unauthenticated clients (sender restrictions)"
            ),
            "sender-strangers": Text(
                "只放行可信网络与已认证者（sender 限制）",
                "admits trusted networks and authenticated clients only (sender restrictions)",
            ),
            "networks-recipient": Text(
                "可信网络以外一律拒绝，认证了也不行（recipient 限制）",
                "refuses everyone outside trusted networks, authenticated or not (recipient restrictions)",
            ),
            "closed-client": Text("拒绝所有客户端（client 限制）", "refuses every client (client restrictions)"),
            "closed-sender": Text("拒绝所有发件人（sender 限制）", "refuses every sender (sender restrictions)"),
            "closed-recipient": Text(
                "拒绝所有收件人（recipient 限制）", "refuses every recipient (recipient restrictions)"
            ),
            "recipient-strangers": Text(
                "既未认证又不在可信网络的，收件人一律拒绝（recipient 限制）",
                "refuses every recipient of clients neither authenticated nor trusted (recipient restrictions)",
            ),
            "networks-client": Text(
                "可信网络以外一律拒绝，认证了也不行（client 限制）",
                "refuses everyone outside trusted networks, authenticated or not (client restrictions)",
            ),
            "networks-sender": Text(
                "可信网络以外一律拒绝，认证了也不行（sender 限制）",
                "refuses everyone outside trusted networks, authenticated or not (sender restrictions)",
            ),
            "recipient": Text(
                "未认证者的收件人一律拒绝（recipient 限制）",
                "refuses every recipient of unauthenticated clients (recipient restrictions)",
            ),
        },
        assumed="open",
    ),
    Fact(
        "helo_check",
        "server",
        Text("服务器对 EHLO 名字的要求", "what the server demands of the EHLO name"),
        {
            "none": Text("没有", "nothing"),
            "full": Text("必须是完整域名", "a full domain name"),
            "full-from-strangers": Text(
                "必须是完整域名，可信网络与已认证者除外",
                "a full domain name, except from trusted networks and authenticated clients",
            ),
            "full-late": Text(
                "必须是完整域名，可信网络与已认证者除外；先看是否允许转发",
                "a full domain name, except from trusted networks and authenticated clients, once relaying is settled",
            ),
            "full-unless-trusted": Text(
                "必须是完整域名，可信网络除外", "a full domain name, except from trusted networks"
            ),
            "full-unless-known": Text(
                "必须是完整域名，已认证者除外", "a full domain name, except from authenticated clients"
            ),
        },
        assumed="none",
    ),
    Fact(
        "sender_owner",
        "server",
        Text("发件人地址属于哪个登录名", "which login owns the sender's address"),
        {
            "anybody": Text("不看，或就是登录的这个", "it is not looked at, or the one that logs in"),
            "nobody": Text("没有登记属于谁，而服务器要看", "none that the server knows of, and it looks"),
        },
        assumed="anybody",
    ),
    Fact(
        "recipient",
        "server",
        Text("收件人的域", "the recipient's domain"),
        {
            "local": Text("由这台服务器接收", "one that this server receives for"),
            "remote": Text("别处的域，要转发", "another one, so the mail is relayed"),
        },
        Text(
            "收件人的域由这台服务器接收，还是要转发到别处？",
            "Does this server receive for the recipient's domain, or must it relay?",
        ),
    ),
    Fact(
        "recipient_exists",
        "server",
        Text("本域收件人是否存在", "whether a local recipient exists"),
        YES_NO,
        assumed="yes",
    ),
    Fact(
        "checks_recipient",
        "server",
        Text("服务器是否当场核对本域收件人", "whether the server looks local recipients up at once"),
        YES_NO,
        assumed="yes",
    ),
    Fact(
        "size",
        "server",
        Text("邮件大小", "size of the mail"),
        {
            "fits": Text("不超过上限", "within the limit"),
            "exceeds": Text("超过 message_size_limit", "over message_size_limit"),
        },
        assumed="fits",
    ),
)
