"""Kill the builder of the search index, damage what it wrote, fill its disk: python tests/kills.py [--kills N] [--flips N] …

`make kills` runs all of it for real; the tests run smaller numbers. After every blow a search has to answer from the former or
the new content, whole and right. Prints how often each step of publishing was the last.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from kb.search import Document, index, open_or_build, publish
from kb.search.searcher import Searcher

PAGES = 12
PARTS = ("waiting", "building", "sealing", "renamed", "pointing", "pruning")
# What the builder is doing when it works on a file for the first time, by event and beginning of the name.
_STEPS = (
    ("mkdir", "build-", "building"),
    ("open", "build-*/manifest", "sealing"),
    ("rename", "build-", "renamed"),
    ("open", "CURRENT.new", "pointing"),
    ("rename", "CURRENT.new", "pruning"),
)


def documents(version: str, pages: int = PAGES) -> list[Document]:
    """Pages that say which content they are of, in every part that can be found."""
    return [
        Document("entry", f"e-{n}", lang, f"{version} title{n}", f"{version} summary", f"{version} word{n} 内容 same")
        for n in range(pages)
        for lang in ("zh", "en")
    ]


def answers(searcher: Searcher, allowed: set[str]) -> str:
    """The one content that all searches answer from. AssertionError if one is wrong, empty or of two contents."""
    versions = set()
    for n in range(PAGES):
        hits = searcher.search(f"word{n}", "en")
        assert hits, f"word{n} is not found"
        assert hits[0].id == f"e-{n}", hits[0].id
        versions |= {hits[0].title.split()[0], hits[0].summary.split()[0], hits[0].snippet.text.split()[0].strip("…")}
    assert len(searcher.search("内容", "zh", 100)) == PAGES
    assert len(versions) == 1, versions
    assert versions <= allowed, versions
    return versions.pop()


def answered(root: Path, allowed: set[str]) -> str:
    """What a process that starts now answers, without building."""
    found = index.find(root)
    assert found is not None, "there is no index"
    with Searcher(index.open_reader(found)) as searcher:
        return answers(searcher, allowed)


def kill_at_random(root: Path, kills: int, least: int) -> Counter[str]:
    """SIGKILL builders at a random moment of a random step, until there are `kills` with `least` in each; where they hit."""
    hits: Counter[str] = Counter()
    former, number = "v0", 0
    open_or_build(root, documents(former), former).close()
    chance = random.Random(1)
    while hits.total() - hits["finished"] < kills or min(hits[part] for part in PARTS) < least:
        number += 1
        new = f"v{number}"
        rare = [part for part in PARTS if hits[part] < least] or list(PARTS)
        part = _killed(root, new, chance.choice(rare), chance.random() ** 2)
        former = answered(root, {former, new})
        hits[part or "finished"] += 1
        if part is None:
            assert former == new, "a finished builder published nothing"
    return hits


def _killed(root: Path, version: str, part: str, wait: float) -> str | None:
    """Build in a child that tells its steps; kill it in `part`, `wait` of that step's usual time in. The step it died in."""
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(told)
        _build_and_tell(root, version, tell)
    os.close(tell)
    last, begun = PARTS[0], False
    with open(told, "rb", buffering=0) as steps:  # noqa: PTH123 - a pipe
        while not begun and (raw := steps.read(1)):
            last = PARTS[raw[0]]
            begun = last == part
        if begun:
            _spin(wait * _USUAL[part])
            os.kill(pid, signal.SIGKILL)
            for raw in iter(lambda: steps.read(1), b""):
                last = PARTS[raw[0]]
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        return last
    assert os.waitstatus_to_exitcode(status) == 0
    return None


_USUAL = {
    "waiting": 0.0005,
    "building": 0.02,
    "sealing": 0.002,
    "renamed": 0.0005,
    "pointing": 0.0005,
    "pruning": 0.001,
}


def _spin(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def _build_and_tell(root: Path, version: str, tell: int) -> None:
    """Publish in this process, so that the kill hits what writes, and say through the pipe which step begins."""
    from kb.search import build

    waiting = list(_STEPS)

    def step(event: str, arguments: tuple[object, ...]) -> None:
        if waiting and arguments and _is_step(event, str(arguments[0]), root, *waiting[0][:2]):
            os.write(tell, bytes([PARTS.index(waiting.pop(0)[2])]))

    try:
        os.write(tell, b"\0")
        sys.addaudithook(step)
        publish.publish(root, index.content_name(version), lambda path: build.write(path, documents(version)), 60)
        os._exit(0)
    except BaseException:
        os._exit(1)


def _is_step(event: str, path: str, root: Path, wanted: str, name: str) -> bool:
    if not event.endswith(wanted) or not path.startswith(str(root)):
        return False
    return Path(path[len(str(root)) + 1 :]).match(f"{name}*")


def flip(root: Path, flips: int) -> Counter[str]:
    """Flip one bit of the current index at a time: it is seen before the index is opened, and the former one answers."""
    for version in ("old", "new"):
        open_or_build(root, documents(version), version).close()
    current = index.find(root)
    assert current is not None
    files = sorted(current.path.iterdir())
    chance = random.Random(2)
    seen: Counter[str] = Counter()
    for number in range(flips):
        path = files[number % len(files)]
        raw = bytearray(path.read_bytes())
        place, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        raw[place] ^= bit
        path.write_bytes(raw)
        found = index.find(root)
        seen["passed over" if found is not None and found.path != current.path else "NOT SEEN"] += 1
        if number % 25 == 0:
            answered(root, {"old"})
        raw[place] ^= bit
        path.write_bytes(raw)
    answered(root, {"new"})
    return seen


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of its own. PermissionError where one may not be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
        if done.returncode:
            raise PermissionError(done.stderr.decode().strip())
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def full_disk() -> Counter[str]:
    """Build with less and less room: the former index answers, and the new one as soon as there is room again."""
    seen: Counter[str] = Counter()
    with small_disk("2m") as disk:
        root = disk / "search"
        open_or_build(root, documents("old"), "old").close()
        room = _free(disk)
        for number, left in enumerate((0, 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 96)):
            ballast = disk / "ballast"
            _fill(ballast, room - left * 1024)
            with open_or_build(root, documents(f"new{number}"), f"new{number}") as searcher:
                version = answers(searcher, {"old", *(f"new{n}" for n in range(number + 1))})
                seen["built" if version == f"new{number}" else "former index served"] += 1
                assert searcher.stale == (version != f"new{number}")
            assert not list(root.glob("build-*")), "a failed build left its files"
            ballast.unlink()
        with open_or_build(root, documents("last"), "last") as searcher:
            assert answers(searcher, {"last"}) == "last"
    return seen


def read_only_disk() -> Counter[str]:
    """On a disk that became read-only the index that is there answers, for its content and for any other."""
    with small_disk("2m") as disk:
        root = disk / "search"
        open_or_build(root, documents("old"), "old").close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for version, stale in (("old", False), ("new", True)):
            with open_or_build(root, documents(version), version) as searcher:
                assert answers(searcher, {"old"}) == "old"
                assert searcher.stale == stale
    return Counter({"former index served": 2})


def _free(disk: Path) -> int:
    info = os.statvfs(disk)
    return info.f_bavail * info.f_frsize


def _fill(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b"\0" * max(0, size))


def main() -> None:
    """Run every part and print what was hit; the last asks real servers while new indexes are published and builders killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("kills", 1000), ("least", 50), ("flips", 1000), ("exchanges", 50)):
        parser.add_argument(f"--{name}", type=int, default=number)
    chosen = parser.parse_args()
    logging.disable()  # Every failed build is told.
    from served import exchanged_under_load

    def exchange(root: Path) -> Counter[str]:
        root.mkdir()
        return exchanged_under_load(root, chosen.exchanges, replicas=2, workers=2, kills=True)

    parts: dict[str, Callable[[Path], Counter[str]]] = {
        "SIGKILL, by step": lambda root: kill_at_random(root, chosen.kills, chosen.least),
        "flipped bits": lambda root: flip(root, chosen.flips),
        "full disk": lambda root: full_disk(),
        "read-only disk": lambda root: read_only_disk(),
        "requests meanwhile": exchange,
    }
    for name, part in parts.items():
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            try:
                counts = part(Path(folder) / "search")
            except PermissionError as error:
                print(f"{name:18} NOT RUN: {error}")
                continue
            hits = ", ".join(f"{count} {what}" for what, count in counts.most_common())
            print(f"{name:18} {counts.total():5}: {hits}  ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
