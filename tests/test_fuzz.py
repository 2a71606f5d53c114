"""What fuzzing found once, and the inputs that it begins with (tests/fuzz): each target holds on them, and none is slow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import CASES, ROOT
from fuzz.run import LONGEST, check_speed, seconds
from fuzz.seeds import seeds
from fuzz.targets import TARGETS
from tables import each

FOUND = sorted((CASES / "fuzz").glob("*/*"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_once(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.thorough
@pytest.mark.parametrize("name", TARGETS)
def test_seeds(name: str) -> None:
    inputs = [seed[:LONGEST] for seed in seeds(name)]
    assert inputs
    for data in inputs[::5]:
        TARGETS[name](data)


@each("name", TARGETS)
def test_a_slow_input_is_seen_as_one(name: str) -> None:
    """The check itself: what takes ten times what it may is reported."""
    check_speed(name, lambda data: None, b"x", 0.0)
    with pytest.raises(Exception, match="ms for 1 bytes"):
        check_speed(name, _spin, b"x", seconds(_spin, b"x"), slack=0.0)


def test_every_threat_names_tests_that_are_there() -> None:
    table = (ROOT / "docs" / "performance.md").read_text("utf-8").split("| threat |")[1]
    rows = table.splitlines()[2:]
    assert len(rows) >= 13
    for row in rows:
        threat, _, where = row.strip("| ").partition(" | ")
        files = [name for name in re.findall(r"`([^`]+)`", where) if name != "fuzz"]
        assert files or "`fuzz`" in where, threat
        for name in files:
            assert (ROOT / name).exists() or (ROOT / "tests" / name).exists(), name
        if "`fuzz`" in where:
            named = where.partition("`fuzz` ")[2].split(", ")
            assert set(named) <= set(TARGETS), threat


def _spin(data: bytes) -> None:
    sum(range(1000))
