"""`kb export`: the whole site as files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--lookup",
    type=click.Path(path_type=Path),
    metavar="PYODIDE",
    help="The npm package pyodide, for looking up in the reader's browser: node_modules/pyodide.",
)
def export(folder: Path, lookup: Path | None) -> None:
    """Write the whole site to DIR, to be read from any file host, with a search that needs no server.

    DIR is new, empty, or an earlier export, which is replaced. With --lookup pasted text, settings and combinations are answered
    in the reader's browser; without, that needs `kb serve` or `kb explain`.
    Exit status: 0, or 2 when DIR holds anything else or cannot be written, or PYODIDE is not the package that is wanted.
    """
    from kb.export.build import build
    from kb.export.folder import check, replace
    from kb.export.runtime import runtime
    from kb.web.site import Site

    target = folder.resolve()
    check(target)
    python = runtime(lookup) if lookup else None
    click.echo("kb export: reading the content", err=True)
    files = build(Site.load(), lambda pages: click.echo(f"kb export: {pages} pages", err=True), python)
    replace(target, files)
    size = sum(map(len, files.values()))
    without = "" if lookup else ", without looking up pasted text (--lookup)"
    click.echo(f"kb export: {len(files)} files, {size / 1e6:.1f} MB in {folder}{without}", err=True)
