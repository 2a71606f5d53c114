"""IANA's enhanced status codes X.5.z and X.6.z: the SMTP dialogue, and the content of the message."""

from __future__ import annotations

from kb.smtp.rows import StatusCode
from kb.text import Text

_PROTOCOL = "RFC 3463 section 3.6"
_CONTENT = "RFC 3463 section 3.7"

PROTOCOL_STATUS_CODES: tuple[StatusCode, ...] = (
    StatusCode(
        "X.5.0",
        Text("其他协议状态", "Other or undefined protocol status"),
        Text(
            "SMTP 对话里出了问题，但没有合适的码可以说明；要看后面的文字。",
            "Something went wrong in the SMTP dialogue that no other code fits; go by the text.",
        ),
        ("220", "250", "251", "252", "253", "451", "452", "454", "458", "459", "501", "502", "503", "554"),
        _PROTOCOL,
    ),
    StatusCode(
        "X.5.1",
        Text("命令无效", "Invalid command"),
        Text(
            "命令的顺序不对，或服务器不支持：例如没有启用 STARTTLS 或 AUTH，也可能是没有一个收件人被接受就发送正文。",
            "The command came out of order or is not supported: STARTTLS or AUTH not offered, for instance, or the "
            "message sent although no recipient was accepted.",
        ),
        ("430", "500", "501", "503", "530", "550", "554", "555"),
        _PROTOCOL,
    ),
    StatusCode(
        "X.5.2",
        Text("语法错误", "Syntax error"),
        Text(
            "服务器看不懂这条命令：写法有误或命令不认识。多半是发信程序的问题，HELO 主机名不合规也会得到它。",
            "The server cannot make sense of the command: bad syntax or an unknown verb. It is mostly the sending "
            "program's fault; an unacceptable HELO name gets it too.",
        ),
        ("500", "501", "502", "550", "555"),
        _PROTOCOL,
        "protocol-syntax",
        "5",
    ),
    StatusCode(
        "X.5.3",
        Text("收件人过多", "Too many recipients"),
        Text(
            "一次投递的收件人超过服务器的上限；把收件人分成几批发送。",
            "More recipients in one delivery than the server takes; send to them in several batches.",
        ),
        ("451",),
        _PROTOCOL,
        "too-many-recipients",
        "45",
    ),
    StatusCode(
        "X.5.4",
        Text("命令参数无效", "Invalid command arguments"),
        Text(
            "命令有效，但参数超出范围或不受支持，例如服务器没有的认证机制；有些服务商也用它拒绝 IP 或内容。",
            "A valid command with an argument out of range or unsupported, such as a mechanism the server lacks; some "
            "providers use it to refuse an IP address or content.",
        ),
        ("451", "501", "502", "503", "504", "550", "555"),
        _PROTOCOL,
    ),
    StatusCode(
        "X.5.5",
        Text("协议版本不符", "Wrong protocol version"),
        Text(
            "双方的协议版本对不上，又无法自动协商。",
            "The two sides speak different versions of the protocol and could not settle on one.",
        ),
        (),
        _PROTOCOL,
    ),
    StatusCode(
        "X.5.6",
        Text("认证数据行过长", "Authentication Exchange line is too long"),
        Text(
            "认证时客户端发送的 Base64 数据超过服务器的缓冲区；常见于很大的 Kerberos 票据或令牌。",
            "The Base64 data the client sent during authentication exceeds the server's buffer; large Kerberos "
            "tickets or tokens are the usual cause.",
        ),
        ("500",),
        "RFC 4954 section 6",
        "protocol-syntax",
        "45",
    ),
    StatusCode(
        "X.6.0",
        Text("其他内容问题", "Other or undefined media error"),
        Text(
            "邮件内容的某个方面使它无法投递，但没有说明是什么；要看后面的文字。",
            "Something about the content makes the message undeliverable, without saying what; go by the text.",
        ),
        (),
        _CONTENT,
    ),
    StatusCode(
        "X.6.1",
        Text("内容类型不支持", "Media not supported"),
        Text(
            "收信方或途中的系统不支持这种内容类型；换一种格式，或去掉相应的附件。",
            "The receiving side or a system on the way does not support this type of content; use another format or "
            "leave the attachment out.",
        ),
        (),
        _CONTENT,
    ),
    StatusCode(
        "X.6.2",
        Text("需要转换但不允许转换", "Conversion required and prohibited"),
        Text(
            "内容要先转换才能投递，而发信人或服务器的策略禁止转换。",
            "The content would have to be converted for delivery, which the sender or a server's policy forbids.",
        ),
        (),
        _CONTENT,
    ),
    StatusCode(
        "X.6.3",
        Text("需要转换但不支持", "Conversion required but not supported"),
        Text(
            "途中的服务器要先转换内容（例如把 8 位内容转成 7 位）才能转交，但做不到；发信时改用 Base64 或 "
            "quoted-printable 编码。",
            "A server on the way would have to convert the content to pass it on, from 8-bit to 7-bit for instance, "
            "and cannot; send it encoded as Base64 or quoted-printable.",
        ),
        ("554",),
        _CONTENT,
    ),
    StatusCode(
        "X.6.4",
        Text("转换时有内容丢失", "Conversion with loss performed"),
        Text(
            "内容在途中做了有损转换，收件人看到的可能不完整；若发信人禁止有损转换，则邮件被拒绝。",
            "The content was converted on the way with some loss, so the recipient may not see all of it; where the "
            "sender forbade that, the message is refused.",
        ),
        ("250",),
        _CONTENT,
    ),
    StatusCode(
        "X.6.5",
        Text("转换失败", "Conversion Failed"),
        Text(
            "内容需要转换，但转换没有成功。",
            "The content had to be converted, and the conversion failed.",
        ),
        (),
        _CONTENT,
    ),
    StatusCode(
        "X.6.6",
        Text("取不到邮件内容", "Message content not available"),
        Text(
            "邮件引用的内容要由服务器到别处（如 IMAP，BURL 扩展）去取，但没有取到。",
            "The message refers to content that the server has to fetch elsewhere (from IMAP, by the BURL extension), "
            "and it could not.",
        ),
        ("554",),
        "RFC 4468 section 5",
    ),
    StatusCode(
        "X.6.7",
        Text("不允许非 ASCII 地址", "Non-ASCII addresses not permitted for that sender/recipient"),
        Text(
            "发件人或收件人地址含有非 ASCII 字符（如中文地址），而对方不支持 SMTPUTF8；请改用纯 ASCII 的地址。",
            "The sender's or recipient's address has non-ASCII characters and the other side does not support "
            "SMTPUTF8 for it; use an ASCII address.",
        ),
        ("550", "553"),
        "RFC 6531 section 4.2",
    ),
    StatusCode(
        "X.6.8",
        Text(
            "应答需要 UTF-8，但客户端不允许",
            "UTF-8 string reply is required, but not permitted by the SMTP client",
        ),
        Text(
            "要回答的邮箱名含有非 ASCII 字符，而客户端没有声明能接受 UTF-8 的应答，多见于 VRFY 和 EXPN。",
            "The mailbox name to be shown has non-ASCII characters, and the client did not say that it takes UTF-8 in "
            "replies; mostly with VRFY and EXPN.",
        ),
        ("252", "550", "553"),
        "RFC 6531 section 4.2",
    ),
    StatusCode(
        "X.6.9",
        Text(
            "收件人不能接收含 UTF-8 邮件头的邮件",
            "UTF-8 header message cannot be transferred to one or more recipients, so the message must be rejected",
        ),
        Text(
            "邮件头直接含有 UTF-8 字符，至少有一个收件人的系统不支持，所以整封被拒绝；邮件头改用 MIME 编码后再发。",
            "The header holds raw UTF-8, which at least one recipient's system cannot take, so the message was refused "
            "as a whole; encode the header fields (MIME) and send again.",
        ),
        ("550",),
        "RFC 6531 section 4.2",
    ),
    StatusCode(
        # Registered without a sample text.
        "X.6.10",
        Text("与 X.6.8 重复，已弃用", "Duplicate of X.6.8, deprecated"),
        Text(
            "含义与 X.6.8 相同：应答需要 UTF-8，但客户端不接受。已弃用，新的服务器不应再发送。",
            "The same as X.6.8: the reply needs UTF-8, which the client does not accept. Deprecated; servers should "
            "no longer send it.",
        ),
        (),
        "RFC 6531 section 4.2",
    ),
)
