"""`kb serve`: its options. Each has a variable too, for containers and units."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from kb.cli.web_options import policy_options

_F = TypeVar("_F", bound=Callable[..., Any])
_FORMATS = ("text", "json", "off")


def _option(name: str, help_: str, **settings: Any) -> Callable[[_F], _F]:
    variable = settings.pop("variable", f"KB_{name.strip('-').upper().replace('-', '_')}")
    return click.option(name, envvar=variable, show_envvar=True, help=help_, **settings)


@click.command()
@policy_options
@_option("--host", "Address to listen on.", default="127.0.0.1", show_default=True)
@_option("--port", "Port to listen on.", type=click.IntRange(1, 65535), default=8055, show_default=True)
@_option("--workers", "Worker processes.", type=click.IntRange(1, 256), default=1, show_default=True)
@_option("--data-dir", "Where the compiled catalogue and the index are kept.", metavar="DIR", variable="KB_CACHE")
@_option("--base-url", "The public address, such as https://kb.example.com; no other Host is answered.", metavar="URL")
@_option("--log-format", "One line per request.", type=click.Choice(_FORMATS), default="text", show_default=True)
@_option("--metrics", "Figures for Prometheus on /metrics (extra: metrics).", is_flag=True)
@click.option("--prepare", is_flag=True, help="Make catalogue and index, then end: when an image is built.")
@click.option("--watch", is_flag=True, help="For writing: show changes and findings as files are saved; one worker.")
def serve(
    host: str,
    port: int,
    workers: int,
    data_dir: str | None,
    base_url: str | None,
    log_format: str,
    metrics: bool,
    prepare: bool,
    watch: bool,
) -> None:
    """Serve the page and the API.

    SIGTERM answers what has begun and ends; SIGHUP loads the content anew without a failed request. Exit status 2: it could not
    start, and says why.
    """
    from kb.web.policy import base_url as checked
    from kb.web.serve import Options, serve
    from kb.web.serve import prepare as prepare_content
    from kb.web.settings import Settings

    if data_dir:
        os.environ["KB_CACHE"] = data_dir
    if prepare:
        click.echo(f"{prepare_content()} entries", err=True)
        return
    if watch:
        os.environ["KB_WATCH"] = "1"
        workers = 1
    settings = Settings(log_format, metrics, checked(base_url or "") or None)
    serve(Options(host, port, workers, settings))
