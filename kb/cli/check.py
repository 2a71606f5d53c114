"""`kb check` and `kb fmt`: is the content right, and is it in its form."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb.cli.files import user_language, write_text
from kb.text import Text

_FORMATS = ("text", "gcc", "github", "json")
_ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with errors.yaml and articles/.",
)
_LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the messages (default: your locale).")


@click.command()
@_ROOT
@click.option(
    "--base", metavar="REF", help="Only what changed since REF (a commit or branch), and what that broke elsewhere."
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--rules", is_flag=True, help="List the rules.")
@click.option("--explain", "number", metavar="KBnnn", help="Tell what a rule means and how to mend what breaks it.")
@_LANG
def check(
    root: Path | None, base: str | None, form: str, strict: bool, rules: bool, number: str | None, lang: str | None
) -> None:
    """Check errors.yaml and the articles; every finding names file, line and column.

    Exit status: 0 no errors, 1 errors, 2 usage. Notes and warnings do not fail.
    """
    language = user_language(lang)
    if rules or number:
        sys.exit(_tell(number, language))
    from kb.check.report import counts, report, summary
    from kb.data import data_root

    folder = root or Path(data_root())
    if base:
        from kb.check.base import check_changes

        findings = check_changes(folder, base)
    else:
        from kb.check import check

        findings = check(folder)
    write_text(report(findings, form, language))
    if form == "text":
        click.echo(summary(findings, language), err=True)
    found = counts(findings)
    sys.exit(1 if found["errors"] or (strict and found["warnings"]) else 0)


def _tell(number: str | None, lang: str) -> int:
    from kb.check.book import RULES
    from kb.check.report import explained, listed

    if number is None:
        write_text(listed(lang))
        return 0
    rule = RULES.get(number.upper())
    if rule is None:
        text = Text(
            f"没有规则 {number}；kb check --rules 列出全部。",
            f"There is no rule {number}; kb check --rules lists them.",
        )
        click.echo(text.get(lang), err=True)
        return 2
    write_text(explained(rule, lang))
    return 0


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path))
@_ROOT
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit with 1 when something would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@_LANG
def fmt(files: tuple[Path, ...], root: Path | None, only_check: bool, diff: bool, lang: str | None) -> None:
    """Put errors.yaml, the providers' tables and the articles' front matter in canonical form.

    Without FILE, all of them. What a file says stays the same, comments too; a file that cannot be read is left alone.
    Exit status: 0 done, 1 something would change (--check, --diff), 2 a file cannot be read.
    """
    from kb.author.fmt import differences, run
    from kb.data import data_root

    language = user_language(lang)
    folder = root or Path(data_root())
    results = run(folder, files, write=not (only_check or diff))
    for result in results:
        for finding in result.findings:
            click.echo(finding.format(language), err=True)
        if diff:
            write_text(differences(result))
        elif result.changed:
            write_text(f"{result.shown}\n")
    failed = any(result.findings for result in results)
    changed = any(result.changed for result in results)
    sys.exit(2 if failed else 1 if changed and (only_check or diff) else 0)
