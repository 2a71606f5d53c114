"""Applications whose mail settings are pairs in one part of a file: a JSON object, an ini section, a YAML block, XML elements.

What each calls its settings and makes of them is in forms_java.py, forms_python.py, forms_yaml.py and forms_other.py, with its
sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.config.options import (
    Changes,
    client,
    edits_of,
    finding,
    has,
    is_comment,
    not_allowed,
    setting,
    split_port,
    usual_changes,
)
from kb.config.setting import Edit, Finding, Party, Reading, Setting
from kb.text import Text

# The groups of a pattern (kb/config/options.py).
_LEAD, _KEY, _SEP, _VALUE, _TAIL = 1, 2, 3, 4, 5
_LONGEST = 400_000
Values = Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """How an application's settings are written, and what they mean.

    part: the stretch of a text that holds them, None where it holds none. pattern: one pair, with the groups of options.pairs.
    names: what the settings are called, by meaning. quote: what a value is written between, '"' for JSON, "yaml" for text in
    YAML. port: the default by `tls`. facts: those of the values by meaning; of `verify` perhaps all that are possible, with
    commas. options: per fact and value the settings, by meaning, that make it so. user: what is written for a user name.
    one_of: values that are allowed. port_in_host: whether the port stands behind the host. nested_login: whether user name and
    password are in a part of their own, which is not added. closing: what ends a pair, where that depends on the key (XML).
    """

    product: str
    title: str
    part: Callable[[str], tuple[int, int] | None]
    pattern: Any
    names: Values
    port: Values
    facts: Callable[[Values], dict[str, str]]
    options: Mapping[tuple[str, str], Changes]
    quote: str = ""
    default_host: str = ""
    one_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user: str = "USER"
    port_in_host: bool = False
    nested_login: bool = False
    closing: Callable[[str], str] | None = None

    def settings(self, name: str, text: str) -> Iterator[tuple[str, Setting]]:
        """(meaning, setting) of what the part holds, in order."""
        part = self.part(text) if len(text) < _LONGEST else None
        if part is None:
            return
        meanings = {key.lower(): meaning for meaning, key in self.names.items()}
        inner, above = text[part[0] : part[1]], text.count("\n", 0, part[0]) + 1
        line, at = above, 0
        for found in self.pattern.finditer(inner):
            line, at = line + inner.count("\n", at, found.start(_KEY)), found.start(_KEY)
            meaning = meanings.get(found.group(_KEY).lower())
            if meaning is not None and not is_comment(inner, at):
                value = _bare(found.group(_VALUE))
                yield meaning, setting(name, line, found.group(_KEY), value, secret=meaning == "password")

    def set(self, text: str, key: str, value: str | None) -> str:
        """The text with a pair of its part changed, removed or added after the host."""
        part = self.part(text)
        if part is None:
            return text
        inner = text[part[0] : part[1]]
        found = [pair for pair in self.pattern.finditer(inner) if not is_comment(inner, pair.start(_KEY))]
        own = next((pair for pair in reversed(found) if pair.group(_KEY).lower() == key.lower()), None)
        if own is not None:
            inner = _without(inner, own, json=self.quote == '"') if value is None else self._changed(inner, own, value)
        elif value is not None and found:
            host = next((pair for pair in found if pair.group(_KEY).lower() == self.names["host"].lower()), found[0])
            inner = self._added(inner, host, key, value)
        return text[: part[0]] + inner + text[part[1] :]

    def _changed(self, inner: str, own: Any, value: str) -> str:
        return str(inner[: own.start(_VALUE)] + self._written(own, value) + inner[own.end(_VALUE) :])

    def _written(self, like: Any, value: str) -> str:
        """The value between quotes: the form's own; those of YAML, where it takes only text, with ":"."""
        quote = self.quote if self.quote != "yaml" else '"' if ":" in like.group(_SEP) else ""
        return f"{quote}{value}{quote}"

    def _added(self, inner: str, first: Any, key: str, value: str) -> str:
        """A pair more after the first one; in a list of YAML it is none of its own."""
        begin = first.start() if first.start() == first.start(_LEAD) else first.start(_KEY)
        lead = first.group(_LEAD) if begin == first.start() else " " * (begin - inner.rfind("\n", 0, begin) - 1)
        tail = self.closing(key) if self.closing else first.group(_TAIL)
        comma = "," if self.quote == '"' and not tail else ""
        own_line = inner[: first.start()].endswith("\n") or not inner[: first.start()].strip(" ")
        new = f"{lead}{key}{first.group(_SEP)}{self._written(first, value)}{tail}"
        gap = "\n" if own_line or "\n" in inner[: first.start()] else " "
        if self.quote == '"' and gap == "\n":
            line = inner.rfind("\n", 0, first.start()) + 1
            gap += inner[line : first.start()]
        return f"{inner[: first.end()]}{comma}{gap}{new}{inner[first.end() :]}"


def _bare(value: str) -> str:
    """A value without its quotes; nothing for null."""
    value = value.strip()
    if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0]:
        return value[1:-1]
    return "" if value in ("null", "~") else value


def _without(inner: str, own: Any, *, json: bool) -> str:
    """The part without a pair, and without its line when nothing else is on it; JSON has no comma after the last one."""
    begin, end = own.start(), own.end()
    line = inner.rfind("\n", 0, begin) + 1
    if not inner[line:begin].strip() and inner[end : end + 1] in ("\n", ""):
        begin, end = line, end + 1
    inner = inner[:begin] + inner[end:]
    bare = inner.rstrip()
    return bare[:-1] + inner[len(bare) :] if json and bare.endswith(",") else inner


_SOURCES = {
    "tls": ("implicit", "starttls", "security", "policy"),
    "verify": ("verify", "verify_host", "insecure"),
    "auth": ("user", "password", "login", "method"),
    "host": ("host",),
    "ehlo": ("helo",),
}


def party_of(form: Form, name: str, text: str, findings: list[Finding]) -> Party | None:
    """The sending side that a file describes in this form; None where it names no host and there is no default one."""
    found = dict(form.settings(name, text))
    value = {meaning: item.value for meaning, item in found.items()}
    host = value.get("host") or (form.default_host if form.default_host and form.part(text) else "")
    if not host:
        return None
    for meaning, allowed in form.one_of.items():
        if value.get(meaning) and value[meaning].lower() not in allowed:
            taken = Text("不认这个值", "does not know this value")
            findings.append(not_allowed(form.title, found[meaning], allowed, taken))
    facts = form.facts(value)
    _remark(form, facts.get("tls", ""), found, findings)
    host, behind = split_port(host) if form.port_in_host else (host, "")
    port = value.get("port") or behind or form.port.get(facts.get("tls", ""), "")
    details = {"host": host, "file": name, **({"port": port} if port.isdigit() else {})}
    if "," in facts.get("verify", ""):
        details["perhaps"] = f"verify={facts.pop('verify')}"
    return client(form.product, Text(form.title, form.title), facts, found, _SOURCES, details)


def _remark(form: Form, tls: str, found: Mapping[str, Setting], findings: list[Finding]) -> None:
    """A kind of TLS at a port that is for the other one (RFC 8314)."""
    port = found.get("host" if form.port_in_host else "port")
    if port is None:
        return
    title, number = form.title, split_port(port.value)[1] if form.port_in_host else port.value
    if tls == "implicit" and number in ("25", "587"):
        zh = f"{title} 现在一连接就 TLS，那是 465 端口的用法；{number} 端口要用 STARTTLS。"
        en = f"{title} now begins with TLS, which is for port 465; with {number} it has to use STARTTLS."
        findings.append(finding(port, zh, en))
    elif tls not in ("implicit", "") and number == "465":
        zh = f"465 端口一连接就要 TLS，而 {title} 现在先以明文开始，会一直等不到问候。"
        en = f"Port 465 begins with TLS, but {title} now begins in clear and waits for a greeting in vain."
        findings.append(finding(port, zh, en))


def read(forms: Sequence[Form], files: Mapping[str, str]) -> Reading:
    """The sending side of each form in each file."""
    findings: list[Finding] = []
    parties = [party_of(form, name, text, findings) for name, text in files.items() for form in forms]
    return Reading(tuple(party for party in parties if party), tuple(findings))


def edits(form: Form, party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The settings that change the facts; None where there is none for it. The edits' section is the product, for `apply`."""
    nested = form.nested_login
    user: Changes = [] if nested or has(party, form.names["user"].lower()) else [("user", form.user)]
    secret = form.names["password"]
    word: Changes = [] if nested or has(party, secret.lower()) else [("password", "PASSWORD")]
    common = usual_changes([*user, *word], change)
    if form.port_in_host:
        behind = change.get("port") or party.details.get("port", "25")
        spelled = {"localhost": "localhost", "name": "mail.example.com"}
        whole: Changes = [("host", f"{spelled.get(change.get('host', ''), party.details['host'])}:{behind}")]
        common |= dict.fromkeys([("host", "localhost"), ("host", "name"), ("port", behind)], whole)
    options = {**common, **form.options}
    if change.get("auth") == "any" and ("auth", "any") in form.options:
        options["auth", "any"] = [*common["auth", "any"], *form.options["auth", "any"]]
    made = edits_of(party, change, options)
    if made is None:
        return None
    known = [edit for edit in made if edit.key in form.names]
    return tuple(Edit(edit.file, form.names[edit.key], edit.value, form.product) for edit in known)


def apply(forms: Sequence[Form], text: str, made: Sequence[Edit]) -> str:
    """The text with settings replaced, added after the first one of their part, or removed."""
    for edit in made:
        form = next((form for form in forms if form.product == edit.section), None)
        text = form.set(text, edit.key, edit.value) if form else text
    return text


def braced(text: str, opened: int) -> tuple[int, int]:
    """The stretch between the brace that opens at or after a place and the one that closes it; strings are not looked into."""
    begin = text.find("{", opened)
    if begin < 0:
        return len(text), len(text)
    depth = 0
    for place in range(begin, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return begin + 1, place
    return begin + 1, len(text)


def block(text: str, line: int) -> tuple[int, int]:
    """The stretch of a YAML block: the lines below line number `line` (from 0) that are indented more, as offsets."""
    lines = text.splitlines(keepends=True)
    indent = len(lines[line]) - len(lines[line].lstrip(" "))
    end = line + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip(" ")) > indent):
        end += 1
    begin = sum(map(len, lines[: line + 1]))
    return begin, begin + sum(map(len, lines[line + 1 : end]))
