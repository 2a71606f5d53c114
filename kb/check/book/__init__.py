"""The rules of `kb check`, each with what it means, why it is there, and how to mend what breaks it.

`kb check --explain`, `kb check --rules` and docs/check-rules.md are made from these tables; a test holds them equal to the
numbers in the code.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.check.book.content import CONTENT
from kb.check.book.entries import ENTRIES
from kb.check.book.model import Rule
from kb.check.book.texts import TEXTS
from kb.text import Text

RULES: Mapping[str, Rule] = {rule.number: rule for rule in (*ENTRIES, *CONTENT, *TEXTS)}
FAMILIES: Mapping[str, Text] = {
    "KB0": Text("文件", "The file"),
    "KB1": Text("条目的形状", "The shape of an entry"),
    "KB2": Text("匹配与示例", "Matching and examples"),
    "KB3": Text("id、链接与文章", "Ids, links and articles"),
    "KB4": Text("中文排版", "Chinese typography"),
    "KB5": Text("配置组合", "Combinations"),
    "KB6": Text("服务商的状态码", "The providers' codes"),
    "KB7": Text("两种语言", "The two languages"),
    "KB8": Text("照着做的建议", "Advice to follow"),
}

__all__ = ["FAMILIES", "RULES", "Rule"]
