"""For `kb.web.preview`: the findings on a folder, one JSON array to standard output, from a process of its own."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import astuple
from pathlib import Path

from kb.check import check

if hasattr(os, "nice"):
    os.nice(10)  # pages come first
json.dump([astuple(finding) for finding in check(Path(sys.argv[1]))], sys.stdout)
