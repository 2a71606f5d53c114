"""YAML -> nested dicts, lists and strings, with the place of every node. The only `import yaml`.

PyYAML alone would turn `no` into False, let a duplicate key win silently, expand alias bombs and die of deep nesting.
Here the tree is built from the parser's events, iteratively, every scalar stays the string it is, and whatever
`errors.yaml` must not contain becomes a finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.lines import Comment, check_lines, find_comments, read_text
from kb.catalog.slips import slip
from kb.text import Text

MAX_DEPTH = 20

Key = tuple[str | int, ...]
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_TYPOGRAPHIC = ("‘", "’", "“", "”", "「", "『", "＇", "＂", "´")
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # as YAML 1.1 counts lines
_LOADER = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(frozen=True)
class Document:
    """A loaded file. `places` maps the path of a node (keys and indices) to its line and column, counted from 1; `whole` says
    that nothing of it had to be left out.
    """

    path: str
    data: Any
    places: Mapping[Key, tuple[int, int]]
    key_places: Mapping[Key, tuple[int, int]]
    findings: tuple[Finding, ...]
    comments: tuple[Comment, ...] = ()
    text: str = ""
    whole: bool = True

    def finding(self, rule: str, key: Key, message: Text, *, at_key: bool = False) -> Finding:
        """A finding at the node `key`, or at the nearest one above it that exists."""
        places = self.key_places if at_key else self.places
        for length in range(len(key), -1, -1):
            if key[:length] in places:
                return Finding(self.path, *places[key[:length]], rule, message)
        return Finding(self.path, 1, 1, rule, message)


def load_file(path: Path, name: str | None = None) -> Document:
    """Read and load a YAML file. Raises CatalogError when it cannot be read at all."""
    shown = name or path.name
    return load_yaml(read_text(path, shown), shown)


def load_yaml(text: str, path: str, first_line: int = 1) -> Document:
    """Load YAML text; `path` is the name that findings show, `first_line` the line of it where `text` begins.

    Raises CatalogError on text that is no YAML.
    """
    builder = _Builder(path, first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise CatalogError([*builder.findings, _syntax(error, builder, text)]) from error
    except yaml.YAMLError as error:
        # A character that YAML does not take; the finding on it says which.
        seen = [f for f in check_lines(text, path) if f.rule == "KB004"]
        wrong = [replace(finding, line=finding.line + first_line - 1) for finding in seen]
        message = Text("YAML 里不能有这个字符。", "YAML does not allow this character.")
        raise CatalogError(wrong or [Finding(path, first_line, 1, "KB002", message)]) from error
    comments = find_comments(text, builder.ends, builder.inside)
    return Document(path, builder.root, builder.places, builder.key_places, tuple(builder.findings), comments, text)


def _syntax(error: yaml.MarkedYAMLError, builder: _Builder, text: str) -> Finding:
    problem = (error.problem or str(error)).strip()
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    open_quote = "quoted scalar" in (error.context or "") and "escape" not in problem
    if open_quote and error.context_mark:
        line, column = error.context_mark.line, error.context_mark.column
    elif builder.quote and builder.quote[2] == line:
        # A text that ends where the next one should begin: its quote was left open.
        line, column, _ = builder.quote
        open_quote = True
    lines = _LINE_BREAK.split(text)
    message = _told(problem, open_quote, "".join(lines[line : line + 1]))
    above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), line)
    known = slip(lines, (line, above, mark.line if mark else line))
    if known and not "".join(lines[line : line + 1]).startswith(_CONFLICT):
        line, column, message = known
    return Finding(builder.path, builder.first_line + line, column + 1, "KB002", message)


def _told(problem: str, open_quote: bool, line: str) -> Text:
    """A problem of the parser in the words of somebody who writes an entry; `line` is where it is."""
    if line.startswith(_CONFLICT):
        return Text("合并冲突的标记：先解决冲突。", "A mark of a merge conflict: resolve it first.")
    if open_quote:
        return Text(
            "这个引号没有收尾：补上引号；文字里的单引号要写两遍（''）。",
            "This quote has no end: close it, and write a quote inside the text twice ('').",
        )
    if "escape" in problem:
        return Text(
            "双引号里的反斜杠有特殊含义：请改用单引号。",
            "A backslash means something else in double quotes: use single quotes.",
        )
    if "mapping values are not allowed" in problem:
        return Text(
            "这里出现了不该有的冒号：请用单引号把整段文字括起来，并检查缩进。",
            "A colon where none can be: put the whole text in single quotes, and look at the indentation.",
        )
    if "cannot start any token" in problem:
        return Text(
            "文字不能以这个字符开头（或缩进用了制表符）：请用单引号括起来，缩进只用空格。",
            "A text cannot begin with this character (or a tab indents): use single quotes, and spaces only.",
        )
    if "expected <block end>" in problem or "did not find expected" in problem or "could not find" in problem:
        return Text(
            "这一行与上文接不上：检查缩进（每级两个空格），文字里的单引号要写两遍（''）。",
            "Does not go on from the line above: two spaces for each level, and a quote inside a text twice ('').",
        )
    return Text(f"YAML 语法错误：{problem}。", f"YAML syntax: {problem}.")


@dataclass(slots=True)
class _Frame:
    """A collection that is still open. In a mapping, `pending` is the key whose value comes next and `below` its place."""

    key: Key
    node: dict[str, Any] | list[Any]
    pending: str | None = None
    below: Key = ()
    first_seen: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Builds the tree event by event and notes what must not be. There are a hundred thousand events: nothing is done twice."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.root: Any = None
        self.places: dict[Key, tuple[int, int]] = {}
        self.key_places: dict[Key, tuple[int, int]] = {}
        self.findings: list[Finding] = []
        # For the comments: where the last token of a line ends, and which lines lie within a scalar.
        self.ends: dict[int, int] = {}
        self.inside: list[tuple[int, int]] = []
        # Line and column of the last text of many lines, and its last line.
        self.quote: tuple[int, int, int] | None = None
        self._open: list[_Frame] = []

    def take(self, event: yaml.Event) -> None:
        self._extent(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor or event.tag:
                self._decorations(event)
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.anchor or event.tag:
                self._decorations(event)
            self._start(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.places:
            self._note(
                event, "KB002", Text("只允许一份 YAML 文档（删去 ---）。", "One YAML document only (remove ---).")
            )
            raise CatalogError(self.findings)
        elif isinstance(event, yaml.AliasEvent):
            self._note(event, "KB107", Text("不允许使用别名（*）：请写全。", "No aliases (*): write the text out."))
            self._add(event, "")

    def _extent(self, event: yaml.Event) -> None:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return
        first, last = start.line, end.line
        if first == last:
            self.ends[last] = end.column
        elif getattr(event, "style", None) in ("|", ">"):
            self.ends[first] = start.column + 1
            self.inside.append((first + 1, last - 1))
        else:
            self.quote = (first, start.column, last)
            self.inside.append((first, last - 1))
            self.ends[last] = end.column

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        """Line and column of an event, counted from 1."""
        mark = event.start_mark
        return (mark.line + self.first_line, mark.column + 1) if mark else (self.first_line, 1)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._open[-1] if self._open else None
        if frame and frame.pending is None and isinstance(frame.node, dict):
            self._key(frame, event)
            return
        if event.value.startswith(_TYPOGRAPHIC) and not event.style:
            message = Text(
                "引号不是 '（打字时被换掉了）：改成半角单引号。",
                "These quotes are not ' (something has replaced them): write ' instead.",
            )
            self._note(event, "KB002", message)
        elif event.style not in ("'", "|"):
            self._note(event, "KB106", Text("文字请用单引号或 | 块。", "Write text in single quotes or as a | block."))
        self._add(event, event.value)

    def _key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        name = event.value
        place = self._place(event)
        first = frame.first_seen.setdefault(name, place[0])
        if name in frame.node:
            self._note(
                event,
                "KB101",
                Text(f"键 {name} 重复，前一处在第 {first} 行。", f"Duplicate key {name}, first at line {first}."),
            )
        frame.pending = name
        frame.below = (*frame.key, name)
        self.key_places.setdefault(frame.below, place)

    def _start(self, event: yaml.CollectionStartEvent, node: dict[str, Any] | list[Any]) -> None:
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.node, dict) and frame.pending is None:
            self._note(event, "KB110", Text("键必须是文字。", "A key must be text."))
            frame.pending, frame.below = "", (*frame.key, "")
        if len(self._open) >= MAX_DEPTH:
            self._note(event, "KB003", Text(f"嵌套超过 {MAX_DEPTH} 层。", f"Nested deeper than {MAX_DEPTH} levels."))
            raise CatalogError(self.findings)
        self._open.append(_Frame(self._add(event, node), node))

    def _add(self, event: yaml.Event, value: Any) -> Key:
        frame = self._open[-1] if self._open else None
        key: Key = ()
        if frame is None:
            self.root = value
        elif isinstance(frame.node, list):
            key = (*frame.key, len(frame.node))
            frame.node.append(value)
        else:
            key = frame.below
            frame.node.setdefault(frame.pending or "", value)
            frame.pending = None
        self.places.setdefault(key, self._place(event))
        return key

    def _decorations(self, event: yaml.NodeEvent) -> None:
        if event.anchor:
            self._note(event, "KB107", Text("不允许使用锚点（&）：请写全。", "No anchors (&): write the text out."))
        if getattr(event, "tag", None):
            self._note(event, "KB107", Text("不允许使用标签（!）。", "No tags (!)."))

    def _note(self, event: yaml.Event, rule: str, message: Text) -> None:
        self.findings.append(Finding(self.path, *self._place(event), rule, message))
