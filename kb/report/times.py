"""When a line of a log was written, as the log itself says it: no time zone is converted, so that hours stay those of the log."""

from __future__ import annotations

from datetime import datetime, timedelta

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_KNOWN = 10_000  # how many times are remembered; lines of one second share one
_BSD, _ISO = 15, 19


class Clock:
    """Reads the time at the beginning of a line: `Nov 24 10:00:00`, `2026-11-24T10:00:00`, `time="2026/11/24 10:00:00"`.

    The first has no year: it gets the one that puts it at or before `latest`, when the log was last written.
    """

    def __init__(self, latest: datetime) -> None:
        self._latest = latest + timedelta(days=1)
        self._known: dict[str, str | None] = {}

    def read(self, line: str) -> str | None:
        """`YYYY-MM-DDTHH:MM:SS`, or None where no time stands."""
        text = line[:_ISO] if line[:1].isdigit() else line[:_BSD]
        if text.startswith(("time=", "ts=", "[", "{")) or text[:1].islower():
            text = line[line.find("2") :][:_ISO]
        try:
            return self._known[text]
        except KeyError:
            pass
        if len(self._known) >= _KNOWN:
            self._known.clear()
        time = self._known[text] = self._parse(text)
        return time

    def _parse(self, text: str) -> str | None:
        try:
            if len(text) == _BSD:
                return self._bsd(text)
            return datetime.fromisoformat(text.replace("/", "-")).isoformat(timespec="seconds")
        except (ValueError, KeyError):
            return None

    def _bsd(self, text: str) -> str:
        month, day = _MONTHS[text[:3]], int(text[4:6])
        hour, minute, second = map(int, text[7:].split(":"))
        for year in (self._latest.year, self._latest.year - 1, self._latest.year - 2, self._latest.year - 3):
            try:
                time = datetime(year, month, day, hour, minute, min(second, 59))
            except ValueError:
                continue  # 29 February
            if time <= self._latest:
                return time.isoformat(timespec="seconds")
        raise ValueError(text)
