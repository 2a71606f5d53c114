"""A report for the terminal: the answer first, short."""

from __future__ import annotations

from typing import Any

from kb.report.hours import row, sparkline
from kb.report.words import word

MAX_GROUPS = 40
MAX_UNRECOGNISED = 10
_LONGEST_LINE = 110


def report_text(report: dict[str, Any]) -> str:
    """The report, ending with a line break."""
    lang = report["lang"]
    lines: list[str] = []
    if not report["complete"]:
        lines.append(word("partial", lang))
        lines += [f"  - {problem['file']}: {problem['text']}" for problem in report["problems"]]
        lines.append("")
    kinds = len(report["groups"]) + len(report["unrecognised"])
    mib = f"{report['bytes'] / 2**20:.1f}"
    lines.append(word("summary", lang, failures=report["failures"], groups=kinds, lines=report["lines"], mib=mib))
    if not report["failures"]:
        return "\n".join((*lines, word("none", lang), ""))
    lines += _when(report, lang)
    for group in report["groups"][:MAX_GROUPS]:
        lines += ["", *_group(group, report, lang)]
    if len(report["groups"]) > MAX_GROUPS:
        lines += ["", word("more", lang, count=len(report["groups"]) - MAX_GROUPS)]
    lines += _unrecognised(report, lang)
    return "\n".join((*lines, ""))


def _when(report: dict[str, Any], lang: str) -> list[str]:
    if not report["first"]:
        return []
    counts = [count for _, count in row(report["hours"], report["first"], report["last"])]
    span = word("span", lang, first=report["first"], last=report["last"])
    return [span, word("per_hour", lang) + sparkline(counts)]


def _group(group: dict[str, Any], report: dict[str, Any], lang: str) -> list[str]:
    name = group["entry"] or group["code"]
    lines = [f"{group['count']:>7}  {group['title']}  [{name}]"]
    fix = group["fix"]
    if fix:
        lines.append(f"         {word('fix', lang)}[{fix['for']}] {_short(fix['text'])}")
        lines += [f"           {setting}" for setting in fix["set"][:3]]
    elif not group["entry"]:
        lines.append(f"         {word('no_fix', lang)}")
    return [*lines, *_details(group, report, lang)]


def _details(group: dict[str, Any], report: dict[str, Any], lang: str) -> list[str]:
    lines = []
    if group["first"]:
        counts = [count for _, count in row(group["hours"], report["first"], report["last"])]
        lines.append(f"         {word('seen', lang, first=group['first'], last=group['last'])}  {sparkline(counts)}")
    for kind in ("peers", "domains"):
        if group[kind]:
            named = ", ".join(f"{top['name']} {top['count']}" for top in group[kind][:3])
            lines.append(f"         {word(kind, lang)}{named}")
    return lines


def _unrecognised(report: dict[str, Any], lang: str) -> list[str]:
    groups = report["unrecognised"]
    if not groups:
        return []
    lines = ["", f"{word('unrecognised', lang)} ({sum(group['count'] for group in groups)})"]
    lines.append(word("unrecognised_hint", lang))
    for group in groups[:MAX_UNRECOGNISED]:
        lines += [f"{group['count']:>7}  {group['shape']}", f"         {word('sample', lang)}{group['sample']}"]
    if len(groups) > MAX_UNRECOGNISED:
        lines.append(word("more", lang, count=len(groups) - MAX_UNRECOGNISED))
    return lines


def _short(text: str) -> str:
    """The first sentence or line of a fix."""
    line = text.strip().split("\n")[0].replace("`", "")
    for stop in ("。", ". "):
        head, found, _ = line.partition(stop)
        if found and len(head) > 12:
            return head + stop.strip()
    return line
