"""The facts about a client."""

from __future__ import annotations

from kb.config.fact import VERSIONS, Fact
from kb.text import Text

CLIENT = (
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
            "vertx": Text("Vert.x Mail Client（Quarkus）", "Vert.x Mail Client (Quarkus)"),
            "ssmtp": Text("sSMTP", "sSMTP"),
            "nullmailer": Text("nullmailer", "nullmailer"),
            "exim": Text("Exim", "Exim"),
            "exim-requires-auth": Text("Exim（hosts_require_auth）", "Exim (hosts_require_auth)"),
            "sendmail": Text("Sendmail", "Sendmail"),
            "opensmtpd": Text("OpenSMTPD", "OpenSMTPD"),
            "zabbix": Text("Zabbix（libcurl）", "Zabbix (libcurl)"),
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
            "tls-level": Text(
                "TLS 级别不够隐式 TLS，不发信", "it sends nothing, its TLS level being too low for implicit TLS"
            ),
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
        "name_check",
        "client",
        Text("客户端要求证书里有什么名字", "names that the client wants in the certificate"),
        {
            "host": Text("所用的主机（或另行指定的名字）", "the host that it uses, or names set for it"),
            "with-subdomain": Text(
                "所用的主机，以及以它结尾的域名（主机是 IP 地址时没有证书能满足）",
                "the host that it uses, and a domain name below it (which no certificate has for an IP address)",
            ),
        },
        assumed="host",
    ),
    Fact(
        "trust",
        "client",
        Text("客户端信任哪些签发者", "issuers that the client trusts"),
        {
            "system": Text("系统自带的根证书", "the system's roots"),
            "file": Text("另外指定的证书文件", "a certificate file of its own"),
            "self-signed-too": Text(
                "系统自带的根证书，自签名证书也接受", "the system's roots, and self-signed certificates"
            ),
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
        "client_tls_min",
        "client",
        Text("客户端最低 TLS 版本", "lowest TLS version of the client"),
        VERSIONS,
        assumed="1.2",
    ),
    Fact(
        "client_tls_max",
        "client",
        Text("客户端最高 TLS 版本", "highest TLS version of the client"),
        VERSIONS,
        assumed="1.3",
    ),
    Fact(
        "after_refusal",
        "client",
        Text("收件人被拒后客户端怎么办", "what the client does when a recipient is refused"),
        {"stops": Text("停下并报错", "stops and reports it"), "continues": Text("继续发 DATA", "goes on to DATA")},
        assumed="stops",
    ),
)
