"""`kb watch`: a mail log as it grows, each new kind of failure explained once."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from kb.cli.files import user_language, write_text
from kb.cli.help import file_names
from kb.text import Text

NOTHING_FAILED, FAILED, USAGE, UNEXPLAINED = 0, 1, 2, 3
OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3  # what Nagios, Icinga and their like make of an exit status
_NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


@dataclass(frozen=True)
class How:
    """once: to the end, not for ever. every: seconds between two summaries. as_json, lang: what is written."""

    once: bool
    from_start: bool
    every: float
    as_json: bool
    lang: str


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]", shell_complete=file_names)
@click.option("--once", is_flag=True, help="Read what is there, then end; do not wait for more.")
@click.option("--from-start", is_flag=True, help="Begin with the first line of FILE, not with the next.")
@click.option(
    "--every", type=click.FloatRange(1), default=300, show_default=True, help="Seconds between two summaries."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the answers (default: your locale).")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of text.")
@click.option("--nagios", is_flag=True, help="With --once: one line and an exit status for Nagios and Icinga.")
@click.option("--warning", type=click.IntRange(1), default=1, show_default=True, help="With --nagios: failures for it.")
@click.option(
    "--critical", type=click.IntRange(1), default=50, show_default=True, help="With --nagios: failures for it."
)
def watch(
    file: str | None,
    once: bool,
    from_start: bool,
    every: float,
    lang: str | None,
    as_json: bool,
    nagios: bool,
    warning: int,
    critical: int,
) -> None:
    """Watch a mail log (Postfix, Exim, sendmail, Mailpit): explain each new kind of failure once, then count.

    FILE is followed when it is rotated. Without FILE standard input: journalctl -fu postfix | kb watch. Ctrl-C ends with the
    counts. Exit status: 0 nothing failed, 1 failures, all explained, 2 usage, 3 failures that the catalogue does not know.
    """
    if nagios and not once:
        raise click.UsageError("--nagios needs --once: a check has to end")
    try:
        if nagios:
            sys.exit(_check(file, How(True, True, every, False, user_language(lang)), warning, critical))
        sys.exit(run(file, How(once, from_start or once, every, as_json, user_language(lang))))
    except BrokenPipeError:
        raise  # the reader of our output left, which `kb.__main__` takes as the end
    except OSError as error:
        problem = Text(f"无法读取 {file}：{error.strerror}。", f"Cannot read {file}: {error.strerror}.")
        print(problem.get(user_language(lang)), file=sys.stderr)
        sys.exit(UNKNOWN if nagios else USAGE)


def run(file: str | None, how: How) -> int:
    """Watch until the log ends or somebody stops it; the exit status. Raises OSError when there is no such file."""
    from kb.data import open_store
    from kb.watch import Tally, show

    store = open_store()
    store.preload()
    tally = Tally(store)
    new_kind = show.new_kind_json if how.as_json else show.new_kind_text
    summary = show.summary_json if how.as_json else show.summary_text
    told, due = 0, time.monotonic() + how.every
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        for line in _lines(file, how):
            if line is not None:
                kind = tally.add(line)
                if kind is not None:
                    write_text(new_kind(store, kind, how.lang))
            if time.monotonic() >= due:
                if tally.failures != told:
                    told = tally.failures
                    write_text(summary(tally, store, how.lang))
                due = time.monotonic() + how.every
    except KeyboardInterrupt:
        pass  # Ctrl-C or SIGTERM: that is how watching ends.
    finally:
        signal.signal(signal.SIGTERM, before)
    write_text(summary(tally, store, how.lang))
    return UNEXPLAINED if tally.unexplained else FAILED if tally.failures else NOTHING_FAILED


def _check(file: str | None, how: How, warning: int, critical: int) -> int:
    """One line for Nagios: the state, the most frequent failure, and figures after a bar."""
    from kb.data import open_store
    from kb.watch import Tally, show

    store = open_store()
    store.preload()
    tally = Tally(store)
    for line in _lines(file, how):
        tally.add(line or b"")
    state = CRITICAL if tally.failures >= critical else WARNING if tally.failures >= warning else OK
    said = f"{tally.failures} failures of {len(tally.kinds)} kinds in {tally.lines} lines"
    if tally.kinds:
        most = max(tally.kinds.values(), key=lambda kind: kind.count)
        body = show.answer(store, most, how.lang)
        said += f"; most: {show.title(most, body, how.lang)}".replace("|", "/")
    figures = f"failures={tally.failures};{warning};{critical};0 unexplained={tally.unexplained};;;0"
    write_text(f"MAIL {_NAMES[state]} - {said} | {figures}\n")
    return state


def _lines(file: str | None, how: How) -> Iterator[bytes | None]:
    from kb.watch.follow import follow, read_all, read_pipe

    if file in (None, "-"):
        descriptor = sys.stdin.fileno()
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return read_all(sys.stdin.buffer)
        return read_pipe(descriptor)
    if how.once:
        return _file(str(file))
    return follow(str(file), how.from_start)


def _file(name: str) -> Iterator[bytes | None]:
    from kb.watch.follow import read_all

    with Path(name).open("rb") as source:
        yield from read_all(source)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
