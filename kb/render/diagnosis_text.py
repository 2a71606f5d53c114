"""A diagnosis for a terminal: the outcome first, then what to change, then why, then what was taken for granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.catalog import vocabulary
from kb.render.outcomes import outcomes

# With more outcomes than these, one example of each is enough.
_FEW = 3
_WORDS = {
    "zh": {
        "works": "这样配合可以发出邮件。",
        "fails": "这样配合发不出去：{title}。",
        "depends": "结果取决于没有给出的设置：",
        "stage": "卡在：{}",
        "client_says": "客户端会报：",
        "server_says": "服务器日志里会有：",
        "fixes": "怎么改（最安全的在前）：",
        "fixes_first": "如果是上面第一种失败，怎么改：",
        "needs": "前提：",
        "cases": "分情况看：",
        "otherwise": "其余情况",
        "ask": "也可以直接问服务器：kb probe --client 客户端的文件",
        "open": "还要看别的设置。",
        "more": "……另有 {} 种情况",
        "hidden": "改好之后还会遇到：",
        "assumed": "没有写明、按常见情况算的：",
        "questions": "还需要知道：",
        "findings": "配置里要留意的：",
        "remarks": "安全提醒：",
        "client": "客户端：{}",
        "server": "服务器：{}",
    },
    "en": {
        "works": "With these settings the mail goes through.",
        "fails": "With these settings the mail does not go through: {title}.",
        "depends": "It depends on settings that were not given:",
        "stage": "It ends at: {}",
        "client_says": "The client prints:",
        "server_says": "The server logs:",
        "fixes": "What to change, safest first:",
        "fixes_first": "What to change if it is the first of these failures:",
        "needs": "Provided: ",
        "cases": "Case by case:",
        "otherwise": "in the other cases",
        "ask": "Or ask the server itself: kb probe --client FILE",
        "open": "Further settings decide.",
        "more": "… and {} more cases",
        "hidden": "After that you would meet:",
        "assumed": "Not said, and taken as usual:",
        "questions": "Still to be known:",
        "findings": "To look at in the configuration:",
        "remarks": "Security:",
        "client": "Client: {}",
        "server": "Server: {}",
    },
}


def diagnosis_text(body: dict[str, Any], lang: str) -> str:
    """The JSON of a diagnosis as plain text, ending with a line break."""
    words = _WORDS[lang]
    # Where a program refuses its settings, a misspelled one explains it; without a client, mistakes are all that is sure.
    alone = body["outcome"] == "depends" and not body["facts"]["client"]["name"]
    first = body["findings"] if alone or body["stage"] == "config" else []
    found = ["", words["findings"], *(f"  - {_finding(finding)}" for finding in first)] if first else []
    outcome, fixes = [*_outcome(body, words, lang)], [*_fixes(body, words)]
    ahead = [*found, *outcome] if alone else [*outcome, *found]
    lines = [*ahead, *fixes, *_details(body, words, told=bool(first))]
    return "\n".join(lines).strip() + "\n"


def _outcome(body: dict[str, Any], words: dict[str, str], lang: str) -> Iterator[str]:
    for side in ("client", "server"):
        if body["facts"][side]["name"]:
            yield words[side].format(body["facts"][side]["name"])
    if not body["cases"]:
        return
    yield ""
    if body["outcome"] != "depends":
        yield words[body["outcome"]].format(title=body["title"])
        yield from _case(body, words, lang) if body["outcome"] == "fails" else ()
        return
    yield words["depends"]
    groups = outcomes(body["cases"])
    shown = 3 if len(groups) <= _FEW else 1
    for group in groups:
        case = group["case"]
        title = case["title"] or words["works" if case["outcome"] == "works" else "open"]
        yield f"  - {title}" + (f"  [{case['entry']}]" if case["entry"] else "")
        yield from (f"      {_facts(given) or words['otherwise']}" for given in group["given"][:shown])
        if more := group["more"] + len(group["given"][shown:]):
            yield "      " + words["more"].format(more)


def _case(case: dict[str, Any], words: dict[str, str], lang: str) -> Iterator[str]:
    yield words["stage"].format(vocabulary.STAGES[case["stage"]].get(lang))
    yield ""
    yield case["explanation"]
    for title, key in (("client_says", "predicted_text"), ("server_says", "server_log")):
        if case[key]:
            yield from ("", words[title], *(f"    {text}" for text in case[key]))


def _fixes(body: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    if not body["fixes"]:
        return
    yield from ("", words["fixes_first" if body["outcome"] == "depends" else "fixes"])
    for number, fix in enumerate(body["fixes"], 1):
        yield f"  {number}. {fix['text']}"
        if fix["needs"]:
            yield f"     {words['needs']}{_facts(fix['needs'])}"
        yield from (f"       {line}" for diff in fix["diffs"] for line in diff["diff"].splitlines())
        yield from _elsewhere(fix)


def _elsewhere(fix: dict[str, Any]) -> Iterator[str]:
    """The settings that go into files of which no difference is shown, below the file's name."""
    shown = {diff["file"] for diff in fix["diffs"]}
    settings = zip([edit for edit in fix["edits"] if edit["value"] is not None], fix["set"], strict=True)
    left = [(edit["file"], setting) for edit, setting in settings if edit["file"] not in shown]
    for file in dict.fromkeys(file for file, _ in left):
        yield f"       {file}:"
        yield from (f"         {setting}" for name, setting in left if name == file)


def _details(body: dict[str, Any], words: dict[str, str], *, told: bool) -> Iterator[str]:
    sections = (
        ("hidden", [f"{hidden['title']}  [{hidden['entry']}]" for hidden in body["hidden"]]),
        ("findings", [] if told else [_finding(finding) for finding in body["findings"]]),
        ("remarks", body["remarks"]),
        ("questions", [*_questions(body), *([words["ask"]] if body["asks"] else [])]),
        ("assumed", [_facts([fact]) for fact in body["assumptions"]]),
    )
    for name, items in sections:
        if items:
            yield from ("", words[name], *(f"  - {item}" for item in items))
    if body["entry"]:
        yield from ("", f"[{body['entry']}]")


def _questions(body: dict[str, Any]) -> Iterator[str]:
    """What is asked, each with the ways to answer."""
    for ask in body["asks"]:
        yield f"{ask['question']}  --answer {ask['fact']}={'|'.join(value['value'] for value in ask['values'])}"


def _finding(finding: dict[str, Any]) -> str:
    place = f"{finding['file']}:{finding['line']}" if finding["line"] else finding["file"]
    return f"{place}: {finding['text']}"


def _facts(facts: list[dict[str, str]]) -> str:
    return "; ".join(f"{fact['label']} = {fact['value_label']}" for fact in facts)
