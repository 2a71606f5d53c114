"""Publishing: crashes at every step, failing writes, flipped bits, two builders. Whoosh has no part in it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.search import publish

ANY: Callable[[str], bool] = lambda content: True  # noqa: E731


def filler(word: str) -> Callable[[Path], None]:
    def fill(directory: Path) -> None:
        for name in ("a.seg", "b.toc"):
            (directory / name).write_text(word * 100)

    return fill


def read(root: Path) -> str | None:
    """What a reader gets: the content of a generation, checked against what is in its files."""
    found = publish.find(root, ANY)
    if found is None:
        return None
    for name in ("a.seg", "b.toc"):
        assert (found.path / name).read_text() == found.content * 100
    return found.content


def in_child(root: Path, content: str, step: int, act: Callable[[], None]) -> int:
    """Publish in a forked process in which `act` happens at file operation number `step`; its exit status.

    To write to the disk (fsync) is such an operation too; it is not waited for, since only the machine may crash then.
    """
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        count = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event.startswith(("open", "os.", "shutil.")) and arguments and str(arguments[0]).startswith(str(root)):
                count += 1
                if count == step:
                    act()

        sys.addaudithook(hook)
        os.fsync = lambda descriptor: sys.audit("os.fsync", str(root))
        publish.publish(root, content, filler(content), 5)
        status = 0 if count < step else 3
    except OSError:
        status = 2
    finally:
        os._exit(status)


def die() -> None:
    os._exit(9)


def fail() -> None:
    raise OSError(errno.ENOSPC, "no space left on device")


@pytest.mark.parametrize(
    "former", [pytest.param(0, marks=pytest.mark.thorough), 1, pytest.param(3, marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize("act", ["die", pytest.param("fail", marks=pytest.mark.thorough)])
def test_every_step_may_be_the_last(tmp_path: Path, act: str, former: int) -> None:
    """In a process of its own: to fork one that has run other tests takes ten times as long."""
    program = (
        f"from pathlib import Path; import test_publish as t; t.every_step(Path({str(tmp_path)!r}), t.{act}, {former})"
    )
    known = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", program], env=known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def every_step(folder: Path, act: Callable[[], None], former: int) -> None:
    """Publish with `act` happening at each step in turn. AssertionError unless a reader finds the old or the new each time."""
    os.fsync = lambda descriptor: None
    start, seen = folder / "start", set()
    start.mkdir()
    for number in range(former):
        publish.publish(start, f"old{number}", filler(f"old{number}"), 5)
    for step in range(1, 400):
        root = shutil.copytree(start, folder / str(step))
        old = f"old{former - 1}" if former else None
        status = in_child(root, "new", step, act)
        seen.add(read(root))
        assert read(root) in {old, "new"}
        if status == 0:
            break
        publish.publish(root, "new", filler("new"), 5)
        assert read(root) == "new"
        publish.publish(root, "newer", filler("newer"), 5)
        assert read(root) == "newer"
        names = sorted(path.name for path in root.iterdir())
        assert not [name for name in names if name.startswith("build-")]
        assert len([name for name in names if name.startswith("gen-")]) <= publish.KEEP
    assert status == 0
    assert step > 15
    assert seen == {old, "new"}


def test_three_generations_are_kept_and_the_newest_is_read(tmp_path: Path) -> None:
    for word in "abcde":
        publish.publish(tmp_path, word, filler(word), 5)
    assert read(tmp_path) == "e"
    assert {publish.find(tmp_path, word.__eq__) is not None for word in "cde"} == {True}
    assert publish.find(tmp_path, "b".__eq__) is None


def test_every_flipped_bit_is_seen(tmp_path: Path) -> None:
    chance = random.Random(1)
    publish.publish(tmp_path, "old", filler("old"), 5)
    new = publish.publish(tmp_path, "new", filler("new"), 5).path
    for path in new.iterdir():
        raw = path.read_bytes()
        for _ in range(40):
            place, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
            path.write_bytes(raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :])
            assert read(tmp_path) == "old"
        path.write_bytes(raw)
        assert read(tmp_path) == "new"


def test_missing_added_and_linked_files_are_seen(tmp_path: Path) -> None:
    publish.publish(tmp_path, "old", filler("old"), 5)
    new = publish.publish(tmp_path, "new", filler("new"), 5).path
    moved = (new / "a.seg").rename(tmp_path / "elsewhere")
    assert read(tmp_path) == "old"
    (new / "a.seg").symlink_to(moved)
    assert read(tmp_path) == "old"
    (new / "a.seg").unlink()
    moved.rename(new / "a.seg")
    assert read(tmp_path) == "new"
    (new / "extra").write_text("")
    assert read(tmp_path) == "old"


@pytest.mark.parametrize("pointer", [b"", b"gen-1-" + b"0" * 32, b"../../etc", b"\xff\xfe", None])
def test_the_pointer_may_be_broken(tmp_path: Path, pointer: bytes | None) -> None:
    publish.publish(tmp_path, "old", filler("old"), 5)
    publish.publish(tmp_path, "new", filler("new"), 5)
    if pointer is None:
        (tmp_path / publish.POINTER).unlink()
    else:
        (tmp_path / publish.POINTER).write_bytes(pointer)
    assert read(tmp_path) == "new"


def test_builders_wait_for_each_other_and_build_once(tmp_path: Path) -> None:
    built = []

    def slowly(directory: Path) -> None:
        time.sleep(0.2)
        built.append(directory)
        filler("new")(directory)

    threads = [threading.Thread(target=publish.publish, args=(tmp_path, "new", slowly, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
    assert read(tmp_path) == "new"


def test_a_builder_does_not_wait_for_ever(tmp_path: Path) -> None:
    def inner(directory: Path) -> None:
        with pytest.raises(TimeoutError):
            publish.publish(tmp_path, "other", filler("other"), 0.1)
        filler("new")(directory)

    publish.publish(tmp_path, "new", inner, 5)
    assert read(tmp_path) == "new"
