"""Putting an export in the place of the one before, at once, and never in the place of anything else."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kb.export.build import MADE_BY, MANIFEST


class ForeignFolderError(ValueError):
    """The folder holds something else; the text says what to do."""


def check(folder: Path) -> None:
    """Raises ForeignFolderError unless `folder` is new, empty, or an export with nothing added to it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ForeignFolderError(f"{folder} is a file; name a folder that is new or empty")
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    if not present and not any(folder.iterdir()):
        return
    known = _files_of(folder / MANIFEST)
    if known is None:
        raise ForeignFolderError(
            f"{folder} is not empty and not an export of kb; name a new folder, or empty this one yourself"
        )
    added = sorted(present - known - {MANIFEST})
    if added:
        raise ForeignFolderError(
            f"{folder} holds what is not of the export: {added[0]}; move it away, or name another folder"
        )


def replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files beside `folder`, then exchange the two. Raises OSError, and leaves `folder` as it was."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        new = work / "new"
        for name, data in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        check(folder)
        if folder.exists():
            folder.rename(work / "old")
        try:
            new.rename(folder)
        except OSError:
            if (work / "old").exists():
                (work / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _files_of(manifest: Path) -> set[str] | None:
    """The files that a manifest names; None where there is none of ours."""
    try:
        body = json.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(body, dict) or body.get("made_by") != MADE_BY or not isinstance(body.get("files"), dict):
        return None
    return set(body["files"])
