"""Styles, scripts and more under names that change with their content, so that they can be kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from kb.export.runtime import VERSION

_STATIC = Path(__file__).parent / "static"
_PYTHON = f"pyodide-{VERSION}"
_BUNDLE_MEGABYTES = 2
_CUTTING = ("too-large.js", "bounds.js")  # of the served site: what is too long is cut to its failing lines


class Assets:
    """The files of `static/` and the pages, as they are made. names: name in the sources -> file. files: file -> bytes."""

    def __init__(self, given: Mapping[str, bytes]) -> None:
        self.names: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.pages: dict[str, bytes] = {}
        self._first: list[str] = []  # what a service worker fetches at once
        self.add(given)

    def add(self, given: Mapping[str, bytes], at_once: bool = True) -> None:
        """Take files in."""
        for name, data in given.items():
            self.names[name] = _hashed(name, data)
            self.files[self.names[name]] = data
            self._first += [self.names[name]] if at_once else []

    def add_scripts(
        self, python: Mapping[str, bytes] | None, archive: Callable[[int], bytes], served: Callable[[str], str]
    ) -> int:
        """The scripts; for a lookup also Python, and the archive for so many megabytes of everything, which are returned.

        served: the text of a script of the served site by its name.
        """
        self.add({"site.js": self._script("site.js")})
        if python is None:
            return 0
        megabytes = round(sum(map(len, python.values())) / 1e6) + _BUNDLE_MEGABYTES
        self.files |= {f"static/{_PYTHON}/{name}": data for name, data in python.items()}
        self.add({"lookup.zip": archive(megabytes)}, at_once=False)
        self.add({"worker.js": self._script("worker.js")}, at_once=False)
        for name in _CUTTING:
            self.add({name: self._named(served(name))})
        self.add({"lookup.js": self._script("lookup.js")})
        return megabytes

    def offline(self) -> dict[str, bytes]:
        """The service worker, and the file that has all pages for it."""
        text = {name: page.decode() for name, page in sorted(self.pages.items())}
        packed = gzip.compress(json.dumps(text, ensure_ascii=False).encode(), 9, mtime=0)
        self.add({"pages.bin": packed})  # not .gz: some hosts would say that it is encoded
        script = (_STATIC / "sw.js").read_text("utf-8")
        for word, value in (
            ('["FILES"]', sorted(self.files)),
            ('["FIRST"]', sorted(self._first)),
            ('"PAGES"', self.names["pages.bin"]),
        ):
            script = script.replace(word, json.dumps(value), 1)
        return {"sw.js": script.encode()}

    def _script(self, name: str) -> bytes:
        return self._named((_STATIC / name).read_text("utf-8").replace('"./pyodide/', f'"./{_PYTHON}/'))

    def _named(self, script: str) -> bytes:
        """A script with the names of the files that it names by those in the sources."""
        for known, file in self.names.items():
            script = script.replace(f"./{known}", f"./{file.rpartition('/')[2]}")
        return script.encode()


def _hashed(name: str, data: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"static/{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{ending}"
