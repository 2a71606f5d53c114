"""Enhanced status codes: their form, their classes and their subjects (RFC 3463 section 2)."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping

from kb.smtp.rows import CodePart
from kb.text import Text

CLASSES: Mapping[str, CodePart] = {
    part.value: part
    for part in (
        CodePart(
            "2",
            Text("成功", "Success"),
            Text(
                "2 开头表示成功：邮件或命令已被接受，这个码只是附带说明。",
                "Class 2 is success: the message or command was accepted, the code merely adds a remark.",
            ),
        ),
        CodePart(
            "4",
            Text("持续的临时失败", "Persistent Transient Failure"),
            Text(
                "4 开头是临时失败：发信服务器会自动重试，多半无需手动重发；重试期限过了才会退信。",
                "Class 4 is a transient failure: the sending server retries by itself, so there is usually no need to "
                "send again; the message bounces only when the retry period is over.",
            ),
        ),
        CodePart(
            "5",
            Text("永久失败", "Permanent Failure"),
            Text(
                "5 开头是永久失败：原样重发没有用，要先改正邮件、地址或设置。",
                "Class 5 is a permanent failure: sending the same again will not help, the message, the address or a "
                "setting has to change first.",
            ),
        ),
    )
}

SUBJECTS: Mapping[str, CodePart] = {
    part.value: part
    for part in (
        CodePart(
            "0",
            Text("其他或未定义", "Other or Undefined Status"),
            Text("没有说明问题出在哪一方面。", "It does not say what kind of problem this is."),
        ),
        CodePart(
            "1",
            Text("地址", "Addressing Status"),
            Text(
                "问题在收件人或发件人的地址：写法有误、不存在或不再使用。一般由发信人改正。",
                "The trouble is with the recipient's or the sender's address: malformed, unknown or no longer in use. "
                "The sender can usually put it right.",
            ),
        ),
        CodePart(
            "2",
            Text("邮箱", "Mailbox Status"),
            Text(
                "问题在收件人的邮箱：停用、已满或有自己的限制。一般要由收件人处理。",
                "The trouble is with the recipient's mailbox: disabled, full or with limits of its own. It is usually "
                "up to the recipient.",
            ),
        ),
        CodePart(
            "3",
            Text("邮件系统", "Mail System Status"),
            Text(
                "问题在收信方的邮件系统：容量、负载、功能或配置。一般要由该系统的管理员处理。",
                "The trouble is with the receiving mail system: capacity, load, features or configuration. It is "
                "usually up to its administrator.",
            ),
        ),
        CodePart(
            "4",
            Text("网络与路由", "Network and Routing Status"),
            Text(
                "问题在送达途中：连接、DNS 或路由，一般与邮件内容无关。",
                "The trouble is on the way: connection, DNS or routing, as a rule not the message itself.",
            ),
        ),
        CodePart(
            "5",
            Text("投递协议", "Mail Delivery Protocol Status"),
            Text(
                "问题在两台服务器的 SMTP 对话：命令、参数、顺序或人数上限。",
                "The trouble is in the SMTP dialogue of the two servers: commands, parameters, order or limits.",
            ),
        ),
        CodePart(
            "6",
            Text("邮件内容或媒体类型", "Message Content or Media Status"),
            Text(
                "问题在邮件内容：格式、编码或字符集是收信方不能处理的。",
                "The trouble is with the content: a format, encoding or character set the other side cannot handle.",
            ),
        ),
        CodePart(
            "7",
            Text("安全或策略", "Security or Policy Status"),
            Text(
                "因安全或策略而被拒：认证、加密、域名验证、过滤或访问规则。具体原因要看后面的文字。",
                "Refused for security or policy: authentication, encryption, domain checks, filtering or access rules. "
                "The text that follows has to say which.",
            ),
        ),
    )
}


class EnhancedStatus(namedtuple("EnhancedStatus", "class_ subject detail")):
    """The three sub-codes of an enhanced status code, as digits."""

    __slots__ = ()
    class_: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.class_}.{self.subject}.{self.detail}"


def is_status_code(text: str) -> bool:
    """Whether `text` is class 2, 4 or 5, subject and detail of one to three digits without leading zeros."""
    parts = text.split(".")
    return len(parts) == 3 and parts[0] in CLASSES and _is_sub_code(parts[1]) and _is_sub_code(parts[2])


def parse_status(text: str) -> EnhancedStatus:
    """The sub-codes of `text` (RFC 3463 section 2). ValueError for anything but an enhanced status code."""
    if not is_status_code(text):
        raise ValueError(f"not an enhanced status code: {text!r}")
    return EnhancedStatus(*text.split("."))


def class_of(code: str) -> CodePart:
    """What the class sub-code says. ValueError for anything but an enhanced status code."""
    return CLASSES[parse_status(code).class_]


def subject_of(code: str) -> CodePart | None:
    """What the subject sub-code says; None where it is not registered. ValueError as for `class_of`."""
    return SUBJECTS.get(parse_status(code).subject)


def _is_sub_code(text: str) -> bool:
    return 1 <= len(text) <= 3 and text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")
