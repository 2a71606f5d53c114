"""What was read out of Postfix configuration text: assignments, services, tables, and values with their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kb.config.setting import Finding, Setting

Version = tuple[int, int, int]
# The patch level of a version of which only the series is known: the newest of the series.
NEWEST_PATCH = 999
DEFAULT_VERSION: Version = (3, 7, NEWEST_PATCH)

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value` as written. line and column (from 1) say where the name stands, `last` is its last physical line."""

    file: str
    line: int
    column: int
    last: int
    name: str
    raw: str


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of master.cf. overrides: its `-o name=value`. assumed: it was not pasted but stands in Debian's stock file."""

    file: str
    line: int
    name: str
    type: str
    command: str
    overrides: tuple[Assignment, ...] = ()
    assumed: bool = False

    @property
    def label(self) -> str:
        """`submission/inet`, as postconf -P names it."""
        return f"{self.name}/{self.type}"

    @property
    def program(self) -> str:
        """The daemon's name without its folder."""
        return self.command.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a lookup table. A password in its value is replaced by HIDDEN before the row is made."""

    file: str
    line: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value with where it comes from. line is 0 for a default. `unset` marks one that nobody settled and that
    has no default of its own (such as $myhostname, which Postfix takes from the system)."""

    key: str
    raw: str
    value: str
    file: str = ""
    line: int = 0
    column: int = 0
    origin: str = ""
    secret: bool = False
    unset: bool = False

    def setting(self) -> Setting:
        """The same for people who do not care about Postfix."""
        return Setting(self.file, self.line, self.key, self.value, self.origin, self.secret)


@dataclass(frozen=True)
class Config:
    """Everything that was pasted of one Postfix. version: what holds, with version_source telling where it is from ("" when
    it is only assumed). main: the winning assignment of each parameter. services: of master.cf, or Debian's stock ones.
    commented: services that stand in comments, with file and line. tables: pasted lookup tables by file name."""

    version: Version = DEFAULT_VERSION
    version_source: str = ""
    main: Mapping[str, Assignment] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    commented: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @cached_property
    def service_names(self) -> frozenset[str]:
        """The names of all services."""
        return frozenset(service.name for service in self.services)

    @property
    def master_assumed(self) -> bool:
        """Whether no master.cf was pasted."""
        return all(service.assumed for service in self.services)
