"""Speed as ratios, each against a named peer in the same run: python bench/speed.py

start: `kb explain TEXT`, whole process (processor time, median), against `python -c pass`, byte code written. engine: one line in process, its answer
without rendering, at 500, 5,000 and 20,000 entries, and how long a catalogue of that size takes to get into memory. bounces: whole
delivery reports, against flufl.bounce, which tells the addresses that failed but not why. replies: our one-line examples, against the
classifier of ZoneMTA, 317 expressions in Node.js (left out without npm). classify: distinct Postfix log lines per second on one core,
against a plain loop of `re.search` over the same patterns (on a part of the lines, because it is slow).
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

from catalogs import catalog, environment
from serving import examples
from table import Row, best, show

from kb.catalog.read import read_catalog
from kb.cli.classify import run
from kb.data import data_root, open_store
from kb.explain import classify as answer
from kb.explain import explain
from kb.inputs.encoding import decode
from kb.match.engine import find_hits
from kb.match.normalize import normalize
from kb.match.pattern import parse_pattern

TEXT = "554 5.7.1 <bob@example.com>: Relay access denied"
EARLY = "502 5.5.1 Error: authentication not enabled"  # whose entry is among the first 500
ROUNDS = 31
LINES = 50_000
LOOP_LINES = 300
ZONE_MTA = "zone-mta@3.10.3"
# The log that it writes at its start is not measured.
CLASSIFY = """
const {check} = require(process.argv[1] + "/node_modules/zone-mta/lib/bounces.js");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
let least = Infinity;
for (let round = 0; round < 5; round++) {
  const begun = process.cpuUsage();
  for (const text of texts) check(text);
  const used = process.cpuUsage(begun);
  least = Math.min(least, used.user + used.system);
}
console.log(least / 1e6);
"""
SAID = (
    "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table",
    "450 4.2.0 <{}>: Recipient address rejected: Greylisted",
    "554 5.7.1 <{}>: Relay access denied",
    "552 5.2.2 <{}>: Mailbox full",
    "451 4.3.0 <{}>: Temporary lookup failure",
    "550 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
)


def rows() -> Iterator[Row]:
    """All of them."""
    yield from start()
    yield from engine()
    yield from bounces()
    yield from replies()
    yield from classify()


def start() -> Iterator[Row]:
    """`kb explain TEXT` against `python -c pass`, alternating; with catalogues of several sizes too."""
    kb = shutil.which("kb", path=str(Path(sys.executable).parent)) or "kb"
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    bare = "python -c pass"
    commands = {bare: ([sys.executable, "-c", "pass"], usual), "kb explain TEXT": ([kb, "explain", TEXT], usual)}
    with tempfile.TemporaryDirectory() as folder:
        for entries in (500, 5_000):
            own = usual | environment(entries, Path(folder))
            commands[f"kb explain, {entries:,} entries"] = ([kb, "explain", EARLY], own)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(ROUNDS + 1):
            for name, (command, variables) in commands.items():
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, check=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if turn:  # the first one may write byte code
                    times[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    yield Row(bare, medians.pop(bare) * 1000, "ms")
    for name, taken in medians.items():
        yield Row(name, taken * 1000, "ms", bare, taken / statistics.median(times[bare]))


def engine() -> Iterator[Row]:
    """One text in process, with catalogues of several sizes."""
    texts = [text for text in examples() if len(text) < 300][::4]
    with tempfile.TemporaryDirectory() as folder:
        for entries in (500, 5_000, 20_000):
            store = catalog(entries, Path(folder))
            before = time.process_time()
            store.preload()
            yield Row(f"catalogue into memory, {entries:,} entries", (time.process_time() - before) * 1000, "ms")
            if entries == 500:
                taken = best(lambda: [normalize(text) for text in texts]) / len(texts)
                yield Row("engine, of that the normal form", taken * 1e6, "us")
            hits = best(lambda s=store: [find_hits(s, text) for text in texts]) / len(texts)
            yield Row(f"engine, one line, {entries:,} entries", hits * 1e6, "us")
            whole = best(lambda s=store: [explain(s, text) for text in texts]) / len(texts)
            yield Row(f"answer without rendering, {entries:,} entries", whole * 1e6, "us")
            store.close()


def bounces() -> Iterator[Row]:
    """Delivery reports a second, against flufl.bounce on the same messages."""
    from flufl.bounce import scan_message

    folder = Path(data_root()) / "tests" / "cases" / "inputs"
    raw = [path.read_bytes() for path in sorted(folder.glob("dsn-*.txt"))]
    store = open_store()
    store.preload()
    theirs = best(lambda: [scan_message(message_from_bytes(one)) for one in raw]) / len(raw)
    ours = best(lambda: [explain(store, decode(one)) for one in raw]) / len(raw)
    yield Row("flufl.bounce, a delivery report", 1 / theirs, "reports/s")
    yield Row("kb, a delivery report explained", 1 / ours, "reports/s", "flufl.bounce", theirs / ours)


def replies() -> Iterator[Row]:
    """What servers and clients say, in one line, against what ZoneMTA tells of it."""
    if not shutil.which("npm"):
        print("replies: left out, no npm (apt-get install npm)", file=sys.stderr)
        return
    folder = Path("build/bench-npm").absolute()
    if not (folder / "node_modules" / "zone-mta").is_dir():
        quiet = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=optional"]
        subprocess.run(["npm", "install", "--prefix", str(folder), *quiet, ZONE_MTA], check=True)
    texts = examples()
    node = subprocess.run(
        ["node", "-e", CLASSIFY, str(folder)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    theirs = float(node.stdout.splitlines()[-1]) / len(texts)
    store = open_store()
    store.preload()
    ours = best(lambda: [answer(store, text) for text in texts]) / len(texts)
    yield Row("ZoneMTA's classifier, one line", 1 / theirs, "lines/s")
    yield Row("kb, one line classified", 1 / ours, "lines/s", "ZoneMTA's classifier", theirs / ours)


def classify() -> Iterator[Row]:
    """`kb classify --jsonl` in process against a plain loop over all patterns."""
    lines = [_line(random.Random(number)) for number in range(LINES)]
    rows = io.BytesIO("".join(json.dumps({"text": line}) + "\n" for line in lines).encode())
    taken = _seconds(lambda: run(rows, io.BytesIO()))
    _, catalog = read_catalog(Path(data_root()))
    sources = [source for entry in catalog.errors.values() for source in entry.match]
    patterns = [re.compile(_as_re(source)) for source in sources]
    some = [normalize(line) for line in lines[:LOOP_LINES]]
    loop = _seconds(lambda: [[p for p in patterns if p.search(line)] for line in some])
    rate, loop_rate = LINES / taken, LOOP_LINES / loop
    yield Row(f"loop of re.search, {len(patterns)} patterns", loop_rate, "lines/s")
    yield Row("kb classify", rate, "lines/s", "loop of re.search", rate / loop_rate)


def _as_re(source: str) -> str:
    pattern = parse_pattern(source)
    return pattern.regex or re.escape(pattern.literal)


def _line(r: random.Random) -> str:
    host = f"mx{r.randrange(99)}.{r.choice(['example.com', 'example.net', 'mail.example.org'])}"
    address = f"{r.choice(['bob', 'alice', 'sales', 'li.wei'])}{r.randrange(999)}@{host}"
    stamp = f"Nov {r.randrange(1, 31):2} {r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02} mx1 postfix/"
    queue_id, pid = f"{r.getrandbits(40):010X}", r.randrange(1, 65536)
    sent = f"smtp[{pid}]: {queue_id}: to=<{address}>, relay={host}[192.0.2.{r.randrange(255)}]:25, delay=1.2, delays=0.1/0/0.5/0.6"
    kind = r.random()
    if kind < 0.35:
        return f"{stamp}smtpd[{pid}]: {r.choice(['connect', 'disconnect'])} from {host}[192.0.2.{r.randrange(255)}]"
    if kind < 0.65:
        return f"{stamp}qmgr[{pid}]: {queue_id}: from=<{address}>, size={r.randrange(99999)}, nrcpt=1 (queue active)"
    if kind < 0.85:
        return f"{stamp}{sent}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {queue_id})"
    if kind < 0.95:
        said = r.choice(SAID).format(address)
        status = "bounced" if said[0] == "5" else "deferred"
        return f"{stamp}{sent}, dsn={said[4:9]}, status={status} (host {host}[192.0.2.9] said: {said} (in reply to RCPT TO command))"
    return f"{stamp}smtpd[{pid}]: NOQUEUE: reject: RCPT from {host}[192.0.2.9]: 554 5.7.1 <{address}>: Relay access denied; from=<a@example.com> to=<{address}> proto=ESMTP helo=<{host}>"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    show(rows())
