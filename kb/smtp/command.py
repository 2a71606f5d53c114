"""SMTP commands, SASL mechanisms and ports: what each is for, and the RFC that defines it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping

from kb.text import Text


class Command(namedtuple("Command", "verb meaning rfc")):
    """An SMTP verb."""

    __slots__ = ()
    verb: str
    meaning: Text
    rfc: str


class Mechanism(namedtuple("Mechanism", "name meaning needs_tls source")):
    """A SASL mechanism as AUTH names it.

    `needs_tls`: password or token cross the connection readable, so only TLS protects them. `source` is the RFC, or
    the document that describes a mechanism which no RFC defines.
    """

    __slots__ = ()
    name: str
    meaning: Text
    needs_tls: bool
    source: str


class Port(namedtuple("Port", "number title meaning implicit_tls rfc")):
    """A TCP port that mail uses. `implicit_tls`: TLS starts at once, without STARTTLS. `rfc` is None for 2525."""

    __slots__ = ()
    number: int
    title: Text
    meaning: Text
    implicit_tls: bool
    rfc: str | None


COMMANDS: Mapping[str, Command] = {
    row.verb: row
    for row in (
        Command(
            "EHLO",
            Text("打招呼并询问服务器支持哪些扩展。", "Says hello and asks which extensions the server offers."),
            "RFC 5321 section 4.1.1.1",
        ),
        Command(
            "HELO",
            Text("旧式招呼，不涉及扩展。", "The old way to say hello, without extensions."),
            "RFC 5321 section 4.1.1.1",
        ),
        Command("LHLO", Text("LMTP 里代替 EHLO 的招呼。", "What LMTP has in place of EHLO."), "RFC 2033 section 4.1"),
        Command(
            "STARTTLS",
            Text("把当前的明文连接升级为 TLS。", "Turns the plain connection into a TLS one."),
            "RFC 3207 section 4",
        ),
        Command("AUTH", Text("用某种 SASL 机制认证。", "Authenticates by a SASL mechanism."), "RFC 4954 section 4"),
        Command(
            "MAIL",
            Text("开始一封邮件，给出信封发件人。", "Starts a message and names the envelope sender."),
            "RFC 5321 section 4.1.1.2",
        ),
        Command(
            "RCPT",
            Text("给出一个信封收件人，每个收件人一次。", "Names one envelope recipient; one command for each."),
            "RFC 5321 section 4.1.1.3",
        ),
        Command(
            "DATA",
            Text(
                "开始传送邮件正文，以单独一行的句点结束。",
                "Starts the message itself, which ends with a line holding only a dot.",
            ),
            "RFC 5321 section 4.1.1.4",
        ),
        Command(
            "BDAT",
            Text("按块传送正文，长度写在命令里。", "Sends the message in chunks whose length the command states."),
            "RFC 3030 section 2",
        ),
        Command(
            "BURL",
            Text("让服务器自己从 IMAP 取来内容。", "Has the server fetch content from IMAP by itself."),
            "RFC 4468 section 3",
        ),
        Command(
            "RSET",
            Text("放弃当前的邮件，回到初始状态。", "Drops the message in progress and starts over."),
            "RFC 5321 section 4.1.1.5",
        ),
        Command(
            "VRFY",
            Text(
                "询问某个地址是否存在；公网服务器大多不回答。",
                "Asks whether an address exists; most public servers will not tell.",
            ),
            "RFC 5321 section 4.1.1.6",
        ),
        Command(
            "EXPN",
            Text("询问某个邮件列表的成员。", "Asks for the members of a mailing list."),
            "RFC 5321 section 4.1.1.7",
        ),
        Command("HELP", Text("请求帮助文字。", "Asks for a help text."), "RFC 5321 section 4.1.1.8"),
        Command(
            "NOOP", Text("什么也不做，只求一个应答。", "Does nothing but get a reply."), "RFC 5321 section 4.1.1.9"
        ),
        Command("QUIT", Text("结束会话。", "Ends the session."), "RFC 5321 section 4.1.1.10"),
        Command(
            "ETRN",
            Text(
                "请服务器开始投递为某台主机排队的邮件。",
                "Asks the server to start delivering what is queued for a host.",
            ),
            "RFC 1985 section 5",
        ),
        Command(
            "ATRN",
            Text(
                "认证之后对调角色，取回为自己排队的邮件（ODMR）。",
                "After authentication, reverses the roles to collect one's queued mail (ODMR).",
            ),
            "RFC 2645 section 5.2.1",
        ),
        Command(
            "TURN",
            Text("对调收发角色；不安全，已废弃。", "Reverses the roles; insecure and deprecated."),
            "RFC 5321 appendix F.1",
        ),
        Command("SEND", Text("发到用户终端；已废弃。", "To the user's terminal; obsolete."), "RFC 5321 appendix F.6"),
        Command(
            "SOML",
            Text("发到终端，不行就投邮箱；已废弃。", "To the terminal, else to the mailbox; obsolete."),
            "RFC 5321 appendix F.6",
        ),
        Command(
            "SAML",
            Text("既发到终端也投邮箱；已废弃。", "To the terminal and to the mailbox; obsolete."),
            "RFC 5321 appendix F.6",
        ),
    )
}

MECHANISMS: Mapping[str, Mechanism] = {
    row.name: row
    for row in (
        Mechanism(
            "PLAIN",
            Text(
                "用户名和密码一次发出，只做 Base64 编码，没有加密。",
                "User name and password in one message, Base64-encoded but not encrypted.",
            ),
            True,
            "RFC 4616",
        ),
        Mechanism(
            "LOGIN",
            Text(
                "先后发送用户名和密码，没有加密；没有成为标准，但仍很常见。",
                "User name, then password, not encrypted; never became a standard, yet still common.",
            ),
            True,
            "draft-murchison-sasl-login",
        ),
        Mechanism(
            "CRAM-MD5",
            Text(
                "用密码对服务器的质询做 MD5 摘要；密码本身不发送，但服务器要能取得密码原文或等价信息。",
                "Answers a challenge with an MD5 digest; the password is not sent, but the server has to keep it or "
                "something equal to it.",
            ),
            False,
            "RFC 2195",
        ),
        Mechanism(
            "DIGEST-MD5",
            Text("基于 MD5 的质询应答，已转为历史状态。", "Challenge and response based on MD5, moved to Historic."),
            False,
            "RFC 2831, RFC 6331",
        ),
        Mechanism(
            "SCRAM-SHA-1",
            Text(
                "加盐的质询应答，双方互相验证，密码不发送。",
                "Salted challenge and response; both sides prove themselves and the password is not sent.",
            ),
            False,
            "RFC 5802",
        ),
        Mechanism(
            "SCRAM-SHA-1-PLUS",
            Text("SCRAM-SHA-1 加上与 TLS 信道的绑定。", "SCRAM-SHA-1 bound to the TLS channel."),
            False,
            "RFC 5802",
        ),
        Mechanism(
            "SCRAM-SHA-256",
            Text("用 SHA-256 的 SCRAM。", "SCRAM with SHA-256."),
            False,
            "RFC 7677",
        ),
        Mechanism(
            "SCRAM-SHA-256-PLUS",
            Text("SCRAM-SHA-256 加上与 TLS 信道的绑定。", "SCRAM-SHA-256 bound to the TLS channel."),
            False,
            "RFC 7677",
        ),
        Mechanism(
            "GSSAPI", Text("用 Kerberos V5 票据认证。", "Authenticates by a Kerberos V5 ticket."), False, "RFC 4752"
        ),
        Mechanism(
            "GS2-KRB5",
            Text("Kerberos V5 的 GS2 版本。", "Kerberos V5 in the GS2 family."),
            False,
            "RFC 5801",
        ),
        Mechanism(
            "NTLM",
            Text(
                "Windows 的 NTLM 质询应答，见于 Exchange。",
                "The NTLM challenge and response of Windows, found with Exchange.",
            ),
            False,
            "MS-SMTPNTLM",
        ),
        Mechanism(
            "EXTERNAL",
            Text(
                "用已经建立的身份认证，通常是 TLS 客户端证书。",
                "Uses an identity established elsewhere, usually the TLS client certificate.",
            ),
            False,
            "RFC 4422 appendix A",
        ),
        Mechanism("ANONYMOUS", Text("匿名访问，不需要凭据。", "Anonymous access, no credentials."), False, "RFC 4505"),
        Mechanism("OTP", Text("一次性密码。", "One-time passwords."), False, "RFC 2444"),
        Mechanism(
            "OAUTHBEARER",
            Text("发送 OAuth 2.0 访问令牌（标准形式）。", "Sends an OAuth 2.0 access token (the standard form)."),
            True,
            "RFC 7628",
        ),
        Mechanism(
            "XOAUTH2",
            Text(
                "发送 OAuth 2.0 访问令牌（Google 定义，Microsoft 也用），不是密码。",
                "Sends an OAuth 2.0 access token (defined by Google, also used by Microsoft), not a password.",
            ),
            True,
            "Google XOAUTH2 protocol",
        ),
    )
}

PORTS: Mapping[int, Port] = {
    row.number: row
    for row in (
        Port(
            25,
            Text("服务器之间传送邮件（MX）", "mail between servers (MX)"),
            Text(
                "邮件服务器之间用的端口，MX 记录没法写端口，所以只能是 25。可选用 STARTTLS 加密，一般不要求认证，"
                "只收发给本域的邮件。许多云厂商和宽带运营商封锁出站 25 端口；客户端提交邮件应改用 465 或 587。",
                "The port mail servers use among themselves; an MX record cannot name a port, so it is always 25. TLS "
                "is optional, by STARTTLS; there is usually no authentication and only mail for its own domains is "
                "taken. Many cloud and access providers block it outbound; clients should submit on 465 or 587.",
            ),
            False,
            "RFC 5321",
        ),
        Port(
            465,
            Text("邮件提交，隐式 TLS（submissions）", "submission with implicit TLS (submissions)"),
            Text(
                "客户端提交邮件的端口，连接一建立就做 TLS 握手，不用 STARTTLS，要求认证。客户端若先等明文问候，"
                "就会一直等到超时。",
                "Where clients submit mail; TLS starts at once, without STARTTLS, and authentication is required. A "
                "client that waits for a plain greeting first waits until it times out.",
            ),
            True,
            "RFC 8314 section 3.3",
        ),
        Port(
            587,
            Text("邮件提交，STARTTLS（submission）", "submission with STARTTLS (submission)"),
            Text(
                "客户端提交邮件的端口，先明文连接，再用 STARTTLS 升级为 TLS，然后认证。一上来就做 TLS 握手的客户端"
                "会报协议或版本错误。",
                "Where clients submit mail; the connection starts in clear, STARTTLS turns it into TLS, then comes "
                "authentication. A client that starts with a TLS handshake gets a protocol or version error.",
            ),
            False,
            "RFC 6409 section 3.1, RFC 8314 section 3.3",
        ),
        Port(
            2525,
            Text("非标准的备用提交端口", "alternative submission port, non-standard"),
            Text(
                "没有标准规定 2525 用于邮件；不少邮件服务商在 587 被封时提供它，用法通常与 587 相同，以服务商的"
                "说明为准。",
                "No standard assigns 2525 to mail; a number of mail services offer it where 587 is blocked, as a rule "
                "used like 587. What the provider says counts.",
            ),
            False,
            None,
        ),
    )
}


def command(verb: str) -> Command | None:
    """The row of an SMTP verb, in any case; None for an unknown one."""
    return COMMANDS.get(verb.upper())


def mechanism(name: str) -> Mechanism | None:
    """The row of a SASL mechanism, in any case; None for an unknown one."""
    return MECHANISMS.get(name.upper())


def port(number: int) -> Port | None:
    """The row of a TCP port; None for one that mail does not use."""
    return PORTS.get(number)
