"""The closed vocabulary of facts about a client and a server, in which combinations and their outcomes are told.

An adapter settles the facts that its configuration says. One that nobody settles is either assumed, and the answer says so,
or asked for, and the answer then tells the outcome of each case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.text import Text


@dataclass(frozen=True)
class Fact:
    """A fact, its values, and what happens when it is unknown: `assumed` is taken and told, else `question` is asked."""

    name: str
    side: str
    label: Text
    values: Mapping[str, Text]
    question: Text | None = None
    assumed: str | None = None


_YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}

_CLIENT = (
    Fact(
        "library",
        "client",
        Text("发信程序所用的 SMTP 实现", "SMTP implementation of the client"),
        {
            "go-client": Text(
                "Go net/smtp 的 Client（Mailpit 等逐步调用）", "Go net/smtp Client, step by step (Mailpit and others)"
            ),
            "go-sendmail": Text("Go net/smtp 的 SendMail", "Go net/smtp SendMail"),
            "go-gomail": Text("gomail（Grafana 等）", "gomail (Grafana and others)"),
            "go-mail": Text("go-mail（Go）", "go-mail (Go)"),
            "alertmanager": Text("Alertmanager", "Alertmanager"),
            "gitea": Text("Gitea 与 Forgejo", "Gitea and Forgejo"),
            "smtplib": Text("Python smtplib", "Python smtplib"),
            "nodemailer": Text("Nodemailer", "Nodemailer"),
            "phpmailer": Text("PHPMailer", "PHPMailer"),
            "symfony": Text("Symfony Mailer", "Symfony Mailer"),
            "ruby": Text("Ruby Net::SMTP", "Ruby Net::SMTP"),
            "jakarta-mail": Text("Jakarta Mail", "Jakarta Mail"),
            "msmtp": Text("msmtp", "msmtp"),
            "postfix": Text("Postfix smtp(8)", "Postfix smtp(8)"),
            "other": Text("其他", "other"),
        },
        assumed="other",
    ),
    Fact(
        "startup",
        "client",
        Text("发信程序能否以这些设置启动", "whether the program starts with these settings"),
        {
            "starts": Text("能", "it starts"),
            "bad-method": Text("认证方式不受支持，不启动", "it refuses the authentication method"),
            "no-password": Text("缺用户名或密码，不启动", "it refuses to go without user name and password"),
        },
        assumed="starts",
    ),
    Fact(
        "tls",
        "client",
        Text("客户端怎样用 TLS", "how the client uses TLS"),
        {
            "none": Text("不用 TLS", "no TLS"),
            "opportunistic": Text("服务器提供 STARTTLS 才用", "STARTTLS when the server offers it"),
            "starttls": Text("必须 STARTTLS", "STARTTLS required"),
            "implicit": Text("一连接就 TLS（隐式 TLS）", "implicit TLS"),
            "both": Text("STARTTLS 与隐式 TLS 同时打开", "STARTTLS and implicit TLS both switched on"),
        },
        Text("客户端用 STARTTLS、隐式 TLS 还是不加密？", "Does the client use STARTTLS, implicit TLS or no TLS?"),
    ),
    Fact(
        "verify",
        "client",
        Text("客户端是否校验证书", "certificate checking of the client"),
        {
            "full": Text("校验签发者与主机名", "issuer and host name"),
            "issuer": Text("只校验签发者", "issuer only"),
            "fingerprint": Text("只认指纹", "fingerprint only"),
            "none": Text("不校验", "none"),
        },
        Text("客户端校验服务器证书吗？", "Does the client check the server's certificate?"),
    ),
    Fact(
        "trust",
        "client",
        Text("客户端信任哪些签发者", "issuers that the client trusts"),
        {
            "system": Text("系统自带的根证书", "the system's roots"),
            "file": Text("另外指定的证书文件", "a certificate file of its own"),
            "nothing": Text("没有任何根证书", "no roots at all"),
        },
        assumed="system",
    ),
    Fact(
        "auth",
        "client",
        Text("客户端的认证方式", "authentication of the client"),
        {
            "none": Text("不认证", "none"),
            "plain": Text("PLAIN", "PLAIN"),
            "login": Text("LOGIN", "LOGIN"),
            "cram-md5": Text("CRAM-MD5", "CRAM-MD5"),
            "xoauth2": Text("XOAUTH2", "XOAUTH2"),
            "any": Text("由程序在服务器提供的机制中挑选", "whichever the server offers"),
        },
        Text("客户端设了用户名和密码吗？用哪种机制？", "Does the client authenticate, and with which mechanism?"),
    ),
    Fact(
        "filter",
        "client",
        Text("客户端不肯用的机制", "mechanisms the client rules out"),
        {
            "nothing": Text("都可用", "none"),
            "plaintext": Text(
                "任何连接上都不用明文机制（PLAIN、LOGIN）", "plaintext mechanisms (PLAIN, LOGIN) on any link"
            ),
            "plaintext-without-tls": Text("没有 TLS 就不用明文机制", "plaintext mechanisms without TLS"),
            "all": Text("服务器给的都不用", "everything the server offers"),
        },
        assumed="nothing",
    ),
    Fact(
        "password",
        "client",
        Text("用户名和密码", "user name and password"),
        {"right": Text("正确", "right"), "wrong": Text("不正确", "wrong")},
        assumed="right",
    ),
    Fact(
        "host",
        "client",
        Text("客户端里服务器地址的写法", "spelling of the server's host in the client"),
        {
            "localhost": Text("恰好写作 localhost、127.0.0.1 或 ::1", "exactly localhost, 127.0.0.1 or ::1"),
            "name": Text("其他主机名", "another host name"),
            "address": Text("其他 IP 地址", "another IP address"),
        },
        Text("客户端里服务器地址怎么写的？", "How is the server's host spelled in the client?"),
    ),
    Fact(
        "ehlo",
        "client",
        Text("客户端在 EHLO 里报的名字", "name the client gives in EHLO"),
        {
            "full": Text("完整域名或方括号里的地址", "a full domain name or an address in brackets"),
            "short": Text("没有点的短名（如容器 ID）", "a short name without a dot, such as a container id"),
        },
        assumed="full",
    ),
    Fact(
        "client_tls_min", "client", Text("客户端最低 TLS 版本", "lowest TLS version of the client"), {}, assumed="1.2"
    ),
    Fact(
        "client_tls_max", "client", Text("客户端最高 TLS 版本", "highest TLS version of the client"), {}, assumed="1.3"
    ),
    Fact(
        "after_refusal",
        "client",
        Text("收件人被拒后客户端怎么办", "what the client does when a recipient is refused"),
        {"stops": Text("停下并报错", "stops and reports it"), "continues": Text("继续发 DATA", "goes on to DATA")},
        assumed="stops",
    ),
)

_SERVER = (
    Fact(
        "reachable",
        "server",
        Text("端口是否可达", "whether the port can be reached"),
        _YES_NO,
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
        "server_tls_min", "server", Text("服务器最低 TLS 版本", "lowest TLS version of the server"), {}, assumed="1.2"
    ),
    Fact(
        "server_tls_max", "server", Text("服务器最高 TLS 版本", "highest TLS version of the server"), {}, assumed="1.3"
    ),
    Fact(
        "requires_tls",
        "server",
        Text("服务器是否强制 TLS", "whether the server requires TLS"),
        _YES_NO,
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
    Fact("offers_plain", "server", Text("服务器提供 PLAIN", "the server offers PLAIN"), _YES_NO, assumed="yes"),
    Fact("offers_login", "server", Text("服务器提供 LOGIN", "the server offers LOGIN"), _YES_NO, assumed="yes"),
    Fact("offers_cram", "server", Text("服务器提供 CRAM-MD5", "the server offers CRAM-MD5"), _YES_NO, assumed="no"),
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
        _YES_NO,
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
        },
        assumed="none",
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
        _YES_NO,
        assumed="yes",
    ),
    Fact(
        "checks_recipient",
        "server",
        Text("服务器是否当场核对本域收件人", "whether the server looks local recipients up at once"),
        _YES_NO,
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

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in (*_CLIENT, *_SERVER)}
