"""What a report says around its figures, in both languages."""

from __future__ import annotations

from kb.text import Text

WORDS = {
    "title": Text("邮件日志报告", "Mail log report"),
    "summary": Text(
        "{failures} 次失败，{groups} 种原因；共 {lines} 行，{mib} MiB。",
        "{failures} failures of {groups} kinds in {lines} lines, {mib} MiB.",
    ),
    "none": Text("没有发现失败。", "No failures found."),
    "span": Text("从 {first} 到 {last}（按日志自己写的时间）。", "From {first} to {last} (times as the log has them)."),
    "partial": Text("结果不完整：", "This report is not complete:"),
    "fix": Text("怎么改：", "Fix: "),
    "no_fix": Text("这个代码有多种原因，要看原文。", "This code has many causes; the text beside it says which."),
    "peers": Text("对方：", "Peers: "),
    "domains": Text("收件域：", "Recipients' domains: "),
    "seen": Text("{first} — {last}", "{first} to {last}"),
    "per_hour": Text("每小时：", "Per hour: "),
    "failures_per_hour": Text("每小时失败次数", "Failures per hour"),
    "unrecognised": Text("知识库不认识的失败", "Not recognised"),
    "unrecognised_hint": Text(
        "变化的部分已换成占位符；地址和口令已抹去。",
        "What varies stands in braces; addresses and secrets are blanked out.",
    ),
    "sample": Text("例：", "Example: "),
    "more": Text("另有 {count} 种，见 --json。", "{count} more kinds: see --json."),
    "details": Text("详情：kb explain，或条目 {id}", "More: entry {id}"),
    "count": Text("次数", "Count"),
    "what": Text("是什么、怎么改", "What it is and what to do"),
    "when": Text("时间", "When"),
    "who": Text("对方与收件域", "Peers and domains"),
    "to_hour": Text("{hour} 时：{count} 次", "{hour}h: {count}"),
}


def word(name: str, lang: str, **values: object) -> str:
    """One of WORDS, with values in its places."""
    text = WORDS[name].get(lang)
    return text.format(**values) if values else text
