"""`kb i18n`: what is missing in a language, which translations are old, and marking them as compared."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kb.cli.files import user_language, write_text
from kb.text import Text

_ROOT = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with errors.yaml."
)
_STATES = {
    "missing": Text("缺", "missing"),
    "stale": Text("旧", "stale"),
    "unstamped": Text("未标明", "not stamped"),
    "current": Text("最新", "current"),
}


@click.group()
def i18n() -> None:
    """The two languages: what is missing, what is out of date."""


@i18n.command()
@_ROOT
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.option("--lang", type=click.Choice(["zh", "en"]))
def status(root: Path | None, as_json: bool, lang: str | None) -> None:
    """List texts in one language only, and how each article's translation stands. Exit status 1 when there is work."""
    from kb.check.content import Content
    from kb.check.translation import CURRENT, status
    from kb.data import data_root

    rows = status(Content.read(root or Path(data_root())))
    open_ = [row for row in rows if row.state != CURRENT]
    if as_json:
        write_text(
            json.dumps({"schema_version": 1, "rows": [row._asdict() for row in rows]}, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        language = user_language(lang)
        for row in open_:
            parts = f"  ({', '.join(row.parts)})" if row.parts else ""
            write_text(f"{row.lang}  {_STATES[row.state].get(language)}  {row.kind} {row.id}{parts}\n")
        done = len(rows) - len(open_)
        write_text(
            Text(
                f"{done} 篇译文是最新的，{len(open_)} 处待补\n", f"{done} translations current, {len(open_)} to do\n"
            ).get(language)
        )
    sys.exit(1 if open_ else 0)


@i18n.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]…")
@click.option("--all", "every", is_flag=True, help="All articles.")
@_ROOT
def stamp(slugs: tuple[str, ...], every: bool, root: Path | None) -> None:
    """Mark translations as compared with their sources: writes `translated_from` into their front matter."""
    from kb.author.stamp import stamp_articles
    from kb.data import data_root

    if not slugs and not every:
        raise click.UsageError("name articles, or --all")
    for name in stamp_articles(root or Path(data_root()), slugs, user_language(None)):
        write_text(f"articles/{name}\n")
