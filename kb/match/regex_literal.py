"""`re:` patterns: what literal text a regular expression always needs. Only used when the catalogue is compiled."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import re2

from kb.match.letters import LETTERS
from kb.match.pattern import BOUNDARY, Pattern, PatternError, check_literal, is_word, needs_of
from kb.match.tokens import whole_anchors

_QUIET = re2.Options()
_QUIET.log_errors = False  # the finding says it


def parse_regex(source: str) -> Pattern:
    """Compile a `re:` pattern. Raises PatternError when RE2 refuses it or it has no literal text to find it by."""
    regex = source[len("re:") :].translate(LETTERS)
    try:
        re2.compile(regex, _QUIET)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python warns about, RE2 has accepted
            tree = re._parser.parse(regex)  # type: ignore[attr-defined]
        needed = list(_needed(tree))
    except (re2.error, re.error, RecursionError, OverflowError) as refused:
        reason = _text(refused)
        raise PatternError(
            f"RE2 不接受这个正则表达式：{reason}。", f"RE2 refuses this regular expression: {reason}."
        ) from refused
    runs = _runs(needed)
    longest = max(runs, key=lambda run: len(run.encode()), default="")
    if longest != longest.lower():
        raise PatternError(
            f"含有大写字母（{longest!r}），而文本在匹配前已转成小写。",
            f"Has capital letters ({longest!r}), but is matched against lower-case text.",
        )
    check_literal(longest.strip())
    closed_start, closed_end = _starts_with_word(tree), _starts_with_word(reversed(tree))
    anchors: set[str] = set()
    for i, run in enumerate(runs):
        anchors |= whole_anchors(run, not (closed_start and i == 0), not (closed_end and i == len(runs) - 1))
    if not anchors:
        raise PatternError(
            f"至少要有一个完整的单词才能检索，现在最长的固定文字是 {longest!r}。",
            f"Needs one whole word of literal text to be found by; its longest literal is {longest!r}.",
        )
    regex = f"{BOUNDARY if closed_start else ''}(?:{regex}){BOUNDARY if closed_end else ''}"
    size = sum(len(run.encode()) for run in runs)
    return Pattern(source, longest, regex, size, ((frozenset(anchors),),), needs_of(needed, longest))


def _starts_with_word(tree: Iterable[tuple[Any, Any]]) -> bool:
    operation, argument = next(iter(tree), ("", 0))
    return str(operation) == "LITERAL" and is_word(chr(argument))


def _needed(tree: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, ...]]:
    """Of each group one is in every match, in order: a run of characters, empty where something else stands, or the longest
    run of each alternative.
    """
    run = ""
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            run += chr(argument)
            continue
        yield (run,)
        run = ""
        if name == "SUBPATTERN":
            yield from _needed(argument[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0:
            yield from _needed(argument[2])
        elif name == "BRANCH":
            yield tuple(max(_runs(_needed(choice)), key=len) for choice in argument[1])
    yield (run,)


def _runs(needed: Iterable[tuple[str, ...]]) -> list[str]:
    """The runs of characters that every match contains, in order."""
    return [choices[0] for choices in needed if len(choices) == 1]


def _text(error: Exception) -> str:
    detail = error.args[0] if error.args else error
    return detail.decode() if isinstance(detail, bytes) else str(detail)
