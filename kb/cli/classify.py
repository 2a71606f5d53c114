"""`kb classify --jsonl`: JSON objects in, the same objects with the verdict out, in order, streaming."""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from kb.inputs.encoding import decode
from kb.knowledge_base import KnowledgeBase
from kb.report.classifier import Classifier

USAGE = 2


def run(source: BinaryIO, target: BinaryIO) -> int:
    """Classify every line; a line that is no JSON object with `text` is named on standard error and ends the run with 2."""
    classify = Classifier(KnowledgeBase.open(preload=True).store)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(decode(line))
            text = row["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            text = None
        if not isinstance(text, str):
            print(f'line {number}: not a JSON object with a string "text"', file=sys.stderr)
            return USAGE
        basis, reason, entry = classify(text)
        row.update(answered=reason is not None, basis=basis, reason=reason, entry=entry)
        target.write(encode(row).encode("utf-8", "surrogatepass") + b"\n")
        target.flush()
    return 0
