"""From a pasted text and one of its observations to the values that it names."""

from __future__ import annotations

import re2

from kb.inputs.observation import Observation
from kb.record import Record
from kb.redact import redact_secrets
from kb.regex import Gate, compiled, occurs
from kb.text import without_surrogates
from kb.values.names import NAMES
from kb.values.rules import RULES

MAX_LENGTH = 200
_MAX_TEXT = 16 * 1024
_AROUND = 2048
_GATE = Gate(words for _, words, _ in RULES)
_NO_HOST = ("unknown", "none", "local", "localhost.localdomain")


class Value(Record):
    """One thing that the text names: `name` is one of NAMES, `text` the piece of the paste from `start` to `end`."""

    name: str
    text: str
    start: int
    end: int


def find_values(text: str, observation: Observation) -> tuple[Value, ...]:
    """The values in the log line, reply or report that an observation was made from, each name once, in the order of NAMES."""
    scope, offset = _scope(text, observation)
    found: dict[str, Value] = {}
    scope = without_surrogates(scope)
    raw = scope.encode()
    # In bytes where these are at the same places, because RE2 then need not translate them.
    searched = raw if len(raw) == len(scope) else scope
    for number in _GATE.open(scope.lower()):
        names, _, expression = RULES[number]
        if all(name in found for name in names) or (searched is scope and not occurs(expression, raw)):
            continue
        for match in compiled(expression).finditer(searched):
            if _take(found, names, match, offset):
                break
    _add_codes(found, observation)
    _add_recipient(found, text, observation)
    if "blocked-ip" in found and "server-ip" in found and found["blocked-ip"].text == found["server-ip"].text:
        del found["blocked-ip"]  # The server that refused, not the address it refused.
    shown = redact_secrets(scope) if found else ""
    kept = [found[name] for name in NAMES if name in found]
    return tuple(value for value in kept if value.text in shown or not _within(value, offset, scope))


def _scope(text: str, observation: Observation) -> tuple[str, int]:
    """What to search and where it begins in the paste: the diagnostic, and of a log also the rest of its line."""
    begin, end = observation.start, observation.start + len(observation.diagnostic)
    if observation.format == "dsn" or text[begin:end] != observation.diagnostic:
        return observation.diagnostic[:_MAX_TEXT], begin
    line = max(text.rfind("\n", 0, begin) + 1, begin - _AROUND)
    stop = text.find("\n", end)
    stop = min(stop if stop >= 0 else len(text), end + _AROUND)
    return text[line : min(stop, line + _MAX_TEXT)], line


def _take(found: dict[str, Value], names: tuple[str, ...], match: re2._Match, offset: int) -> bool:
    """Add what a rule matched; False when it is not what it looked like, so that the next place is tried."""
    new: dict[str, Value] = {}
    for number, text in enumerate(match.groups(), 1):
        if not text:
            continue
        name = names[min(number, len(names)) - 1]
        text = text if isinstance(text, str) else text.decode()
        value = _value(name, text, offset + match.start(number))
        if value is None:
            continue
        new[value.name] = value
    if "address" in new and any(known.text == new["address"].text for known in found.values()):
        return False
    for name, value in new.items():
        found.setdefault(name, value)
    return bool(new)


def _value(name: str, text: str, start: int) -> Value | None:
    """A value whose text is what its name says, or None."""
    if name.endswith("*"):
        name = f"{name[:-1]}-ip" if _is_ip(text) else f"{name[:-1]}-host"
    if len(text) > MAX_LENGTH or (name.endswith("-ip") and not _is_ip(text)):
        return None
    if name.endswith("-host") and (text.lower() in _NO_HOST or _is_ip(text)):
        return None
    if name == "port" and not 0 < int(text) < 65536:
        return None
    if name == "block-list":
        kept = _without_key(text)
        start, text = start + len(text) - len(kept), kept
        if text.lower().startswith(("www.", "check.", "lookup.", "mail.")):
            return None
    stripped = text.rstrip(" ,.")
    return Value(name, stripped, start, start + len(stripped)) if stripped else None


def _without_key(zone: str) -> str:
    """A Spamhaus DQS zone without the customer's key, which is a secret: `KEY.zen.dq.spamhaus.net`."""
    labels = zone.split(".")
    return ".".join(labels[-4:]) if zone.lower().endswith(".dq.spamhaus.net") else zone


def _add_codes(found: dict[str, Value], observation: Observation) -> None:
    for name, code in (("reply-code", observation.reply_code), ("enhanced-status", observation.enhanced_status)):
        at = observation.diagnostic.find(code) if code else -1
        if code and at >= 0:
            found[name] = Value(name, code, observation.start + at, observation.start + at + len(code))


def _add_recipient(found: dict[str, Value], text: str, observation: Observation) -> None:
    """The recipient of a delivery report stands elsewhere in it."""
    at = text.find(observation.recipient) if observation.recipient else -1
    if observation.recipient and at >= 0:
        found["recipient"] = Value("recipient", observation.recipient, at, at + len(observation.recipient))
        if "address" in found and found["address"].text == observation.recipient:
            del found["address"]


def _within(value: Value, offset: int, scope: str) -> bool:
    return offset <= value.start < offset + len(scope)


def _is_ip(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address, and no time of day."""
    if ":" not in text:
        parts = text.split(".")
        return len(parts) == 4 and all(part.isdigit() and len(part) <= 3 and int(part) < 256 for part in parts)
    groups = text.split(":")
    short = "::" in text
    well_formed = all(len(group) <= 4 or "." in group for group in groups)
    return well_formed and text.count("::") <= 1 and (3 <= len(groups) <= 8 if short else len(groups) == 8)
