"""A record against a prediction of `diagnose`: hit, or in which of outcome, stage and text it missed."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kb.knowledge_base import KnowledgeBase
from lab.certs import NAMES, OTHER_NAMES
from lab.servers import SERVICE_NAMES

# What differs from run to run and cannot be predicted; both sides are rewritten alike.
VOLATILE = (
    (re.compile(r"(?<=read tcp )\S+?:\d+(?=->)"), "HOST:PORT"),
    (re.compile(r"current time \S+ is after [0-9TZ:.+-]+"), "current time TIME is after TIME"),
    (re.compile(r"\b[0-9A-F]{16}(?=:error:)"), "THREAD"),
    (re.compile(r"(?<=\(_ssl\.c:)\d+(?=\))"), "LINE"),
    (re.compile(r"\bqueued as [0-9A-Za-z]+"), "queued as ID"),
    (re.compile(r"(?<=message size )\d+"), "SIZE"),
    (re.compile(r"[\w.-]+@[\w.-]+\w"), "ADDRESS"),
    (re.compile(r"<[\w.-]+\[[0-9a-fA-F.:]+\]>"), "<CLIENT>"),
)

# The host's name has no dot, and these say it (or `localhost`) in EHLO; the others say an address in brackets or a full name.
SHORT_EHLO = ("mailpit", "mailpit-forward", "go-sendmail", "django", "msmtp")
BACKENDS = {"saslauthd-down": "broken", "none": "broken", "dovecot-down": "unreachable"}
MECHANISMS = {"plain": "PLAIN", "login": "LOGIN", "cram": "CRAM-MD5"}
SMALL_LIMIT = 2000
CLOSED_PORT = 2525


# Logged when a process starts, before the client comes; a record begins after that.
BEFORE_THE_RECORD = ("No server certs available", "no SASL authentication mechanisms")


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


def said(wording: str, text: str) -> bool:
    """Whether a predicted wording is the text; its `…` stands for what no configuration tells, such as an address or a line number.

    At least half of the text has to be predicted word for word.
    """
    wording, text = normalise(wording), normalise(text)
    literal = wording.replace("…", "")
    pattern = ".*?".join(map(re.escape, wording.split("…")))
    return 2 * len(literal) >= len(text) and re.fullmatch(pattern, text, re.DOTALL) is not None


def files_of(record: Mapping[str, Any]) -> dict[str, str]:
    """What a user would paste: the client's files (of Postfix as the client: below client/) and the server's."""
    prefix = "client/" if record["client"]["product"] == "postfix" else ""
    client = {prefix + name: text for name, text in record["client"]["files"].items()}
    return client | dict(record["server"]["files"])


def _trusts(record: Mapping[str, Any]) -> bool:
    """Whether mynetworks of the service that the client gets to has its address; unset, it is the server's own machine."""
    port = 25 if record["client"]["settings"].get("mistake") == "no-port" else record["server"]["port"]
    own = SERVICE_NAMES.get(port)
    texts = record["server"]["files"]
    services = re.split(r"(?m)^(?=\S)", texts["master.cf"])
    set_there = [s.partition("-o mynetworks=")[2] for s in services if s.split(None, 1)[:1] == [own] and " inet " in s]
    lines = [*set_there, texts["main.cf"].partition("mynetworks = ")[2]]
    value = next((line.partition("\n")[0] for line in lines if line), "127.0.0.0/8")
    return "127.0.0.0/8" in value


def answers_of(record: Mapping[str, Any]) -> dict[str, str]:
    """What the user would answer because no file tells it (names and values of kb/config/facts.py)."""
    client, server = record["client"], record["server"]
    kind = server["certificate"]
    names = (*NAMES, "127.0.0.1") if kind not in ("mismatch", "none") else OTHER_NAMES
    facts = {
        "certificate": {"mismatch": "trusted", "none": "missing"}.get(kind, kind)
        if "missing-key" not in server["name"]
        else "missing",
        "certificate_name": "matches" if client["settings"]["host"] in names else "differs",
        "recipient": "remote" if record["recipient"] == "remote" else "local",
        "recipient_exists": "no" if record["recipient"] == "unknown" else "yes",
        "size": "exceeds"
        if record["message_bytes"] > SMALL_LIMIT and "message_size_limit" in server["settings"]
        else "fits",
        "trusts_client": "yes" if _trusts(record) else "no",
        "reachable": "no" if server["port"] == CLOSED_PORT else "yes",
        "ehlo": "short" if client["product"] in SHORT_EHLO else "full",
        "backend": BACKENDS.get(server["name"].rpartition("backend-")[2], "works"),
    }
    if client["settings"]["password"] != "-":
        facts["password"] = client["settings"]["password"]
    mechanisms = server["files"].get("sasl/smtpd.conf", "").partition("mech_list:")[2].partition("\n")[0].split()
    if mechanisms:
        facts |= {f"offers_{name}": "yes" if word in mechanisms else "no" for name, word in MECHANISMS.items()}
    elif facts["backend"] != "works":  # without a list Cyrus SASL offers whatever it has plug-ins for
        facts |= {f"offers_{name}": "yes" for name in MECHANISMS}
    if "no-sasl-for-us" in server["name"]:
        facts["auth_offer"] = "hidden"
    if record.get("trusts_server"):
        facts["trust"] = "file"
    if client["product"] == "go-sendmail":  # a call in a program, so no file says it
        spelled = client["settings"]["host"]
        facts |= {
            "library": "go-sendmail",
            "tls": "opportunistic",
            "verify": "full",
            "auth": client["settings"]["auth"],
        }
        facts["host"] = "localhost" if spelled in ("localhost", "127.0.0.1") else "name"
    return facts


def compare(record: Mapping[str, Any], prediction: Mapping[str, Any]) -> Comparison:
    """`prediction` has outcome, stage and predicted_text as in the JSON contract of `diagnose`."""
    outcome = prediction["outcome"] == record["outcome"]
    if record["outcome"] == "works":
        return Comparison(outcome, outcome, outcome)
    wordings: Sequence[str] = prediction.get("predicted_text") or ()
    return Comparison(
        outcome, prediction.get("stage") == record["stage"], any(said(wording, record["text"]) for wording in wordings)
    )


def logged(record: Mapping[str, Any], prediction: Mapping[str, Any]) -> bool | None:
    """Whether the server's log holds all that was foretold of it; None where the record's log has no whole session, or where
    nothing is foretold."""
    log = "\n".join(record["server_log"])
    foretold = [line for line in prediction["server_log"] if not any(words in line for words in BEFORE_THE_RECORD)]
    if "disconnect from" not in log or not foretold:
        return None
    return all(re.search(_log_pattern(line), log) for line in foretold)


def _log_pattern(line: str) -> str:
    """The log says the client's real name, and the real addresses."""
    pattern = re.escape(line).replace(re.escape("unknown[192.0.2.10]"), r"\S+\[[0-9a-f.:]+\]")
    pattern = re.sub(r"<[^<>]*@[^<>]*>", "<[^<>]*>", pattern.replace("\\@", "@"))
    return pattern.replace("…", ".*?")


def predict(base: KnowledgeBase, record: Mapping[str, Any]) -> dict[str, Any]:
    """What `diagnose` says to the record's configurations, without being told how they ended."""
    return base.diagnose(files_of(record), answers=answers_of(record))


ROOT = Path(__file__).resolve().parents[2]


@cache
def base() -> KnowledgeBase:
    return KnowledgeBase.open(str(ROOT), preload=True)


def _miss(line: str) -> tuple[str, str, str, str | None]:
    """(product, how the prediction missed the record of this line or nothing, which record, and in which combination the
    server's log was missed: "" where it was not, None where it cannot be judged)."""
    record = json.loads(line)
    try:
        prediction = predict(base(), record)
    except Exception as error:  # a miss to list, not the end of the count
        prediction = {"outcome": "raised", "stage": None, "predicted_text": [repr(error)]}
    product, where = record["client"]["product"], f"{record['id']} {record['server']['name']}"
    if compare(record, prediction).hit:
        seen = logged(record, prediction) if record["outcome"] == "fails" else None
        missed = (
            f"{prediction['combination']} ({product}): {prediction['server_log']}, logged {record['server_log'][-3:]}"
        )
        return product, "", where, None if seen is None else "" if seen else missed
    wording = (prediction.get("predicted_text") or [""])[0]
    real = f"{record['outcome']} {record['stage']} {normalise(record['text'])!r}"
    return (
        product,
        f"{product}: {real}, predicted: {prediction['outcome']} {prediction.get('stage')} {wording!r}",
        where,
        None,
    )


def main() -> None:
    """Print how many predictions agree with the records of a file, and every miss in short."""
    base()  # compiles the catalogue before the workers ask for it
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    with ProcessPoolExecutor() as pool:
        judged = list(pool.map(_miss, lines, chunksize=20))
    misses: dict[str, list[str]] = {}
    for _, miss, where, _ in judged:
        if miss:
            misses.setdefault(miss, []).append(where)
    for miss, found in sorted(misses.items(), key=lambda item: -len(item[1])):
        print(len(found), miss, "|", found[0])
    total = Counter(product for product, *_ in judged)
    hits = Counter(product for product, miss, *_ in judged if not miss)
    for product, count in sorted(total.items()):
        print(f"{product}: {hits[product]} of {count}")
    logs = [missed for *_, missed in judged if missed is not None]
    for missed in dict.fromkeys(filter(None, logs)):
        print("server log:", missed)
    print(f"server log: {logs.count('')} of {len(logs)}")
    print(f"all: {hits.total()} of {total.total()} ({100 * hits.total() / total.total():.2f} %)")


if __name__ == "__main__":
    main()
