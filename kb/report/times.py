"""When a line of a log was written, as the log itself says it: no time zone is converted, so that hours stay those of the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_KNOWN = 10_000  # how many hours are remembered
_BSD, _ISO = 15, 19
_REST = 6  # characters behind the hour
_HEAD = 512  # bytes at the beginning of a line in which its time stands


@lru_cache(maxsize=1)
def _rests() -> dict[bytes, str]:
    """What stands behind the hour."""
    texts = [f":{minute:02}:{second:02}" for minute in range(60) for second in range(60)]
    return {text.encode(): text for text in texts}


class Clock:
    """Reads the time at the beginning of a line: `Nov 24 10:00:00`, `2026-11-24T10:00:00`, `time="2026/11/24 10:00:00"`.

    The first has no year: it gets the one that puts it at or before `latest`, when the log was last written.
    """

    def __init__(self, latest: datetime) -> None:
        self._latest = latest + timedelta(days=1)
        self._hours: dict[bytes, str | None] = {}
        self._rests = _rests()

    def read(self, line: bytes) -> str | None:
        """`YYYY-MM-DDTHH:MM:SS`, or None where no time stands."""
        text = line[:_ISO] if line[:1].isdigit() else line[:_BSD]
        try:
            hour, rest = self._hours[text[:-_REST]], self._rests[text[-_REST:]]
        except KeyError:
            if text.startswith((b"time=", b"ts=", b"[", b"{")) or text[:1].islower():
                text = line[line.find(b"2", 0, _HEAD) :][:_ISO]
            return self._first(text)
        return hour + rest if hour else self._parse(text)

    def _first(self, text: bytes) -> str | None:
        """The time, the first of its hour; the hour is remembered when all of its times have the same year."""
        time, head = self._parse(text), text[:-_REST]
        if time and len(text) in (_BSD, _ISO) and text[-_REST:] in self._rests:
            if len(self._hours) >= _KNOWN:
                self._hours.clear()
            first, last = self._parse(head + b":00:00"), self._parse(head + b":59:59")
            self._hours[head] = time[:-_REST] if first and last and first[:-_REST] == last[:-_REST] else None
        return time

    def _parse(self, raw: bytes) -> str | None:
        try:
            text = raw.decode("ascii")
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
