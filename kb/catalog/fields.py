"""What each key of `errors.yaml` is for: the reference of the format and the schema's descriptions are made from it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from kb.catalog.model import Entry, Fix, Rule, Verify
from kb.text import Text

FIELDS: Mapping[type[BaseModel], Mapping[str, Text]] = {
    Entry: {
        "title": Text("一句话标题，每种语言一句", "One sentence in each language"),
        "reason": Text("原因，词表里恰好一个词", "The reason, exactly one word of the vocabulary"),
        "side": Text("谁说的这段文字：client 或 server", "Who says the text: client or server"),
        "stage": Text("出在 SMTP 的哪一步", "At which step of SMTP"),
        "emitters": Text(
            "打印它的程序；多种程序共用的说法写 any", "The programs that print it; any for wordings that many share"
        ),
        "match": Text(
            "模式：固定文字加占位符，大小写、引号、空白、换行和 isn't 这类缩写不影响；re: 开头的是 RE2 正则（小写，not 写全）",
            "Patterns: literal text with placeholders; case, quotes, white space, line breaks and isn't for is not do not"
            " matter; re: begins a regular expression (RE2, lower case, not in full)",
        ),
        "generic": Text(
            "写 'yes' 表示它只是包着另一个报错的说法，让位于任何别的匹配",
            "'yes' for a text that only wraps another error; it yields to every other match",
        ),
        "follows": Text(
            "同一段文字里这些阶段的报错是它的起因", "Stages whose errors in the same paste are the cause of this one"
        ),
        "codes": Text("只有这个服务商才这样定义的增强状态码", "Enhanced status codes that this provider alone defines"),
        "explanation": Text(
            "什么意思；第一句就是答案（Markdown）", "What it means; the first sentence is the answer (Markdown)"
        ),
        "causes": Text("为什么，最可能的在前", "Why, most likely first"),
        "fixes": Text("怎么改，最好的在前", "What to change, best first"),
        "verify": Text("怎么看出改好了", "How to see that it is cured"),
        "retry": Text("要不要重试：never、later、after-fix", "Whether to retry: never, later, after-fix"),
        "examples": Text("真实的原文，每条都要得到本条目", "Real texts, each of which gets this entry"),
        "not_examples": Text("容易混淆、但属于别处的原文", "Texts that look alike and belong elsewhere"),
        "articles": Text("相关文章的 slug", "The slugs of related articles"),
        "aliases": Text("旧 id", "Former ids"),
        "sources": Text(
            "每条论断的出处：标准、源码文件、文档或实测",
            "Where each claim comes from: standard, source file, document or run",
        ),
    },
    Fix: {
        "for": Text(
            "给谁的：某个程序，或 client、server、sender 等角色",
            "For whom: a program, or a role such as client, server, sender",
        ),
        "when": Text("在什么条件下", "Under which condition"),
        "text": Text("做什么，写明产品和设置", "What to do, naming product and setting"),
        "set": Text("可以照抄的设置或命令", "Settings or commands to copy"),
        "cost": Text("对安全的代价", "What it costs in security"),
    },
    Verify: {
        "text": Text("应该看到什么", "What one should see"),
        "run": Text("可以照抄的命令", "Commands to copy"),
    },
    Rule: {
        "title": Text("一句话标题", "One sentence"),
        "stage": Text("在哪一步失败", "At which step it fails"),
        "when": Text("事实 → 取值；全部成立时适用", "Facts and their values; all must hold"),
        "leads_to": Text("解释这个报错的条目 id", "The id of the entry that explains the error"),
        "reply": Text("服务器的回应", "What the server says"),
        "texts": Text("客户端自己的说法，按实现", "What a client says in its own words, by implementation"),
        "server_log": Text("服务器日志里的特征", "What the server's log shows"),
        "server_logs": Text("日志特征，按客户端的实现", "The same by the client's implementation, where it differs"),
        "explanation": Text("为什么会失败", "Why it fails"),
        "sources": Text("出处", "Where it comes from"),
    },
}
