"""What journald and Docker wrap around a line of a log, taken off: the line as syslog would have it.

`journalctl -o json` and Docker's json-file have one object on each line, `journalctl -o export` one field on each and an
empty line behind each entry (systemd, Journal Export Formats). The journal's times are UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

EXPORT = (b"__CURSOR=", b"__REALTIME_TIMESTAMP=")
_MARKS = (b'"MESSAGE"', b'"log":')
_MAX_FIELD = 1 << 20
_MAX_LINES = 4000
_WANTED = frozenset(
    ("MESSAGE", "SYSLOG_IDENTIFIER", "_COMM", "SYSLOG_PID", "_PID", "_HOSTNAME", "__REALTIME_TIMESTAMP")
)


def unwrap(line: bytes) -> bytes:
    """The line that an object of the journal's or Docker's holds; any other line as it is."""
    if not line.startswith(b"{") or not any(mark in line for mark in _MARKS):
        return line
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return line
    if not isinstance(fields, dict):
        return line
    if "MESSAGE" in fields:
        return _syslog(fields)
    text = fields.get("log")
    return _one_line(text) if isinstance(text, str) else line


def _syslog(fields: dict[str, Any]) -> bytes:
    """The line that rsyslog would have written of a journal entry."""
    pid = _text(fields.get("SYSLOG_PID") or fields.get("_PID"))
    program = _text(fields.get("SYSLOG_IDENTIFIER") or fields.get("_COMM")) or "unknown"
    tag = f"{program}[{pid}]" if pid else program
    head = f"{_time(fields.get('__REALTIME_TIMESTAMP'))} {_text(fields.get('_HOSTNAME')) or 'localhost'} {tag}: "
    return _one_line(head + _text(fields["MESSAGE"]))


def _time(microseconds: object) -> str:
    try:
        time = datetime.fromtimestamp(int(str(microseconds)) / 1e6, UTC)
    except (ValueError, OverflowError, OSError):
        return "-"
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _text(value: object) -> str:
    """A field's text; the journal writes what is no UTF-8 as a list of bytes, and a field set twice as a list of texts."""
    if isinstance(value, list):
        if value and all(isinstance(byte, int) and 0 <= byte < 256 for byte in value):
            return bytes(value).decode("utf-8", "replace")
        return _text(value[0]) if value and isinstance(value[0], str) else ""
    return str(value) if isinstance(value, str | int) else ""


def _one_line(text: str) -> bytes:
    return " ".join(text.splitlines()).encode("utf-8", "replace")


def read_export(file: IO[bytes]) -> Iterator[bytes]:
    """Blocks of lines made from an export of the journal. Raises what reading the file does, EOFError where it is cut off."""
    lines: list[bytes] = []
    fields: dict[str, Any] = {}
    while line := file.readline(_MAX_FIELD):
        if line != b"\n":
            _field(file, line, fields)
            continue
        if "MESSAGE" in fields:
            lines.append(_syslog(fields))
        fields = {}
        if len(lines) >= _MAX_LINES:
            yield b"\n".join((*lines, b""))
            lines = []
    if "MESSAGE" in fields:
        lines.append(_syslog(fields))
    if lines:
        yield b"\n".join((*lines, b""))


def _field(file: IO[bytes], line: bytes, fields: dict[str, Any]) -> None:
    """One field: `NAME=text`, or `NAME`, the length as eight bytes, little end first, the bytes and a line feed."""
    name, equals, value = line.rstrip(b"\n").partition(b"=")
    if not equals:
        size = int.from_bytes(file.read(8), "little")
        if size > 768 << 20:
            raise EOFError("a field's length cannot be true")
        value = file.read(min(size, _MAX_FIELD))
        left = size + 1 - len(value)
        while left > 0:
            skipped = file.read(min(left, _MAX_FIELD))
            if not skipped:
                raise EOFError("it ends within a field")
            left -= len(skipped)
    key = name.decode("ascii", "replace")
    if key in _WANTED:
        fields.setdefault(key, value.decode("utf-8", "replace"))
