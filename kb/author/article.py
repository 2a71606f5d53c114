"""`kb new article`: a pair of files with front matter and headings, to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from kb.articles.model import SECTIONS
from kb.articles.rules import TO_WRITE
from kb.catalog.findings import did_you_mean
from kb.catalog.fmt import FRONT, FRONT_KEYS
from kb.catalog.lines import read_text
from kb.catalog.read import FILE
from kb.catalog.recover import blocks
from kb.catalog.write import write_item
from kb.text import Text

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_CLOSED = {"zh": f"{TO_WRITE[0]}{{}}）", "en": f"{TO_WRITE[1]}{{}})"}
_HEADINGS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "zh": {
        "intro": ("", "用两三句话给出答案，读的人正着急"),
        "symptom": ("现象", "报错原文放进代码块，注明在哪里看到"),
        "cause": ("原因", "谁说的、为什么，依据是什么"),
        "fix": ("处理", "改哪一边的哪一项，可以照抄的配置，对安全有什么影响"),
        "verify": ("验证", "一条命令和改好之后的输出"),
    },
    "en": {
        "intro": ("", "the answer in two or three sentences; the reader is in a hurry"),
        "symptom": ("Symptom", "the error as printed, in a code block, and where it is seen"),
        "cause": ("Cause", "who says it and why, and what that is based on"),
        "fix": ("Fix", "which setting of which side, to copy, and what it costs in security"),
        "verify": ("Verify", "a command and what it prints once it works"),
    },
}


def article_text(
    lang: str, title: str, summary: str, tags: Sequence[str], errors: Sequence[str], source: str, today: date
) -> str:
    """A new article in one language."""
    front = {
        "title": title,
        "summary": summary,
        "tags": list(tags),
        "errors": list(errors),
        "updated": today.isoformat(),
        "source": source,
    }
    lines = [line for name in FRONT_KEYS if name in front for line in write_item((name,), front[name], 0, FRONT)]
    body = [_to_write(lang, "intro")]
    for name in SECTIONS:
        body += ["", f"## {_HEADINGS[lang][name][0]} {{#{name}}}", "", _to_write(lang, name)]
    return "\n".join(["---", *lines, "---", "", *body]) + "\n"


def new_files(root: Path, slug: str, texts: Mapping[str, str]) -> dict[Path, str]:
    """Path -> text of the files of a new article. Raises FileExistsError rather than take the place of one."""
    files = {root / "articles" / f"{slug}.{lang}.md": text for lang, text in texts.items()}
    for path in files:
        if path.exists():
            raise FileExistsError(f"{path.name} exists")
    return files


def wrong_slug(slug: str) -> Text | None:
    """Why an article cannot have this name, or None."""
    if _SLUG.fullmatch(slug):
        return None
    return Text(
        f"文件名只用小写字母、数字和连字符：{slug[:80]}。", f"The name is of a-z, 0-9 and hyphens alone: {slug[:80]}."
    )


def wrong_entries(root: Path, ids: Sequence[str]) -> Text | None:
    """What is wrong with the entries that an article names, or None."""
    known = {block.id for block in blocks(read_text(root / FILE, FILE)) if block.section == "errors"}
    for id_ in ids:
        if id_ not in known:
            hint = did_you_mean(id_, known)
            return Text(f"没有条目 {id_[:80]}。{hint.zh}", f"There is no entry {id_[:80]}. {hint.en}")
    return None


def _to_write(lang: str, name: str) -> str:
    return _CLOSED[lang].format(_HEADINGS[lang][name][1])
