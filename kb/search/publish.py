"""Publishing a directory atomically, and reading back only what is complete. Standard library only.

The store is a directory that only its owner writes:

    LOCK                      held by the one builder
    build-XXXXXXXX/           being built; never read
    gen-<number>-<hash>/      complete; the hash is that of its manifest.json, which has the SHA-256 of every other file
    CURRENT                   the name of the generation published last

Nothing is changed after it was published, so a reader needs no lock. A crash at any moment leaves either the former or
the new generation; what does not verify is passed over. The manifest guards against accidents, not against somebody
who may write here: opening an index runs code, hence `prepare`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

KEEP = 3
MANIFEST = "manifest.json"
POINTER = "CURRENT"
_BUILD = "build-"
_NAME = re.compile(r"gen-(\d{1,12})-([0-9a-f]{32})")
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Generation:
    """A published directory that was complete when it was read. `content` is what its builder said it is built from."""

    path: Path
    content: str


def prepare(root: Path) -> None:
    """Make the store if there is none. PermissionError if somebody else than its owner and root could write into it."""
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    if sys.platform == "win32":
        return
    info = root.stat()
    if info.st_uid not in (0, os.geteuid()) or info.st_mode & 0o002:
        raise PermissionError(f"{root}: must belong to the user that runs this or to root, and not be writable by all")


def find(root: Path, accept: Callable[[str], bool]) -> Generation | None:
    """The generation to read: of those whose content is accepted and that verify, the current one, else the newest."""
    names = _names(root)
    current = _pointer(root)
    if current in names:
        names.insert(0, current)
    for name in names:
        generation = _verified(root / name, accept)
        if generation:
            return generation
    return None


def publish(root: Path, content: str, fill: Callable[[Path], None], wait: float) -> Generation:
    """Publish what `fill` writes into the empty directory it is given, or return the generation with this content.

    One builder at a time; another one waits for at most `wait` seconds (TimeoutError). An exception of `fill` is passed
    on and publishes nothing.
    """
    with _locked(root / "LOCK", wait):
        found = find(root, lambda other: other == content)
        if found:
            if _pointer(root) != found.path.name:
                _point_to(root, found.path.name)
            return found
        for stale in root.glob(_BUILD + "*"):
            shutil.rmtree(stale, ignore_errors=True)
        build = root / (_BUILD + secrets.token_hex(4))
        build.mkdir()
        try:
            fill(build)
            generation = _seal(root, build, content)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        _point_to(root, generation.path.name)
        _prune(root)
        return generation


def _seal(root: Path, build: Path, content: str) -> Generation:
    for path in build.iterdir():
        _sync(path)
    manifest = json.dumps({"content": content, "files": _digests(build)}, sort_keys=True).encode()
    _write(build / MANIFEST, manifest)
    _sync(build)
    newest = max((_number(name) for name in _names(root)), default=0)
    path = root / f"gen-{newest + 1}-{_short_hash(manifest)}"
    build.rename(path)
    _sync(root)
    return Generation(path, content)


def _point_to(root: Path, name: str) -> None:
    temporary = root / (POINTER + ".new")
    _write(temporary, name.encode())
    temporary.replace(root / POINTER)
    _sync(root)


def _prune(root: Path) -> None:
    for name in _names(root)[KEEP:]:
        shutil.rmtree(root / name, ignore_errors=True)


def _names(root: Path) -> list[str]:
    try:
        names = [path.name for path in root.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    return sorted(names, key=_number, reverse=True)


def _number(name: str) -> int:
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else 0


def _pointer(root: Path) -> str:
    try:
        return (root / POINTER).read_text("ascii")
    except (OSError, ValueError):
        return ""


def _verified(path: Path, accept: Callable[[str], bool]) -> Generation | None:
    try:
        raw = (path / MANIFEST).read_bytes()
        if not path.name.endswith("-" + _short_hash(raw)):
            return None
        manifest = json.loads(raw)
        if not accept(manifest["content"]) or manifest["files"] != _digests(path):
            return None
        return Generation(path, manifest["content"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _short_hash(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:32]


def _digests(directory: Path) -> dict[str, str]:
    digests = {}
    for path in directory.iterdir():
        if path.is_symlink() or not path.is_file():
            raise ValueError(f"{path}: not a regular file")
        if path.name != MANIFEST:
            with path.open("rb") as handle:
                digests[path.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    return digests


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)


def _sync(path: Path) -> None:
    directory = path.is_dir()
    if directory and sys.platform == "win32":
        return  # a directory cannot be opened there
    descriptor = os.open(path, os.O_RDONLY if directory else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path, wait: float) -> Iterator[None]:
    # The lock lives in the open file, not in its name: it ends with the process, however that ends.
    deadline = time.monotonic() + wait
    with path.open("a+b") as handle:
        while not _try_lock(handle):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"{path}: another process has been building for more than {wait:.0f} s")
            time.sleep(_POLL_SECONDS)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
