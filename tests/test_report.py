"""`kb report`: the same result however it is counted, nothing lost at the gate, nothing shown that must not be."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import pytest
import zstandard
from click.testing import CliRunner, Result
from conftest import CASES, ROOT
from content import examples
from effort import FULL, part, sampled
from effort import examples as a_part_of
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from kb.cli.commands import cli
from kb.explain import classify as classify_one
from kb.inputs import postfix_log
from kb.judge import judge as judge_one
from kb.knowledge_base import KnowledgeBase
from kb.match.store import Store
from kb.report import fast, fold, sources
from kb.report.classifier import Classifier
from kb.report.fold import fold_for
from kb.report.judge import Judge
from kb.report.quick import Quick
from kb.report.run import DEFAULT, FAST, Part, count, plan
from kb.report.scan import PlainGate, Scanner, clock_of
from kb.report.tally import Tally
from kb.report.times import Clock

HEAD = "Nov 24 10:00:00 mx1 postfix/"
TO = "to=<bob@customer.example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.0.0"


@pytest.fixture(scope="module", autouse=True)
def words_kept() -> Iterator[None]:
    """Judges are made by the hundred here, each of which would collect the words of the same catalogue."""
    kept: dict[str, frozenset[str]] = {}

    def words_of(store: Store) -> frozenset[str]:
        return kept.get(store.version) or kept.setdefault(store.version, original(store))

    original = fold.words_of
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(fold, "words_of", words_of)
        yield


def shapes(number: int, text: str) -> tuple[str, ...]:
    """What a text looks like in logs, in Postfix's first."""
    return (
        f"{HEAD}smtp[9]: {number + 0x4F1C22400:X}: {TO}, status=bounced (host mx.example.net[192.0.2.1] said: {text})",
        f"{HEAD}smtpd[9]: NOQUEUE: reject: RCPT from unknown[192.0.2.9]: {text}; from=<a@example.org> to=<b@example.com>",
        f"{HEAD}smtpd[9]: {text}",
        f"2026-11-24 10:00:01 1sVaBc-0003Gh-2K ** carol@example.org R=dnslookup T=remote_smtp: {text}",
        text,
    )


@cache
def known_lines() -> list[str]:
    """Everything that we know to be said, as a log has it: recorded lines, harmless lines, the catalogue's examples."""
    single = [text for text in examples() if "\n" not in text]
    recorded = [
        json.loads(row)["text"]
        for file in sorted((CASES / "recorded").glob("*.jsonl"))
        for row in file.read_text("utf-8").splitlines()
    ]
    lines = [text for text in recorded if "\n" not in text]
    lines += [line for line in (CASES / "benign.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    for number, text in enumerate(single):
        known = shapes(number, text)
        lines.append(known[number % len(known)])
    return lines


def some_lines() -> list[str]:
    """A part of all that is known, and of every example as Postfix logs it, spread over it."""
    single = [text for text in examples() if "\n" not in text]
    known = [*known_lines(), *(line for number, text in enumerate(single) for line in shapes(number, text)[:2])]
    return known[:: len(known) // part(len(known))]


@cache
def quick_lines() -> list[str]:
    """Those of a form that is told by its bytes alone."""
    return [line for line in known_lines() if ": to=<" in line or ": reject: " in line]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "mail.log"
    path.write_text("\n".join([*known_lines(), ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def short(log: Path) -> Path:
    """The first lines, where any log will do."""
    path = log.with_name("some.log")
    path.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:1000]))
    return path


def run(*arguments: object, expected: int = 0, **more: object) -> Result:
    result = CliRunner().invoke(cli, ["report", *map(str, arguments)], **more)  # type: ignore[arg-type]
    assert result.exit_code == expected, result.output
    return result


def tally(path: Path, jobs: int = 1, engine: str = DEFAULT) -> dict[str, object]:
    """The tally of a file, added up from its parts."""
    version = KnowledgeBase.open(str(ROOT)).store.version
    parts, total = plan([str(path)], jobs, version, engine)
    for piece in parts:
        total.add(Tally.from_json(json.loads(json.dumps(count(piece)))))
    for group in total.groups.values():
        if group.sample:  # its place counts from where its part begins
            group.sample = (0, 0, 0, group.sample[-1])
    return total.as_json()


@sampled
def test_nothing_that_went_wrong_is_lost_at_the_gate(base: KnowledgeBase) -> None:
    judge, gate = Judge(base.store), PlainGate()
    lost = [line for line in some_lines() if judge.read(line) is not None and not gate.passes(line.encode())]
    assert lost == []


@given(data=st.data())
@a_part_of(60)
def test_what_is_told_by_bytes_alone_is_what_the_judge_says(base: KnowledgeBase, data: st.DataObject) -> None:
    judge, quick = Judge(base.store), Quick(Judge(base.store))
    pieces = [
        "postfix",
        "]: ",
        ": ",
        " ",
        "to=<",
        "b@example.com",
        "[192.0.2.9]",
        " status=",
        ", dsn=",
        "<",
        "é",
        "reject: ",
    ]
    for line in data.draw(st.lists(st.sampled_from(quick_lines()), min_size=1, max_size=20)):
        at = data.draw(st.integers(0, len(line)))
        changed = line[:at] + data.draw(st.sampled_from(pieces)) + line[at + data.draw(st.integers(0, 12)) :]
        for text in (line, changed, line.replace("bob@customer", "al@client"), line.replace("192.0.2.9", "192.0.2.77")):
            assert quick.read(text.encode()) == judge.read(text), text


def test_what_a_line_says_does_not_hang_on_those_before(base: KnowledgeBase) -> None:
    found = [line for path in sorted((CASES / "fuzz" / "logs").iterdir()) for line in path.read_bytes().split(b"\n")]
    told = []
    for lines in (found, found[::-1]):
        judge, quick = Judge(base.store), Quick(Judge(base.store))
        told += [
            {line: judge.read(line.decode("utf-8", "replace").rstrip("\r")) for line in lines},
            {line: quick.read(line) for line in lines},
        ]
    assert told == [told[0]] * 4


@sampled
def test_what_varies_from_message_to_message_decides_nothing(base: KnowledgeBase) -> None:
    folded_by = fold_for(base.store)
    for line in some_lines():
        taken = postfix_log.take(line)
        if taken is not None and taken[0]:
            said, folded = (
                judge_one(base.store, (postfix_log.observe((taken[0], text, *taken[2:]), 0),))
                for text in (taken[1], folded_by(taken[1]))
            )
            assert (said and (said.reason, said.entry, said.code)) == (
                folded and (folded.reason, folded.entry, folded.code)
            ), line


@sampled
def test_lines_classified_one_after_another_are_what_each_is_by_itself(base: KnowledgeBase) -> None:
    classify = Classifier(base.store)
    for line in some_lines()[:: 1 if FULL else 8]:
        for text in (line, line.replace("bob@customer", "al@client"), f"{line}\n", f"{line}\n{line}"):
            assert classify(text) == classify_one(base.store, text), text


def test_harmless_lines_count_for_nothing(base: KnowledgeBase) -> None:
    judge = Judge(base.store)
    lines = (CASES / "benign.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and judge.read(line) is not None] == []


@pytest.mark.thorough
def test_both_engines_count_the_same(log: Path) -> None:
    plain, quick = tally(log, engine=DEFAULT), tally(log, engine=FAST)
    assert plain == quick
    assert len(plain["groups"]) > 500  # type: ignore[arg-type]


@given(data=st.data())
@a_part_of(60)
def test_gate_of_hyperscan_lets_the_same_lines_through(data: st.DataObject) -> None:
    pieces = [
        "postfix",
        "smtpd",
        "/",
        "[",
        "]: ",
        ": ",
        " ",
        "to=<",
        "from=<",
        " status=",
        "sent",
        "AF01",
        "\r",
        "é",
        "removed",
    ]
    some = data.draw(st.lists(st.sampled_from(known_lines()), min_size=1, max_size=40))
    some += [line[: data.draw(st.integers(0, len(line)))] for line in some[:5]]
    for index in data.draw(st.lists(st.integers(0, len(some) - 1), max_size=20)):
        at = data.draw(st.integers(0, len(some[index])))
        some[index] = (
            some[index][:at] + data.draw(st.sampled_from(pieces)) + some[index][at + data.draw(st.integers(0, 4)) :]
        )
    block = "\n".join(some).encode() + b"\n" * data.draw(st.integers(0, 2))
    if data.draw(st.booleans()):  # the other form of time, by its first line
        block = f"{HEAD}qmgr[1]: 4F1C22400: removed\n".encode() + block
        block = block.replace(b"Nov 24 10:00:00 ", b"2026-11-24T10:00:00.123456+01:00 ")
    # Also where a block has many lines to look at, which the plain gate does faster.
    with patch.object(fast, "_FEW", data.draw(st.sampled_from([0, 0, 500]))):
        assert list(fast.FastGate().lines(block)) == list(PlainGate().lines(block))


@pytest.mark.parametrize("size", [97, 1000, 60_000])
def test_parts_of_any_size_add_up_to_the_whole(log: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    short = log.with_name("short.log")
    short.write_bytes(b"\r\n".join(log.read_bytes().split(b"\n")[: size // 20 + 40]))
    whole = tally(short)
    monkeypatch.setattr("kb.report.run.SMALLEST_PART", size)
    monkeypatch.setattr("kb.report.run.LARGEST_PART", size)
    monkeypatch.setattr(sources, "BLOCK", 128)
    assert tally(short, jobs=2) == whole


@pytest.mark.thorough
def test_processes_give_the_same_bytes(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = run("--json", log).stdout_bytes
    monkeypatch.setattr("kb.report.run.SMALLEST_PART", 50_000)
    assert run("--json", "--jobs", 2, log).stdout_bytes == alone
    assert run("--json", "--jobs", 2, "--engine", "default", log).stdout_bytes == alone


PACKED = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("packing", PACKED)
def test_packed_files_are_known_by_their_bytes(log: Path, tmp_path: Path, packing: str) -> None:
    raw = log.read_bytes()[:100_000]
    (tmp_path / "plain.log").write_bytes(raw)
    (tmp_path / "packed.log").write_bytes(PACKED[packing](raw))
    assert tally(tmp_path / "packed.log") == tally(tmp_path / "plain.log")


@pytest.mark.thorough
@pytest.mark.parametrize("packing", PACKED)
def test_damaged_files_give_what_they_have_and_say_so(log: Path, tmp_path: Path, packing: str) -> None:
    packed = PACKED[packing](random.Random(1).randbytes(10) + log.read_bytes())
    cut = tmp_path / "cut"
    cut.write_bytes(packed[: len(packed) // 2])
    body = json.loads(run("--json", cut, log, expected=1).stdout)
    assert body["complete"] is False
    assert [problem["file"] for problem in body["problems"]] == [str(cut)]
    assert body["failures"] > 0
    flipped = bytearray(packed)
    for place in range(len(packed) // 3, len(packed) // 3 + 400):
        flipped[place] ^= 0x55
    cut.write_bytes(bytes(flipped))
    assert json.loads(run("--json", cut, log, expected=1).stdout)["problems"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("binary", bytes(range(256)) * 100),
        ("journal", b"LPKSHHRH" + bytes(300)),
        ("zip", b"PK\x03\x04" + bytes(300)),
        ("utf16", "Nov 24 10:00:00".encode("utf-16")),
        ("folder", None),
        ("missing", None),
    ],
)
def test_what_is_no_log_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "folder":
        path.mkdir()
    result = run(path, expected=2)
    assert str(path) in result.stderr


def test_standard_input_and_empty_files(short: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert json.loads(run("--json", tmp_path / "empty").stdout)["failures"] == 0
    piped = json.loads(run("--json", "-", input=gzip.compress(short.read_bytes())).stdout)
    named = json.loads(run("--json", short).stdout)
    assert {**piped, "files": None} == {**named, "files": None}


def test_lines_of_any_length_are_cut_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = f"{HEAD}smtp[9]: 4F1C2240A1B: {TO}, status=bounced (host mx[192.0.2.1] said: 550 5.1.1 User unknown)"
    lines = [failed, "x" * 3_000_000, failed, failed + "y" * 1_500_000, failed + "z" * 100_000, "w" * 1_048_576, failed]
    path = tmp_path / "long.log"
    path.write_text("\n".join(lines), encoding="utf-8")
    whole = tally(path)
    assert whole["lines"] == len(lines)
    for size in (300_000, 1_048_577):
        monkeypatch.setattr("kb.report.run.SMALLEST_PART", size)
        monkeypatch.setattr("kb.report.run.LARGEST_PART", size)
        assert tally(path, jobs=3)["groups"] == whole["groups"]
        assert tally(path, jobs=3)["lines"] == whole["lines"]


ENTRY = {
    "__REALTIME_TIMESTAMP": "1795514400000000",
    "_HOSTNAME": "mx1",
    "SYSLOG_IDENTIFIER": "postfix/smtp",
    "_PID": "77",
    "MESSAGE": f"4F1C2240A1B: {TO}, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown)",
}


def _export(entry: dict[str, str]) -> bytes:
    message = entry["MESSAGE"].encode()
    fields = b"".join(f"{name}={value}\n".encode() for name, value in entry.items() if name != "MESSAGE")
    return b"__CURSOR=s=1\n" + fields + b"MESSAGE\n" + len(message).to_bytes(8, "little") + message + b"\n\n"


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(ENTRY).encode() * 1 + b"\n",
        json.dumps({**ENTRY, "MESSAGE": list(ENTRY["MESSAGE"].encode())}).encode() + b"\n",
        _export(ENTRY),
        json.dumps(
            {"log": f"2026-11-24T10:00:00+00:00 mx1 postfix/smtp[77]: {ENTRY['MESSAGE']}\n", "stream": "stdout"}
        ).encode(),
        f"2026-11-24T10:00:00+00:00 mx1 postfix/smtp[77]: {ENTRY['MESSAGE']}\n".encode(),
    ],
    ids=["json", "json-bytes", "export", "docker", "syslog"],
)
def test_journal_and_docker(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(raw)
    body = json.loads(run("--json", path).stdout)
    assert (body["failures"], body["first"], body["lines"]) == (1, "2026-11-24T10:00:00", 1)
    assert body["groups"][0]["peers"] == [{"name": "mx.example.net", "count": 1}]
    assert body["groups"][0]["domains"] == [{"name": "customer.example.net", "count": 1}]


def test_objects_among_plain_lines_count_as_what_they_hold(tmp_path: Path) -> None:
    failed = f"2026-11-24T10:00:00+00:00 mx1 postfix/smtp[77]: {ENTRY['MESSAGE']}"
    objects = [
        json.dumps(ENTRY),
        json.dumps({**ENTRY, "MESSAGE": "connect from unknown[192.0.2.1]"}),
        json.dumps({"log": f"{failed}\n"}),
    ]
    path = tmp_path / "log"
    path.write_text("\n".join([failed, *objects, "{", '{"log": 1}', failed]), encoding="utf-8")
    for engine in (DEFAULT, FAST):
        (group,) = tally(path, engine=engine)["groups"].values()  # type: ignore[attr-defined]
        assert group["count"] == 4


counts = st.dictionaries(st.sampled_from("abc"), st.integers(1, 9))


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    found = Tally()
    found.lines = draw(st.integers(0, 9))
    for key in draw(st.sets(st.sampled_from(["entry x", "code 5.1.1", "unrecognised y"]))):
        group = found.group(key)
        for _ in range(draw(st.integers(1, 3))):
            group.see(
                draw(st.sampled_from([None, "2026-11-24T10:00:00", "2026-11-24T11:00:01"])),
                draw(st.sampled_from([None, "p"])),
                None,
            )
        if key.startswith("un"):
            group.sample = (0, 0, draw(st.integers(0, 9)), draw(st.sampled_from("abc")))
    return found


@given(tallies(), tallies(), tallies())
@a_part_of(50, suppress_health_check=[HealthCheck.too_slow])
def test_adding_is_associative_and_commutative(a: Tally, b: Tally, c: Tally) -> None:
    def added(*parts: Tally) -> Tally:
        total = Tally()
        for one in parts:
            total.add(Tally.from_json(json.loads(json.dumps(one.as_json()))))
        return total

    left, right = added(added(a, b), c).as_json(), added(a, added(b, c)).as_json()
    assert left == right == added(c, b, a).as_json()


HOSTILE = [
    f'{HEAD}smtp[9]: 4F1C2240A1B: to=<b@x"><script>alert(1)</script>.example>, relay=<img src=x>[192.0.2.1]:25, dsn=5.0.0, status=bounced (host <b>x[1] said: 599 <script>alert(2)</script> & so)',
    f"{HEAD}smtpd[9]: warning: \x1b[31mfrobnicated password=hunter2 for secret.person@example.com",
]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [name for name, _ in attrs if name in ("src", "href") or name.startswith("on")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_escaped_and_loads_nothing(tmp_path: Path, lang: str, short: Path) -> None:
    path = tmp_path / "<i>.log"
    path.write_text("\n".join(HOSTILE), encoding="utf-8")
    page = run("--format", "html", "--lang", lang, path, short).stdout
    found = _Tags()
    found.feed(page)
    assert found.links == []
    assert found.tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "svg", "rect", "line", "text", "table"),
        *("thead", "tbody", "tr", "th", "td", "div", "strong", "code", "pre", "ul", "li"),
    }
    assert "default-src" in page


def test_no_address_and_no_secret_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("\n".join(HOSTILE), encoding="utf-8")
    for format_ in ("text", "json", "html"):
        output = run("--format", format_, path).stdout
        assert "hunter2" not in output
        assert "secret.person" not in output
        assert "\x1b" not in output
        assert "frobnicated" in output


@given(
    time=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2029, 1, 1)),
    form=st.sampled_from(["%b %e %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    near=st.integers(-4000, 4000),
)
@a_part_of(100)
def test_an_hour_that_was_read_before_changes_no_time(time: datetime, form: str, near: int) -> None:
    latest = time + timedelta(days=-1, seconds=near)  # where one year ends and the next begins, for times without one
    clock = Clock(latest)
    for moment in (time, time + timedelta(seconds=1), time + timedelta(minutes=40), time - timedelta(minutes=40), time):
        line = moment.strftime(f"{form} mx1 postfix").encode()
        assert clock.read(line) == Clock(latest).read(line)


def test_the_first_line_of_a_kind_is_its_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [f"{HEAD}smtpd[9]: warning: frobnicator {number} is lopsided" for number in range(900_000, 900_400)]
    path = tmp_path / "log"
    path.write_text("\n".join(reversed(said)), encoding="utf-8")
    whole = tally(path)
    ((_, group),) = whole["groups"].items()  # type: ignore[attr-defined]
    assert (group["count"], group["sample"][-1]) == (len(said), "warning: frobnicator 900399 is lopsided")
    monkeypatch.setattr("kb.report.run.SMALLEST_PART", 1000)
    monkeypatch.setattr("kb.report.run.LARGEST_PART", 1000)
    assert tally(path, jobs=2) == whole == tally(path, engine=FAST)


def test_times_without_a_year_get_the_right_one() -> None:
    clock = clock_of(1_795_514_400.0)  # 24 November 2026
    assert clock.read(b"Nov 24 10:00:00 mx") == "2026-11-24T10:00:00"
    assert clock.read(b"Dec  1 10:00:00 mx") == "2025-12-01T10:00:00"
    assert clock.read(b"Feb 29 10:00:00 mx") == "2024-02-29T10:00:00"
    assert clock.read(b"2026-11-24T10:00:00.123456+01:00 mx") == "2026-11-24T10:00:00"
    assert clock.read(b"2026-11-24 10:00:00 1sVaBc") == "2026-11-24T10:00:00"
    assert clock.read(b'time="2026/11/24 10:00:00" level=error') == "2026-11-24T10:00:00"
    assert clock.read(b"no time here") is None


def test_another_catalogue_is_refused(log: Path) -> None:
    with pytest.raises(ValueError, match="catalogue"):
        count(Part(str(log), 0, "plain", 0, None, 0.0, "other", DEFAULT))


def test_scanner_is_pure(base: KnowledgeBase) -> None:
    block = "\n".join(known_lines()[:300]).encode()
    results = []
    for _ in range(2):
        found = Tally()
        Scanner(base.store, PlainGate()).scan(block, found, clock_of(0))
        results.append(found.as_json())
    assert results[0] == results[1]
