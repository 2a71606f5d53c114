"""`kb export`: the whole site as files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def export(folder: Path) -> None:
    """Write the whole site to DIR, to be read from any file host, with a search that needs no server.

    DIR is new, empty, or an earlier export, which is replaced. Looking up pasted text needs `kb serve` or `kb explain`.
    Exit status: 0, or 2 when DIR holds anything else or cannot be written.
    """
    from kb.export.build import build
    from kb.export.folder import check, replace
    from kb.web.site import Site

    target = folder.resolve()
    check(target)
    click.echo("kb export: reading the content", err=True)
    files = build(Site.load(), lambda pages: click.echo(f"kb export: {pages} pages", err=True))
    replace(target, files)
    size = sum(map(len, files.values()))
    click.echo(f"kb export: {len(files)} files, {size / 1e6:.1f} MB in {folder}", err=True)
