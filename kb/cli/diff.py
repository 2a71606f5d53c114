"""`kb diff`: what a contribution changes for the people who paste, as text or as Markdown for a review."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.catalog.findings import CatalogError
from kb.cli.files import user_language, write_text
from kb.compare import Changed, Comparison, Verdict, compare
from kb.redact import redact
from kb.text import Text

OK, USAGE = 0, 2
SHOWN = 200  # of each kind, so that a summary stays within what a review page takes
LONGEST = 160

_TITLE = Text("这次改动带来什么", "What this change does")
_ENTRIES = Text("条目", "Entries")
_ADDED, _REMOVED, _EDITED = Text("新增", "added"), Text("删除", "removed"), Text("修改", "edited")
_ANSWERS = Text("答案变了的报错", "Texts answered otherwise")
_SILENT = Text("（无答案）", "(no answer)")
_NONE = Text("没有变化。", "Nothing changes.")
_TRIED = Text(
    "在 {n} 条报错上比较：条目里的例子与实际录下的报错。", "Compared on {n} texts: examples and recorded errors."
)
_MORE = Text("另有 {n} 项未列出。", "{n} more are not listed.")


def run(base: Path, head: Path, lang: str | None, as_markdown: bool) -> int:
    """Print the comparison of the catalogues in two folders; the status is 2 when one of them cannot be used."""
    language = user_language(lang)
    try:
        result = compare(base, head)
    except CatalogError as error:
        for finding in error.findings:
            print(finding.format(language), file=sys.stderr)
        return USAGE
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return USAGE
    write_text(render(result, language, as_markdown))
    return OK


@contextmanager
def base_folder(head: Path, base: str) -> Iterator[Path]:
    """The folder that BASE names, or the content of the commit where the checkout `head` left it. Raises ValueError."""
    if Path(base).is_dir():
        yield Path(base)
        return
    from kb.check.base import Base

    with Base.find(head, base).content() as folder:
        yield folder


def render(result: Comparison, lang: str, as_markdown: bool) -> str:
    """The comparison as lines of text, or as Markdown whose pasted texts cannot break out of their code spans."""
    quote = _code if as_markdown else str
    entries = [f"- {_ADDED.get(lang)}: {quote(id_)}" for id_ in result.added]
    entries += [f"- {_REMOVED.get(lang)}: {quote(id_)}" for id_ in result.removed]
    entries += [f"- {_EDITED.get(lang)}: {quote(id_)} ({', '.join(parts)})" for id_, parts in result.edited]
    answers = [_change(changed, lang, as_markdown) for changed in result.answers]
    head = "## " if as_markdown else ""
    lines = [f"{head}{_TITLE.get(lang)}", "", _TRIED.get(lang).format(n=result.tried)]
    if not entries and not answers:
        lines += ["", _NONE.get(lang)]
    for title, items in ((_ENTRIES, entries), (_ANSWERS, answers)):
        if items:
            lines += ["", f"{head and '### '}{title.get(lang)} ({len(items)})", "", *items[:SHOWN]]
        if len(items) > SHOWN:
            lines.append(f"- {_MORE.get(lang).format(n=len(items) - SHOWN)}")
    return "\n".join(lines) + "\n"


def _change(changed: Changed, lang: str, as_markdown: bool) -> str:
    text = " ".join(redact(changed.text).split())
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    before, after = _verdict(changed.before, lang), _verdict(changed.after, lang)
    return f"- {_code(short) if as_markdown else short}\n  {before} → {after}"


def _verdict(verdict: Verdict, lang: str) -> str:
    entry, reason = verdict
    return f"{entry or '–'} [{reason}]" if reason else entry or _SILENT.get(lang)


def _code(text: str) -> str:
    """A Markdown code span around any text: its fence is longer than every run of backticks inside (CommonMark 6.1)."""
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"
