"""The loop: python -m fuzz.run [TARGET…] [--seconds 60] [--runs N] [--jobs 1], in tests/. Needs the extra `fuzz`.

Each target runs in a process of its own, which libFuzzer leaves at its first find. Inputs that cover something new are kept in
build/fuzz/TARGET and are where the next run goes on. A find (a crash, a promise that does not hold, or an input slower than
SLOW) is written to build/fuzz/finds/TARGET-…; once mended, its input belongs into tests/cases/fuzz/TARGET/. Exit status 1 if there
was a find.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
LONGEST = 4096  # bytes of an input
# Processor time that an input may take: 50 ms for every 10 kB or part of it, the least of three runs. Byte code that counts its
# branches for the fuzzer runs some three times as long.
SLOW = 0.05
TEN_KB = 10_000
INSTRUMENTED = 3.0
# Markdown is rendered when the content is built, of texts whose size is limited (kb/articles/rules.py), not of a request. A diagnosis
# searches for cures, which takes its time however little was pasted; its own target asks for two.
SLOW_OF = {"markdown": 0.5, "configuration": 0.25, "diagnosis": 0.5, "asks for a diagnosis": 0.25}


class SlowInputError(Exception):
    """An input that takes too long."""


def seconds(work, data: bytes) -> float:
    """Processor time of one run."""
    started = time.process_time()
    work(data)
    return time.process_time() - started


def check_speed(name: str, work, data: bytes, first: float, slack: float = INSTRUMENTED) -> None:
    """Raises SlowInputError if the input that took `first` seconds is too slow whenever it runs."""
    asks = name == "http" and b"/diagnose" in data.partition(b"\n")[0]
    allowed = slack * SLOW_OF.get("asks for a diagnosis" if asks else name, SLOW) * -(-max(len(data), 1) // TEN_KB)
    if first > allowed:
        taken = min(first, *(seconds(work, data) for _ in range(2)))
        if taken > allowed:
            raise SlowInputError(f"{taken * 1000:.0f} ms for {len(data)} bytes")


def fuzz(name: str, limits: list[str]) -> None:
    """Fuzz one target in this process until libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["kb"]):
        from fuzz.seeds import seeds
        from fuzz.targets import TARGETS

    work = TARGETS[name]
    corpus, finds = BUILD / name, BUILD / "finds"
    for folder in (corpus, finds):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number:04}").write_bytes(seed[:LONGEST])
        work(seed[:LONGEST])

    def one(data: bytes) -> None:
        check_speed(name, work, data, seconds(work, data))

    arguments = [
        f"-max_len={LONGEST}",
        "-timeout=30",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-artifact_prefix={finds}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *arguments, *limits, str(corpus)], one)
    atheris.Fuzz()


def main() -> int:
    """Fuzz the targets named, each in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="the functions in targets.py; default all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--runs", type=int, default=0, help="inputs for each target, 0 for as many as the time allows")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    limits = [f"-max_total_time={chosen.seconds}"] + ([f"-runs={chosen.runs}"] if chosen.runs else [])
    if chosen.one:
        fuzz(chosen.targets[0], limits)
        return 0
    from fuzz.targets import TARGETS

    failed = False
    for name in chosen.targets or TARGETS:
        command = [
            sys.executable,
            "-m",
            "fuzz.run",
            "--one",
            name,
            "--seconds",
            str(chosen.seconds),
            "--runs",
            str(chosen.runs),
        ]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT / "tests", check=False
        )
        said = done.stdout.decode("utf-8", "replace")
        runs = said.rpartition("stat::number_of_executed_units:")[2].split()[:1] or ["?"]
        print(
            f"{name:14} {int(runs[0]) if runs[0].isdigit() else 0:>12,} inputs  {'found something' if done.returncode else 'nothing found'}",
            flush=True,
        )
        if done.returncode:
            failed = True
            print(said[-6000:], file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
