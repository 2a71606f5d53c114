"""Documents for contributors, from the tables that the program itself works by: the rules, and the format of an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from kb.catalog.fields import FIELDS
from kb.catalog.model import Entry, Fix, Rule, Verify
from kb.catalog.read import keys_of
from kb.catalog.vocabulary import EMITTERS, REASONS, RETRY, ROLES, SIDES, STAGES
from kb.check.book import FAMILIES, RULES
from kb.match.pattern import MIN_LITERAL_BYTES
from kb.text import Text

MADE = "<!-- Made by `kb schema --write`; do not edit. -->"
_PLACEHOLDERS: Mapping[str, Text] = {
    "{addr}": Text("一个地址，可带尖括号", "an address, in angle brackets or not"),
    "{host}": Text("一个主机名或 IP 地址", "a host or an IP address"),
    "{num}": Text("数字", "digits"),
    "{word}": Text("不含空白的任意一串", "anything without white space"),
    "{near}": Text("40 个字符以内，不含 : 和 ;", "up to 40 characters without : and ;"),
    "{any}": Text("120 个字符以内的任意文字", "up to 120 characters of anything"),
    "{status}": Text("增强状态码，可有可无", "an enhanced status code, or none"),
    "{is|was}": Text("几种写法之一", "one of several wordings"),
}
_MODELS: Mapping[type[BaseModel], Text] = {
    Entry: Text("条目（errors: 之下）", "An entry (below errors:)"),
    Fix: Text("fixes 的每一项", "Each item of fixes"),
    Verify: Text("verify", "verify"),
    Rule: Text("组合（combinations: 之下）", "A combination (below combinations:)"),
}


def check_rules() -> str:
    """docs/check-rules.md."""
    lines = ["# Rules of `kb check` / 检查规则", "", MADE, ""]
    lines += ["`kb check --explain KB104` prints one of them, in Chinese with `--lang zh`.", ""]
    for family, name in FAMILIES.items():
        lines += [f"## {family}xx {name.en} / {name.zh}", ""]
        for rule in RULES.values():
            if rule.number.startswith(family):
                lines += [f"### {rule.number}", "", f"**{rule.title.en}.** {rule.body.en}", ""]
                lines += [f"**{rule.title.zh}。**{rule.body.zh}", ""]
                for label, example in (("wrong / 错", rule.wrong), ("right / 对", rule.right)):
                    lines += [f"{label}:", "", "```yaml", example, "```", ""] if example else []
    return "\n".join(lines).rstrip("\n") + "\n"


def entry_format(example_id: str, example: str) -> str:
    """docs/entry-format.md; `example` is the text of the entry `example_id` of the catalogue."""
    lines = ["# The format of an entry / 条目的格式", "", MADE, ""]
    lines += [
        "`errors.yaml` is UTF-8 with LF, sorted by id, text in single quotes or a `|` block with a sentence a line.",
        "`kb fmt` puts it in form, `kb check` names every mistake, `kb new error` writes a new entry.",
        "",
        "`errors.yaml` 用 UTF-8 和 LF，按 id 排序；文字写在单引号里，或写成一行一句的 `|` 块。`kb fmt` 整理写法，",
        "`kb check` 指出每一处错误，`kb new error` 写新条目。",
        "",
        "A text is `{zh: '…', en: '…'}`; one language is enough to begin with.",
        "文字是 `{zh: '…', en: '…'}`，先有一种语言也可以。",
        "",
    ]
    for model, title in _MODELS.items():
        lines += [f"## {title.en} / {title.zh}", "", "| key | | | |", "|---|---|---|---|", *_rows(model), ""]
    lines += ["## Placeholders of a pattern / 模式里的占位符", ""]
    lines += [
        f"A pattern holds at least {MIN_LITERAL_BYTES} bytes of literal text in one run, and a whole word. /"
        f" 模式至少要有 {MIN_LITERAL_BYTES} 个字节连续的固定文字，其中有一个完整的单词。",
        "",
        *_table(_PLACEHOLDERS),
        "",
    ]
    for title, words in _vocabularies():
        lines += [f"## {title.en} / {title.zh}", "", *_table(words), ""]
    lines += ["## An entry / 一个条目", "", f"`{example_id}`:", "", "```yaml", example.rstrip("\n"), "```", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name in keys_of(model):
        text = FIELDS[model][name]
        needed = Text("必需", "required") if fields[name].is_required() else Text("可选", "optional")
        yield f"| `{name}` | {needed.en} / {needed.zh} | {_cell(text.en)} | {_cell(text.zh)} |"


def _vocabularies() -> Iterator[tuple[Text, Mapping[str, Text]]]:
    yield Text("reason 的词", "Words of reason"), REASONS
    yield Text("stage 的词", "Words of stage"), STAGES
    yield Text("side 的词", "Words of side"), SIDES
    yield Text("retry 的词", "Words of retry"), RETRY
    yield Text("emitters 的词，也可用于 for", "Words of emitters, and of for"), EMITTERS
    yield Text("只用于 for 的词", "Words of for alone"), ROLES


def _table(words: Mapping[str, Text]) -> list[str]:
    rows = [f"| `{_cell(word)}` | {_cell(text.en)} | {_cell(text.zh)} |" for word, text in words.items()]
    return ["| | | |", "|---|---|---|", *rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
