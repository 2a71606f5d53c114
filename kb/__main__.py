"""`python -m kb` and the command `kb`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; `explain` in its plain forms without loading the other commands."""
    try:
        plain = _plain_explain(sys.argv[1:])
        if plain is not None:
            import gc

            gc.disable()  # one answer makes little garbage, and looking for it takes longer
            from kb.cli.explain import run

            _leave(run(*plain))
        from kb.cli.commands import cli

        cli(prog_name="kb")
    except BrokenPipeError:
        # The reader of a pipe (`kb … | head`) has seen enough; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError) as error:
        # CatalogError is a ValueError: its text is the list of findings.
        print(f"kb: {error}", file=sys.stderr)
        sys.exit(2)


def _leave(status: int) -> None:
    """End the process at once, all that was written out: to take the interpreter down in order costs as much as the answer."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _plain_explain(arguments: list[str]) -> tuple[str | None, str | None, bool] | None:
    """(text, language, as JSON) of `explain [--json] [--lang zh|en] [TEXT]`; None for anything that needs the full parser."""
    if arguments[:1] != ["explain"]:
        return None
    text: str | None = None
    lang: str | None = None
    as_json = False
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "--json":
            as_json = True
        elif argument == "--lang":
            lang = next(rest, "")
            if lang not in ("zh", "en"):
                return None
        elif argument == "-" or (not argument.startswith("-") and text is None):
            text = argument
        else:
            return None
    return text, lang, as_json


if __name__ == "__main__":
    main()
