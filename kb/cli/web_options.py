"""Options of `kb serve` that say how the server presents itself and what it allows. They become environment variables, so that
worker processes and other WSGI servers read the same (`kb/web/policy.py`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    ("--rate-limit", "KB_RATE_LIMIT", "Requests a minute and client address; 0 for no limit."),
    ("--trusted-proxies", "KB_TRUSTED_PROXIES", "How many proxies in front write X-Forwarded-For."),
    ("--security-contact", "KB_SECURITY_CONTACT", "Address for /.well-known/security.txt: mailto:, https: or tel:."),
)


def policy_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command, which gets no arguments of them."""
    for name, variable, text in reversed(_OPTIONS):
        command = click.option(
            name, help=text, envvar=variable, show_envvar=True, expose_value=False, callback=_set(variable)
        )(command)
    return command


def _set(variable: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def set_variable(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value is None:
            return
        from kb.web.policy import Policy

        try:
            Policy.read({variable: value})
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
        os.environ[variable] = value

    return set_variable
