"""Typical mistakes in settings that Postfix accepts without a word, or refuses with one that does not help."""

from __future__ import annotations

from collections.abc import Iterator

from kb.config.postfix import mistakes_client, mistakes_server
from kb.config.postfix.effective import Effective, find, smtp_servers
from kb.config.postfix.findings import filled, make
from kb.config.postfix.model import Assignment, Config
from kb.config.setting import Finding
from kb.text import Text

# What takes a command or free text, in which quotes and # are at home.
_FREE = (
    "_command",
    "_checks",
    "_macros",
    "_filter",
    "_reply",
    "_footer",
    "_banner",
    "_charset",
    "_header",
    "_characters",
)

_ODD_BLANK = Text(
    "{key} 里有看似空格的特殊字符（如不间断空格、全角空格），Postfix 不当它是空白。请删掉重打。",
    "{key} holds a character that looks like a blank (a no-break or full-width space); Postfix does not take it"
    " for one. Type it anew.",
)
_CURLY = Text(
    "{key} 里有弯引号或全角标点，多半是从网页或文档复制来的；Postfix 只认 ASCII 字符。",
    "{key} holds curly quotes or full-width punctuation, most likely copied from a page; Postfix knows ASCII only.",
)
_QUOTES = Text(
    "{key} 的值带着引号；Postfix 不去引号，它们成了值的一部分。去掉引号。",
    "The value of {key} stands in quotes; Postfix does not take them off, they become part of the value. Remove them.",
)
_COMMENT = Text(
    "{key} 的值后面跟着 # 注释；Postfix 不支持行尾注释，它成了值的一部分。注释要另起一行。",
    "A # comment follows the value of {key}; Postfix has no comments at the end of a line, it becomes part of the"
    " value. Put it on a line of its own.",
)
_NO_TYPE = Text(
    '{key} 要写成 类型:路径，如 hash:{detail}；只写路径时 Postfix 报 fatal: open dictionary: expecting "type:name"'
    " form。",
    "{key} takes type:path, such as hash:{detail}; with the path alone Postfix stops with “fatal: open dictionary:"
    " expecting"
    ' "type:name" form”.',
)


def in_raw(found: Assignment) -> Iterator[Finding]:
    """Mistakes in the text of one value."""
    raw = found.raw
    head = raw[:4000]
    if any(mark in head for mark in "\u00a0\u3000\u200b\u2007\u202f"):
        yield _at(found, _ODD_BLANK)
    elif any(mark in head for mark in "“”‘’，；：＝"):
        yield _at(found, _CURLY)
    if found.name.endswith(_FREE):
        return
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        yield _at(found, _QUOTES)
    elif raw.startswith("#") or " #" in raw or "\t#" in raw:
        yield _at(found, _COMMENT)
    if found.name.endswith(("_maps", "_database")) and raw.startswith("/") and ":" not in raw:
        yield Finding(found.file, found.line, found.name, filled(_NO_TYPE, found.name, raw.split()[0]))


def _at(found: Assignment, text: Text, detail: str = "", other: str = "") -> Finding:
    return Finding(found.file, found.line, found.name, filled(text, found.name, detail, other))


def across(config: Config, main: Effective) -> Iterator[Finding]:
    """Mistakes that show when settings are seen together."""
    for _, service in smtp_servers(config):
        effective = Effective(config, service)
        for check in mistakes_server.CHECKS:
            yield from check(effective)
    sending = Effective(config, find(config, "smtp/unix"))
    for check in mistakes_client.CHECKS:
        yield from check(sending)
    yield from _commented(config)


def _commented(config: Config) -> Iterator[Finding]:
    """Submission services that stand in comments, where no such port is open."""
    ports = {service.name.rpartition(":")[2] for service in config.services if service.type == "inet"}
    for label, (file, line) in config.commented.items():
        name = label.partition("/")[0]
        if name in ("submission", "submissions", "smtps") and not ports & {
            name,
            "465" if name != "submission" else "587",
        }:
            if name == "smtps" and "submissions" in ports:
                continue
            yield make("commented-service", file, line, name)
