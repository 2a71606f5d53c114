"""Reply codes: their form, and what the digits say (RFC 5321 sections 4.2 and 4.2.1)."""

from __future__ import annotations

from collections.abc import Mapping

from kb.smtp.rows import CodePart
from kb.text import Text

SEVERITIES: Mapping[str, CodePart] = {
    part.value: part
    for part in (
        CodePart(
            "2",
            Text("成功", "success"),
            Text("命令已被接受并执行。", "The command was accepted and carried out."),
        ),
        CodePart(
            "3",
            Text("等待后续内容", "intermediate"),
            Text(
                "到目前为止都被接受，服务器在等客户端把后续内容发过来。",
                "All accepted so far; the server is waiting for the client to send the rest.",
            ),
        ),
        CodePart(
            "4",
            Text("临时失败", "transient failure"),
            Text(
                "这次没有成功，但原因是临时的：发信服务器会把邮件留在队列里自动重试；没有队列的程序要自己稍后重发。",
                "It did not work this time, but the cause is temporary: a mail server keeps the message queued and "
                "retries by itself; a program without a queue has to send again later.",
            ),
        ),
        CodePart(
            "5",
            Text("永久失败", "permanent failure"),
            Text(
                "请求被拒绝，原样重发结果不会变：先消除原因，再重新发送。",
                "Refused, and sending the same again will not change that: mend the cause first, then send anew.",
            ),
        ),
    )
}

FUNCTIONS: Mapping[str, CodePart] = {
    part.value: part
    for part in (
        CodePart(
            "0",
            Text("语法", "syntax"),
            Text(
                "与命令本身有关：语法有误、顺序不对，或服务器没有实现该命令。",
                "About the command itself: bad syntax, wrong order, or a command the server does not implement.",
            ),
        ),
        CodePart(
            "1",
            Text("信息", "information"),
            Text("对状态或帮助查询的回答。", "An answer to a request for status or help."),
        ),
        CodePart(
            "2",
            Text("连接", "connection"),
            Text("与这条连接有关：建立、保持或关闭。", "About the connection: opening, keeping or closing it."),
        ),
        CodePart(
            "3",
            Text("未指定", "unspecified"),
            Text(
                "RFC 5321 没有给这一组规定含义；认证扩展（RFC 4954）的回复码多在这一组。",
                "RFC 5321 leaves this group without a meaning; the codes of the authentication extension (RFC 4954) "
                "are mostly in it.",
            ),
        ),
        CodePart(
            "4",
            Text("未指定", "unspecified"),
            Text("RFC 5321 没有给这一组规定含义。", "RFC 5321 leaves this group without a meaning."),
        ),
        CodePart(
            "5",
            Text("邮件系统", "mail system"),
            Text(
                "与收信方的邮件系统有关：邮箱、地址、存储空间或策略。",
                "About the receiving mail system: mailbox, address, storage or policy.",
            ),
        ),
    )
}


def is_reply_code(text: str) -> bool:
    """Whether `text` is three digits with a first digit from 2 to 5.

    RFC 5321 section 4.2 wants a second digit of at most 5. Servers do send others (571), and section 4.3.2 tells the
    client to go by the first digit then, so any second digit passes here.
    """
    return len(text) == 3 and text.isascii() and text.isdigit() and text[0] in SEVERITIES


def severity_of(code: str) -> CodePart:
    """What the first digit says (RFC 5321 section 4.2.1). ValueError for anything but a reply code."""
    if not is_reply_code(code):
        raise ValueError(f"not a reply code: {code!r}")
    return SEVERITIES[code[0]]


def function_of(code: str) -> CodePart | None:
    """What the second digit says (RFC 5321 section 4.2.1); None for 6 to 9. ValueError as for `severity_of`."""
    if not is_reply_code(code):
        raise ValueError(f"not a reply code: {code!r}")
    return FUNCTIONS.get(code[1])
