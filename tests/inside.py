"""The command `kb` in the process of the tests, for all that one of its own would prove nothing more about."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from kb.__main__ import main

LOCALE = ("KB_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "PYTHONIOENCODING", "PYTHONUTF8")


def inside(
    *arguments: str, stdin: bytes = b"", cwd: Path = ROOT, encoding: str = "utf-8", **changes: str
) -> subprocess.CompletedProcess[bytes]:
    """As a process would end: from the main function of `kb` on, but here.

    A process costs a tenth of a second, and with more than `kb explain` a whole one. `encoding` is what a terminal claims;
    `changes` are of the environment, which has no language otherwise.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        for name in LOCALE:
            patch.delenv(name, raising=False)
        for name, value in changes.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["kb", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(os, "_exit", sys.exit)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            gc.enable()  # `kb explain` does without
    written = [stream.buffer.getvalue() for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(["kb", *arguments], int(ended.value.code or 0), *written)
