"""Builds the client programs from source, each once per state of it, with the Go and Node.js that PyPI carries."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent / "clients"
SCRIPTS = Path(sys.executable).parent
PLACE = Path(sys.prefix) / "lab"


def _state(source: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in source.iterdir() if path.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _build_go(source: Path, target: Path) -> None:
    environment = os.environ | {
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
        "GOCACHE": str(PLACE / "go-cache"),
        "GOFLAGS": "-mod=mod",
    }
    subprocess.run(
        [str(SCRIPTS / "go"), "build", "-trimpath", "-o", str(target / "lab-go"), "."],
        cwd=source,
        env=environment,
        check=True,
    )


def _build_node(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
    environment = os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}
    npm = [str(SCRIPTS / "npm"), "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    subprocess.run(npm, cwd=target, env=environment, check=True, stdout=subprocess.DEVNULL)
    node = subprocess.run([str(SCRIPTS / "node"), "-p", "process.execPath"], capture_output=True, text=True, check=True)
    (target / "node").symlink_to(node.stdout.strip())


def _built(source: Path, make: Callable[[Path, Path], None]) -> Path:
    target = PLACE / f"{source.name}-{_state(source)}"
    if not (target / "done").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        make(source, target)
        (target / "done").touch()
    return target


def build() -> tuple[Path, Path]:
    """The folders of the built Go and Node.js clients, inside the virtual environment."""
    return _built(CLIENTS / "go", _build_go), build_node(CLIENTS / "node")


def build_node(source: Path) -> Path:
    """The folder of a built Node.js program: its files, its packages as locked, and `node`."""
    return _built(source, _build_node)
