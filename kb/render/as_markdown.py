"""Entries, codes and articles as Markdown, for agents and for notes. What the catalogue says is Markdown already."""

from __future__ import annotations

from typing import Any

from kb.render.as_text import label
from kb.text import Text

_WORDS = {
    "fixes": Text("怎么改", "What to change"),
    "causes": Text("为什么", "Why"),
    "verify": Text("如何验证", "How to verify"),
    "facts": Text("细节", "Details"),
    "articles": Text("相关文章", "Articles"),
    "sources": Text("依据", "Sources"),
    "said_by": Text("谁说的", "Said by"),
    "stage": Text("阶段", "Stage"),
    "reason": Text("原因", "Reason"),
    "retry": Text("要不要重试", "Retry"),
    "providers": Text("各服务商的含义", "What providers mean by it"),
    "entry": Text("条目", "Entry"),
}


def entry_markdown(body: dict[str, Any], lang: str, base: str) -> str:
    """An entry, given as its JSON body. base: scheme and host for links, as in all of these."""
    parts = [f"# {body['title']}", body["explanation"].strip()]
    if body["fixes"]:
        parts.append(_heading("fixes", lang))
        parts += [_step(i, fix, lang) for i, fix in enumerate(body["fixes"], 1)]
    if body["causes"]:
        parts += [_heading("causes", lang), "\n".join(f"{i}. {cause}" for i, cause in enumerate(body["causes"], 1))]
    if body["verify"]:
        parts += [_heading("verify", lang), body["verify"]["text"], *_block(body["verify"]["run"])]
    facts = [_fact("said_by", label("side", body["side"], lang), lang)]
    facts += [_fact("stage", label("stage", body["stage"], lang), lang)] if body["stage"] else []
    facts += [_fact("reason", f"`{body['reason']}`", lang), _fact("retry", label("retry", body["retry"], lang), lang)]
    links = [f"[{slug}]({base}/{lang}/articles/{slug}.md)" for slug in body["articles"]]
    facts += [_fact("articles", ", ".join(links), lang)] if links else []
    facts += [_fact("sources", "; ".join(body["sources"]), lang), f"- <{base}{body['url']}>"]
    return _joined([*parts, _heading("facts", lang), "\n".join(facts)])


def code_markdown(body: dict[str, Any], lang: str, base: str) -> str:
    """A code, given as its JSON body."""
    parts = [f"# {body['code']} {body['title']}", body["meaning"]]
    if body["providers"]:
        parts.append(_heading("providers", lang))
    for meaning in body["providers"]:
        parts.append(f"### {meaning['name']}: {meaning['title']}\n\n{meaning['meaning']}")
        facts = [_fact("sources", "; ".join(meaning["sources"]), lang)]
        if meaning["entry"]:
            facts.append(_fact("entry", f"[{meaning['entry']}]({base}/{lang}/errors/{meaning['entry']}.md)", lang))
        parts.append("\n".join(facts))
    facts = [_fact("sources", body["rfc"], lang)] if body["rfc"] else []
    return _joined([*parts, "\n".join([*facts, f"- <{base}/{lang}/codes/{body['code']}>"])])


def article_markdown(body: dict[str, Any], lang: str, base: str) -> str:
    """An article, given as its JSON body; `lang` is that of the address."""
    links = [f"[{id_}]({base}/{lang}/errors/{id_}.md)" for id_ in body["errors"]]
    facts = [_fact("entry", ", ".join(links), lang)] if links else []
    facts.append(f"- <{base}/{lang}/articles/{body['slug']}> ({body['updated']})")
    return _joined([f"# {body['title']}", f"> {body['summary']}", body["markdown"].strip(), "---", "\n".join(facts)])


def _heading(name: str, lang: str) -> str:
    return f"## {_WORDS[name].get(lang)}"


def _fact(name: str, value: str, lang: str) -> str:
    colon = "：" if lang == "zh" else ": "
    return f"- **{_WORDS[name].get(lang)}**{colon}{value}"


def _step(number: int, fix: dict[str, Any], lang: str) -> str:
    lines = [f"{number}. [{label('for', fix['for'], lang)}] {fix['text']}"]
    indent = " " * (len(str(number)) + 2)
    for block in _block(fix["set"]):
        lines += ["", *(f"{indent}{line}" for line in block.split("\n"))]
    return "\n".join(lines)


def _block(lines: list[str]) -> list[str]:
    """Lines to copy as one fenced block; the fence is longer than any run of backticks in them."""
    if not lines:
        return []
    text = "\n".join(lines)
    fence = "```"
    while fence in text:
        fence += "`"
    return [f"{fence}text\n{text}\n{fence}"]


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
