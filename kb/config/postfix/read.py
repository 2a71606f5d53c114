"""Pasted files of one Postfix into a `Config`: main.cf, postconf -n, -M and -P, master.cf, tables, also mixed in one text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import re2

from kb.config.postfix import findings, master_cf, secrets, stock, tables, version
from kb.config.postfix.lines import SPACE, Logical, indentation, split
from kb.config.postfix.model import Assignment, Config, Service
from kb.config.postfix.parameters import parameters
from kb.config.setting import Finding
from kb.text import without_surrogates

# `service/type/name = value` as postconf -P prints it.
_OVERRIDE = re2.compile(r"([^\s/=]+/(?:inet|unix|unix-dgram|fifo|pass))/(\w+)$")
# What postconf -F prints instead of a parameter's name.
_FIELDS = frozenset({"service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command"})
# Not of the file: code fences, headings of head(1) and the like, shell prompts with the command.
_ARTEFACT = re2.compile(
    r"```|~~~|={3}|-{3}|\*{3}|==> |postconf: |/\S*postconf: |\S*[$>%] ?(?:sudo |postconf|cat |grep |head |$)"
)
_UNUSED = re2.compile(r"unused parameter: ([\w-]{1,80})=")


class _Reader:
    """Collects what the files say."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.main: dict[str, Assignment] = {}
        self.services: dict[str, Service] = {}
        self.overrides: dict[str, list[Assignment]] = {}
        self.commented: dict[str, tuple[str, int]] = {}
        # Password maps that hold their passwords, and what every parameter refers to wherever it is set.
        self.secret: set[str] = set()
        self.uses: dict[str, set[str]] = {}

    def note(self, kind: str, file: str, line: int, key: str = "", detail: str = "", other: str = "") -> None:
        if len(self.findings) <= findings.MOST:
            self.findings.append(findings.make(kind, file, line, key, detail, other))

    def file(self, name: str, text: str) -> None:
        lines = split(text)
        if not lines.logical and lines.orphans and indentation(text):
            self.note("all-indented", name, lines.orphans[0])
            lines = split(_dedented(text))
        elif lines.orphans:
            self.note("orphan", name, lines.orphans[0])
        if lines.nul:
            self.note("nul", name, lines.nul)
        for logical in lines.logical:
            self.logical(name, logical)
        for line, service in master_cf.commented(lines.comments):
            self.commented.setdefault(service, (name, line))

    def logical(self, file: str, logical: Logical) -> None:
        text = logical.text
        if master_cf.is_service(text):
            self.service(file, logical)
            return
        if master_cf.looks_like_service(text):
            self.note("bad-service", file, logical.line, text.split(None, 1)[0][:60])
            return
        name, equals, value = text.partition("=")
        name = name.rstrip(SPACE)
        override = _OVERRIDE.match(name)
        if override and equals:
            self.printed_override(file, logical, override.group(1), override.group(2), value)
        elif equals and name and not any(blank in name for blank in SPACE):
            if name.isupper():
                return  # a variable of the environment, pasted along
            if "/" not in name or name.rsplit("/", 1)[1] not in _FIELDS:
                self.parameter(file, logical, name, value)
        elif _ARTEFACT.match(text):
            for unused in _UNUSED.finditer(text[:1000]):
                self.note("unused", file, logical.line, unused.group(1))
        elif equals:
            self.note("blank-in-name", file, logical.line, name.split(None, 1)[0][:60] if name else "")
        else:
            self.note("no-equals", file, logical.line, _harmless(text))

    def parameter(self, file: str, logical: Logical, name: str, value: str) -> None:
        self.refers(name, value)
        assignment = _assignment(file, logical, name, value)
        before = self.main.get(name)
        if before is not None and before.raw != assignment.raw:
            self.note("duplicate", file, logical.line, name, str(before.line), before.file)
        self.main[name] = assignment
        for line, inner in _swallowed(logical):
            self.note("swallowed", file, line, inner, other=name)

    def refers(self, name: str, raw: str) -> None:
        if secrets.is_password_map(name, raw):
            self.secret.add(name)
        found = secrets.references(raw)
        if found:
            self.uses.setdefault(name, set()).update(found)

    def printed_override(self, file: str, logical: Logical, service: str, name: str, value: str) -> None:
        self.refers(name, value)
        self.overrides.setdefault(service, []).append(_assignment(file, logical, name, value))

    def service(self, file: str, logical: Logical) -> None:
        read, problems = master_cf.service(file, logical)
        for override in read.overrides:
            self.refers(override.name, override.raw)
        found = secrets.mask_service(read)
        for problem in problems:
            self.note(problem.kind, file, problem.line, problem.key, problem.detail, found.label)
        seen: set[str] = set()
        for override in found.overrides:
            if override.name in seen:
                self.note("duplicate-override", file, override.line, override.name, found.label)
            seen.add(override.name)
        if found.label in self.services:
            self.note("duplicate-service", file, logical.line, found.label, str(self.services[found.label].line))
        self.services[found.label] = found

    def master(self) -> tuple[Service, ...]:
        """The services, with the overrides that postconf -P printed; Debian's stock ones where none were pasted."""
        services = self.services or {service.label: service for service in stock.services()}
        for label, overrides in self.overrides.items():
            have = services.get(label) or stock.service(label, overrides[0].file, overrides[0].line)
            names = {override.name for override in overrides}
            kept = tuple(override for override in have.overrides if override.name not in names)
            services[label] = stock.with_overrides(have, (*kept, *overrides))
        return tuple(services.values())


def read(files: Mapping[str, str]) -> Config:
    """What the pasted files (name to content) say about one Postfix. Never raises; what is wrong becomes a finding."""
    reader = _Reader()
    table_files: dict[str, str] = {}
    for name, pasted in files.items():
        text = without_surrogates(pasted)
        if tables.is_table(name, text):
            table_files[name] = text
        else:
            reader.file(name, text)
    hidden = secrets.closure((use for name in reader.secret for use in reader.uses.get(name, ())), reader.uses)
    main = secrets.hide(reader.main, hidden)
    services = tuple(secrets.mask_service(service, hidden) for service in reader.master())
    rows, problems = tables.read(table_files, main, services)
    found = version.detect(main, services)
    every = [*reader.findings, *problems]
    return Config(found[0], found[1], main, services, reader.commented, rows, findings.capped(every))


def recognised(name: str, text: str) -> float:
    """How much of a text is Postfix configuration, from 0 to 1, for the choice between formats."""
    text = without_surrogates(text)
    lines = split(text[:100_000])
    if not lines.logical and lines.orphans:
        lines = split(_dedented(text[:100_000]))
    if tables.is_table(name, text):
        return 0.5
    own = sum(1 for logical in lines.logical if _is_ours(logical.text))
    return own / len(lines.logical) if lines.logical else 0.0


def _is_ours(text: str) -> bool:
    name = text.partition("=")[0].rstrip(SPACE)
    return name in parameters() or master_cf.is_service(text) or bool(_OVERRIDE.match(name))


def _assignment(file: str, logical: Logical, name: str, value: str) -> Assignment:
    raw = secrets.mask(name, value.strip(SPACE))
    return Assignment(file, logical.line, 1, logical.last, name, raw)


def _swallowed(logical: Logical) -> Iterator[tuple[int, str]]:
    """Continuation lines that look like an assignment of their own: line and name."""
    ends = [start for start, _ in logical.starts[1:]] + [len(logical.text)]
    for (start, line), end in zip(logical.starts[1:], ends[1:], strict=True):
        name, equals, _ = logical.text[start : min(end, start + 200)].partition("=")
        if equals and name.strip(SPACE) in parameters():
            yield line, name.strip(SPACE)


def _dedented(text: str) -> str:
    indent = indentation(text)
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))


def _harmless(text: str) -> str:
    """The first word of a line that is no assignment, unless it may hold a secret."""
    word = text.split(None, 1)[0] if text.split(None, 1) else ""
    return word if len(word) <= 60 and word.isascii() and not set(word) & set(":@/=") else ""
