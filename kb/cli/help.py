"""Help in the reader's language, and names of files where a shell completes an argument."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import click

from kb.cli.words import MORE, OPTIONS, SHORT

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def told(command: click.Command, path: str, lang: str) -> click.Command:
    """The command at `path` (`new error`), its help in `lang`."""
    found = copy(command)
    found.short_help = SHORT[path].get(lang)
    if isinstance(command, click.Group) and isinstance(found, click.Group):
        found.commands = {name: told(each, f"{path} {name}", lang) for name, each in command.commands.items()}
    if lang == "zh":
        more = MORE.get(path, "")
        # \b: the lines stay as they are.
        found.help = f"{SHORT[path].zh}。" + (f"\n\n\b\n{more}" if more else "")
        found.params = [_in_chinese(parameter, path) for parameter in command.params]
    return found


def _in_chinese(parameter: click.Parameter, path: str) -> click.Parameter:
    name = max(parameter.opts, key=len)
    text = OPTIONS.get(f"{path} {name}") or OPTIONS.get(name)
    if not isinstance(parameter, click.Option) or text is None:
        return parameter
    found = copy(parameter)
    found.help = text
    return found


def file_names(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """What the shell is to complete by the names of files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(typed, type="file")]
