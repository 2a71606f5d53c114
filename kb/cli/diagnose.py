"""`kb diagnose`: configuration files in, the outcome and the changes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kb.cli.files import MAX_INPUT, read_input, user_language, write_text
from kb.config.diagnose import known_answers
from kb.config.files import split_files
from kb.inputs.encoding import decode
from kb.knowledge_base import KnowledgeBase
from kb.render.diagnosis_text import diagnosis_text
from kb.text import Text

WORKS, FAILS, USAGE = 0, 1, 2


def run(names: Sequence[str], error: str | None, answers: Sequence[str], lang: str | None, as_json: bool) -> int:
    """Diagnose the named files, or standard input; the exit status says whether the mail goes through."""
    language = user_language(lang)
    files: dict[str, str] = {}
    for name in names or ("-",):
        try:
            files |= _piped() if name == "-" else {name: _read(name)}
        except OSError as problem:
            text = Text(f"无法读取 {name}：{problem.strerror}。", f"Cannot read {name}: {problem.strerror}.")
            print(text.get(language), file=sys.stderr)
            return USAGE
    told = dict(answer.split("=", 1) for answer in answers if "=" in answer)
    if unknown := [answer for answer in answers if not known_answers(dict([answer.partition("=")[::2]]))]:
        text = Text(f"不认识的 --answer：{unknown[0]}。", f"Not an --answer that is known: {unknown[0]}.")
        print(text.get(language), file=sys.stderr)
        return USAGE
    body = KnowledgeBase.open().diagnose(files, read_input(error) if error else None, language, told)
    write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n" if as_json else diagnosis_text(body, language))
    return WORKS if body["outcome"] == "works" else FAILS


def _piped() -> dict[str, str]:
    """Standard input, which may be a paste of several files."""
    text = read_input("-")
    return split_files("stdin", text) or {"stdin": text}


def _read(name: str) -> str:
    with Path(name).open("rb") as file:
        return decode(file.read(MAX_INPUT))
