"""`$name` and `${...}` in values, as mac_expand(3) of Postfix expands them; bounded in depth and in work.

Forms: `$name`, `${name}`, `$(name)`, `${name?x}`, `${name:x}`, `${name?{x}:{y}}`, `${{a} == {b} ? {x} : {y}}` with the operators
== != < <= >= > and, for compatibility levels, the same followed by `level`; `$$` is a dollar sign.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kb.config.postfix.lines import SPACE

# Looks a parameter up: its unexpanded value, None for one that does not exist.
Lookup = Callable[[str], str | None]

# mac_expand(3) gives up after as many levels.
MAX_DEPTH = 100
# Characters looked at for one value: what a value of 1,000 characters would need twenty times over.
MAX_WORK = 200_000

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_CLOSING = {"{": "}", "(": ")"}
_OPERATOR = "<>!=?+-*/~&|%"


class ExpansionError(Exception):
    """A value that Postfix refuses to expand. `kind`: truncated, empty, name, syntax, operator, level, nesting, work."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Expander:
    """Expands values with one way to look up parameters. `budget` is the work left, over all values."""

    def __init__(self, lookup: Lookup, budget: int = 6 * MAX_WORK) -> None:
        self._lookup = lookup
        self.budget = budget
        self._work = 0

    def expand(self, value: str) -> str:
        """`value` with its references replaced. Raises ExpansionError."""
        if "$" not in value:
            return value
        self._work = min(MAX_WORK, self.budget)
        before = self._work
        result: list[str] = []
        try:
            self._parse(value, result, 0)
        finally:
            self.budget -= before - self._work
        return "".join(result)

    def _spend(self, amount: int) -> None:
        self._work -= amount
        if self._work < 0:
            raise ExpansionError("work")

    def _parse(self, value: str, result: list[str], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ExpansionError("nesting")
        self._spend(len(value) + 8)
        position = 0
        while True:
            dollar = value.find("$", position)
            if dollar < 0:
                result.append(value[position:])
                return
            result.append(value[position:dollar])
            following = value[dollar + 1 : dollar + 2]
            if following == "$":
                result.append("$")
                position = dollar + 2
            elif following in ("{", "("):
                end = self._close(value, dollar + 1)
                self._evaluate(value[dollar + 2 : end], result, depth)
                position = end + 1
            else:
                position = _name_end(value, dollar + 1)
                self._evaluate(value[dollar + 1 : position], result, depth)

    def _close(self, value: str, opening: int) -> int:
        """Offset of the parenthesis that closes the one at `opening`."""
        kind = value[opening]
        closing = _CLOSING[kind]
        level = 1
        position = opening + 1
        inner = value.find(kind, position)
        while True:
            end = value.find(closing, position)
            if end < 0:
                raise ExpansionError("truncated")
            if 0 <= inner < end:
                level += 1
                position = inner + 1
                inner = value.find(kind, position)
                continue
            level -= 1
            if level == 0:
                self._spend(end - opening)
                return end
            position = end + 1

    def _evaluate(self, expression: str, result: list[str], depth: int) -> None:
        if not expression:
            raise ExpansionError("empty")
        start = expression.lstrip(SPACE)
        if start.startswith("{"):
            true, rest = self._relation(start, depth)
            found: str | None = "true" if true else ""
            if rest and rest[0] not in "?:":
                raise ExpansionError("syntax")
            operator, rest = rest[:1], rest[1:]
        else:
            end = _name_end(start, 0)
            rest = start[end:].lstrip(SPACE)
            if rest and rest[0] not in "?:":
                raise ExpansionError("name")
            operator, rest = rest[:1], rest[1:]
            found = self._lookup(start[:end])
        if not operator:
            if found:
                self._parse(found, result, depth + 1)
            return
        self._choose(operator, bool(found), rest, result, depth)

    def _choose(self, operator: str, true: bool, rest: str, result: list[str], depth: int) -> None:
        """`?x`, `:x`, `?{x}:{y}`: the part that holds. A part without braces reaches to the end."""
        if operator == "?":
            then, rest = self._operand(rest)
            if true:
                self._parse(then, result, depth + 1)
            if not rest:
                return
            if rest[0] != ":":
                raise ExpansionError("syntax")
            rest = rest[1:]
        otherwise, rest = self._operand(rest)
        if not true:
            self._parse(otherwise, result, depth + 1)
        if rest:
            raise ExpansionError("syntax")

    def _operand(self, text: str) -> tuple[str, str]:
        braces = text.lstrip(SPACE)
        return self._braces(braces) if braces.startswith("{") else (text, "")

    def _braces(self, text: str) -> tuple[str, str]:
        """What stands in the braces that `text` begins with, and what follows them."""
        end = self._close(text, 0)
        return text[1:end], text[end + 1 :].lstrip(SPACE)

    def _relation(self, text: str, depth: int) -> tuple[bool, str]:
        """`{a} <op> {b}`: whether it holds, and what follows."""
        left, rest = self._braces(text)
        length = len(rest) - len(rest.lstrip(_OPERATOR))
        operator, rest = rest[:length], rest[length:]
        if operator not in ("==", "!=", "<", "<=", ">=", ">"):
            raise ExpansionError("operator")
        end = _name_end(rest, 0)
        suffix, rest = rest[:end], rest[end:].lstrip(SPACE)
        if suffix not in ("", "level") or not rest.startswith("{"):
            raise ExpansionError("operator")
        right, rest = self._braces(rest)
        values = []
        for side in (left, right):
            expanded: list[str] = []
            self._parse(side, expanded, depth + 1)
            values.append("".join(expanded))
        return compare(values[0], operator, values[1], as_level=suffix == "level"), rest


def compare(left: str, operator: str, right: str, *, as_level: bool) -> bool:
    """Numbers as numbers, all else as strings; with `as_level` as compatibility levels. Raises ExpansionError."""
    if as_level:
        return _holds(level(left), operator, level(right))
    if _digits(left) and _digits(right):
        if max(len(left), len(right)) > 18:
            raise ExpansionError("level")
        return _holds(int(left), operator, int(right))
    return _holds(left.encode("utf-8", "surrogatepass"), operator, right.encode("utf-8", "surrogatepass"))


_Comparable = TypeVar("_Comparable", int, bytes, tuple[int, int, int])


def _holds(left: _Comparable, operator: str, right: _Comparable) -> bool:
    if operator in ("==", "!="):
        return (left == right) == (operator == "==")
    if operator in ("<", ">="):
        return (left < right) == (operator == "<")
    return (left <= right) == (operator == "<=")


def level(text: str) -> tuple[int, int, int]:
    """A compatibility level, `2` or `3.6` or `3.7.1`, as numbers. Raises ExpansionError."""
    parts = text.split(".")
    if len(parts) > 3 or not all(_digits(part) and len(part) < 5 for part in parts):
        raise ExpansionError("level")
    numbers = [int(part) for part in parts] + [0, 0]
    return numbers[0], numbers[1], numbers[2]


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _name_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end] in _NAME:
        end += 1
    return end
