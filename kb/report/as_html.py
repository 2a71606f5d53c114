"""A report as one page of its own: nothing is loaded, there is no script, and every text is escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from kb.report.hours import row
from kb.report.words import word

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root { color-scheme: light dark; --bar: #b3261e; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .5rem .6rem; border-top: 1px solid var(--line); }
td:first-child { text-align: end; font-variant-numeric: tabular-nums; }
pre, code { font: .875em/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
svg { display: block; width: 100%; height: auto; } rect { fill: var(--bar); } text { fill: currentColor; font-size: 11px; }
.small { font-size: .875rem; opacity: .85; } .problem { border-inline-start: 4px solid var(--bar); padding-inline-start: 1rem; }
td svg { width: 12rem; }
"""
MAX_GROUPS = 200
_WIDTH, _HEIGHT = 960, 180


def report_html(report: dict[str, Any]) -> str:
    """The page."""
    lang = report["lang"]
    title = escape(word("title", lang))
    kinds = len(report["groups"]) + len(report["unrecognised"])
    mib = f"{report['bytes'] / 2**20:.1f}"
    summary = word("summary", lang, failures=report["failures"], groups=kinds, lines=report["lines"], mib=mib)
    body = [f"<h1>{title}</h1>", _problems(report, lang), f"<p>{escape(summary)}</p>"]
    if report["failures"]:
        body += [_trend(report, lang), _groups(report, lang), _unrecognised(report, lang)]
    else:
        body.append(f"<p>{escape(word('none', lang))}</p>")
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>'
    )
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head><body>\n{"".join(body)}\n</body></html>\n'


def plot(counts: list[tuple[str, int]], width: int, height: int, label: str) -> str:
    """Bars of counts per hour as an image in SVG; each tells its hour and count to whoever points at it."""
    highest = max((count for _, count in counts), default=0) or 1
    step = width / max(len(counts), 1)
    bars = "".join(
        f'<rect x="{i * step:.2f}" y="{height - height * count / highest:.2f}" width="{max(step * 0.9, 0.5):.2f}"'
        f' height="{height * count / highest:.2f}"><title>{escape(hour)}: {count}</title></rect>'
        for i, (hour, count) in enumerate(counts)
        if count
    )
    return (
        f'<svg viewBox="0 0 {width} {height + 18}" role="img" aria-label="{escape(label)}">{bars}'
        f'<line x1="0" y1="{height}" x2="{width}" y2="{height}" stroke="currentColor"/>'
        f"{_axis(counts, width, height, highest)}</svg>"
    )


def _axis(counts: list[tuple[str, int]], width: int, height: int, highest: int) -> str:
    if width < _WIDTH or not counts:
        return ""
    first, last = escape(counts[0][0]), escape(counts[-1][0])
    return (
        f'<text x="0" y="{height + 14}">{first}h</text>'
        f'<text x="{width}" y="{height + 14}" text-anchor="end">{last}h</text>'
        f'<text x="2" y="10">{highest}</text>'
    )


def _trend(report: dict[str, Any], lang: str) -> str:
    if not report["first"]:
        return ""
    label = word("failures_per_hour", lang)
    counts = row(report["hours"], report["first"], report["last"])
    span = word("span", lang, first=report["first"], last=report["last"])
    return f"<h2>{escape(label)}</h2>{plot(counts, _WIDTH, _HEIGHT, label)}<p class=small>{escape(span)}</p>"


def _problems(report: dict[str, Any], lang: str) -> str:
    if report["complete"]:
        return ""
    items = "".join(f"<li>{escape(p['file'])}: {escape(p['text'])}</li>" for p in report["problems"])
    return f"<div class=problem><p>{escape(word('partial', lang))}</p><ul>{items}</ul></div>"


def _groups(report: dict[str, Any], lang: str) -> str:
    names = "".join(f"<th>{escape(word(name, lang))}</th>" for name in ("count", "what", "when", "who"))
    rows = "".join(_row(group, _what(group, lang), report, lang) for group in report["groups"][:MAX_GROUPS])
    return f"<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"


def _what(group: dict[str, Any], lang: str) -> str:
    name = group["entry"] or group["code"]
    parts = [f"<strong>{escape(group['title'])}</strong> <code>{escape(name)}</code>"]
    fix = group["fix"]
    if fix:
        parts.append(f"<div>{escape(word('fix', lang))}[{escape(fix['for'])}] {escape(fix['text'])}</div>")
        if fix["set"]:
            parts.append("<pre>" + escape("\n".join(fix["set"])) + "</pre>")
    elif not group["entry"]:
        parts.append(f"<div>{escape(word('no_fix', lang))}</div>")
    return "".join(parts)


def _row(group: dict[str, Any], what: str, report: dict[str, Any], lang: str) -> str:
    when = who = ""
    if group["first"]:
        span = word("seen", lang, first=group["first"], last=group["last"])
        counts = row(group["hours"], report["first"], report["last"])
        when = f"<div class=small>{escape(span)}</div>{plot(counts, 192, 30, span)}"
    for kind in ("peers", "domains"):
        if group[kind]:
            named = ", ".join(f"{escape(top['name'])} {top['count']}" for top in group[kind])
            who += f"<div class=small>{escape(word(kind, lang))}{named}</div>"
    return f"<tr><td>{group['count']}</td><td>{what}</td><td>{when}</td><td>{who}</td></tr>"


def _unrecognised(report: dict[str, Any], lang: str) -> str:
    groups = report["unrecognised"]
    if not groups:
        return ""
    rows = "".join(
        _row(
            group,
            f"<code>{escape(group['shape'])}</code>"
            f"<div class=small>{escape(word('sample', lang))}<code>{escape(group['sample'] or '')}</code></div>",
            report,
            lang,
        )
        for group in groups[:MAX_GROUPS]
    )
    return (
        f"<h2>{escape(word('unrecognised', lang))}</h2><p class=small>{escape(word('unrecognised_hint', lang))}</p>"
        f"<table><tbody>{rows}</tbody></table>"
    )
