"""Changes of settings carried out on the pasted files, and shown as differences of them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from kb.config.cures import Cure
from kb.config.diagnose import Diagnosis
from kb.config.products import adapter

_LONGEST_FILE = 5000
_CONTEXT = 1


def patched(files: Mapping[str, str], diagnosis: Diagnosis, cure: Cure) -> dict[str, str]:
    """The files (name -> content) with the moves of a cure carried out on them; what no setting says stays as it is."""
    texts = dict(files)
    for move in cure.moves:
        party = diagnosis.client if move.side == "client" else diagnosis.server
        edits = cure.edits.get(move.id, ())
        for name in dict.fromkeys(edit.file for edit in edits):
            if party is not None and name in texts:
                texts[name] = adapter(party.product).apply(texts[name], [edit for edit in edits if edit.file == name])
    return texts


def diffs(files: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    """File name -> unified diff. A file of more than 5,000 lines gets none: comparing it takes too long."""
    found: dict[str, str] = {}
    for name, before in files.items():
        after = changed.get(name, before)
        if after == before or before.count("\n") > _LONGEST_FILE:
            continue
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, n=_CONTEXT, lineterm="")
        found[name] = "\n".join(lines)
    return found
