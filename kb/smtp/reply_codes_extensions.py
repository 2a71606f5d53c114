"""The reply codes that SMTP extensions define: RFC 1845, 1985, 2645, 3207, 4954 and 5248.

Codes that RFC 5248 merely lists beside an enhanced status code (422, 430, 524, 533) have no definition of their own and
no row here.
"""

from __future__ import annotations

from kb.smtp.rows import ReplyCode
from kb.text import Text

EXTENSION_REPLY_CODES: tuple[ReplyCode, ...] = (
    ReplyCode(
        "235",
        Text("认证成功", "authentication succeeded"),
        Text("凭据已被接受，可以开始发信。", "The credentials were accepted; sending may begin."),
        "RFC 4954 section 6",
    ),
    ReplyCode(
        "253",
        Text("已开始投递待取邮件", "pending messages started"),
        Text(
            "对 ETRN 的应答：为该主机排队的若干封邮件已开始投递。",
            "In reply to ETRN: delivery of a number of messages queued for that host has started.",
        ),
        "RFC 1985 section 5.1",
    ),
    ReplyCode(
        "334",
        Text("继续认证", "authentication goes on"),
        Text(
            "AUTH 进行中：后面的 Base64 文字是服务器的质询，VXNlcm5hbWU6 是 Username:，UGFzc3dvcmQ6 是 Password:。",
            "AUTH is under way: the Base64 text that follows is the server's challenge; VXNlcm5hbWU6 is Username:, "
            "UGFzc3dvcmQ6 is Password:.",
        ),
        "RFC 4954 section 4",
    ),
    ReplyCode(
        "355",
        Text("从断点续传", "resume at the offset"),
        Text(
            "断点续传扩展（实验性）的应答：服务器说明已收到多少字节，客户端从那里接着发。",
            "Of the experimental checkpoint extension: the server says how many octets it has, and the client goes on "
            "from there.",
        ),
        "RFC 1845 section 3",
    ),
    ReplyCode(
        "432",
        Text("需要转换密码", "password transition needed"),
        Text(
            "服务器还没有所选认证机制需要的密码形式：通常先用 PLAIN（在 TLS 之下）成功认证一次，之后就能用该机制。",
            "The server does not yet hold the password in the form the chosen mechanism needs: authenticate once with "
            "PLAIN (over TLS), after that the mechanism works.",
        ),
        "RFC 4954 section 6",
    ),
    ReplyCode(
        "453",
        Text("没有待取的邮件", "you have no mail"),
        Text(
            "对 ATRN（按需取信）的应答：没有为这些域名排队的邮件，过些时候再来取即可。",
            "In reply to ATRN (on-demand relay): no mail is queued for these domains; ask again later.",
        ),
        "RFC 2645 section 7",
    ),
    ReplyCode(
        "454",
        Text("TLS 或认证暂不可用", "TLS or authentication not available for now"),
        Text(
            "对 STARTTLS：服务器暂时不能启用 TLS，多半是证书或配置有问题；对 AUTH：认证后端暂时故障，密码未必有误。"
            "可稍后重试，老是出现就要由服务器管理员处理。",
            "To STARTTLS: the server cannot do TLS for now, mostly a matter of its certificate or settings. To AUTH: "
            "the authentication backend fails, the password need not be wrong. Retry later; if it stays, the "
            "server's administrator has to act.",
        ),
        "RFC 3207 section 4, RFC 4954 section 6",
    ),
    ReplyCode(
        "458",
        Text("无法为该主机启动队列", "unable to queue messages for the node"),
        Text(
            "对 ETRN 的应答：服务器这次不能为该主机启动队列，可稍后再试。",
            "In reply to ETRN: the server cannot start the queue for that host this time; retry later.",
        ),
        "RFC 1985 section 5.1",
    ),
    ReplyCode(
        "459",
        Text("该主机未获允许", "node not allowed"),
        Text(
            "对 ETRN 的应答：不允许为该主机启动队列，原因在后面的文字里。码属 4 开头，但重试前要先请管理员放行。",
            "In reply to ETRN: the queue may not be started for that host, the text says why. Although it begins with "
            "4, retry only after the administrator has allowed it.",
        ),
        "RFC 1985 section 5.1",
    ),
    ReplyCode(
        "523",
        Text("需要加密", "encryption needed"),
        Text(
            "所选的认证机制必须在加密连接上使用：先启用 TLS 再认证，或换一种更强的机制。",
            "The chosen authentication mechanism is allowed only on an encrypted connection: start TLS before "
            "authenticating, or take a stronger mechanism.",
        ),
        "RFC 5248 section 2.4",
    ),
    ReplyCode(
        "525",
        Text("账户已停用", "user account disabled"),
        Text(
            "凭据正确，但账户被管理员停用（欠费、滥用、疑似被盗等），联系管理员恢复之前重试没有用。",
            "The credentials are right, but the account has been disabled by the administrator (payment, abuse, "
            "suspected break-in); nothing helps until it is enabled again.",
        ),
        "RFC 5248 section 2.4",
    ),
    ReplyCode(
        "530",
        Text("需要先认证或先启用 TLS", "authentication or TLS required first"),
        Text(
            "服务器要求先做一步：先用 STARTTLS 加密，或先用 AUTH 认证，后面的文字会说明是哪一种。检查客户端的加密方式、"
            "用户名和密码设置。",
            "A step is missing: STARTTLS first, or AUTH first; the text says which. Check encryption, user name and "
            "password in the client's settings.",
        ),
        "RFC 3207 section 4, RFC 4954 section 6",
    ),
    ReplyCode(
        "534",
        Text("认证机制强度不足", "authentication mechanism too weak"),
        Text(
            "服务器的策略不接受这种认证机制，要换更强的。Gmail 用它要求应用专用密码或先在浏览器登录。",
            "Policy on the server does not accept this mechanism; a stronger one is needed. Gmail uses it to ask for "
            "an app password or for a login in the browser.",
        ),
        "RFC 4954 section 6",
    ),
    ReplyCode(
        "535",
        Text("认证失败", "authentication credentials invalid"),
        Text(
            "用户名或密码（授权码、应用专用密码、令牌）不被接受，或账户没有开通 SMTP 发信。核对凭据，不要反复重试，"
            "以免被锁定。",
            "User name or password (app password, token) not accepted, or SMTP is not enabled for the account. Check "
            "the credentials; repeated attempts may lock the account.",
        ),
        "RFC 4954 section 6",
    ),
    ReplyCode(
        "538",
        Text("该认证机制要求加密", "encryption required for the mechanism"),
        Text(
            "在未加密的连接上不能用这种认证机制：先启用 TLS。这个码属历史遗留，新的服务器会等加密之后才列出这种机制。",
            "This mechanism may not be used on an unencrypted connection: start TLS first. The code is historical; "
            "today's servers list such a mechanism only once the connection is encrypted.",
        ),
        "RFC 4954 section 6",
    ),
)
