"""The project's own catalogue, read once for all the tests of a process, and by those only that want it: it takes a second."""

from __future__ import annotations

from functools import cache

from conftest import ROOT

from kb.catalog.model import Catalog
from kb.catalog.read import read_catalog


@cache
def catalog() -> Catalog:
    return read_catalog(ROOT)[1]


def examples() -> list[str]:
    """The examples of all entries."""
    return [example for entry in catalog().errors.values() for example in entry.examples]
