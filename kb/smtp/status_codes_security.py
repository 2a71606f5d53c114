"""IANA's enhanced status codes X.7.z: security and policy.

Providers have put several of these numbers to uses of their own. Where that is common the row says so and gives no
reason: Yahoo 5.7.9, Gmail X.7.14, X.7.27, X.7.29, X.7.30.
"""

from __future__ import annotations

from kb.smtp.rows import StatusCode
from kb.text import Text

_SECURITY = "RFC 3463 section 3.8"

SECURITY_STATUS_CODES: tuple[StatusCode, ...] = (
    StatusCode(
        "X.7.0",
        Text("其他安全状态", "Other or undefined security status"),
        Text(
            "因安全或策略被拒绝，没有说明具体原因：需要 TLS、需要认证、信誉、限速都用它；要看后面的文字。",
            "Refused for security or policy without saying why: TLS or authentication required, reputation and rate "
            "limits all use it; go by the text.",
        ),
        ("220", "235", "450", "454", "500", "501", "503", "504", "530", "535", "550"),
        _SECURITY,
    ),
    StatusCode(
        "X.7.1",
        Text("未获准投递，邮件被拒", "Delivery not authorized, message refused"),
        Text(
            "发信人未获准发给这个收件人。用得最滥的码：拒绝中继、IP 或域名被拦截、内容过滤、SPF 或 DMARC 未通过都用它；"
            "要看后面的文字。",
            "The sender may not send to this recipient. It is the most overworked code of all: relaying denied, IP or "
            "domain blocked, content filtering, SPF or DMARC; go by the text.",
        ),
        ("451", "454", "502", "503", "533", "550", "551"),
        _SECURITY,
    ),
    StatusCode(
        "X.7.2",
        Text("不允许向该邮件列表发信", "Mailing list expansion prohibited"),
        Text(
            "发信人无权向这个邮件列表发信：先加入列表，或请列表管理员放行。",
            "The sender may not post to this mailing list: join it first, or ask its owner for leave.",
        ),
        ("550",),
        _SECURITY,
    ),
    StatusCode(
        "X.7.3",
        Text("需要安全转换但无法进行", "Security conversion required but not possible"),
        Text(
            "投递需要把邮件从一种安全协议转成另一种，但做不到。Exchange 常用 5.7.3 表示认证未成功。",
            "Delivery would need a conversion from one secure messaging protocol to another, which is not possible. "
            "Exchange uses 5.7.3 for authentication that did not succeed.",
        ),
        (),
        _SECURITY,
    ),
    StatusCode(
        "X.7.4",
        Text("不支持所需的安全功能", "Security features not supported"),
        Text(
            "邮件或会话要求的安全功能对方不支持：Exchange 的 504 5.7.4 指认证机制不支持，Postfix 的 4.7.4 指要求 TLS "
            "而对方没有提供。",
            "A security feature that the message or session needs is not supported: 504 5.7.4 of Exchange means an "
            "unknown authentication mechanism, 4.7.4 of Postfix that TLS is required and not offered.",
        ),
        ("504",),
        _SECURITY,
        "auth-mechanism",
        "5",
    ),
    StatusCode(
        "X.7.5",
        Text("密码学操作失败", "Cryptographic failure"),
        Text(
            "验证或解密时缺少密钥，或密钥、证书无效；Postfix 用 4.7.5 表示 TLS 握手失败或证书没有通过验证。",
            "A key needed to verify or decrypt is missing, or key or certificate are invalid; Postfix says 4.7.5 when "
            "the TLS handshake failed or the certificate was not accepted.",
        ),
        (),
        _SECURITY,
    ),
    StatusCode(
        "X.7.6",
        Text("不支持所用的密码算法", "Cryptographic algorithm not supported"),
        Text(
            "负责验证或解密的系统不支持所用的算法。",
            "The system that should verify or decrypt does not support the algorithm used.",
        ),
        (),
        _SECURITY,
    ),
    StatusCode(
        "X.7.7",
        Text("邮件完整性校验失败", "Message integrity failure"),
        Text(
            "校验时发现邮件损坏或被改动过；有的服务器用它笼统表示发信人验证未通过。",
            "The check found the message damaged or altered; some servers use it for any failed check of the sender.",
        ),
        (),
        _SECURITY,
    ),
    StatusCode(
        "X.7.8",
        Text("认证凭据无效", "Authentication credentials invalid"),
        Text(
            "用户名或密码不被接受：核对凭据，很多服务商要求用授权码、应用专用密码或令牌，而不是登录密码。",
            "User name or password not accepted: check them; many providers want an app password or a token rather "
            "than the login password.",
        ),
        ("535", "554"),
        "RFC 4954 section 6",
        "auth-failed",
        "5",
    ),
    StatusCode(
        "X.7.9",
        Text("认证机制强度不足", "Authentication mechanism is too weak"),
        Text(
            "策略不允许该用户使用所选的认证机制，要换更强的。Gmail 用 534 5.7.9 要求应用专用密码，Yahoo 用 554 5.7.9 "
            "表示因策略拒收。",
            "Policy does not allow the chosen mechanism for this user; take a stronger one. Gmail asks for an app "
            "password with 534 5.7.9, Yahoo refuses mail for policy reasons with 554 5.7.9.",
        ),
        ("534",),
        "RFC 4954 section 6",
    ),
    StatusCode(
        "X.7.10",
        Text("需要加密", "Encryption Needed"),
        Text(
            "必须先加密连接：启用 TLS 之后再认证，或换一种更强的认证机制。Postfix 也用它表示对方不能满足 REQUIRETLS。",
            "The connection has to be encrypted first: start TLS before authenticating, or take a stronger mechanism. "
            "Postfix also uses it when the other side cannot satisfy REQUIRETLS.",
        ),
        ("523",),
        "RFC 5248 section 2.4",
        "tls-required",
        "45",
    ),
    StatusCode(
        "X.7.11",
        Text("所选认证机制要求加密", "Encryption required for requested authentication mechanism"),
        Text(
            "这种认证机制只能用在加密的连接上：先启用 TLS。",
            "This mechanism may only be used on an encrypted connection: start TLS first.",
        ),
        ("524", "538"),
        "RFC 4954 section 6",
        "auth-unencrypted",
        "45",
    ),
    StatusCode(
        "X.7.12",
        Text("需要转换密码", "A password transition is needed"),
        Text(
            "服务器还没有所选机制需要的密码形式：先用 PLAIN（在 TLS 之下）认证一次，以后就能用该机制。Exchange Online "
            "用 5.7.12 表示收件人只收组织内部的邮件。",
            "The server does not yet hold the password in the form the mechanism needs: authenticate once with PLAIN "
            "(over TLS), after that it works. Exchange Online says 5.7.12 of recipients that take mail only from "
            "inside their organisation.",
        ),
        ("422", "432"),
        "RFC 4954 section 6",
        "auth-mechanism",
        "4",
    ),
    StatusCode(
        "X.7.13",
        Text("用户账户已停用", "User Account Disabled"),
        Text(
            "账户被管理员停用（欠费、滥用、疑似被盗等），联系管理员恢复之前改密码也没有用。",
            "The account was disabled by the administrator (payment, abuse, suspected break-in); no other password "
            "helps until it is enabled again.",
        ),
        ("525",),
        "RFC 5248 section 2.4",
        "mailbox-disabled",
        "5",
    ),
    StatusCode(
        "X.7.14",
        Text("需要信任关系", "Trust relationship required"),
        Text(
            "提交服务器要先与存放内容的第三方服务器建立信任关系。实际多见于 Gmail：534 5.7.14 要求先在浏览器登录确认。",
            "The submission server needs a trust relationship with the third-party server that holds the content. Seen "
            "mostly from Gmail, whose 534 5.7.14 asks for a login in the browser first.",
        ),
        ("535", "554"),
        "RFC 5248 section 2.4",
    ),
    StatusCode(
        "X.7.15",
        Text("优先级太低", "Priority Level is too low"),
        Text(
            "服务器目前只接收优先级更高的邮件。",
            "The server currently takes only messages of a higher priority.",
        ),
        ("450", "550"),
        "RFC 6710 section 10",
    ),
    StatusCode(
        # RFC 4865 section 6 gave X.7.16 and X.7.17 to quotas for future release; the registry has these instead.
        "X.7.16",
        Text("邮件超过该优先级的大小上限", "Message is too big for the specified priority"),
        Text(
            "对这个优先级来说邮件太大；缩小邮件，或提高优先级。",
            "The message is too big for its priority; make it smaller or raise the priority.",
        ),
        ("552",),
        "RFC 6710 section 10",
        "message-too-big",
        "45",
    ),
    StatusCode(
        "X.7.17",
        Text("邮箱已换主人", "Mailbox owner has changed"),
        Text(
            "发信人要求只投给某个日期以来的同一位主人（RRVS），而这个邮箱后来换了人；邮件被有意拒绝，以免落入他人之手。",
            "The sender asked for delivery only to the owner since a given date (RRVS), and the mailbox has changed "
            "hands since; refused on purpose so that nobody else gets the message.",
        ),
        ("5yz",),
        "RFC 7293 section 15.3",
        "recipient-rejected",
        "5",
    ),
    StatusCode(
        "X.7.18",
        Text("域名已换主人", "Domain owner has changed"),
        Text(
            "发信人要求只投给某个日期以来的同一位主人（RRVS），而收件人的域名后来换了持有者。",
            "The sender asked for delivery only to the owner since a given date (RRVS), and the recipient's domain has "
            "changed hands since.",
        ),
        ("5yz",),
        "RFC 7293 section 15.3",
        "recipient-rejected",
        "5",
    ),
    StatusCode(
        "X.7.19",
        Text("无法完成 RRVS 检查", "RRVS test cannot be completed"),
        Text(
            "收信方没有记录邮箱主人从何时开始使用，无法做发信人要求的检查（RRVS）；发信人可决定去掉该要求后重发。",
            "The receiving side has no record of since when the mailbox has had its owner, so the check the sender "
            "asked for (RRVS) is impossible; the sender may send again without it.",
        ),
        ("5yz",),
        "RFC 7293 section 15.3",
    ),
    StatusCode(
        "X.7.20",
        Text("没有通过验证的 DKIM 签名", "No passing DKIM signature found"),
        Text(
            "邮件没有一个能通过验证的 DKIM 签名：检查是否已签名、DNS 里的公钥，以及中途有没有被改动。",
            "Not one DKIM signature of the message verifies: check that it is signed, the public key in DNS, and "
            "whether it was altered on the way.",
        ),
        ("550",),
        "RFC 7372 section 3.1",
        "spf-dkim-dmarc",
        "45",
    ),
    StatusCode(
        "X.7.21",
        Text("没有可接受的 DKIM 签名", "No acceptable DKIM signature found"),
        Text(
            "DKIM 签名能通过验证，但不符合收信方的要求，例如没有签上规定的邮件头。",
            "A DKIM signature verifies but does not meet the receiver's demands, because it does not cover certain "
            "header fields, for instance.",
        ),
        ("550",),
        "RFC 7372 section 3.1",
        "spf-dkim-dmarc",
        "45",
    ),
    StatusCode(
        "X.7.22",
        Text("没有与发件人匹配的 DKIM 签名", "No valid author-matched DKIM signature found"),
        Text(
            "DKIM 签名有效，但签名的域名与 From 地址不一致；用 From 的域名来签名。",
            "A DKIM signature is valid but made by a domain other than that of the From address; sign with the From "
            "domain.",
        ),
        ("550",),
        "RFC 7372 section 3.1",
        "spf-dkim-dmarc",
        "45",
    ),
    StatusCode(
        "X.7.23",
        Text("SPF 验证未通过", "SPF validation failed"),
        Text(
            "发信 IP 不在发件人域名的 SPF 记录里：把它加进记录，或改用获授权的服务器发信。Gmail 用 4.7.23 表示发信 IP "
            "的反向解析有问题。",
            "The sending IP address is not in the SPF record of the sender's domain: add it, or send through an "
            "authorised server. Gmail says 4.7.23 of an address without proper reverse DNS.",
        ),
        ("550",),
        "RFC 7372 section 3.2",
        "spf-dkim-dmarc",
        "5",
    ),
    StatusCode(
        "X.7.24",
        Text("SPF 验证出错", "SPF validation error"),
        Text(
            "SPF 没能得出结果：记录写法有误、有多条记录、查询次数超限，或 DNS 没有回答。",
            "SPF could not be evaluated: a malformed record, more than one record, too many lookups, or DNS did not "
            "answer.",
        ),
        ("451", "550"),
        "RFC 7372 section 3.2",
        "spf-dkim-dmarc",
        "45",
    ),
    StatusCode(
        "X.7.25",
        Text("反向 DNS 验证未通过", "Reverse DNS validation failed"),
        Text(
            "发信 IP 没有反向解析（PTR），或 PTR 的主机名没有解析回这个 IP；请 IP 的提供商设置 PTR，并让正反一致。",
            "The sending IP address has no PTR record, or its name does not resolve back to the address; have the "
            "provider of the address set one, and make both directions agree.",
        ),
        ("550",),
        "RFC 7372 section 3.3",
        "rdns-missing",
        "45",
    ),
    StatusCode(
        "X.7.26",
        Text("多项身份验证未通过", "Multiple authentication checks failed"),
        Text(
            "SPF、DKIM 等不止一项没有通过，Gmail 用它表示未验证的邮件和 DMARC 拒收；逐项检查 SPF、DKIM 和 DMARC 对齐。",
            "More than one of SPF, DKIM and the like failed; Gmail uses it for unauthenticated mail and for DMARC "
            "rejections. Check SPF, DKIM and DMARC alignment one by one.",
        ),
        ("550",),
        "RFC 7372 section 3.4",
        "spf-dkim-dmarc",
        "45",
    ),
    StatusCode(
        "X.7.27",
        Text("发件人域名声明不收邮件（空 MX）", "Sender address has null MX"),
        Text(
            "发件人的域名用空 MX 声明不收邮件，退信无处可去，所以被拒绝：发信用的域名不要发布空 MX。Gmail 用 5.7.27 和 "
            "4.7.27 表示 SPF 未通过。",
            "The sender's domain declares by a null MX record that it takes no mail, so no bounce could reach it: do "
            "not publish one for a domain that sends. Gmail says 5.7.27 and 4.7.27 when SPF does not pass.",
        ),
        ("550",),
        "RFC 7505 section 6",
    ),
    StatusCode(
        "X.7.28",
        Text("检测到邮件洪泛", "Mail flood detected"),
        Text(
            "邮件被看作大量同类邮件中的一封；Gmail 用它表示来自该 IP 或域名的邮件异常多。降低发信量，并检查"
            "有没有被滥用。",
            "The message looks like part of a flood of similar ones; Gmail uses it for an unusual rate from an IP "
            "address or domain. Send less, and check for abuse.",
        ),
        (),
        "draft-levine-mailbomb-header (registered under RFC 5248)",
        "rate-limited",
        "45",
    ),
    StatusCode(
        "X.7.29",
        Text("ARC 验证未通过", "ARC validation failure"),
        Text(
            "转发链上的 ARC 签名没有通过验证。Gmail 用 5.7.29 和 4.7.29 表示没有使用 TLS 连接。",
            "The ARC seals of the forwarding chain did not verify. Gmail says 5.7.29 and 4.7.29 when the connection "
            "does not use TLS.",
        ),
        ("550",),
        "RFC 8617 section 10.4",
    ),
    StatusCode(
        "X.7.30",
        Text("要求支持 REQUIRETLS", "REQUIRETLS support required"),
        Text(
            "发信人要求全程使用 TLS（REQUIRETLS），但下一站的服务器都不支持，所以没有转发。Gmail 用 5.7.30 和 4.7.30 "
            "表示 DKIM 未通过。",
            "The sender demanded TLS all the way (REQUIRETLS), and none of the next servers supports that. Gmail says "
            "5.7.30 and 4.7.30 when DKIM does not pass.",
        ),
        ("550",),
        "RFC 8689 section 7",
    ),
)
