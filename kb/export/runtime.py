"""Pyodide, the Python that runs in a browser: files of one version, known by their SHA-256, from the npm package `pyodide`.

Licence of Pyodide: MPL-2.0; CPython, which it contains: PSF-2.0. Its files are copied as they are.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

VERSION = "314.0.7"
# `sha256sum` of the files of the npm package of that version.
_FILES = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    "pyodide-lock.json": "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
}
_ABOUT = f"""Pyodide {VERSION}, unchanged, from the npm package pyodide; it contains CPython.

Pyodide: Mozilla Public License 2.0, source https://github.com/pyodide/pyodide/tree/{VERSION}
CPython: PSF License Version 2, source https://github.com/python/cpython
"""


class RuntimeRefusedError(ValueError):
    """The folder does not hold the files that are wanted; the text says what to do."""


def runtime(folder: Path) -> dict[str, bytes]:
    """Name -> content of the files to serve. Raises RuntimeRefusedError for anything but the known ones."""
    cure = f"; get it with `npm install pyodide@{VERSION}` and name node_modules/pyodide"
    try:
        about = json.loads((folder / "package.json").read_text("utf-8"))
        name, version = about["name"], about["version"]
        found = {file: (folder / file).read_bytes() for file in _FILES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuntimeRefusedError(f"{folder} is no npm package of Pyodide ({error}){cure}") from error
    if (name, version) != ("pyodide", VERSION):
        raise RuntimeRefusedError(f"{folder} is {name} {version}, not pyodide {VERSION}{cure}")
    for file, wanted in _FILES.items():
        if hashlib.sha256(found[file]).hexdigest() != wanted:
            raise RuntimeRefusedError(
                f"{folder / file} is not the file of pyodide {VERSION}: its SHA-256 differs{cure}"
            )
    return {**found, "LICENSES.txt": _ABOUT.encode()}
