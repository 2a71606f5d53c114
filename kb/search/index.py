"""Building the index and opening it: Whoosh's files inside the generations of `publish`.

Law: an index is opened only after its manifest verified, and always afresh.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import opencc
import whoosh

from . import analyzer, asked, build, codec, kept, publish, query, reading, schema, sequence, storage, termbase

_BUILD_SECONDS = 600.0
_ERROR_TAIL = 2000
_DECIDING = (analyzer, asked, build, codec, kept, query, reading, schema, sequence, storage, termbase)


class BuildError(Exception):
    """The index could not be built; the message says what the building process printed last."""


def engine() -> str:
    """The name of what decides the terms of an index; indexes of another engine are not read."""
    digest = hashlib.sha256(f"{whoosh.versionstring()} {opencc.__version__} {sys.byteorder}".encode())
    for path in (*(module.__file__ for module in _DECIDING), termbase.FILE, query.ASKING, asked.FILE):
        digest.update(Path(str(path)).read_bytes())
    return digest.hexdigest()[:16]


def find(root: Path, content_hash: str | None = None) -> publish.Generation | None:
    """The index of this content, or of any content if none is given, that this engine built; None if there is none."""
    if content_hash is None:
        return publish.find(root, lambda content: content.startswith(engine() + " "))
    return publish.find(root, lambda content: content == content_name(content_hash))


def publish_index(root: Path, documents: Iterable[schema.Document], content_hash: str) -> publish.Generation:
    """Build and publish the index of `documents`, or return the one that was published meanwhile.

    BuildError if the building process fails, OSError if a file cannot be written.
    """
    return publish.publish(
        root, content_name(content_hash), lambda directory: _build(directory, documents), 2 * _BUILD_SECONDS
    )


def open_reader(generation: publish.Generation) -> storage.Reader:
    """An open reader of a verified generation; close it after the last search."""
    return storage.Reader(generation.path)


def content_name(content_hash: str) -> str:
    """How a generation names the content that this engine built it from."""
    return f"{engine()} {content_hash}"


def _build(directory: Path, documents: Iterable[schema.Document]) -> None:
    package_root = str(Path(__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        # -P: without it the working directory could shadow a module.
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __package__, str(directory)],
            input=build.dump(documents),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"the index was not built within {_BUILD_SECONDS:.0f} s") from error
    if done.returncode:
        raise BuildError(done.stderr.decode("utf-8", "replace")[-_ERROR_TAIL:] or f"exit status {done.returncode}")
