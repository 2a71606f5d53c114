"""What a configuration says: settings with their places, findings on them, and the parties of a mail submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.text import Text

# The section of an edit whose key is that of a row: an existing row of the same server takes the key, else one is added.
TABLE = "table"
# Sections of edits that are written in ways of their own: a row of a map, a line as it stands, a definition of m4.
MAP, WHOLE_LINE, M4 = "map", "line", "m4"


@dataclass(frozen=True)
class Setting:
    """One setting as it stands in a file. line counts from 1, 0 for a default that stands in no file.

    value is what holds after expansion; a secret's value is never kept (`secret` is then True and value is "***").
    origin says where it comes from when that is not plainly the file: "default of Postfix 3.7", "master.cf: submission".
    """

    file: str
    line: int
    key: str
    value: str
    origin: str = ""
    secret: bool = False


@dataclass(frozen=True)
class Finding:
    """What is noteworthy or wrong in a configuration, at a line (from 1, 0 for the file as a whole) and a key."""

    file: str
    line: int
    key: str
    text: Text


@dataclass(frozen=True)
class Edit:
    """A change of one setting in one file: a new value, or None to remove it. section names what holds it, such as the
    service of a master.cf or the section of an ini file; "" for the top level, TABLE for a row of a lookup table."""

    file: str
    key: str
    value: str | None
    section: str = ""


@dataclass(frozen=True)
class Party:
    """One side of a submission, as its configuration describes it.

    side: "client" or "server". product: the adapter's name. name: for people, such as "Postfix submission (port 587)".
    facts: names and values of `kb.config.facts`, only those that the configuration settles, product defaults included.
    origins: per fact the settings that say so. details: values for texts: host, port, hostname, user, recipient; `perhaps`
    names a fact of which only some values are possible: "verify=full,issuer".
    """

    side: str
    product: str
    name: Text
    facts: Mapping[str, str]
    origins: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What an adapter read out of the pasted files."""

    parties: tuple[Party, ...] = ()
    findings: tuple[Finding, ...] = ()
