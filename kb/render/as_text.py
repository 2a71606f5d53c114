"""Answers for a terminal: the answer first, then what to do, then why, then the details.

The text of an entry is rendered when the catalogue is compiled; a lookup only adds what depends on the paste.
"""

from __future__ import annotations

from kb.explain import Answer, nearest
from kb.judge import Match
from kb.match.places import for_commands
from kb.match.store import Store
from kb.redact import redact_secrets
from kb.values.names import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = {
    "zh": {
        "no_answer": "这段文字我们没有把握解释：宁可不答，也不误导你。",
        "no_error": "这段文字里没有看到报错。请把报错前后的几行一起贴上来。",
        "said_by": "谁说的：",
        "stage": "阶段：",
        "causes": "为什么：",
        "fixes": "怎么改：",
        "verify": "如何验证：",
        "retry": "要不要重试：",
        "articles": "相关文章：",
        "sources": "依据：",
        "evidence": "依据的文字：",
        "values": "你贴的文字里：",
        "also": "同一段文字里还有：",
        "codes": "识别出的状态码与相近的条目：",
        "recipient": "收件人 {}：",
        "untranslated": "（还没有译成中文，下面有英文原文。）",
    },
    "en": {
        "no_answer": "No answer that we are sure of; a wrong one would cost you more than none.",
        "no_error": "Nothing here says that something went wrong. Paste the lines around the failure too.",
        "said_by": "Said by: ",
        "stage": "Stage: ",
        "causes": "Why:",
        "fixes": "What to change:",
        "verify": "How to verify: ",
        "retry": "Retry: ",
        "articles": "Articles: ",
        "sources": "Sources: ",
        "evidence": "Matched text: ",
        "values": "In your text: ",
        "also": "Also in this text:",
        "codes": "Codes that we recognised, and the nearest entries:",
        "recipient": "Recipient {}: ",
        "untranslated": "(Not translated into English yet; what follows is partly in Chinese.)",
    },
}


def answer_text(store: Store, answer: Answer, lang: str) -> str:
    """The answer to a paste as plain text, ending with a line break."""
    words = WORDS[lang]
    lines = _matches(store, answer, lang) if answer.matches else _no_match(store, answer, lang)
    for reported, own in answer.recipients:
        title = _title(own.matches[0], lang) if own.matches else words["no_answer"]
        lines.append(words["recipient"].format(reported.recipient) + title)
    return "\n".join(lines) + "\n"


def _matches(store: Store, answer: Answer, lang: str) -> list[str]:
    words = WORDS[lang]
    first, *others = answer.matches
    if first.entry and not first.fixes:
        values = for_commands({value.name: value.text for value in first.values})
        lines = [store.text(first.entry.number, lang, values)]
    else:
        from kb.render.as_json import match_json

        lines = [entry_text(match_json(store, first, lang), lang)]
    lines += _values(first, lang)
    lines += [words["evidence"] + " ".join(redact_secrets(found.text).split()) for found in first.evidence]
    if others:
        lines += ["", words["also"], *(f"  - {_title(match, lang)}  [{_name(match)}]" for match in others)]
    return lines


def _values(match: Match, lang: str) -> list[str]:
    """What the text names, in one line."""
    colon = "：" if lang == "zh" else " "
    named = " · ".join(f"{NAMES[value.name].get(lang)}{colon}{value.text}" for value in match.values)
    return [WORDS[lang]["values"] + named] if named else []


def _no_match(store: Store, answer: Answer, lang: str) -> list[str]:
    words = WORDS[lang]
    if answer.observation is None:
        return [words["no_error"]]
    lines = [words["no_answer"]]
    near = [
        f"  - {entry.title_zh if lang == 'zh' else entry.title_en}  [{entry.id}]" for entry in nearest(store, answer)
    ]
    if answer.codes:
        from kb.render.as_json import code_meaning, code_title

        meanings = [f"  - {code_title(code, lang)}\n      {code_meaning(code, lang)}" for code in answer.codes]
        near = [*meanings, *near]
    return [*lines, "", words["codes"], *near] if near else lines


def entry_text(body: dict[str, Any], lang: str) -> str:
    """An entry, given as its JSON body, as plain text without a line break at the end."""
    words = WORDS[lang]
    lines = [body["title"], "", body["explanation"], ""]
    if not body["translated"]:
        lines[1:1] = [words["untranslated"]]
    if body["fixes"]:
        lines.append(words["fixes"])
        for i, fix in enumerate(body["fixes"], 1):
            lines.append(f"  {i}. [{label('for', fix['for'], lang)}] {fix['text']}")
            lines += [f"       {setting}" for setting in fix["set"]]
        lines.append("")
    if body["causes"]:
        lines += [words["causes"], *(f"  {i}. {cause}" for i, cause in enumerate(body["causes"], 1)), ""]
    if body["verify"]:
        lines += [words["verify"] + body["verify"]["text"], *(f"       {run}" for run in body["verify"]["run"]), ""]
    lines.append(words["said_by"] + label("side", body["side"], lang))
    if body["stage"]:
        lines.append(words["stage"] + label("stage", body["stage"], lang))
    lines.append(words["retry"] + label("retry", body["retry"], lang))
    if body["articles"]:
        lines.append(words["articles"] + ", ".join(body["articles"]))
    lines += [words["sources"] + "; ".join(body["sources"]), f"[{body['id']}]"]
    return "\n".join(lines)


def _title(match: Match, lang: str) -> str:
    if match.entry:
        return match.entry.title_zh if lang == "zh" else match.entry.title_en
    if match.provider:
        return f"{match.code} {match.provider.title_zh if lang == 'zh' else match.provider.title_en}"
    from kb.render.as_json import code_title

    return code_title(match.code or "", lang)


def _name(match: Match) -> str:
    return match.entry.id if match.entry else match.code or ""


def label(kind: str, name: str, lang: str) -> str:
    """The words of a vocabulary: "side", "stage", "for" or "retry"."""
    from kb.catalog import vocabulary

    tables = {
        "side": vocabulary.SIDES,
        "stage": vocabulary.STAGES,
        "for": vocabulary.FIX_TARGETS,
        "retry": vocabulary.RETRY,
    }
    return tables[kind][name].get(lang)


def code_text(body: dict[str, Any], lang: str) -> str:
    """A code, given as its JSON body, as plain text without a line break at the end."""
    words = WORDS[lang]
    lines = [f"{body['code']} {body['title']}", "", body["meaning"]]
    for meaning in body["providers"]:
        named = f"  [{meaning['entry']}]" if meaning["entry"] else ""
        colon = "：" if lang == "zh" else ": "
        lines += ["", f"{meaning['name']}{colon}{meaning['title']}{named}", meaning["meaning"]]
        lines.append(words["sources"] + "; ".join(meaning["sources"]))
    return "\n".join([*lines, "", words["sources"] + body["rfc"]] if body["rfc"] else lines)
