"""Input formats: a file of text beside the observations expected of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES
from effort import examples
from hypothesis import given
from hypothesis import strategies as st
from tables import each

from kb.inputs import Observation, read
from kb.inputs.codes import find_codes
from kb.inputs.encoding import decode

FILES = sorted((CASES / "inputs").glob("*.txt"))
FIELDS = tuple(Observation.__annotations__.keys() - {"start"})


def observed(text: str) -> dict[str, Any]:
    paste = read(text)
    observations = [
        {name: value for name in FIELDS if (value := getattr(o, name)) not in (None, False)} for o in paste.observations
    ]
    return {"format": paste.format, "observations": observations}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    expected = path.with_suffix(".json")
    assert observed(text) == json.loads(expected.read_text(encoding="utf-8"))
    for observation in read(text).observations:
        if observation.format == "dsn":
            assert stands_where_it_says(text, observation)
        else:
            said = text[observation.start :]
            said = said.replace("_", " ") if observation.format == "qmail-log" else said
            assert said.startswith(observation.diagnostic)


def stands_where_it_says(text: str, observation: Observation) -> bool:
    """Whether a bounce's diagnostic is at its start, apart from line breaks; at 0 when it stands encoded in the text."""
    line = text.replace("\n<<< ", "     ").replace("\n", " ").replace("\t", " ")
    if observation.start == 0:
        return line.startswith(observation.diagnostic) or observation.diagnostic not in line
    return line[observation.start :].startswith(observation.diagnostic)


def test_every_case_has_its_expectation() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in (CASES / "inputs").glob("*.json")}


@each(
    "text codes",
    [
        ("550 5.1.1 No", ("550", "5.1.1")),
        ("550-5.1.1 No", ("550", "5.1.1")),
        ("550 No", ("550", None)),
        ("(535, b'5.7.8 no')", ("535", "5.7.8")),
        ('502 "5.5.1 Error"', ("502", "5.5.1")),
        ("permanent error (535): 5.7.8 no", ("535", "5.7.8")),
        ('but got code "530", with message "530 5.7.1 x"', ("530", "5.7.1")),
        ("250 2.0.0 Ok", (None, None)),
        ("from 192.0.2.45 port 550", ("550", None)),
        ("Postfix 3.7.11 on 4.19.0", (None, "4.19.0")),
        ("421 4.7.0 try", ("421", "4.7.0")),
        ("450 5.1.1 mixed", ("450", None)),
        ("smtp; 550 5.7.1 (#5.7.1)", ("550", "5.7.1")),
        ("5.016.1", (None, None)),
        ("550:5.1.1 no", ("550", "5.1.1")),
        ("error:550: no", ("550", None)),
        ("Outlook (0x800CCC6F)", ("554", None)),
        ("Outlook (0x800ccc62)", ("500", None)),
        ("Server Error: 550, Error Number: 0x800CCC69", ("550", None)),
        ("at TLSSocket.emit (node:events:518:28)", (None, None)),
        ("policyd-spf[451]: prepend Received-SPF: Pass", (None, None)),
        ("said [550]: no", ("550", None)),
    ],
)
def test_codes(text: str, codes: tuple[str | None, str | None]) -> None:
    assert find_codes(text) == codes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_encodings(encoding: str) -> None:
    text = "550 5.1.1 收件人不存在，邮件被退回"
    assert decode(text.encode(encoding)) == text


@examples(100)
@given(st.binary(max_size=2000))
def test_any_bytes_are_some_text(raw: bytes) -> None:
    read(decode(raw))


@examples(100)
@given(st.text(alphabet=st.sampled_from("5.1 0-\n\r\t:;<>()[]{}\"'\\=,abcSC*>|=+postfix/smtp[1]: status=R T ")))
def test_any_text_keeps_its_places(text: str) -> None:
    for observation in read(text).observations:
        assert text[observation.start :].startswith(observation.diagnostic)
