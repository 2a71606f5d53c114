"""Files that are pasted by mistake, or in a form that no program reads: told by their content, before any adapter sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import re2

from kb.config.setting import Finding
from kb.text import Text

_LOOKED_AT = 20_000
_LOG = re2.compile(r"(?m)^.{0,120}\b(?:postfix|exim|dovecot|sendmail|sm-mta|smtpd)(?:/[\w/-]+)?\[\d+\]:")
_DOVECOT = re2.compile(r"(?m)^\s*(?:passdb|userdb|service \S+|protocol \S+|namespace \S+)\s*\{")
_OF_POSTFIX = re2.compile(r"(?m)^(?:smtpd?_\w+|myhostname|mydestination|mynetworks|relayhost)\s*=")
_TABBED = re2.compile(r"(?m)^ *\t[\t ]*(?:- )?[\w.-]+:(?:\s|$)")
_YAML = re2.compile(r"(?m)^(?:services|version|zabbix_export|global|notify|spring|apiVersion|image)\s*:")
# In a setting of mail; Alertmanager's own texts for its mails have such places too.
_TEMPLATE = re2.compile(
    r"(?im)^\s*[\w.-]*(?:smtp|mail|host|relay|networks|port|user)[\w.-]*\s*[=:].*(?:\{\{.+\}\}|\{%.+%\}|<%=.+%>)"
)
_MARKS = ("\ufeff", "\u00ff\u00fe", "\u00fe\u00ff", "\ufffd\ufffd")

_HTML = Text(
    "这是一个网页（HTML），不是配置文件：请贴文件本身的内容。",
    "This is a web page (HTML), not a configuration: paste the content of the file itself.",
)
_A_LOG = Text(
    "这是日志，不是配置文件：请把它贴到报错一栏，这里贴 main.cf、postconf -n 等配置。",
    "This is a log, not a configuration: paste it as the error, and here main.cf, postconf -n or the like.",
)
_A_KEY = Text(
    "这是私钥或证书，不是配置文件；私钥不要贴出来，若已公开请换掉。",
    "This is a private key or a certificate, not a configuration. Do not paste private keys; replace one that was made public.",
)
_OF_DOVECOT = Text(
    "这是 Dovecot 的配置，不是 Postfix 的 main.cf：这里没有读它。请贴 main.cf 或 postconf -n 的输出。",
    "This is a configuration of Dovecot, not Postfix's main.cf, and is not read here: paste main.cf or what postconf -n prints.",
)
_TABS = Text(
    "YAML 不允许用制表符缩进，程序读不了这个文件（found character that cannot start any token）：换成空格。",
    "YAML does not allow tabs for indentation and no program reads this file (“found character that cannot start any token”):"
    " use blanks.",
)
_A_TEMPLATE = Text(
    "这是模板，里面还有没填的占位（{{ … }}、{% … %}、<%= … %>）：请贴生成之后的文件，否则这几项看不准。",
    "This is a template with places that are not filled in ({{ … }}, {% … %}, <%= … %>): paste the file made of it, or these"
    " settings cannot be judged.",
)
_UTF_16 = Text(
    "这个文件像是以 UTF-16 保存的（字符之间有 NUL），邮件程序读不了：另存为 UTF-8。这里按去掉 NUL 的内容看。",
    "This file seems to be saved as UTF-16 (with NUL between characters), which mail programs do not read: save it as UTF-8."
    " It is read here without the NULs.",
)


def sorted_out(files: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """The files that are worth reading, without marks of their encoding, and findings on the others."""
    kept: dict[str, str] = {}
    findings: list[Finding] = []
    for name, text in files.items():
        if text.count("\0") > len(text) // 3:
            text = text.replace("\0", "")
            findings.append(Finding(name, 0, "", _UTF_16))
        for mark in _MARKS:
            text = text.removeprefix(mark)
        kind = next(_kinds(text[:_LOOKED_AT]), None)
        if kind is None:
            kept[name] = text
            findings += [Finding(name, 0, "", note) for note in _notes(text[:_LOOKED_AT])]
        else:
            findings.append(Finding(name, 0, "", kind))
    return kept, findings


def _kinds(text: str) -> Iterator[Text]:
    """What a text is, where it is no configuration that is read here."""
    begin = text.lstrip()[:200].lower()
    if begin.startswith(("<!doctype html", "<html")):
        yield _HTML
    if begin.startswith("-----begin ") and text.rstrip().endswith("-----"):
        yield _A_KEY
    if _OF_POSTFIX.search(text):
        return
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and 2 * sum(1 for line in lines if _LOG.match(line)) > len(lines):
        yield _A_LOG
    if _DOVECOT.search(text) and "smtp_" not in text:
        yield _OF_DOVECOT


def _notes(text: str) -> Iterator[Text]:
    """What is wrong with the form of a file that is read all the same."""
    if _YAML.search(text) and _TABBED.search(text):
        yield _TABS
    if "email_configs" not in text and _TEMPLATE.search(text):
        yield _A_TEMPLATE
