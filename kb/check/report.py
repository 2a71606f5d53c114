"""Findings for people, editors, code forges and programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from kb.catalog.findings import ERROR, NOTE, WARNING, Finding
from kb.check.book import FAMILIES, RULES
from kb.check.book.model import Rule
from kb.text import Text

FORMATS = ("text", "gcc", "github", "json")
_LEVELS = {ERROR: Text("", ""), WARNING: Text("警告：", "warning: "), NOTE: Text("提示：", "note: ")}
_MOST = 600
_GITHUB = {ERROR: "error", WARNING: "warning", NOTE: "notice"}


def report(findings: Sequence[Finding], form: str, lang: str) -> str:
    """Findings in one of FORMATS, each with its line end; JSON is one object."""
    if form == "json":
        return json.dumps(_json(findings, lang), ensure_ascii=False, indent=2) + "\n"
    write = {"text": _text, "gcc": _gcc, "github": _github}[form]
    return "".join(f"{write(finding, lang)}\n" for finding in findings)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each level there are."""
    levels = [finding.level for finding in findings]
    return {f"{level}s": levels.count(level) for level in (ERROR, WARNING, NOTE)}


def summary(findings: Sequence[Finding], lang: str) -> str:
    """One line at the end of a run."""
    if not findings:
        return Text("没有发现问题", "no findings").get(lang)
    found = counts(findings)
    wrong = sorted({finding.rule for finding in findings})
    text = Text(
        f"{found['errors']} 个错误，{found['warnings']} 个警告，{found['notes']} 个提示",
        f"{found['errors']} errors, {found['warnings']} warnings, {found['notes']} notes",
    ).get(lang)
    hint = Text(f"规则说明：kb check --explain {wrong[0]}", f"about a rule: kb check --explain {wrong[0]}").get(lang)
    return f"{text}{'；' if lang == 'zh' else '; '}{hint}"


def explained(rule: Rule, lang: str) -> str:
    """A rule for a terminal."""
    lines = [f"{rule.number}  {rule.title.get(lang)}", "", rule.body.get(lang)]
    for label, example in ((Text("错：", "Wrong:"), rule.wrong), (Text("对：", "Right:"), rule.right)):
        if example:
            lines += ["", label.get(lang), *(f"    {line}" for line in example.split("\n"))]
    return "\n".join(lines) + "\n"


def listed(lang: str) -> str:
    """All rules, one a line, by family."""
    lines: list[str] = []
    for family, name in FAMILIES.items():
        lines += ["", f"{family}xx {name.get(lang)}"] if lines else [f"{family}xx {name.get(lang)}"]
        lines += [
            f"  {rule.number}  {rule.title.get(lang)}" for rule in RULES.values() if rule.number.startswith(family)
        ]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """A text in one line, of bearable length."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST else f"{line[:_MOST]}…"


def _path(path: str) -> str:
    """A file's name without characters that end a line or that a terminal obeys."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in path)


def _place(finding: Finding) -> str:
    return f"{_path(finding.path)}:{finding.line}:{finding.column}"


def _text(finding: Finding, lang: str) -> str:
    level = _LEVELS[finding.level].get(lang)
    return f"{_place(finding)} {finding.rule} {level}{_line(finding.message.get(lang))}"


def _gcc(finding: Finding, lang: str) -> str:
    """The form of a compiler's messages, which every editor knows; levels are never translated."""
    return f"{_place(finding)}: {finding.level}: {_line(finding.message.get(lang))} [{finding.rule}]"


def _github(finding: Finding, lang: str) -> str:
    """A workflow command: GitHub shows it beside the line of the pull request."""
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column},title={finding.rule}"
    return f"::{_GITHUB[finding.level]} {place}::{_data(_line(finding.message.get(lang)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _json(findings: Sequence[Finding], lang: str) -> dict[str, object]:
    rows = [
        {
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "level": finding.level,
            "title": RULES[finding.rule].title.get(lang),
            "message": _line(finding.message.get(lang)),
        }
        for finding in findings
    ]
    return {"schema_version": 1, "lang": lang, **counts(findings), "findings": rows}
