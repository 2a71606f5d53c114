"""One line per event on standard error, as text or JSON. What was asked or pasted is in none of them."""

from __future__ import annotations

import json
import logging
import os
import time
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def now() -> str:
    """The time of a log line: UTC, milliseconds."""
    seconds = time.time()
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 1000) % 1000:03}Z"


def line(log_format: str, level: str, message: str, **fields: Any) -> str:
    """One log line, with its line break; control characters in it are escaped."""
    if log_format == "json":
        return _encode({"time": now(), "level": level, "message": message, **fields}) + "\n"
    named = "".join(f" {name}={value}" for name, value in fields.items())
    return f"{now()} {level} {_printable(message)}{named}\n"


def request_line(log_format: str, fields: dict[str, Any]) -> bytes:
    """The line of one request. The values come from closed sets or are numbers, so nothing needs escaping."""
    if log_format == "json":
        return (_encode({"time": now(), "level": "info", "message": "request", **fields}) + "\n").encode()
    size = "-" if fields["bytes"] is None else fields["bytes"]
    parts = (fields["method"], fields["route"], fields["status"], f"{fields['ms']} ms", f"{size} B", fields["id"])
    return f"{now()} info {' '.join(map(str, parts))}\n".encode()


def write(raw: bytes) -> None:
    """Write a line to standard error at once, so that lines of several workers do not mix; a full disk stops no request."""
    try:
        os.write(2, raw)
    except OSError:
        return


class Formatter(logging.Formatter):
    """What programs log, in the same form as the requests."""

    def __init__(self, log_format: str = "text") -> None:
        super().__init__()
        self._log_format = log_format

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line; the handler adds the line break."""
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        return line(self._log_format, record.levelname.lower(), message, logger=record.name)[:-1]


def config(log_format: str) -> dict[str, Any]:
    """For `logging.config.dictConfig` and granian: warnings of ours and of the server on standard error."""
    loggers = {name: {"handlers": ["console"], "level": "WARNING", "propagate": False} for name in _LOGGERS}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"generic": {"()": "kb.web.logs.Formatter", "log_format": log_format}},
        "handlers": {
            "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        },
        "loggers": loggers,
    }


_LOGGERS = ("kb", "_granian", "granian.access", "waitress")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\\n" if c == "\n" else f"\\x{ord(c):02x}" for c in text)
