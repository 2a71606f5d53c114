"""The closed list of value names, in the order in which they are shown, each with what a reader sees for it."""

from __future__ import annotations

from kb.text import Text

NAMES: dict[str, Text] = {
    "block-list": Text("黑名单", "block list"),
    "blocked-ip": Text("被拦的 IP", "blocked address"),
    "wait": Text("要等的时间", "time to wait"),
    "size-limit": Text("大小上限", "size limit"),
    "message-size": Text("邮件大小", "message size"),
    "recipient": Text("收件人", "recipient"),
    "sender": Text("发件人", "sender"),
    "address": Text("邮件地址", "mail address"),
    "domain": Text("域名", "domain"),
    "server-host": Text("服务器", "server"),
    "server-ip": Text("服务器 IP", "address of the server"),
    "port": Text("端口", "port"),
    "client-host": Text("连进来的客户端", "connecting client"),
    "client-ip": Text("客户端 IP", "address of the client"),
    "helo": Text("HELO/EHLO 名字", "HELO/EHLO name"),
    "mechanism": Text("认证机制", "SASL mechanism"),
    "setting": Text("配置项", "setting"),
    "file": Text("文件", "file"),
    "expected-name": Text("要求的证书名字", "name asked of the certificate"),
    "certificate-name": Text("证书里的名字", "name in the certificate"),
    "certificate-issuer": Text("证书签发者", "issuer of the certificate"),
    "expiry": Text("证书到期时间", "end of the certificate"),
    "link": Text("文中的链接", "link in the text"),
    "reply-code": Text("回复码", "reply code"),
    "enhanced-status": Text("增强状态码", "enhanced status code"),
}
