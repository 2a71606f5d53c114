"""`kb new`: an entry or an article, by questions or by options; over a pipe the answers come from standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.asking import Asker, each
from kb.cli.files import read_input, user_language, write_text
from kb.cli.help import file_names
from kb.text import LANGUAGES, Text

if TYPE_CHECKING:
    from kb.author.entry import Change

_ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with errors.yaml."
)
_LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of the questions (default: your locale)."
)
_DRY = click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
_TEXTS = ("title", "explanation", "cause", "fix", "verify")


@click.group()
def new() -> None:
    """Write a new entry or a new article."""


def _texts(command: Any) -> Any:
    """Options for each text in each language."""
    for name in reversed(_TEXTS):
        for lang in reversed(LANGUAGES):
            command = click.option(f"--{name}-{lang}", metavar="TEXT")(command)
    return command


@new.command()
@click.argument("text", required=False, metavar="[TEXT|FILE]", shell_complete=file_names)
@click.option("--id", "id_", metavar="ID", help="<stage>-<symptom>.")
@click.option("--stage")
@click.option("--side")
@click.option("--reason")
@click.option("--emitter", "emitters", multiple=True, help="A program that prints it; may be repeated.")
@click.option("--match", multiple=True, metavar="PATTERN", help="May be repeated.")
@click.option("--fix-for", metavar="TARGET", help="For whom the fix is.")
@click.option("--fix-set", multiple=True, metavar="LINE", help="A setting or command to copy; may be repeated.")
@click.option("--verify-run", multiple=True, metavar="LINE")
@click.option("--retry", type=click.Choice(["never", "later", "after-fix"]))
@click.option("--example", "examples", multiple=True, help="A further real text; may be repeated.")
@click.option("--source", "sources", multiple=True, help="Standard, source file or run that this comes from.")
@click.option("--add-to", metavar="ID", help="Add the wording to this entry instead.")
@click.option("--anyway", is_flag=True, help="A new entry although one answers the text already.")
@_texts
@_DRY
@_ROOT
@_LANG
def error(text: str | None, root: Path | None, lang: str | None, dry_run: bool, **given: Any) -> None:
    """Write an entry for a pasted TEXT, in its place in errors.yaml; no other byte changes.

    Shows what the text gets today first. What no option says is asked, with a proposal where there is one.
    Exit status: 0 written, 1 not fit to be written, or answered already, 2 usage.
    """
    from kb.author.entry import add_entry, add_wording
    from kb.check.content import Content
    from kb.data import data_root

    ask = Asker(user_language(lang))
    folder = root or Path(data_root())
    pasted = read_input(text) if text else ask("text", Text("报错原文", "The error as printed"))
    content = Content.read_catalog(folder)
    if content.document is None:
        raise ValueError(content.findings[0].format(ask.lang))
    proposal, answered = _look(content, folder, pasted, ask)
    add_to = given.pop("add_to")
    if answered and not add_to and not given["anyway"]:
        add_to = ask.instead(answered)
        if add_to is None:
            sys.exit(1)
    if add_to:
        if add_to not in content.catalog.errors:
            raise click.UsageError(ask.say(Text(f"没有条目 {add_to}。", f"There is no entry {add_to}.")))
        wording = "" if answered == add_to else (given["match"] or (proposal.pattern,))[0]
        change = add_wording(folder, add_to, wording, proposal.example)
    else:
        draft = _draft(ask, proposal, given, content.ids)
        change = add_entry(folder, draft)
        if not change.is_fit and sys.stdin.isatty():
            click.echo(f"\n{draft.command()}\n", err=True)  # what was typed is not lost
    _finish(change, folder, dry_run, ask)


def _look(content: Any, folder: Path, pasted: str, ask: Asker) -> tuple[Any, str | None]:
    """What the text gets today, told; the proposal, and the entry that answers it by its text."""
    from kb.author.propose import propose
    from kb.author.trial import trials
    from kb.check import matching, providers
    from kb.judge import PATTERN

    tables, _ = providers.check(content.document, content.catalog, folder)
    with matching.compiled(content.catalog, tables) as store:
        got, basis, _ = trials(content.catalog, store, pasted)
        proposal = propose(store, pasted, content.ids)
    answered = got if basis == PATTERN and got in content.catalog.errors else None
    if answered is not None:
        entry = content.catalog.errors[answered]
        title = entry.title.zh if ask.lang == "zh" else entry.title.en
        ask.tell(Text(f"已有条目回答它：{answered}（{title}）", f"Answered already: {answered} ({title})"))
        if entry.generic:
            answered = None  # a wording that only wraps another error may get an entry of its own
    else:
        ask.tell(Text(f"现在没有条目回答它（依据：{basis}）。", f"No entry answers it today (basis: {basis})."))
    for near in (entry for entry in proposal.near if entry.id != got):
        ask.tell(Text(f"  相近：{near.id}（{near.title_zh}）", f"  near: {near.id} ({near.title_en})"))
    return proposal, answered


def _draft(ask: Asker, proposal: Any, given: Mapping[str, Any], taken: Collection[str]) -> Any:
    from kb.author.entry import Draft, wrong_id, wrong_pattern
    from kb.catalog.vocabulary import FIX_TARGETS, REASONS, SIDES, STAGES

    def one(name: str, question: Text, default: str = "", words: Sequence[str] = ()) -> str:
        return str(given.get(name) or ask(name, question, default, words))

    stage = one("stage", Text("阶段", "Stage"), proposal.stage, [*STAGES])
    emitters = given["emitters"] or _programs(ask, proposal.emitters)
    does_not_match = partial(wrong_pattern, proposal.example)
    match = given["match"] or (ask("match", Text("模式", "Pattern"), proposal.pattern, (), does_not_match),)
    texts = {name: _both(ask, name, given) for name in ("title", "explanation", "cause", "fix", "verify")}
    suggested = proposal.id if proposal.id.startswith(f"{stage}-") else f"{stage}-{proposal.id.partition('-')[2]}"
    return Draft(
        id=given["id_"] or ask("id", Text("id", "Id"), suggested, (), partial(wrong_id, stage, taken)),
        title=texts["title"],
        reason=one("reason", Text("原因（reason）", "Reason"), proposal.reason, [*REASONS]),
        side=one("side", Text("谁说的", "Who says it"), proposal.side, [*SIDES]),
        stage=stage,
        emitters=[emitter.strip() for emitter in emitters],
        match=match,
        explanation=texts["explanation"],
        cause=texts["cause"],
        fix_for=one("fix_for", Text("改法是给谁的", "Whom the fix is for"), "client", [*FIX_TARGETS]),
        fix=texts["fix"],
        fix_set=given["fix_set"],
        verify=texts["verify"],
        verify_run=given["verify_run"],
        retry=given["retry"] or proposal.retry,
        examples=(proposal.example, *given["examples"]),
        sources=given["sources"]
        or (ask("source", Text("依据（标准、源码文件或实测）", "Source (standard, source file or run)")),),
    )


def _programs(ask: Asker, proposed: Sequence[str]) -> list[str]:
    from kb.catalog.vocabulary import EMITTERS

    question = Text("程序（逗号分隔）", "Programs, comma-separated")
    return ask("emitter", question, ",".join(proposed or ("any",)), [*EMITTERS], each([*EMITTERS])).split(",")


_QUESTIONS = {
    "title": Text("标题，一句话", "Title, one sentence"),
    "explanation": Text("解释，第一句就是答案", "Explanation, the answer first"),
    "cause": Text("最可能的原因", "The most likely cause"),
    "fix": Text("怎么改", "What to change"),
    "verify": Text("怎么看出改好了", "How to see that it is cured"),
}


def _both(ask: Asker, name: str, given: Mapping[str, Any]) -> dict[str, str]:
    """A text in both languages, or in the one that the author has."""
    found = {lang: given[f"{name}_{lang}"] for lang in LANGUAGES if given[f"{name}_{lang}"]}
    if found:
        return found
    first, second = ask.lang, "en" if ask.lang == "zh" else "zh"
    texts = {lang: ask.optional(f"{_QUESTIONS[name].get(ask.lang)} [{lang}]") for lang in (first, second)}
    found = {lang: texts[lang] for lang in LANGUAGES if texts[lang]}
    if not found:
        ask.missing(f"{name}-{first}")
    return found


def _finish(change: Change, root: Path, dry_run: bool, ask: Asker) -> None:
    """Show what is new and what is wrong with it; write it when nothing is."""
    from kb.author.files import replace_file
    from kb.catalog.read import FILE

    write_text(f"{change.new}\n")
    for finding in change.findings:
        click.echo(finding.format(ask.lang), err=True)
    if not change.is_fit:
        ask.tell(Text("没有写入：先改好上面的问题。", "Not written: mend what is said above first."))
        sys.exit(1)
    if dry_run:
        return
    replace_file(root / FILE, change.text)
    ask.tell(
        Text("已写入 errors.yaml；接着运行 kb schema --write。", "Written to errors.yaml; now run kb schema --write.")
    )


@new.command()
@click.argument("slug", required=False)
@click.option("--title-zh", metavar="TEXT")
@click.option("--title-en", metavar="TEXT")
@click.option("--summary-zh", metavar="TEXT")
@click.option("--summary-en", metavar="TEXT")
@click.option("--tag", "tags", multiple=True)
@click.option("--error", "errors", multiple=True, metavar="ID", help="An entry that it explains; may be repeated.")
@click.option("--source", type=click.Choice(["zh", "en"]), help="The language that you write first.")
@_DRY
@_ROOT
@_LANG
def article(slug: str | None, root: Path | None, lang: str | None, dry_run: bool, **given: Any) -> None:
    """Write an article's two files, zh and en, with front matter and headings; with one title, one file.

    Exit status: 0 written, 1 there is such an article already, 2 usage.
    """
    from datetime import UTC, datetime

    from kb.author.article import article_text, new_files, wrong_entries, wrong_slug
    from kb.data import data_root

    ask = Asker(user_language(lang))
    folder = root or Path(data_root())
    name = slug or ask(
        "slug", Text("文件名（slug，小写字母和连字符）", "Slug (lower case and hyphens)"), wrong=wrong_slug
    )
    no_entry = partial(wrong_entries, folder)
    ask.refuse(wrong_slug(name) or no_entry(given["errors"]))
    titles = _pair(ask, "title", Text("标题", "Title"), given)
    summaries = _pair(ask, "summary", Text("一句话概要", "Summary in one sentence"), given, tuple(titles))
    tags = given["tags"] or ask("tag", Text("标签（逗号分隔）", "Tags, comma-separated")).split(",")
    errors = given["errors"] or ask(
        "error",
        Text("解释哪些条目（id，逗号分隔）", "Which entries (ids, comma-separated)"),
        wrong=lambda answer: no_entry([one.strip() for one in answer.split(",") if one.strip()]),
    ).split(",")
    source = given["source"] if given["source"] in titles else ask.lang if ask.lang in titles else next(iter(titles))
    tags, errors = ([part.strip() for part in parts if part.strip()] for parts in (tags, errors))
    today = datetime.now(UTC).date()
    texts = {one: article_text(one, titles[one], summaries[one], tags, errors, source, today) for one in titles}
    try:
        _write_all(new_files(folder, name, texts), dry_run)
    except FileExistsError as there:
        ask.tell(Text(f"已有这篇文章：{there}", f"There is such an article: {there}"))
        sys.exit(1)


def _write_all(files: Mapping[Path, str], dry_run: bool) -> None:
    from kb.author.files import replace_file

    for path, content in files.items():
        if dry_run:
            write_text(f"--- articles/{path.name}\n{content}")
        else:
            path.parent.mkdir(exist_ok=True)
            replace_file(path, content)
            write_text(f"articles/{path.name}\n")


def _pair(
    ask: Asker, name: str, question: Text, given: Mapping[str, Any], langs: Sequence[str] = LANGUAGES
) -> dict[str, str]:
    found = {lang: given[f"{name}_{lang}"] for lang in langs if given[f"{name}_{lang}"]}
    if found and langs is LANGUAGES:
        return found
    found |= {lang: ask.optional(f"{question.get(ask.lang)} [{lang}]") for lang in langs if lang not in found}
    found = {lang: text for lang, text in found.items() if text}
    if not found or (langs is not LANGUAGES and len(found) < len(langs)):
        ask.missing(f"{name}-{next(lang for lang in langs if lang not in found)}")
    return found
