"""IANA's enhanced status codes X.0.z to X.4.z: undefined, address, mailbox, mail system, network.

Code, English title and associated reply codes are the registry's; the meaning is written for somebody whose mail was
refused. Of the registry's reply codes, "Any" is given as its classes and "Not given" as none.
"""

from __future__ import annotations

from kb.smtp.rows import StatusCode
from kb.text import Text

_ADDRESS = "RFC 3463 section 3.2"
_MAILBOX = "RFC 3463 section 3.3"
_SYSTEM = "RFC 3463 section 3.4"
_NETWORK = "RFC 3463 section 3.5"

DELIVERY_STATUS_CODES: tuple[StatusCode, ...] = (
    StatusCode(
        "X.0.0",
        Text("其他未定义状态", "Other undefined Status"),
        Text(
            "服务器只说明了成败，没有说原因；要看后面的文字。",
            "The server says whether it worked and nothing about why; go by the text that follows.",
        ),
        ("2yz", "4yz", "5yz"),
        "RFC 3463 section 3.1",
    ),
    StatusCode(
        "X.1.0",
        Text("其他地址状态", "Other address status"),
        Text(
            "与收件人或发件人的地址有关，但没有说明是什么问题；要看后面的文字。",
            "Something about the recipient's or the sender's address, without saying what; go by the text.",
        ),
        (),
        _ADDRESS,
    ),
    StatusCode(
        "X.1.1",
        Text("收件人邮箱不存在", "Bad destination mailbox address"),
        Text(
            "@ 左边的用户名在收信方不存在：地址拼错了，或者邮箱已经注销。核对地址，并从名单里移除。",
            "The part left of the @ does not exist over there: a typing error, or the mailbox is gone. Check the "
            "address and take it off your lists.",
        ),
        ("451", "550"),
        _ADDRESS,
        "user-unknown",
        "5",
    ),
    StatusCode(
        "X.1.2",
        Text("收件人域名有误", "Bad destination system address"),
        Text(
            "@ 右边的域名不存在，或不能收邮件：查不到 MX 或地址记录，也可能是域名拼错了。",
            "The domain right of the @ does not exist or cannot take mail: no MX or address record, or a misspelled "
            "domain.",
        ),
        (),
        _ADDRESS,
        "dns-failure",
        "45",
    ),
    StatusCode(
        "X.1.3",
        Text("收件人地址格式错误", "Bad destination mailbox address syntax"),
        Text(
            "收件人地址写法不对：多了空格或尖括号、缺少 @ 或域名、含有不允许的字符。",
            "The recipient's address is malformed: stray spaces or brackets, no @ or no domain, characters that are "
            "not allowed.",
        ),
        ("501",),
        _ADDRESS,
        "bad-address-syntax",
        "45",
    ),
    StatusCode(
        "X.1.4",
        Text("收件人地址有歧义", "Destination mailbox address ambiguous"),
        Text(
            "这个地址在收信方对应不止一个邮箱，系统无法确定要投给谁；请使用完整、准确的地址。",
            "The address fits more than one mailbox on the receiving side, which cannot tell whom you mean; use the "
            "full, exact address.",
        ),
        (),
        _ADDRESS,
    ),
    StatusCode(
        "X.1.5",
        Text("收件人地址有效", "Destination address valid"),
        Text("收件人地址有效，已被接受。", "The recipient's address is valid and was accepted."),
        ("250",),
        _ADDRESS,
    ),
    StatusCode(
        "X.1.6",
        Text("邮箱已迁走，没有转发地址", "Destination mailbox has moved, No forwarding address"),
        Text(
            "这个地址以前有效，现在不再收信，也没有留下新地址；要另行向收件人询问。",
            "The address used to work but takes no mail any more, and no new one was left; ask the recipient another "
            "way.",
        ),
        (),
        _ADDRESS,
        "address-moved",
        "5",
    ),
    StatusCode(
        "X.1.7",
        Text("发件人地址格式错误", "Bad sender's mailbox address syntax"),
        Text(
            "信封发件人（MAIL FROM）的写法不对：检查发信程序里填的发件人地址。",
            "The envelope sender (MAIL FROM) is malformed: check the sender address set in the sending program.",
        ),
        (),
        _ADDRESS,
        "bad-address-syntax",
        "5",
    ),
    StatusCode(
        "X.1.8",
        Text("发件人域名有误", "Bad sender's system address"),
        Text(
            "发件人地址的域名不存在或不能收退信：在 DNS 里查不到 MX 或地址记录。常见于用主机名、内网域名发信。"
            "Exchange Online 用 5.1.8 表示账户因外发垃圾邮件被封。",
            "The domain of the sender address does not exist or cannot take bounces: no MX or address record in DNS. "
            "Usual when mail is sent from a host name or an internal domain. Exchange Online says 5.1.8 of an account "
            "blocked for sending spam.",
        ),
        ("451", "501"),
        _ADDRESS,
        "sender-domain-invalid",
        "45",
    ),
    StatusCode(
        "X.1.9",
        Text("已转交给不支持回执的系统", "Message relayed to non-compliant mailer"),
        Text(
            "地址有效，邮件已转交给一个不报告后续情况的系统，此后的投递结果无从得知。",
            "The address is valid and the message went on to a system that reports nothing back, so what became of it "
            "cannot be known.",
        ),
        (),
        "RFC 3886 section 3.3.4",
    ),
    StatusCode(
        "X.1.10",
        Text("收件人域名声明不收邮件（空 MX）", "Recipient address has null MX"),
        Text(
            "收件人的域名用空 MX 记录声明自己不收任何邮件；多半是域名拼错了。Exchange Online 用 5.1.10 表示找不到"
            "收件人。",
            "The recipient's domain declares by a null MX record that it takes no mail at all; most likely the domain "
            "is misspelled. Exchange Online says 5.1.10 when it cannot find the recipient.",
        ),
        ("556",),
        "RFC 7505 section 6, RFC 7504 section 6",
    ),
    StatusCode(
        "X.2.0",
        Text("其他邮箱状态", "Other or undefined mailbox status"),
        Text(
            "邮箱存在，但有什么原因使它收不了这封信；要看后面的文字。",
            "The mailbox exists, but something about it keeps this message out; go by the text.",
        ),
        (),
        _MAILBOX,
    ),
    StatusCode(
        "X.2.1",
        Text("邮箱已停用，不收信", "Mailbox disabled, not accepting messages"),
        Text(
            "邮箱存在，但已停用或暂停收信；要由收件人或其管理员恢复。有些服务器也用它表示用户不存在。",
            "The mailbox exists but is disabled or suspended; its owner or administrator has to enable it. Some "
            "servers also say it of unknown users.",
        ),
        (),
        _MAILBOX,
        "mailbox-disabled",
        "5",
    ),
    StatusCode(
        "X.2.2",
        Text("邮箱已满", "Mailbox full"),
        Text(
            "收件人的邮箱超过配额；收件人清理之后再发即可。",
            "The recipient's mailbox is over its quota; send again once the recipient has made room.",
        ),
        ("552",),
        _MAILBOX,
        "mailbox-full",
        "45",
    ),
    StatusCode(
        "X.2.3",
        Text("邮件超过该邮箱的大小上限", "Message length exceeds administrative limit"),
        Text(
            "邮件超过收件人邮箱单独设定的大小上限；缩小附件或改发链接。",
            "The message is larger than the limit set for this mailbox; make the attachments smaller or send a link.",
        ),
        ("552",),
        _MAILBOX,
        "message-too-big",
        "45",
    ),
    StatusCode(
        "X.2.4",
        Text("邮件列表展开出错", "Mailing list expansion problem"),
        Text(
            "收件人是邮件列表，服务器没能展开它的成员；请联系列表管理员。",
            "The recipient is a mailing list whose members the server could not look up; contact the list's owner.",
        ),
        ("450", "452"),
        _MAILBOX,
    ),
    StatusCode(
        "X.3.0",
        Text("其他邮件系统状态", "Other or undefined mail system status"),
        Text(
            "收信方的邮件系统出了状况，但没有说明是什么；要看后面的文字。",
            "Something is wrong with the receiving mail system, without saying what; go by the text.",
        ),
        ("221", "250", "421", "451", "550", "554"),
        _SYSTEM,
    ),
    StatusCode(
        "X.3.1",
        Text("邮件系统存储已满", "Mail system full"),
        Text(
            "收信服务器的存储空间用尽，收件人自己清理邮箱也无济于事，要由管理员扩容。",
            "The receiving server is out of storage; emptying one mailbox will not help, its administrator has to add "
            "space.",
        ),
        ("452",),
        _SYSTEM,
        "system-full",
        "45",
    ),
    StatusCode(
        "X.3.2",
        Text("系统当前不接收邮件", "System not accepting network messages"),
        Text(
            "收信主机此时不接收邮件：即将停机、负载过高或正在维护；也用于从不收信的主机。",
            "The host is not accepting mail: about to shut down, overloaded or under maintenance; also said by hosts "
            "that never take mail.",
        ),
        ("453", "521"),
        "RFC 3463 section 3.4, RFC 7504 section 6",
        "not-accepting",
        "5",
    ),
    StatusCode(
        "X.3.3",
        Text("系统不支持所要求的功能", "System not capable of selected features"),
        Text(
            "收信方的系统不支持这封邮件要求的功能，例如某个 SMTP 扩展。",
            "The receiving system does not support a feature this message asks for, such as an SMTP extension.",
        ),
        (),
        _SYSTEM,
    ),
    StatusCode(
        "X.3.4",
        Text("邮件超过系统的大小上限", "Message too big for system"),
        Text(
            "邮件超过收信服务器的大小上限。附件经 Base64 编码后约大三分之一；缩小附件或改发链接。",
            "The message is larger than the receiving server takes. Base64 makes attachments about a third bigger; "
            "shrink them or send a link.",
        ),
        ("552", "554"),
        _SYSTEM,
        "message-too-big",
        "45",
    ),
    StatusCode(
        "X.3.5",
        Text("系统配置有误", "System incorrectly configured"),
        Text(
            "服务器的配置使它收不了这封邮件，要由它的管理员修正；发信人改写邮件没有用。",
            "The server is configured in a way that it cannot take this message; its administrator has to mend that, "
            "the sender cannot.",
        ),
        (),
        _SYSTEM,
        "server-error",
        "45",
    ),
    StatusCode(
        "X.3.6",
        Text("优先级被更改", "Requested priority was changed"),
        Text(
            "邮件已被接受，但服务器没有采用所要求的优先级，新的优先级写在后面的文字里。",
            "The message was accepted, but not with the priority asked for; the text states the new one.",
        ),
        ("250", "251"),
        "RFC 6710 section 10",
    ),
    StatusCode(
        "X.4.0",
        Text("其他网络或路由状态", "Other or undefined network or routing status"),
        Text(
            "网络或路由出了问题，但说不清是什么；要看后面的文字。",
            "Something went wrong with network or routing, without saying what; go by the text.",
        ),
        (),
        _NETWORK,
    ),
    StatusCode(
        "X.4.1",
        Text("对方主机无应答", "No answer from host"),
        Text(
            "连不上对方的邮件服务器：没有应答、连接被拒绝或超时。检查对方主机、端口和出站防火墙。Exchange Online "
            "用 5.4.1 表示收件人被拒绝。",
            "The other mail server could not be reached: no answer, connection refused or timed out. Check the host, "
            "the port and the outbound firewall. Exchange Online says 5.4.1 when it rejects a recipient.",
        ),
        ("451",),
        _NETWORK,
        "connect-failed",
        "4",
    ),
    StatusCode(
        "X.4.2",
        Text("连接中断", "Bad connection"),
        Text(
            "连接已经建立，但没能传完邮件：中途超时或断开，多半是网络质量、防火墙或对方负载的问题。",
            "The connection came up but broke before the message was through: a timeout or a drop, mostly due to the "
            "network, a firewall or load on the other side.",
        ),
        ("421",),
        _NETWORK,
        "connect-failed",
        "4",
    ),
    StatusCode(
        "X.4.3",
        Text("目录服务器故障", "Directory server failure"),
        Text(
            "查询所需的目录服务器没有回答，最常见的是 DNS 查询失败；检查发信服务器用的 DNS 解析器。",
            "A directory server needed on the way did not answer, most often DNS; check the resolver of the sending "
            "server.",
        ),
        ("451", "550"),
        _NETWORK,
        "dns-failure",
        "4",
    ),
    StatusCode(
        "X.4.4",
        Text("无法确定路由", "Unable to route"),
        Text(
            "找不到下一站：收件人域名没有可用的 MX 或地址记录，或者路由设置有误。",
            "No next hop could be found: the recipient's domain has no usable MX or address record, or routing is "
            "misconfigured.",
        ),
        (),
        _NETWORK,
        "dns-failure",
        "45",
    ),
    StatusCode(
        "X.4.5",
        Text("邮件系统拥塞", "Mail system congestion"),
        Text(
            "邮件系统繁忙，来不及处理；也有服务器用它限制发信速率。",
            "The mail system is too busy to handle the message; some servers use it to limit the sending rate.",
        ),
        ("451",),
        _NETWORK,
    ),
    StatusCode(
        "X.4.6",
        Text("检测到邮件循环", "Routing loop detected"),
        Text(
            "邮件被来回转发太多次：检查转发规则、别名和 MX 是否互相指向。",
            "The message was passed around too many times: check whether forwards, aliases or MX records point at "
            "each other.",
        ),
        (),
        _NETWORK,
        "mail-loop",
        "45",
    ),
    StatusCode(
        "X.4.7",
        Text("投递期限已过", "Delivery time expired"),
        Text(
            "邮件在队列里等得太久，已放弃投递；真正的原因在此前每次尝试的错误里，例如连接失败或 DNS 故障。",
            "The message waited in the queue for too long and was given up; the real cause is in the errors of the "
            "attempts before, such as a failed connection or DNS.",
        ),
        (),
        _NETWORK,
        "expired",
        "45",
    ),
)
