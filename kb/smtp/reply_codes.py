"""The reply codes of RFC 5321 section 4.2.3, with the two that RFC 7504 added.

What they mean is written for somebody whose mail does not go out; servers use many of them for more than one thing.
"""

from __future__ import annotations

from kb.smtp.rows import ReplyCode
from kb.text import Text

_MAIN = "RFC 5321 section 4.2.3"

BASE_REPLY_CODES: tuple[ReplyCode, ...] = (
    ReplyCode(
        "211",
        Text("系统状态或帮助", "system status or help"),
        Text(
            "服务器报告自身状态或给出帮助，与某封邮件能否送达无关。",
            "The server reports its status or gives help; it says nothing about any message.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "214",
        Text("帮助信息", "help message"),
        Text("对 HELP 命令的回答，是写给人看的，不是错误。", "The answer to HELP, meant for people; not an error."),
        _MAIN,
    ),
    ReplyCode(
        "220",
        Text("服务就绪", "service ready"),
        Text(
            "服务器就绪。它或者是连接建立后的问候，或者是同意 STARTTLS：此后应立即开始 TLS 握手。",
            "The server is ready. It is either the greeting of a new connection or the consent to STARTTLS, after "
            "which the TLS handshake has to begin at once.",
        ),
        "RFC 5321 section 4.2.3, RFC 3207 section 4",
    ),
    ReplyCode(
        "221",
        Text("关闭连接", "closing the connection"),
        Text("服务器应 QUIT 正常关闭连接，不是错误。", "The server closes the connection upon QUIT; not an error."),
        _MAIN,
    ),
    ReplyCode(
        "250",
        Text("操作完成", "requested action completed"),
        Text(
            "请求的操作已完成。正文之后的 250 表示服务器已收下邮件并负责投递，但不保证进收件箱。",
            "The requested action is done. After the message itself it means that the server has taken the mail and "
            "answers for delivery, not that it reaches the inbox.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "251",
        Text("非本地用户，将代为转发", "user not local, will forward"),
        Text(
            "收件人不在这台服务器上，但服务器知道新地址并会转发，不必重发。对 ETRN 则表示没有待取的邮件。",
            "The recipient is not on this server, but it knows where to and forwards; no need to send again. In reply "
            "to ETRN it means that no mail is waiting.",
        ),
        "RFC 5321 section 3.4, RFC 1985 section 5.1",
    ),
    ReplyCode(
        "252",
        Text("不核实用户，但会尝试投递", "cannot verify the user, will attempt delivery"),
        Text(
            "服务器不说明该地址是否存在，但会收下邮件并尝试投递；对 VRFY 的常见回答，不能据此判断地址有效。",
            "The server does not say whether the address exists, but takes the mail and tries to deliver. A usual "
            "answer to VRFY, and no proof that the address is valid.",
        ),
        "RFC 5321 section 3.5.3, RFC 1985 section 5.1",
    ),
    ReplyCode(
        "354",
        Text("请发送正文", "start mail input"),
        Text(
            "服务器准备接收正文，以单独一行的句点结束。收件人在此之前已被接受。",
            "The server is ready for the message, which ends with a line holding only a dot. The recipients have been "
            "accepted by now.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "421",
        Text("服务不可用，关闭连接", "service not available, closing the connection"),
        Text(
            "服务器此刻不提供服务并断开连接：停机、过载、连接过多、限速或等待命令超时都可能。发信服务器会自动重试。",
            "The server is not available right now and closes the connection: shutting down, overloaded, too many "
            "connections, rate limiting or an idle timeout. A mail server retries by itself.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "450",
        Text("邮箱暂不可用", "mailbox unavailable for now"),
        Text(
            "这个收件人暂时收不了：邮箱正忙、地址核实未完成，或被灰名单等策略推迟。发信服务器会自动重试。",
            "This recipient cannot be served for now: mailbox busy, address not yet verified, or held back by a policy "
            "such as greylisting. A mail server retries by itself.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "451",
        Text("处理中出错", "local error in processing"),
        Text(
            "收信服务器内部出错或依赖的查询（DNS、数据库、过滤器）没有结果，不是你的写法有误；也常用于灰名单。"
            "发信服务器会自动重试。",
            "The receiving server failed inside or a lookup it relies on (DNS, database, filter) gave no result; it is "
            "not a mistake of yours. Greylisting often uses it too. A mail server retries by itself.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "452",
        Text("存储不足或收件人过多", "insufficient storage or too many recipients"),
        Text(
            "服务器暂时没有空间收下邮件，或一次会话里的收件人超过上限；发信服务器会自动重试，多出的收件人分批发送。",
            "The server has no room for the message at the moment, or there are more recipients than it takes at once; "
            "a mail server retries by itself and sends to the remaining recipients in a further batch.",
        ),
        "RFC 5321 sections 4.2.3 and 4.5.3.1.10",
    ),
    ReplyCode(
        "455",
        Text("暂时不能满足参数", "cannot accommodate the parameters for now"),
        Text(
            "服务器暂时满足不了 MAIL 或 RCPT 命令里的某个参数，发信服务器会自动重试。",
            "The server cannot satisfy a parameter of MAIL or RCPT for now; a mail server retries by itself.",
        ),
        "RFC 5321 section 4.1.1.11",
    ),
    ReplyCode(
        "500",
        Text("命令无法识别", "command not recognized"),
        Text(
            "服务器认不出这条命令或这一行太长，认证时的应答太长也用它。常见于对着非 SMTP 端口说话、客户端把明文和 TLS "
            "弄混，或服务器不认识某个扩展命令。",
            "The server does not know the command, or the line is too long; an overlong answer during authentication "
            "gets it too. Usual when a client mixes up plain text and TLS, or uses an extension the server lacks.",
        ),
        "RFC 5321 section 4.2.3, RFC 4954 section 6",
    ),
    ReplyCode(
        "501",
        Text("参数语法错误", "syntax error in parameters"),
        Text(
            "命令认得，但参数写错了：地址格式、HELO 主机名、认证数据的 Base64 或命令参数有误。改正后再发。",
            "The command is known but its parameters are wrong: the form of an address, the HELO name, the Base64 of "
            "authentication data or an option. Correct it and send again.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "502",
        Text("命令未实现", "command not implemented"),
        Text(
            "服务器认得这条命令，但没有启用：例如没有配置 TLS 就对它发 STARTTLS，或禁用了 VRFY。",
            "The server knows the command but does not offer it: STARTTLS without TLS configured, for instance, or "
            "VRFY switched off.",
        ),
        "RFC 5321 section 4.2.4",
    ),
    ReplyCode(
        "503",
        Text("命令顺序错误", "bad sequence of commands"),
        Text(
            "命令在此刻不允许：没有先发 EHLO 或 MAIL、收件人全被拒绝后仍发 DATA、重复认证，或此处未开放认证。"
            "真正的原因往往在前面的应答里。",
            "The command is not allowed at this point: no EHLO or MAIL before it, DATA after every recipient was "
            "refused, authenticating twice, or authentication not offered here. The real cause is often in an "
            "earlier reply.",
        ),
        "RFC 5321 section 4.2.3, RFC 4954 section 4",
    ),
    ReplyCode(
        "504",
        Text("参数未实现", "command parameter not implemented"),
        Text(
            "命令支持，但不支持这个参数；对 AUTH 通常指服务器不支持所选的认证机制。",
            "The command is supported, this parameter is not; in reply to AUTH it usually means that the server does "
            "not support the mechanism chosen.",
        ),
        "RFC 5321 section 4.2.3, RFC 4954 section 4",
    ),
    ReplyCode(
        "521",
        Text("主机不收邮件", "host does not accept mail"),
        Text(
            "这台主机从不接收邮件，连接时就会这样回答。检查收件人域名的 MX 记录或自己填的服务器地址。也有服务商用它"
            "拒绝特定的发信 IP。",
            "This host never accepts mail and says so upon connection. Check the MX record of the recipient's domain "
            "or the server name you set. Some providers use it to refuse particular sending IP addresses.",
        ),
        "RFC 7504 section 3",
    ),
    ReplyCode(
        "550",
        Text("邮箱不可用或被策略拒绝", "mailbox unavailable or refused by policy"),
        Text(
            "请求被拒绝：收件人不存在、无权访问，或被策略拒绝（发件人、IP、域名验证、内容都可能）。要看增强状态码和"
            "后面的文字。",
            "Refused: no such mailbox, no access to it, or rejected by policy, be it the sender, the IP address, "
            "domain authentication or the content. The enhanced status code and the text tell which.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "551",
        Text("非本地用户，请改用新地址", "user not local, try another address"),
        Text(
            "收件人不在这台服务器上，服务器也不转发；文字里可能给出新地址，请改发到那里。",
            "The recipient is not on this server, which does not forward; the text may give the new address.",
        ),
        "RFC 5321 section 3.4",
    ),
    ReplyCode(
        "552",
        Text("超出存储配额", "exceeded storage allocation"),
        Text(
            "邮件超过大小上限，或收件人邮箱已满。缩小附件或改用链接；邮箱满了则要收件人清理。",
            "The message exceeds the size limit, or the recipient's mailbox is full. Make the attachments smaller or "
            "send a link; a full mailbox has to be emptied by its owner.",
        ),
        "RFC 5321 section 4.2.3, RFC 1870 section 6.1",
    ),
    ReplyCode(
        "553",
        Text("邮箱名称不允许", "mailbox name not allowed"),
        Text(
            "地址格式有误或不允许使用；许多服务器也用它表示发件人地址与登录账户不一致，或要求先认证。",
            "The address is malformed or not allowed. Many servers also use it when the sender address does not belong "
            "to the account logged in, or to ask for authentication.",
        ),
        _MAIN,
    ),
    ReplyCode(
        "554",
        Text("事务失败", "transaction failed"),
        Text(
            "笼统的永久失败：内容或策略拒绝、没有有效收件人、拒绝中继都用它；连接一建立就收到，表示这里不为你提供服务，"
            "多半是 IP 被拦截。",
            "The catch-all permanent failure: content or policy, no valid recipients, relaying denied. As the very "
            "first reply it means no service for you here, mostly because the IP address is blocked.",
        ),
        "RFC 5321 sections 3.1 and 4.2.3",
    ),
    ReplyCode(
        "555",
        Text("MAIL 或 RCPT 的参数不支持", "MAIL or RCPT parameters not supported"),
        Text(
            "MAIL FROM 或 RCPT TO 后面的参数（如 SIZE、BODY、SMTPUTF8）服务器不认识；也有服务器用它表示命令语法有误。",
            "The server does not know a parameter of MAIL FROM or RCPT TO (SIZE, BODY, SMTPUTF8); some servers use it "
            "for bad syntax in these commands.",
        ),
        "RFC 5321 section 4.1.1.11",
    ),
    ReplyCode(
        "556",
        Text("域名不收邮件", "domain does not accept mail"),
        Text(
            "收件人的域名声明自己不收邮件（空 MX 记录），中继因此不再尝试。多半是域名拼错了。",
            "The recipient's domain declares that it takes no mail (a null MX record), so the relay does not even try. "
            "Most likely the domain is misspelled.",
        ),
        "RFC 7504 section 4, RFC 7505 section 4.1",
    ),
)
