"""`kb report`: whole logs in, what went wrong in them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from kb.cli.files import user_language, write_text
from kb.cli.help import file_names
from kb.data import open_store
from kb.report import run as running
from kb.report.as_html import report_html
from kb.report.as_json import dumps, report_json
from kb.report.as_text import report_text
from kb.report.tally import Tally

COMPLETE, PARTIAL, USAGE = 0, 1, 2


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…|-", shell_complete=file_names)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the report (default: your locale).")
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to count with.")
@click.option(
    "--engine",
    type=click.Choice([running.AUTO, running.FAST, running.DEFAULT]),
    default=running.AUTO,
    show_default=True,
    help="`fast` needs the extra of that name; the report is the same.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Count on this Dask cluster, which must see the files (extra dask)."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def report(
    files: tuple[str, ...],
    lang: str | None,
    format_: str,
    as_json: bool,
    jobs: int,
    engine: str,
    scheduler: str | None,
    output: Path | None,
) -> None:
    """Count the failures in mail logs by what they mean, with the fix for each.

    Plain, gzip, bzip2, xz and zstd files, journalctl -o json and -o export; `-` is standard input.
    Exit status: 0 complete, 1 partial (it says what is missing), 2 nothing could be read.
    """
    store = open_store()
    engine = _engine(engine)
    parts, wrong = running.plan(files, jobs, store.version, engine)
    total = _count(parts, jobs, scheduler)
    total.add(wrong)
    body = report_json(total, files, store, user_language(lang))
    for problem in body["problems"]:
        click.echo(f"kb report: {problem['file']}: {problem['text']}", err=True)
    if not total.bytes and not body["complete"]:
        sys.exit(USAGE)
    format_ = "json" if as_json else format_
    text = {"json": dumps, "html": report_html, "text": report_text}[format_](body)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        write_text(text)
    sys.exit(COMPLETE if body["complete"] else PARTIAL)


def _engine(wanted: str) -> str:
    """The engine to use: unless told otherwise, `fast` where it is installed. UsageError with what to install where it is not."""
    if wanted == running.DEFAULT:
        return wanted
    if find_spec("hyperscan") is not None:
        return running.FAST
    if wanted == running.AUTO:
        return running.DEFAULT
    raise click.UsageError("--engine fast needs Hyperscan: pip install 'smtp-kb[fast]'")


def _count(parts: Sequence[running.Part], jobs: int, scheduler: str | None) -> Tally:
    with _progress(parts) as progress:
        if scheduler:
            from kb.report.cluster import run_cluster

            return run_cluster(parts, scheduler, progress)
        if jobs > 1 and len(parts) > 1:
            return running.run_pool(parts, jobs, progress)
        return running.run_here(parts, progress)


@contextmanager
def _progress(parts: Sequence[running.Part]) -> Iterator[running.Progress]:
    """A bar on standard error where that is a terminal; else nothing."""
    if not sys.stderr.isatty() or not parts:
        yield lambda _: None
        return
    length = sum(running.size(part) for part in parts if part.path != "-")
    with click.progressbar(length=max(length, 1), file=sys.stderr, label="kb report") as bar:
        yield lambda read: bar.update(read)
