"""The project's own catalogue, read once for all the tests of a process: reading it takes seconds."""

from __future__ import annotations

from conftest import ROOT

from kb.catalog.read import read_catalog

_, CATALOG = read_catalog(ROOT)
