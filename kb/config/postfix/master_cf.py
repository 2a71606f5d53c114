"""master.cf: services with their `-o` overrides, as postconf(1) and master(8) take them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.config.postfix.lines import SPACE, Logical
from kb.config.postfix.model import Assignment, Service

TYPES = frozenset({"inet", "unix", "unix-dgram", "fifo", "pass"})
_FIELDS = 8
_BLANKS = " \t\r\n\v\f"
# Options of Postfix daemons that take an argument.
_WITH_VALUE = "oimnst"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Postfix will not take. kind: a word of `findings.PROBLEMS`; detail: the text it is about."""

    kind: str
    line: int
    key: str
    detail: str = ""


def is_service(text: str) -> bool:
    """Whether a logical line is an entry of master.cf: eight fields or more, the second a service type."""
    fields = text[:400].split(None, _FIELDS)
    return (
        len(fields) >= _FIELDS
        and fields[1] in TYPES
        and all(field in ("-", "n", "y") for field in fields[2:5])
        and (fields[6] == "-" or fields[6].isdigit())
    )


def looks_like_service(text: str) -> bool:
    """The same for a line that may have gone wrong: name and type stand there and it is no assignment."""
    fields = text[:400].split(None, 2)
    return len(fields) > 1 and fields[1] in TYPES and "=" not in fields[0]


@dataclass(frozen=True, slots=True)
class Option:
    """A `-o name=value` in an entry, with the offsets in the logical line of its start, its argument and its end."""

    name: str
    value: str
    start: int
    argument: int
    end: int


def _options(logical: Logical) -> tuple[list[Option], list[tuple[int, str]], str]:
    """The -o options of an entry, the words after all options, and an option at the end that lacks its argument."""
    rest = list(_words(logical.text))[_FIELDS:]
    found: list[Option] = []
    position = 0
    while position < len(rest):
        start, word = rest[position]
        if not word.startswith("-") or word == "--":
            break
        position += 1
        letter = next((index for index in range(1, len(word)) if word[index] in _WITH_VALUE), 0)
        if not letter:
            continue
        if letter + 1 < len(word):
            offset, argument = start + letter + 1, word[letter + 1 :]
        elif position < len(rest):
            offset, argument = rest[position]
            position += 1
        else:
            return found, [], word
        if word[letter] == "o":
            name, value = _name_value(argument)
            found.append(Option(name, value, start, offset, offset + len(argument)))
    return found, rest[position:], ""


def _name_value(argument: str) -> tuple[str, str]:
    """Name and value of `name=value` or `{ name = value }`; the name is empty where there is no equals sign."""
    if argument.startswith("{"):
        argument = argument[1:].removesuffix("}").strip(_BLANKS)
        name, equals, value = argument.partition("=")
        return (name.strip(_BLANKS), value.strip(_BLANKS)) if equals else ("", argument)
    name, equals, value = argument.partition("=")
    return (name, value) if equals else ("", argument)


def options(logical: Logical, name: str) -> list[Option]:
    """The -o options of an entry that set a parameter."""
    return [option for option in _options(logical)[0] if option.name == name]


def options_end(logical: Logical) -> int:
    """Offset where a further option can be put: after the last one, or after the command."""
    found, _, _ = _options(logical)
    words = list(_words(logical.text))[:_FIELDS]
    last = words[-1]
    end = last[0] + len(last[1])
    return max([end, *(option.end for option in found)])


def service(file: str, logical: Logical) -> tuple[Service, list[Problem]]:
    """The service that a logical line describes, one for which `is_service` holds, and what is wrong with it."""
    fields = logical.text.split(None, _FIELDS)[:_FIELDS]
    found, rest, lacking = _options(logical)
    problems: list[Problem] = []
    overrides: list[Assignment] = []
    for option in found:
        line, column = logical.place(option.argument)
        if not option.name:
            key = option.value.partition("=")[0].strip(_BLANKS)
            problems.append(Problem("override-without-equals", line, key if len(key) < 60 and key.isascii() else ""))
            continue
        last = logical.place(option.end - 1)[0]
        overrides.append(Assignment(file, line, column, last, option.name, option.value))
    if lacking:
        problems.append(Problem("option-without-value", logical.last, lacking[:20]))
    extra = [word for _, word in rest]
    if extra and fields[7].rsplit("/", 1)[-1] == "smtpd":
        problems.append(Problem("stray-argument", logical.place(rest[0][0])[0], extra[0][:60]))
    return Service(file, logical.line, fields[0], fields[1], fields[7], tuple(overrides)), problems


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Words with their offsets; a blank inside of braces belongs to the word."""
    level = 0
    start = -1
    for position, character in enumerate(text):
        if character in _BLANKS and level == 0:
            if start >= 0:
                yield start, text[start:position]
            start = -1
            continue
        if character == "{":
            level += 1
        elif character == "}" and level:
            level -= 1
        if start < 0:
            start = position
    if start >= 0:
        yield start, text[start:]


def endpoint(name: str) -> tuple[str, str]:
    """Host and port of a service name: `submission`, `127.0.0.1:10025`, `[::1]:smtp`."""
    host, colon, port = name.rpartition(":")
    return (host.strip("[]"), port) if colon else ("", name)


PORTS = {
    "smtp": "25",
    "submission": "587",
    "submissions": "465",
    "smtps": "465",
    "ssmtp": "465",
    "urd": "465",
    "lmtp": "24",
}


def port_of(name: str) -> str:
    """The port number that a service name of type inet stands for; the name itself where it is none that we know."""
    port = endpoint(name)[1]
    return PORTS.get(port, port)


def commented(comments: tuple[tuple[int, str], ...]) -> Iterator[tuple[int, str]]:
    """Line and `name/type` of the services that stand in comments."""
    for line, comment in comments:
        text = comment.lstrip("#").lstrip(SPACE)
        if is_service(text):
            name, kind = text[:400].split(None, 2)[:2]
            yield line, f"{name}/{kind}"
