"""The providers' own codes: one YAML table per provider in `kb/providers/`, data only, read when the catalogue is compiled.

A standard says what a registered code means to everybody; these say what one provider means by a code of its own, or by a
registered one that it uses for something narrower. They belong to the program, not to a folder named by `KB_ROOT`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.catalog.findings import CatalogError, Finding
from kb.catalog.load import Document, load_file
from kb.catalog.model import Bilingual, Emitter, Line, Reason, Retry
from kb.smtp.registry import status_code
from kb.smtp.status import is_status_code
from kb.text import Text

FOLDER = Path(__file__).parent.parent / "providers"
_STATUS = r"[45]\.[0-9]{1,3}\.[0-9]{1,3}(?:-[0-9]{1,3})?"
_TAG = r"[A-Z]{1,4}[0-9]{1,4}|[A-Z]{2,3}:[A-Z0-9]{1,3}|AS\([0-9]{3,10}\)|[A-Z]{2}-[0-9]{3}"


class ProviderRow(BaseModel):
    """One meaning and the codes that carry it. A range `5.7.606-649` is the last numbers' every value.

    entry: the id of the entry with the full answer; its reason counts. source: where it is documented, if not where the
    table says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    codes: Annotated[tuple[Annotated[str, Field(pattern=rf"^(?:{_STATUS}|{_TAG})$")], ...], Field(min_length=1)]
    reason: Reason | None = None
    entry: Line | None = None
    retry: Retry | None = None
    title: Bilingual
    meaning: Bilingual
    source: Line | None = None

    def each(self) -> Iterator[str]:
        """The codes, ranges written out."""
        for code in self.codes:
            first, dash, last = code.partition("-")
            if not dash or not is_status_code(first):
                yield code
                continue
            head, _, low = first.rpartition(".")
            yield from (f"{head}.{number}" for number in range(int(low), int(last) + 1))


class ProviderTable(BaseModel):
    """What one provider means by its codes. source: the document that the rows were checked against."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    provider: Emitter
    source: Line
    codes: Annotated[tuple[ProviderRow, ...], Field(min_length=1)]


def read_tables(folder: Path = FOLDER) -> tuple[ProviderTable, ...]:
    """All tables, by file name. Raises CatalogError."""
    return tuple(table for _, table in load_tables(folder))


def load_tables(folder: Path = FOLDER) -> tuple[tuple[Document, ProviderTable], ...]:
    """All tables with the documents they were read from. Raises CatalogError."""
    return tuple(_load(path) for path in sorted(folder.glob("*.yaml")))


def content(folder: Path = FOLDER) -> bytes:
    """The bytes of all tables, for the version of what is compiled from them."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.yaml")))


def _load(path: Path) -> tuple[Document, ProviderTable]:
    document = load_file(path, f"kb/providers/{path.name}")
    fatal = [finding for finding in document.findings if finding.rule != "KB106"]
    try:
        table = ProviderTable.model_validate(document.data)
    except ValidationError as invalid:
        fatal += [_finding(document, error["loc"], error["msg"]) for error in invalid.errors(include_url=False)]
    if fatal:
        raise CatalogError(fatal)
    return document, table


def _finding(document: Document, place: tuple[str | int, ...], message: str) -> Finding:
    where = ".".join(map(str, place))
    return document.finding("KB601", place, Text(f"{where} 有误：{message}。", f"{where} is wrong: {message}."))


def sure_codes(tables: tuple[ProviderTable, ...]) -> set[str]:
    """The codes that are nobody else's: unregistered, or of an unmistakable form, and in one provider's table only."""
    owners: dict[str, set[str]] = {}
    for table in tables:
        for row in table.codes:
            for code in row.each():
                owners.setdefault(code, set()).add(table.provider)
    return {code for code, providers in owners.items() if len(providers) == 1 and _own_form(code)}


@lru_cache(maxsize=1 << 12)
def _own_form(code: str) -> bool:
    return status_code(code) is None if is_status_code(code) else "-" not in code
