"""The names of settings in a text: what somebody who copies one from a page types into the search box."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MAX_LINE = 400
_MAX_NAME = 64
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)+")
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{3,}")
_CODE = re.compile(r"`([^`\n]+)`")
# What has dots but is no setting: a host, a file, a method of a program.
_ENDINGS = frozenset(
    {"com", "net", "org", "io", "cn", "ru", "de", "dev", "local", "example", "test", "internal", "arpa"}
    | {
        "cf",
        "db",
        "conf",
        "cfg",
        "log",
        "ini",
        "toml",
        "yaml",
        "yml",
        "json",
        "txt",
        "xml",
        "html",
        "lmdb",
        "cidr",
        "eml",
    }
    | {"pem", "crt", "key", "cer", "p12", "gpg", "php", "py", "go", "js", "rb", "java", "sh", "exe", "dll"}
    | {"gz", "sock", "service"}
)


def in_settings(lines: Iterable[str]) -> set[str]:
    """The names in lines that somebody copies into a configuration or a shell, such as `postconf -e 'relayhost = …'`."""
    names = set()
    for line in lines:
        names.update(in_text(line[:_MAX_LINE]))
        name, equals, _ = line.partition("=")
        last = re.split(r"[\s'\"$>:]+", name.strip())[-1]
        if equals and _SIMPLE.fullmatch(last) and _is_name(last):
            names.add(last)
    return names


def in_code(markdown: str) -> set[str]:
    """The names in what is marked as code."""
    return {name for code in _CODE.findall(markdown) for name in in_text(code)}


def in_text(text: str) -> set[str]:
    """The names that show themselves by an underscore, or by dots as in `mail.smtp.starttls.enable`."""
    return set(_compound(text))


def _compound(text: str) -> Iterator[str]:
    for match in _COMPOUND.finditer(text):
        name = match[0]
        before = text[match.start() - 1 : match.start()]
        if before not in ("/", "@", "[", "\\") and ("_" in name or name.count(".") > 1) and _is_name(name):
            yield name


def _is_name(name: str) -> bool:
    return len(name) <= _MAX_NAME and "example" not in name and name.rpartition(".")[2].lower() not in _ENDINGS
