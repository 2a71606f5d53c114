"""What this project uses of google-re2, over `re`: for Python in a browser, for which there is no google-re2.

Ships as `re2` with an exported lookup and nowhere else. `re` backtracks, so a text may take it long; there it takes the time of
the one who pasted it, in a worker that is stopped. Expressions are translated, for the two differ in syntax and meaning: RE2's
`\\d \\w \\s \\b` are ASCII, its `$` is the end of the text alone, `(?i)` may stand in the middle, `\\x{…}` has braces, `\\z`
is the end, and bytes are searched as the text that they encode, with places in bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

error = re.error
_WORD = "0-9A-Za-z_"
_BOUNDARY = f"(?-i:(?<![{_WORD}])(?=[{_WORD}])|(?<=[{_WORD}])(?![{_WORD}]))"
_NO_BOUNDARY = f"(?-i:(?<![{_WORD}])(?![{_WORD}])|(?<=[{_WORD}])(?=[{_WORD}]))"
_OUTSIDE = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "s": r"[\t\n\f\r ]",
    "S": r"[^\t\n\f\r ]",
    "b": _BOUNDARY,
    "B": _NO_BOUNDARY,
    "z": r"\Z",
    "A": r"\A",
}
# In a class; what excludes cannot be put into one.
_INSIDE = {"d": "0-9", "w": _WORD, "s": r"\t\n\f\r "}
_EXCLUDING = {"S": r"\t\n\f\r ", "D": "0-9", "W": _WORD}
_TOKEN = re.compile(
    r"\\x\{(?P<hex>[0-9A-Fa-f]+)\}|\\(?P<escaped>.)|(?P<class>\[\^?\]?)|\(\?(?P<flags>[imsU-]+)(?P<then>[):])"
    r"|(?P<open>\((?:\?P<\w+>|\?:)?)|(?P<close>\))|(?P<or>\|)|(?P<end>\$)|(?P<other>.)",
    re.DOTALL,
)


class Options:
    """RE2's options; of them, none changes what matches here."""


class _Scope:
    """An open group: the groups that flags set within it have opened, and whether `$` also is the end of a line."""

    def __init__(self, multiline: bool) -> None:
        self.reopened = ""
        self.multiline = multiline

    @property
    def closing(self) -> str:
        return ")" * self.reopened.count("(")


def _translated(source: str) -> str:
    """An expression of RE2 as one of `re`. Raises `error` for what this does not know."""
    parts: list[str] = []
    scopes = [_Scope(False)]
    at = 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        assert token is not None  # noqa: S101 - the last alternative takes anything
        at = token.end()
        if token["class"]:
            text, at = _class(source, token.start())
            parts.append(text)
        elif token["hex"]:
            parts.append(re.escape(chr(int(token["hex"], 16))))
        elif token["escaped"]:
            parts.append(_escape(token["escaped"], _OUTSIDE))
        elif token["end"]:
            parts.append("$" if scopes[-1].multiline else r"\Z")
        elif token["other"]:
            parts.append(token["other"])
        else:
            parts.append(_group(token, scopes))
    return "".join(parts) + scopes[0].closing


def _group(token: re.Match[str], scopes: list[_Scope]) -> str:
    """The translation of what opens, parts or closes a group; flags set for the rest of a group are one of their own."""
    now = scopes[-1]
    if token["close"]:
        scopes.pop()
        return f"{now.closing})"
    if token["or"]:
        return f"{now.closing}|{now.reopened}"
    if token["open"]:
        scopes.append(_Scope(now.multiline))
        return token["open"]
    flags = token["flags"]
    if "U" in flags:
        raise error(f"no such flag here: {flags}")
    opened = f"(?{flags}:"
    if token["then"] == ":":
        scopes.append(_Scope(_multiline(flags, now.multiline)))
    else:
        now.reopened += opened
        now.multiline = _multiline(flags, now.multiline)
    return opened


def _multiline(flags: str, now: bool) -> bool:
    on, _, off = flags.partition("-")
    return ("m" in on or now) and "m" not in off


def _escape(letter: str, known: dict[str, str]) -> str:
    if letter in known:
        return known[letter]
    if letter in "pPCQE" or letter.isdigit():
        raise error(f"no such escape here: \\{letter}")
    return f"\\{letter}"


def _class(source: str, start: int) -> tuple[str, int]:
    """The class that begins at `start`, and where it ends."""
    at = start + 1
    excluding = source[at] == "^"
    at += excluding
    parts: list[str] = []
    others: list[str] = []
    first = True
    while source[at] != "]" or first:
        first = False
        if source[at] == "\\":
            braced = _TOKEN.match(source, at)
            assert braced is not None  # noqa: S101
            letter = braced["escaped"]
            if braced["hex"]:
                parts.append(re.escape(chr(int(braced["hex"], 16))))
            elif letter in _EXCLUDING:
                others.append(_EXCLUDING[letter])
            else:
                parts.append(_escape(letter, _INSIDE))
            at = braced.end()
            continue
        if source.startswith("[:", at):
            raise error("no named classes here")
        parts.append(f"\\{source[at]}" if source[at] in "[&~|" else source[at])
        at += 1
    own = "".join(parts)
    if not others:
        return f"[{'^' * excluding}{own}]", at + 1
    either = "|".join([*([f"[{own}]"] if own else []), *(f"[^{other}]" for other in others)])
    return (rf"(?:(?!{either})[\s\S])" if excluding else f"(?:{either})"), at + 1


class _Match:
    """A match in bytes: of the text that they encode."""

    def __init__(self, match: re.Match[str], text: str) -> None:
        self._match = match
        self._text = text

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Where a group begins and ends, in bytes; -1 where it took no part."""
        begin, end = self._match.span(group)
        if begin < 0:
            return begin, end
        start = len(self._text[:begin].encode())
        return start, start + len(self._text[begin:end].encode())

    def start(self, group: int | str = 0) -> int:
        """Where a group begins, in bytes."""
        return self.span(group)[0]

    def end(self, group: int | str = 0) -> int:
        """Where a group ends, in bytes."""
        return self.span(group)[1]

    def group(self, *groups: int | str) -> Any:
        """Groups as bytes."""
        found = self._match.group(*groups)
        return tuple(map(_encoded, found)) if isinstance(found, tuple) else _encoded(found)

    __getitem__ = group

    def groups(self, default: Any = None) -> tuple[Any, ...]:
        """All groups as bytes."""
        return tuple(default if found is None else found.encode() for found in self._match.groups())


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


class _Regexp:
    """A compiled expression."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._regex = re.compile(_translated(pattern))
        self.groups = self._regex.groups
        self.groupindex = self._regex.groupindex

    def _one(self, how: Callable[..., re.Match[str] | None], text: Any, *places: int) -> Any:
        if isinstance(text, str):
            return how(text, *places)
        decoded = bytes(text).decode()
        found = how(decoded)
        return found and _Match(found, decoded)

    def search(self, text: Any, *places: int) -> Any:
        """The first match in a text, of which `places` may give begin and end, or in bytes."""
        return self._one(self._regex.search, text, *places)

    def match(self, text: Any, *places: int) -> Any:
        """A match at the beginning."""
        return self._one(self._regex.match, text, *places)

    def fullmatch(self, text: Any, *places: int) -> Any:
        """A match of the whole."""
        return self._one(self._regex.fullmatch, text, *places)

    def finditer(self, text: Any, *places: int) -> Iterator[Any]:
        """All matches."""
        if isinstance(text, str):
            yield from self._regex.finditer(text, *places)
            return
        decoded = bytes(text).decode()
        for found in self._regex.finditer(decoded):
            yield _Match(found, decoded)

    def findall(self, text: str) -> list[Any]:
        """All matches as texts."""
        return self._regex.findall(text)

    def split(self, text: str, maxsplit: int = 0) -> list[Any]:
        """The text between the matches."""
        return self._regex.split(text, maxsplit)

    def sub(self, repl: Any, text: str, count: int = 0) -> str:
        """The text with its matches replaced."""
        return self._regex.sub(repl, text, count)


class Set:
    """Expressions that are looked for together."""

    def __init__(self) -> None:
        self._all: list[_Regexp] = []

    @classmethod
    def SearchSet(cls) -> Set:  # noqa: N802 - its name in google-re2
        """A new set, of expressions that may match anywhere."""
        return cls()

    def Add(self, pattern: str) -> int:  # noqa: N802
        """The number of an expression in the set."""
        self._all.append(compile(pattern))
        return len(self._all) - 1

    def Compile(self) -> None:  # noqa: N802
        """Nothing is left to do here."""

    def Match(self, text: str) -> list[int]:  # noqa: N802
        """The numbers of the expressions that match somewhere."""
        return [number for number, one in enumerate(self._all) if one.search(text)]


@cache
def compile(pattern: Any, options: Options | None = None) -> _Regexp:  # noqa: A001 - its name in google-re2
    """An expression, compiled once."""
    return pattern if isinstance(pattern, _Regexp) else _Regexp(pattern)


def search(pattern: Any, text: Any) -> Any:
    """The first match."""
    return compile(pattern).search(text)


def match(pattern: Any, text: Any) -> Any:
    """A match at the beginning."""
    return compile(pattern).match(text)


def fullmatch(pattern: Any, text: Any) -> Any:
    """A match of the whole."""
    return compile(pattern).fullmatch(text)


def findall(pattern: Any, text: str) -> list[Any]:
    """All matches as texts."""
    return compile(pattern).findall(text)


def finditer(pattern: Any, text: Any) -> Iterator[Any]:
    """All matches."""
    return compile(pattern).finditer(text)


def split(pattern: Any, text: str, maxsplit: int = 0) -> list[Any]:
    """The text between the matches."""
    return compile(pattern).split(text, maxsplit)


def sub(pattern: Any, repl: Any, text: str, count: int = 0) -> str:
    """The text with its matches replaced."""
    return compile(pattern).sub(repl, text, count)


def escape(text: str) -> str:
    """A text as an expression that matches it."""
    return re.escape(text)
