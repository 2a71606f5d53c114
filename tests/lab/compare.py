"""A record against a prediction of `diagnose`: hit, or in which of outcome, stage and text it missed."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.knowledge_base import KnowledgeBase
from lab.certs import NAMES, OTHER_NAMES

# What differs from run to run and cannot be predicted; both sides are rewritten alike.
VOLATILE = (
    (re.compile(r"(?<=read tcp )\S+?:\d+(?=->)"), "HOST:PORT"),
    (re.compile(r"current time \S+ is after [0-9TZ:.+-]+"), "current time TIME is after TIME"),
    (re.compile(r"\b[0-9A-F]{16}(?=:error:)"), "THREAD"),
    (re.compile(r"(?<=\(_ssl\.c:)\d+(?=\))"), "LINE"),
    (re.compile(r"\bqueued as [0-9A-Za-z]+"), "queued as ID"),
    (re.compile(r"(?<=message size )\d+"), "SIZE"),
)

# The host's name has no dot, and these say it (or `localhost`) in EHLO; the others say an address in brackets or a full name.
SHORT_EHLO = ("mailpit", "mailpit-forward", "go-sendmail", "django", "msmtp")
BACKENDS = {"saslauthd-down": "broken", "none": "broken", "dovecot-down": "unreachable"}
MECHANISMS = {"plain": "PLAIN", "login": "LOGIN", "cram": "CRAM-MD5"}
SMALL_LIMIT = 2000
CLOSED_PORT = 2525


@dataclass(frozen=True)
class Comparison:
    """Which parts agreed. `text` counts as agreeing for a pair that works."""

    outcome: bool
    stage: bool
    text: bool

    @property
    def hit(self) -> bool:
        """Whether all parts agreed."""
        return self.outcome and self.stage and self.text


def normalise(text: str) -> str:
    """The text without what differs from run to run, and without white space at its ends."""
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return text.strip()


def files_of(record: Mapping[str, Any]) -> dict[str, str]:
    """What a user would paste: the client's files (of Postfix as the client: below client/) and the server's."""
    prefix = "client/" if record["client"]["product"] == "postfix" else ""
    client = {prefix + name: text for name, text in record["client"]["files"].items()}
    return client | dict(record["server"]["files"])


def answers_of(record: Mapping[str, Any]) -> dict[str, str]:
    """What the user would answer because no file tells it (names and values of kb/config/facts.py)."""
    client, server = record["client"], record["server"]
    kind = server["certificate"]
    names = (*NAMES, "127.0.0.1") if kind not in ("mismatch", "none") else OTHER_NAMES
    facts = {
        "certificate": {"mismatch": "trusted", "none": "missing"}.get(kind, kind),
        "certificate_name": "matches" if client["settings"]["host"] in names else "differs",
        "recipient": record["recipient"],
        "size": "exceeds"
        if record["message_bytes"] > SMALL_LIMIT and "message_size_limit" in server["settings"]
        else "fits",
        "trusts_client": "yes"
        if "127.0.0.0/8" in server["files"]["main.cf"].partition("mynetworks = ")[2].partition("\n")[0]
        else "no",
        "reachable": "no" if server["port"] == CLOSED_PORT else "yes",
        "ehlo": "short" if client["product"] in SHORT_EHLO else "full",
        "backend": BACKENDS.get(server["name"].rpartition("backend-")[2], "works"),
    }
    if client["settings"]["password"] != "-":
        facts["password"] = client["settings"]["password"]
    mechanisms = server["files"].get("sasl/smtpd.conf", "").partition("mech_list:")[2].partition("\n")[0].split()
    if mechanisms:
        facts |= {f"offers_{name}": "yes" if word in mechanisms else "no" for name, word in MECHANISMS.items()}
    if record.get("trusts_server"):
        facts["trust"] = "file"
    return facts


def compare(record: Mapping[str, Any], prediction: Mapping[str, Any]) -> Comparison:
    """`prediction` has outcome, stage and predicted_text as in the JSON contract of `diagnose`."""
    outcome = prediction["outcome"] == record["outcome"]
    if record["outcome"] == "works":
        return Comparison(outcome, outcome, outcome)
    wordings: Sequence[str] = prediction.get("predicted_text") or ()
    return Comparison(
        outcome, prediction.get("stage") == record["stage"], normalise(record["text"]) in map(normalise, wordings)
    )


def predict(base: KnowledgeBase, record: Mapping[str, Any]) -> dict[str, Any]:
    """What `diagnose` says to the record's configurations, without being told how they ended."""
    return base.diagnose(files_of(record), answers=answers_of(record))


def _prediction(base: KnowledgeBase, record: Mapping[str, Any]) -> dict[str, Any]:
    """As `predict`; an exception is a miss to list, not the end of the count."""
    try:
        return predict(base, record)
    except Exception as error:
        return {"outcome": "raised", "stage": None, "predicted_text": [repr(error)]}


def main() -> None:
    """Print how many predictions agree with the records of a file, and every miss in short."""
    base = KnowledgeBase.open(str(Path(__file__).resolve().parents[2]), preload=True)
    total, hits = Counter[str](), Counter[str]()
    misses: dict[tuple[str, ...], list[str]] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        product = record["client"]["product"]
        prediction = _prediction(base, record)
        result = compare(record, prediction)
        total[product] += 1
        hits[product] += result.hit
        if not result.hit:
            predicted = (
                prediction["outcome"],
                str(prediction.get("stage")),
                (prediction.get("predicted_text") or [""])[0],
            )
            key = (
                product,
                record["outcome"],
                str(record["stage"]),
                normalise(record["text"]),
                "predicted:",
                *predicted,
            )
            misses.setdefault(key, []).append(f"{record['id']} {record['server']['name']}")
    for key, where in sorted(misses.items(), key=lambda item: -len(item[1])):
        print(len(where), *key, "|", where[0])
    for product, count in sorted(total.items()):
        print(f"{product}: {hits[product]} of {count}")
    print(f"all: {hits.total()} of {total.total()} ({100 * hits.total() / total.total():.2f} %)")


if __name__ == "__main__":
    main()
