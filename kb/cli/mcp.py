"""`kb mcp`: the Model Context Protocol on standard input and output."""

from __future__ import annotations

import click


@click.command()
def mcp() -> None:
    """Serve the knowledge base to agents over standard input and output (Model Context Protocol; extra: mcp).

    docs/mcp.md shows how to tell a client about it.
    """
    try:
        from kb.mcp_server import make_server
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise click.ClickException("kb mcp needs the extra mcp: pip install 'smtp-kb[mcp]'") from error
    make_server().run("stdio")
