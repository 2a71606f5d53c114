"""A set of beginnings of a line, turned round: one regular expression that matches the lines which have none of them.

RE2 and Hyperscan know no negative lookahead, but the complement of a set of prefixes is regular: walk all of them
at once, and whatever leaves the walk is a match; a line that is over leaves it with its line feed, which no step has. It holds
for what `Step`s can say: characters in order, and loops whose characters do not begin what follows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_ALL = frozenset(range(256))
_EVERY = _ALL - {10}


@dataclass(frozen=True, slots=True)
class Step:
    """One character out of `chars`, or with `loop` one or more of them."""

    chars: frozenset[int] = _EVERY
    loop: bool = False


Place = tuple[tuple[Step, ...], bool]  # what is still to come, and whether its first step was entered already


def text(literal: str) -> tuple[Step, ...]:
    """The steps of literal text."""
    return tuple(Step(frozenset([byte])) for byte in literal.encode())


def one(chars: str) -> Step:
    """One of these characters."""
    return Step(frozenset(chars.encode()))


def some(chars: str) -> Step:
    """One or more of these characters."""
    return Step(frozenset(chars.encode()), loop=True)


def others(chars: str) -> Step:
    """One or more characters of a line, but none of these."""
    return Step(_EVERY - frozenset(chars.encode()), loop=True)


def written(steps: Sequence[Step]) -> str:
    """The source of an expression for these steps."""
    return "".join(_class(set(step.chars)) + ("+" if step.loop else "") for step in steps)


def without(beginnings: Iterable[tuple[Step, ...]]) -> str:
    """The source of an expression that matches a text, up to its line feed, with none of the beginnings.

    The match ends with the character that leaves the last of them, so there is one for each place where it begins.
    """
    return _group(_choices(frozenset((steps, False) for steps in beginnings)))


def unless(wanted: str) -> str:
    """The source of an expression for what does not begin with `wanted`."""
    return without([text(wanted)])


@lru_cache(maxsize=10_000)
def _choices(places: frozenset[Place]) -> tuple[str, ...]:
    """The alternatives of an expression that matches when no beginning is completed from these places on."""
    if any(not steps for steps, _ in places):
        return ()
    loop, branches = _branches(places)
    choices = tuple(_written(branches))
    return (loop + _group(choices),) if loop else choices


def _written(branches: Sequence[tuple[str, frozenset[Place]]]) -> list[str]:
    """The expressions of branches; those on which nothing is left to complete end there."""
    found: list[str] = []
    for chars, target in branches:
        inner = _choices(target) if target else ("",)
        if inner:
            found.append(chars + (_group(inner) if target else ""))
    return found


def _branches(places: frozenset[Place]) -> tuple[str, list[tuple[str, frozenset[Place]]]]:
    """What may be repeated at these places, and (characters, places after them) for everything else."""
    targets: dict[frozenset[Place], set[int]] = defaultdict(set)
    for alike in _alike(places):
        targets[frozenset(_after(places, min(alike)))] |= alike
    loop = _class(targets.pop(places)) + "*" if places in targets else ""
    ordered = sorted(targets.items(), key=lambda item: min(item[1]))
    return loop, [(_class(chars), target) for target, chars in ordered]


def _alike(places: frozenset[Place]) -> list[set[int]]:
    """All bytes, in sets whose members no step tells apart."""
    told: set[int] = set()
    for steps, entered in places:
        for step in steps[: 1 + entered]:
            told |= step.chars if len(step.chars) < 128 else _ALL - step.chars
    rest = _ALL - told
    return [*({byte} for byte in told), *([set(rest)] if rest else [])]


def _after(places: frozenset[Place], byte: int) -> set[Place]:
    found: set[Place] = set()
    for steps, entered in places:
        first = steps[0]
        if byte in first.chars:
            found.add((steps, True) if first.loop else (steps[1:], False))
        if entered and byte in steps[1].chars:
            following = steps[1:]
            found.add((following, True) if following[0].loop else (following[1:], False))
    return found


def _group(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 and "|" not in choices[0] else f"(?:{'|'.join(choices)})"


def _class(chars: set[int]) -> str:
    """A character class in the syntax that both engines read, negated where that is shorter."""
    if len(chars) == 1:
        return _character(min(chars))
    if len(chars) > 128:
        return f"[^{_ranges(set(_ALL) - chars)}]"
    return f"[{_ranges(chars)}]"


def _ranges(chars: set[int]) -> str:
    parts: list[str] = []
    start = previous = min(chars)
    for byte in [*sorted(chars)[1:], 999]:
        if byte != previous + 1:
            parts.append(_character(start) + (f"-{_character(previous)}" if previous > start else ""))
            start = byte
        previous = byte
    return "".join(parts)


def _character(byte: int) -> str:
    if byte == 10:
        return r"\n"
    plain = byte < 128 and chr(byte).isalnum()
    return chr(byte) if plain or byte in b" :,=<>" else f"\\x{byte:02x}"
