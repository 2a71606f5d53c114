"""`kb test`: why a text gets what it gets; whether an entry gets its own examples."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.files import read_input, user_language, write_text
from kb.cli.help import file_names
from kb.text import Text

if TYPE_CHECKING:
    from kb.author.trial import Candidate, Proof, Trial


@click.command(name="test")
@click.argument("what", metavar="ID|TEXT|-|FILE", shell_complete=file_names)
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with errors.yaml.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.option("--lang", type=click.Choice(["zh", "en"]))
def test(what: str, root: Path | None, as_json: bool, lang: str | None) -> None:
    """For a text: which pattern matched, the runners-up, and why. For an entry's id: its examples, each with its lead.

    Exit status: 0 answered, or all examples right; 1 not; 2 usage.
    """
    from kb.author.trial import needed, proofs, trials
    from kb.check import matching, providers
    from kb.check.content import Content
    from kb.data import data_root

    folder, language = root or Path(data_root()), user_language(lang)
    content = Content.read_catalog(folder)
    if content.document is None:
        raise ValueError(content.findings[0].format(language))
    tables, _ = providers.check(content.document, content.catalog, folder)
    with matching.compiled(content.catalog, tables) as store:
        if what in content.catalog.errors:
            rows = list(proofs(content.catalog, store, what))
            write_text(
                _as_json({"id": what, "proofs": rows}) if as_json else "".join(_proof(row, language) for row in rows)
            )
            sys.exit(0 if all(row.ok for row in rows) else 1)
        got, basis, found = trials(content.catalog, store, read_input(what))
    if as_json:
        write_text(_as_json({"answer": got, "basis": basis, "trials": found}))
    else:
        none = Text("没有答案", "no answer").get(language)
        write_text(
            f"→ {got or none}  [{basis}]\n{needed().get(language)}\n" + "".join(_trial(one, language) for one in found)
        )
    sys.exit(0 if got else 1)


def _as_json(body: dict[str, Any]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, Text):
            return value.en
        if hasattr(value, "_asdict"):
            return {name: plain(part) for name, part in value._asdict().items()}
        return [plain(part) for part in value] if isinstance(value, list | tuple) else value

    rows = {name: plain(value) for name, value in body.items()}
    return json.dumps({"schema_version": 1, **rows}, ensure_ascii=False, indent=2) + "\n"


def _proof(row: Proof, lang: str) -> str:
    mark = Text("对", "ok").get(lang) if row.ok else Text("错", "WRONG").get(lang)
    none = Text("没有答案", "no answer").get(lang)
    got = "" if row.ok and row.kind == "example" else f"  → {row.got or none}"
    lead = Text(f"  领先 {row.margin} 分", f"  {row.margin} points ahead").get(lang) if row.margin is not None else ""
    return f"{mark}  {row.kind}  {' '.join(row.text.split())[:120]}{got}{lead}\n"


def _trial(trial: Trial, lang: str) -> str:
    lines = ["", f"“{trial.diagnostic[:200]}”"]
    for number, candidate in enumerate(trial.candidates, 1):
        lines += _candidate(number, candidate, lang)
    if trial.near:
        lines.append(
            Text("没有模式匹配；用词最近的条目：", "No pattern matches; the nearest entries by their words:").get(lang)
        )
        lines += [f"  {id_}" for id_ in trial.near]
    return "\n".join(lines) + "\n"


def _candidate(number: int, candidate: Candidate, lang: str) -> list[str]:
    remarks = []
    if candidate.generic:
        remarks.append(Text("通用说法，让位于任何别的匹配", "generic: yields to every other match").get(lang))
    if not candidate.sure:
        remarks.append(Text("分数不够，不作答", "too few points to be an answer").get(lang))
    sums = " + ".join(f"{points} {label.get(lang)}" for label, points in candidate.parts)
    words = ("模式", "文字", "得分") if lang == "zh" else ("pattern", "text", "points")
    return [
        f"  {number}. {candidate.id}  ({candidate.reason})" + (f"  {'; '.join(remarks)}" if remarks else ""),
        f"       {words[0]}  {candidate.pattern}",
        f"       {words[1]}  {candidate.matched}",
        f"       {words[2]}  {candidate.points} = {sums}",
    ]
