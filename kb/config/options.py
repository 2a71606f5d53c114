"""What adapters share: settings gathered by key, findings on keys and values, and pairs of key and value changed in a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kb.config.setting import Edit, Finding, Party, Setting
from kb.config.values import host_kind
from kb.text import Text, nearest_word

Changes = list[tuple[str, str | None]]
# What no setting of a client says: the password is not told, the certificate is the server's.
_UNSAID = ("password", "certificate_name")


def hidden(value: str, *, secret: bool) -> tuple[str, bool]:
    """(value to keep, whether it is a secret): a secret that is set is never kept."""
    kept = secret and value != ""
    return ("***" if kept else value), kept


def setting(file: str, line: int, key: str, value: str, *, secret: bool = False) -> Setting:
    """A setting, its value blanked out when it is a secret."""
    value, kept = hidden(value, secret=secret)
    return Setting(file, line, key, value, secret=kept)


def client(
    product: str,
    title: Text,
    facts: Mapping[str, str],
    settings: Mapping[str, Setting],
    sources: Mapping[str, Sequence[str]],
    details: Mapping[str, str],
    secrets: Sequence[Setting] = (),
) -> Party:
    """A sending party. facts: without `host`, which follows from details; sources: per fact, names in `settings`; secrets: all
    settings that hold one, where there are more than those."""
    origins = {fact: tuple(settings[name] for name in names if name in settings) for fact, names in sources.items()}
    origins |= {"password": tuple(secrets)} if secrets else {}
    known = {name: value for name, value in facts.items() if value}
    return Party("client", product, title, {**known, "host": host_kind(details["host"])}, origins, details)


def usual_changes(login: Changes, change: Mapping[str, str]) -> dict[tuple[str, str], Changes]:
    """What most programs set under the same names for login, host and port. login: what gives a user name and a password."""
    found: dict[tuple[str, str], Changes] = {
        ("auth", "any"): login,
        ("auth", "none"): [("user", None), ("password", None)],
        ("host", "localhost"): [("host", "localhost")],
        ("host", "name"): [("host", "mail.example.com")],
        ("trust", "file"): [],
    }
    if "port" in change:
        found["port", change["port"]] = [("port", change["port"])]
    return found


def edits_of(
    party: Party, change: Mapping[str, str], options: Mapping[tuple[str, str], Changes]
) -> tuple[Edit, ...] | None:
    """The edits that change facts, looked up in `options`; None where one of them is not there."""
    made: Changes = []
    for fact, value in change.items():
        if fact in _UNSAID:
            continue
        found = options.get((fact, value))
        if found is None:
            return None
        made += found
    return tuple(Edit(party.details["file"], key, value) for key, value in made)


def has(party: Party, *keys: str) -> bool:
    """Whether one of the settings that say `auth` ends in one of these names, in any case."""
    return any(item.key.lower().endswith(keys) for item in party.origins.get("auth", ()))


def ehlo_kind(name: str) -> str:
    """The value of the fact `ehlo` for a name that the client gives; "" where it gives the machine's own."""
    if not name:
        return ""
    return "full" if "." in name or name.startswith("[") else "short"


def split_port(address: str) -> tuple[str, str]:
    """Host and port of `host:port`, `[::1]:25` or a bare host; "" where there is no port."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or (":" in host and not host.startswith("[")):
        return address.strip("[]"), ""
    return host.strip("[]"), port


def unknown(product: str, item: Setting, known: Iterable[str], effect: Text | None = None) -> Finding:
    """A key that a product does not know. effect: what it does then; by default it takes no notice."""
    near = nearest_word(item.key, known)
    does = effect or Text("会忽略它", "ignores it")
    hint = Text(f"是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
    text = Text(
        f"{product} 没有 {item.key} 这个设置，{does.zh}。{hint.zh}",
        f"{product} has no setting {item.key} and {does.en}.{hint.en}",
    )
    return Finding(item.file, item.line, item.key, text)


def finding(item: Setting, zh: str, en: str) -> Finding:
    """A finding on a setting."""
    return Finding(item.file, item.line, item.key, Text(zh, en))


def not_allowed(product: str, item: Setting, allowed: Collection[str], taken: Text) -> Finding:
    """A value outside the allowed ones. taken: what the product does then, after "product" in a sentence."""
    values = [value or "''" for value in allowed]
    return finding(
        item,
        f"{item.key} 不认 {item.value!r}，可用 {'、'.join(values)}；{product} {taken.zh}。",
        f"{item.key} does not know {item.value!r}; it takes {', '.join(values)}. {product} {taken.en}.",
    )


def literal(value: str) -> str:
    """A literal of a programming language as text: quotes and a Ruby colon off, nothing for null; anything else as it stands."""
    value = value.strip()
    if len(value) > 1 and value[0] in "'\"`" and value[-1] == value[0]:
        return value[1:-1]
    if value.lower() in ("null", "nil", "none", "undefined"):
        return ""
    return value[1:] if value.startswith(":") else value


# Patterns for these have the groups lead, key, sep, value and tail, in this order.
_LEAD, _KEY, _SEP, _VALUE, _TAIL = 1, 2, 3, 4, 5


def pairs(pattern: Any, name: str, text: str, secrets: Collection[str], prefix: str = "") -> Iterator[Setting]:
    """The settings of a text. secrets: names, without `prefix`, whose values are blanked out. Comment lines are left out."""
    line, at = 1, 0
    for found in pattern.finditer(text):
        line += text.count("\n", at, found.start(_KEY))
        at = found.start(_KEY)
        if is_comment(text, at):
            continue
        key = found.group(_KEY)
        value = literal(found.group(_VALUE))
        yield setting(name, line, key, value, secret=key.removeprefix(prefix) in secrets)


def is_comment(text: str, at: int) -> bool:
    """Whether a place is in a line that begins as a comment does in most languages."""
    begin = text.rfind("\n", 0, at) + 1
    return text[begin:at].lstrip().startswith(("#", "//", "/*", "* "))


def set_pair(text: str, pattern: Any, key: str, value: str | None) -> str:
    """The text with the last pair of `key` changed, removed (None), or added after the first pair in that one's form."""
    found = [pair for pair in pattern.finditer(text) if not is_comment(text, pair.start(_KEY))]
    for pair in reversed(found):
        if pair.group(_KEY) == key:
            if value is None:
                return _without(text, pair.start(), pair.end())
            return text[: pair.start(_VALUE)] + value + text[pair.end(_VALUE) :]
    if value is None or not found:
        return text
    first = found[0]
    new = f"{first.group(_LEAD)}{key}{first.group(_SEP)}{value}{first.group(_TAIL)}"
    whole_line = text[: first.start()].endswith("\n") or first.start() == 0
    return f"{text[: first.end()]}{chr(10) if whole_line else ' '}{new}{text[first.end() :]}"


def _without(text: str, start: int, end: int) -> str:
    """The text without a stretch, and without its line when nothing else is on it."""
    if (start == 0 or text[start - 1] == "\n") and text[end : end + 1] == "\n":
        end += 1
    return text[:start] + text[end:]
