"""All commands of `kb`. Whatever is heavy is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kb import __version__
from kb.cli import check as content
from kb.cli.export import export
from kb.cli.files import user_language, write_text
from kb.cli.help import file_names, told
from kb.cli.i18n import i18n
from kb.cli.mcp import mcp
from kb.cli.new import new
from kb.cli.serve import serve
from kb.cli.trial import test
from kb.cli.watch import watch

_LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the answer (default: your locale).")
_JSON = click.option("--json", "as_json", is_flag=True, help="The JSON contract instead of text.")


class _Commands(click.Group):
    """Commands that live in a module of their own are imported when they are called."""

    own = ("report",)

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(context), *self.own})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command `name` of the module `kb.cli.<name>`, or one of this module, its help in the reader's language."""
        command = super().get_command(context, name)
        if name in self.own:
            command = getattr(import_module(f"kb.cli.{name}"), name)
        return command and told(command, name, user_language(None))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kb")
def cli() -> None:
    """From an SMTP error to its cause and its cure. / 从 SMTP 报错到原因与解决办法。"""


@cli.command()
@click.argument("text", required=False, metavar="[TEXT|-|FILE]", shell_complete=file_names)
@_LANG
@_JSON
def explain(text: str | None, lang: str | None, as_json: bool) -> None:
    """Explain an error, a log or a bounce. Exit status: 0 answered, 1 no answer, 2 usage."""
    from kb.cli.explain import run

    sys.exit(run(text, lang, as_json))


@cli.command()
@click.argument("query")
@_LANG
@_JSON
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many results.")
def search(query: str, lang: str | None, as_json: bool, limit: int) -> None:
    """Search entries, articles and codes, in Chinese or English."""
    from kb.content import open_searcher, search_json
    from kb.data import open_store
    from kb.render.search_text import search_text

    language = user_language(lang)
    with open_searcher() as searcher:
        result = search_json(searcher, query, language, limit, store=open_store())
    if as_json:
        write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    else:
        write_text(search_text(result))
    sys.exit(0 if result["results"] else 1)


@cli.command()
@click.argument("files", nargs=-1, metavar="[FILE|-]…", shell_complete=file_names)
@click.option("--error", metavar="TEXT|FILE", help="The error that this configuration gave.", shell_complete=file_names)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="FACT=VALUE",
    help="What no file tells, such as starttls=offered; an answer that depends says what it wants to know.",
)
@_LANG
@_JSON
def diagnose(
    files: tuple[str, ...], error: str | None, answers: tuple[str, ...], lang: str | None, as_json: bool
) -> None:
    """Say how a client and a server get on, from their configuration files (main.cf, .env, compose …).

    Exit status: 0 the mail goes through, 1 it does not or that depends, 2 usage.
    """
    from kb.cli.diagnose import run

    sys.exit(run(files, error, answers, lang, as_json))


@cli.command(name="probe")
@click.argument("host", required=False, metavar="HOST[:PORT]")
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="FILE",
    help="A client's settings, as `kb diagnose` takes them.",
    shell_complete=file_names,
)
@click.option("--user", default="", help="Log in as this user; the password is asked for, or in KB_PROBE_PASSWORD.")
@click.option("--mechanism", type=click.Choice(["PLAIN", "LOGIN", "CRAM-MD5"], case_sensitive=False))
@click.option("--password-in-clear", is_flag=True, help="Send the password without TLS, for anyone on the way to read.")
@click.option(
    "--password-to-unverified", is_flag=True, help="Send the password to a server whose certificate does not verify."
)
@click.option("--from", "sender", default="", metavar="ADDRESS", help="Sender to ask with (default: the empty one).")
@click.option(
    "--to", "recipient", default="", metavar="ADDRESS", help="Ask whether this recipient is taken; no mail is sent."
)
@click.option("--ehlo", default="", metavar="NAME", help="Name to give in EHLO (default: the own address).")
@click.option("--tls", type=click.Choice(["auto", "starttls", "implicit"]), default="auto", help="How the port begins.")
@click.option("--tls-versions", is_flag=True, help="Try every TLS version, with a connection each.")
@click.option(
    "--ca-file",
    metavar="FILE",
    help="Authorities that the client trusts besides the system's.",
    shell_complete=file_names,
)
@click.option(
    "--timeout", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Seconds for each step."
)
@_LANG
@_JSON
def probe_server(**arguments: Any) -> None:
    """Ask a real mail server what it does, and whether mail gets through it. No mail is sent.

    Exit status: 0 mail goes through, 1 it does not, 2 usage, 3 it depends on what cannot be seen from outside.
    """
    from kb.cli.probe import run_command

    sys.exit(run_command(arguments))


@cli.command()
@click.option("--jsonl", is_flag=True, required=True, help="JSON Lines in and out.")
def classify(jsonl: bool) -> None:
    """Add `answered`, `basis`, `reason` and `entry` to JSON objects with `text` on standard input, in order, streaming."""
    from kb.cli.classify import run

    sys.exit(run(sys.stdin.buffer, sys.stdout.buffer))


@cli.command(name="eval")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--misses", is_flag=True, help="Also print every row that was not answered right.")
def evaluate(paths: tuple[Path, ...], misses: bool) -> None:
    """Score answers against labelled rows (JSON Lines with `text` and `accept`) and whole bounces."""
    from kb.evaluate import evaluate, table
    from kb.inputs.encoding import decode
    from kb.knowledge_base import KnowledgeBase

    base = KnowledgeBase.open(preload=True)

    def reasons_of(raw: bytes) -> list[str | None]:
        answer = base.explain(decode(raw))
        return [own.reason for _, own in answer.recipients] or ([answer.reason] if answer.format == "dsn" else [])

    scores = evaluate(list(paths), lambda text: base.classify(text)["reason"], reasons_of)
    click.echo(table(scores))
    confusions = sum((score.confusions for score in scores), start=type(scores[0].confusions)()) if scores else {}
    for (expected, given), count in sorted(confusions.items(), key=lambda item: -item[1])[:20]:
        click.echo(f"  {count:3}  {expected} taken for {given}")
    if misses:
        for score in scores:
            for expected, got, text in score.misses:
                click.echo(f"{score.corpus}\t{expected}\t{got or '-'}\t{' '.join(text.split())[:300]}")


@cli.command()
@click.argument("base")
@click.argument("head", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_LANG
@click.option("--markdown", is_flag=True, help="For the page of a review.")
def diff(base: str, head: Path | None, lang: str | None, markdown: bool) -> None:
    """Say which texts the catalogue in HEAD (default: this checkout) answers otherwise than the one in BASE.

    HEAD is a folder with an errors.yaml, BASE one too, or a commit or branch: then where this branch left it. Exit status: 0,
    or 2 when one of the catalogues cannot be used.
    """
    from kb.cli.diff import base_folder, run
    from kb.data import data_root

    folder = head or Path(data_root())
    with base_folder(folder, base) as before:
        status = run(before, folder, lang, markdown)
    sys.exit(status)


@cli.command()
@click.option("--write", is_flag=True, help="Write the generated files of a checkout.")
@click.option("--check", "only_check", is_flag=True, help="Exit with 1 when a generated file is not current.")
def schema(write: bool, only_check: bool) -> None:
    """Print the JSON schema of errors.yaml, or write or check the generated files of a checkout.

    Exit status 1 too when the API no longer keeps what it was published to do (kb/schema/api.txt)."""
    from kb.data import data_root
    from kb.generated import broken_promises, errors_schema, generated_files

    if not write and not only_check:
        click.echo(errors_schema(), nl=False)
        return
    root = Path(data_root())
    stale = {
        path: text
        for path, text in generated_files(root).items()
        if not path.is_file() or path.read_text("utf-8") != text
    }
    for path, text in stale.items():
        click.echo(
            f"{path.relative_to(root)}: not current; run kb schema --write" if only_check else path.relative_to(root)
        )
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    broken = broken_promises(root)
    for line in broken:
        click.echo(f"kb/schema/api.txt: the API no longer keeps this: {line}")
    sys.exit(1 if broken or (only_check and stale) else 0)


for _command in (content.check, content.fmt, export, i18n, mcp, new, serve, test, watch):
    cli.add_command(_command)
