"""`each`, by which a table is one test: all rows are tried, and those that fail are told as a test of their own would tell them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import tables
from tables import each

SQUARES = {"one": (1, 1), "two": (2, 4), "three": (3, 10), "four": (4, 16), "five": (5, 24)}


def failure(test: Callable[..., None], **given: object) -> str:
    with pytest.raises(pytest.fail.Exception) as caught:
        test(**given)
    return str(caught.value)


@each("number square", SQUARES)
def squares(number: int, square: int, power: int = 2) -> None:
    assert number**power == square


def test_every_row_is_tried_and_all_that_fail_are_told() -> None:
    said = failure(squares)
    assert said.startswith("2 of 5 rows fail\n\n--- three\nnumber = 3\nsquare = 10\n")
    assert "\n\n--- five\n" in said
    assert "one" not in said
    assert "assert number**power == square" in said
    assert "assert (3 ** 2) == 10" in said
    assert "test_tables.py:" in said
    assert "tables.py:" not in said.replace("test_tables.py:", "")


def test_fixtures_come_from_outside() -> None:
    assert failure(squares, power=1).startswith("4 of 5 rows fail")


def test_of_many_that_fail_the_last_are_named() -> None:
    @each("number", range(30), lambda number: f"row {number}")
    def wrong(number: int) -> None:
        raise ValueError(f"number {number} is wrong")

    said = failure(wrong)
    assert said.startswith("30 of 30 rows fail")
    assert "ValueError: number 9 is wrong" in said
    assert said.endswith(f"and 20 more: {', '.join(f'row {number}' for number in range(10, 30))}")


def test_tables_on_top_of_each_other_are_tried_in_all_pairs() -> None:
    seen = []

    @each("lang", ["zh", "en"])
    @each("number", {"a": 1, "b": 2})
    def both(lang: str, number: int) -> None:
        seen.append((lang, number))
        assert (lang, number) != ("en", 1)

    assert failure(both).startswith("1 of 4 rows fail\n\n--- en-a\nlang = 'en'\nnumber = 1\n")
    assert seen == [("zh", 1), ("zh", 2), ("en", 1), ("en", 2)]


def test_a_table_may_be_made_when_it_is_wanted() -> None:
    made = []

    @each("number", lambda: made.append(1) or [1, 2])
    def small(number: int) -> None:
        assert number < 3

    assert made == []
    small()
    small()
    assert made == [1]


def test_rows_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_only", "three")
    assert failure(squares).startswith("1 of 1 rows fail")
    monkeypatch.setattr(tables, "_only", "one")
    squares()
    monkeypatch.setattr(tables, "_only", "no such row")
    with pytest.raises(pytest.skip.Exception, match="no row has 'no such row'"):
        squares()


def test_nothing_passes_unseen() -> None:
    @each("number", [])
    def none(number: int) -> None: ...

    @each("number other", [(1, 2), (3,)])
    def short(number: int, other: int) -> None: ...

    for test in (none, short):
        with pytest.raises(ValueError, match=r"."):
            test()

    @each("number", [1, 2])
    def skipped(number: int) -> None:
        pytest.skip("not today")

    assert failure(skipped).startswith("2 of 2 rows fail")
    with pytest.raises(TypeError, match="tmp_path would be shared"):

        @each("number", [1])
        def shared(number: int, tmp_path: object) -> None: ...
