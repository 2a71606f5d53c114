"""What fuzzing found once, and the inputs that it begins with (tests/fuzz): each target holds on them, and none is slow."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from conftest import CASES, ROOT
from fuzz.loops import LONGEST, ROOMS, Finds
from fuzz.mutate import Mutator, der, stretched
from fuzz.seeds import seeds
from fuzz.speed import check_speed, seconds
from fuzz.targets import TARGETS
from tables import each

from kb.catalog.lines import check_lines

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


@each("name", list(TARGETS))
def test_a_slow_input_is_seen_as_one(name: str) -> None:
    """The check itself: what takes ten times what it may is reported."""
    check_speed(name, lambda data: None, b"x", 0.0)
    with pytest.raises(Exception, match="ms for 1 bytes"):
        check_speed(name, _spin, b"x", seconds(_spin, b"x"), slack=0.0)


def test_changes_are_told_by_their_random_numbers_and_keep_to_the_length() -> None:
    inputs = [b"MAIL FROM:<a@example.com>\n250 2.1.0 Ok\n", b"smtpd_tls_security_level = may\n"]
    mutator = Mutator(inputs, (der,))
    first, again = ([mutator.change(inputs[0], Random(n), 50) for n in range(200)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 150
    assert all(len(data) <= 50 for data in first)
    assert {len(stretched(data, Random(1), 1000)) for data in (b"", b"ab", b"x" * 2000)} == {1000}


def test_lengths_of_der_stay_right() -> None:
    """A SEQUENCE of a SEQUENCE with a text: whatever changes in it, its frame still fits."""
    data = bytes([0x30, 8, 0x30, 6, 0x0C, 4]) + b"name"
    for number in range(300):
        changed = der(data, Random(number))
        length = changed[1] if changed[1] < 0x80 else int.from_bytes(changed[2 : 2 + (changed[1] & 0x7F)], "big")
        head = 2 if changed[1] < 0x80 else 2 + (changed[1] & 0x7F)
        frames = head + length
        assert len(changed) in (frames, 2 * frames), changed  # or the whole value twice


def test_each_kind_of_failure_is_kept_once_with_its_smallest_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fuzz.loops.BUILD", tmp_path)
    finds = Finds("matching")
    for data in (b"long enough", b"short", b"longer"):
        finds.run(_fails, data, 1.0)
    finds.run(lambda data: None, b"fine", 1.0)
    [kept] = (tmp_path / "finds").iterdir()
    assert kept.name == "matching-0-ValueError"
    assert kept.read_bytes() == b"short"


def _fails(data: bytes) -> None:
    raise ValueError(data)


def test_every_target_names_the_rooms_that_it_is_about() -> None:
    assert ROOMS.keys() == TARGETS.keys()
    for room in {room for rooms in ROOMS.values() for room in rooms}:
        path = ROOT.joinpath(*room.split("."))
        assert path.is_dir() or path.with_suffix(".py").exists(), room


def test_the_places_of_the_first_invisible_characters_are_told() -> None:
    """Of a file that is full of them not each: the time for that would grow with the square of it."""
    found = [finding for finding in check_lines("x\x00y\n" * 5000, "errors.yaml") if finding.rule == "KB004"]
    assert len(found) == 200
    assert (found[-1].line, found[-1].column) == (200, 2)


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
