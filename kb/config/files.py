"""Several files in one paste: as `head` and `tail` print them, after `cat` at a prompt, in fences, or one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import re2

from kb.config.postfix.read import recognised

MOST_FILES = 20
_MARK = re2.compile(r"^==>\s*(?P<name>\S.{0,200}?)\s*<==\s*$")
# `root@mail:~# cat /etc/postfix/main.cf`, `$ postconf -n`; a prompt with nothing after it ends a part.
_PROMPT = re2.compile(
    r"^(?:\[?[\w.-]+@[\w.-]+[^\s$#%>]{0,80}(?:\s[^\s$#%>]{1,80}\])?\s?[$#%]|[$%])(?:\s+(?:sudo\s+)?(?P<command>\S.*))?\s*$"
)
_SHOWS = ("cat", "less", "more", "head", "tail", "postconf", "grep", "egrep", "env", "printenv")
_FENCE = re2.compile(r"^\s{0,3}(?:```|~~~)[\w./+-]*\s*$")
_LONGEST_LINE = 2000
# Fewer lines of Postfix between lines of something else say nothing.
_LEAST_LINES = 2


def split_files(name: str, text: str) -> dict[str, str]:
    """File name -> content of a paste: parts that begin with a line `==> name <==`, a prompt with a command that shows a file, or
    a fence, and what stands before them as `name`. Of a part with paragraphs of Postfix beside others, those are main.cf."""
    parts: dict[str, list[str]] = {name: []}
    current = parts[name]
    for line in _unquoted(text).splitlines(keepends=True):
        heading = _heading(line.rstrip("\r\n"), name)
        if heading is None or len(parts) >= MOST_FILES:
            current.append(line)
        else:
            heading = _free(heading, parts) if heading == name else heading
            current = parts.setdefault(heading, [])
    whole = {file: content for file, lines in parts.items() if (content := "".join(lines)).strip()}
    return {file: content for item in whole.items() for file, content in _apart(*item, whole)}


def split_items(files: Mapping[str, str]) -> dict[str, str]:
    """Files as they were sent; one that holds several, or both sides, is taken apart, unless a part has the name of another."""
    found: dict[str, str] = {}
    for name, text in files.items():
        parts = split_files(name, text)
        taken = any(part != name and (part in files or part in found) for part in parts)
        found |= parts if parts and not taken else {name: text}
    return found


def _heading(line: str, name: str) -> str | None:
    """The file that a line says what follows is; `name` for one without a name of its own; None for a line of a file."""
    if len(line) > _LONGEST_LINE:
        return None
    if line.startswith("==>") and (found := _MARK.match(line)):
        return str(found.group("name"))
    if line.lstrip().startswith(("```", "~~~")) and _FENCE.match(line):
        return name
    prompt = _PROMPT.match(line) if "$" in line[:200] or "#" in line[:200] or "%" in line[:200] else None
    if prompt is None:
        return None
    words = (prompt.group("command") or "").split()
    if words and words[0].rpartition("/")[2] not in _SHOWS:
        return None
    files = [word for word in words[1:] if not word.startswith("-") and ("." in word or "/" in word)]
    return files[-1] if files and words[0] in ("cat", "less", "more", "head", "tail") else name


def _free(name: str, taken: dict[str, list[str]]) -> str:
    """The name, or with a number the next that holds nothing yet."""
    number, found = 1, name
    while "".join(taken.get(found, ())).strip():
        number += 1
        found = f"{name} {number}"
    return found


def _unquoted(text: str) -> str:
    """The text without the `> ` that mail and forums put before every line."""
    lines = text.splitlines(keepends=True)
    if len(lines) < _LEAST_LINES or not all(line.startswith(">") or not line.strip() for line in lines):
        return text
    return "".join(line[1:].removeprefix(" ") if line.startswith(">") else line for line in lines)


def _apart(name: str, text: str, others: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The part, its paragraphs of Postfix on their own where it has others besides."""
    paragraphs = list(_paragraphs(text))
    if len(paragraphs) < 2 or "main.cf" in others:
        yield name, text
        return
    theirs = [_is_postfix(paragraph) for paragraph in paragraphs]
    if all(theirs) or not any(theirs) or recognised(name, text) >= 0.5:
        yield name, text
        return
    yield name, "".join(text for text, own in zip(paragraphs, theirs, strict=True) if not own)
    yield "main.cf", "".join(text for text, own in zip(paragraphs, theirs, strict=True) if own)


def _is_postfix(paragraph: str) -> bool:
    return paragraph.count("\n") >= _LEAST_LINES and recognised("", paragraph) >= 0.8


def _paragraphs(text: str) -> Iterator[str]:
    """Runs of lines with the blank lines after them."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.strip() and lines and not lines[-1].strip():
            yield "".join(lines)
            lines = []
        lines.append(line)
    if lines:
        yield "".join(lines)
