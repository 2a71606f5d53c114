"""The loop: python -m fuzz.run [TARGET…] [--seconds 60] [--runs N] [--way guided|plain|both], in tests/. Needs the extra `fuzz`.

Each target runs in processes of its own. The guided way (atheris) counts the branches that inputs cover: what covers something new
is kept in build/fuzz/TARGET and is where the next run goes on; its first two thirds try short inputs. The plain way changes what was
kept, without counters, so it tries several times as many, and its times are those of the product; some of its inputs are
stretched to 10 kB. A find (a crash, a promise that does not hold, or an input slower than fuzz.speed allows) is written to
build/fuzz/finds/TARGET-…; once mended, its input belongs into tests/cases/fuzz/TARGET/. Exit status 1 if there was a find.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from fuzz.loops import BUILD, LONGEST, ROOT, SHORT, guided, plain

# (way, longest input in bytes, share of the time)
_PARTS = (("guided", SHORT, 1 / 3), ("guided", LONGEST, 1 / 6), ("plain", LONGEST, 1 / 2))


def main() -> int:
    """Fuzz the targets named, one after another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="the functions in targets.py; default all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--runs", type=int, default=0, help="inputs for each target, 0 for as many as the time allows")
    parser.add_argument("--way", choices=("guided", "plain", "both"), default="both")
    parser.add_argument("--longest", type=int, help=argparse.SUPPRESS)  # of one part, in the process that does it
    chosen = parser.parse_args()
    if chosen.longest:
        if chosen.way == "guided":
            guided(chosen.targets[0], chosen.seconds, chosen.runs, chosen.longest)
        else:
            plain(chosen.targets[0], chosen.seconds, chosen.runs)
        return 0
    from fuzz.targets import TARGETS

    parts = [part for part in _PARTS if chosen.way in (part[0], "both")]
    clean = [_target(name, parts, chosen.seconds, chosen.runs) for name in chosen.targets or TARGETS]
    return 0 if all(clean) else 1


def _target(name: str, parts: list[tuple[str, int, float]], seconds: int, runs: int) -> bool:
    """Fuzz one target and print a line on it. Whether nothing was found."""
    whole = sum(share for _, _, share in parts)
    inputs, taken, finds, slowest = 0, 0.0, 0, {"guided": 0.0, "plain": 0.0}
    for way, longest, share in parts:
        mine = ["--way", way, "--longest", str(longest)]
        limits = ["--seconds", str(max(1, round(seconds * share / whole))), "--runs", str(round(runs * share / whole))]
        done = subprocess.run(
            [sys.executable, "-m", "fuzz.run", name, *mine, *limits],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT / "tests",
            check=False,
        )
        said = done.stdout.decode("utf-8", "replace")
        (BUILD / f"{name}.{way}.log").write_text(said, "utf-8")
        told = said.rpartition("\nDONE ")[2].split()[:5] if "\nDONE " in said else ["0", "0", "1", "0", "0"]
        inputs, taken, finds = inputs + int(told[0]), taken + float(told[1]), finds + int(told[2])
        slowest[way] = max(slowest[way], float(told[3]))
        if done.returncode or told[2] != "0":
            print(said[-6000:], file=sys.stderr)
    print(
        f"{name:14} {inputs:>10,} inputs {taken:>8,.0f} s {inputs / max(taken, 0.1):>7,.0f}/s {finds:>3} found;"
        f" slowest for each 10 kB {slowest['plain']:.1f} ms, with counters {slowest['guided']:.1f} ms",
        flush=True,
    )
    return not finds


if __name__ == "__main__":
    sys.exit(main())
