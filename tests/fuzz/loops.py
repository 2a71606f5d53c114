"""The two ways to try a target: guided by what its inputs cover, and without the counters that this takes, which is faster.

Both go on after a find, so that one does not hide the next; each kind of failure, told by where it was raised, is kept once.
"""

from __future__ import annotations

import faulthandler
import gc
import mmap
import os
import sys
import time
import traceback
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from fuzz.mutate import Mutator, der, stretched
from fuzz.speed import INSTRUMENTED, TEN_KB, Slowest, Work, check_speed, seconds

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
LONGEST = 4096  # bytes of an input
SHORT = 512  # of one in the first two thirds of a guided run: they run faster, and tell as much
HANGS = 60  # seconds
_STRETCHED = 300  # of so many inputs one is made 10 kB long
_OWN_WAYS = {"probed": (der,)}
# The modules of which branches are counted: those that a target is about. Counters everywhere make it several times slower.
ROOMS = {
    "lookup": ("kb.explain", "kb.judge", "kb.match", "kb.inputs", "kb.values", "kb.text"),
    "matching": ("kb.match", "kb.text"),
    "read": ("kb.inputs", "kb.smtp"),
    "bounce": ("kb.inputs",),
    "dialogue": ("kb.inputs", "kb.smtp"),
    "logs": ("kb.inputs", "kb.report"),
    "configuration": ("kb.config",),
    "diagnosis": ("kb.config", "kb.diagnosis"),
    "redaction": ("kb.redact", "kb.percent", "kb.text"),
    "markdown": ("kb.articles",),
    "catalogue": ("kb.catalog",),
    "query": ("kb.search", "kb.content"),
    "http": ("kb.web", "kb.page"),
    "probed": ("kb.probe",),
}


class Finds:
    """What went wrong, each kind once, with its input in build/fuzz/finds."""

    def __init__(self, name: str) -> None:
        self.folder = BUILD / "finds"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.slowest = Slowest()
        self._name = name
        self._kinds: dict[tuple[str, str], int] = {}

    def run(self, work: Work, data: bytes, slack: float) -> None:
        """Try one input; a failure is kept and told, and nothing is raised."""
        try:
            taken = seconds(work, data)
            self.slowest.see(work, data, taken)
            check_speed(self._name, work, data, taken, slack)
        except Exception as error:
            self._keep(error, data)

    def _keep(self, error: Exception, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error).__name__, f"{frames[-1].filename}:{frames[-1].lineno}"
        known = self._kinds.get(kind)
        if known is not None and len(data) >= known:
            return
        self._kinds[kind] = len(data)
        path = self.folder / f"{self._name}-{list(self._kinds).index(kind)}-{kind[0]}"
        path.write_bytes(data)
        print(f"FIND {path}", flush=True)
        traceback.print_exception(error)

    def tell(self, inputs: int, taken: float) -> None:
        """Say how it went, in the form that `run` reads."""
        slow = self.slowest
        (self.folder.parent / f"{self._name}.slowest").write_bytes(slow.data)
        print(f"\nDONE {inputs} {taken:.1f} {len(self._kinds)} {slow.each * 1000:.1f} {len(slow.data)}", flush=True)


def guided(name: str, limit: float, most: int, longest: int) -> None:
    """Fuzz one target with inputs of up to `longest` bytes, for `limit` seconds, or `most` inputs unless that is 0; ends the process."""
    import atheris

    everything = {_module(path) for path in (ROOT / "kb").rglob("*.py")}
    with ExitStack() as stack:
        stack.enter_context(
            atheris.instrument_imports(
                include=["kb"], exclude=sorted(m for m in everything if not _within(m, ROOMS[name]))
            )
        )
        for module in sorted(m for m in everything if _within(m, ROOMS[name]) and not m.endswith("__main__")):
            __import__(module)
    work, known = _ready(name)
    corpus = BUILD / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(known):
        (corpus / f"seed-{number:04}").write_bytes(seed[:LONGEST])
    mutator, finds = Mutator(known, _OWN_WAYS.get(name, ())), Finds(name)
    random, done, started, ends = Random(), 0, time.process_time(), time.monotonic() + limit

    def change(data: bytes, most: int, seed: int) -> bytes:
        random.seed(seed)
        own = mutator.change(bytes(data), random, most) if random.getrandbits(1) else b""
        return own or bytes(atheris.Mutate(data, most))

    def one(data: bytes) -> None:
        nonlocal done
        done += 1
        finds.run(work, data, INSTRUMENTED)
        if done == most or (not done & 0x3F and time.monotonic() > ends):
            finds.tell(done, time.process_time() - started)
            os._exit(0)  # libFuzzer has written what it keeps

    arguments = [
        f"-max_len={longest}",
        f"-timeout={HANGS}",
        "-rss_limit_mb=4096",
        f"-artifact_prefix={finds.folder}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], one, custom_mutator=change)
    gc.freeze()
    atheris.Fuzz()


def plain(name: str, limit: float, most: int) -> None:
    """Try changed inputs of one target for `limit` seconds, or `most` of them unless that is 0."""
    work, known = _ready(name)
    kept = [path.read_bytes() for path in sorted((BUILD / name).glob("*")) if path.is_file()]
    mutator, finds = Mutator([*known, *kept], _OWN_WAYS.get(name, ())), Finds(name)
    number = Random().getrandbits(32)
    path, last = _last(name)
    random = Random(number)
    print(f"random numbers from {number}", flush=True)
    gc.collect()
    gc.freeze()
    done, started, ends = 0, time.process_time(), time.monotonic() + limit
    while not most or done < most:
        if not done & 0x7F:
            faulthandler.dump_traceback_later(HANGS, exit=True)
            if time.monotonic() > ends:
                break
        data = mutator.change(mutator.pick(random), random, LONGEST)
        if not done % _STRETCHED:
            data = stretched(data, random, TEN_KB)
        last[0:4], last[4 : 4 + len(data)] = len(data).to_bytes(4, "big"), data
        finds.run(work, data, 1.0)
        done += 1
    faulthandler.cancel_dump_traceback_later()
    path.unlink()
    finds.tell(done, time.process_time() - started)


def _ready(name: str) -> tuple[Work, list[bytes]]:
    """A target that was warmed with its seeds, and these."""
    from fuzz import targets
    from fuzz.seeds import seeds

    work, known = targets.TARGETS[name], list(seeds(name))
    for seed in known:
        work(seed[:LONGEST])
    targets.sample()
    return work, known


def _last(name: str) -> tuple[Path, mmap.mmap]:
    """Where the input that is being tried stands, after its length in four bytes, should the process end on it."""
    path = BUILD / f"{name}.{os.getpid()}.last"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(4 + max(LONGEST, TEN_KB)))
    with path.open("r+b") as file:
        return path, mmap.mmap(file.fileno(), 0)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _within(module: str, rooms: Any) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)
