"""Build hook: the wheel carries the compiled catalogue, so that an installed `kb explain` never parses YAML."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalog(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles `errors.yaml` and adds it to the wheel as `kb/_data/catalog.sqlite`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files are collected; an editable install compiles on first use instead."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from kb.compile import compile_file

        directory = root / "build"
        compiled = directory / f"{compile_file(self.root, os.fspath(directory))}.sqlite"
        build_data["force_include"][os.fspath(compiled)] = "kb/_data/catalog.sqlite"
