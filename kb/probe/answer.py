"""The answer of `kb probe` as JSON: the outcome first, then why, then all that was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from kb.config.diagnose import read_files
from kb.config.hops import pair
from kb.config.measured import Measured, measured_server
from kb.config.rules import Rule, load_rules
from kb.config.setting import Party
from kb.diagnosis import diagnose_json
from kb.match.store import Store
from kb.probe.clients import Fate, fates
from kb.probe.facts import facts_of, perhaps
from kb.probe.judge import Explained, explanations, meaning_of
from kb.probe.measured_json import measured_json
from kb.probe.model import AFTER, BEFORE, SHORT, TRIAL, Measurement, Talk
from kb.probe.remarks import remarks
from kb.render.as_json import SCHEMA_VERSION, lookup_json
from kb.render.diagnosis_json import fact_json
from kb.text import Text

WORKS, FAILS, DEPENDS = "works", "fails", "depends"
# Combinations in which the server's reply was heard: at which step.
_HEARD = {
    "starttls-certificate-missing": "starttls",
    "mail-tls-required-first": TRIAL,
    **dict.fromkeys(
        (
            *("rcpt-client-refused", "rcpt-login-required", "rcpt-relay-deferred"),
            *("rcpt-relay-rejected", "rcpt-user-unknown"),
        ),
        BEFORE,
    ),
}


def client_of(files: Mapping[str, str]) -> Party | None:
    """The client that pasted files describe, None when they describe none."""
    client, _ = pair([party for party in read_files(files).parties if party.side == "client"])
    return client


def probe_json(
    store: Store, measurement: Measurement, files: Mapping[str, str], lang: str, now: datetime
) -> dict[str, Any]:
    """The whole answer. files: a client's settings, name -> content; empty to ask for the usual kinds of clients."""
    client = client_of(files) if files else None
    library = client.facts.get("library", "other") if client else "other"
    judge = partial(meaning_of, store)
    facts = facts_of(measurement, judge, library)
    open_facts = perhaps(measurement, judge, client.facts if client else {})
    facts |= {name: values[0] for name, values in open_facts.items() if len(values) == 1}
    open_facts = {name: values for name, values in open_facts.items() if len(values) > 1}
    explained = explanations(store, measurement)
    stopped = stopper(measurement)
    diagnosis = _diagnosis(store, measurement, facts, open_facts, files, lang) if files else None
    rules = load_rules(store.rules())
    conditions = [rule.condition for rule in rules.values()]
    kinds = [] if files or stopped else fates(conditions, facts, measurement.options.name)
    outcome, why = _outcome(measurement, stopped, diagnosis, kinds, client)
    return {
        "schema_version": SCHEMA_VERSION,
        "catalog_version": store.version,
        "lang": lang,
        "target": {
            "host": measurement.options.host,
            "port": measurement.options.port,
            "name": measurement.options.name,
        },
        "outcome": outcome,
        "decided_by": why,
        "diagnosis": diagnosis,
        "clients": [_fate_json(rules, fate, lang) for fate in kinds],
        "explanations": [_explained_json(store, found, lang) for found in explained],
        "measured": measured_json(measurement),
        "facts": [fact_json(name, value, lang) for name, value in facts.items()],
        "remarks": [
            text.get(lang)
            for text in (*remarks(measurement, now), *_reservations(measurement, client, rules, diagnosis, open_facts))
        ],
    }


_OWN_FILE = Text(
    "客户端用自己的 CA 文件校验证书，这里没有看到那个文件：用 --ca-file 给出，才能测出它认不认这张证书。",
    "The client checks certificates with a file of its own, which was not seen here; give it as --ca-file to find out whether it"
    " accepts this one.",
)
_POSTFIX_WORDS = Text(
    "这台服务器没有自称 Postfix，也没有当面说出这次拒绝：上面预计的回复是 Postfix 的措辞，它的可能不同。",
    "This server does not call itself Postfix and was not heard refusing: the reply foretold above is in Postfix's words, and its"
    " own may differ.",
)


_UNTRIED: Mapping[str, Text] = {
    "helo_check": Text(
        "没有点的 EHLO 名字在登录之前会被拒绝；登录之后放不放行没有试过：加上 --user 就知道。",
        "A name without a dot in EHLO is refused before a login; whether a login exempts from that was not tried: --user tells.",
    ),
    "ehlo": Text(
        "客户端在 EHLO 里报它所在机器的名字；容器的名字没有点，会被这台服务器拒绝。用 --ehlo 给出那个名字。",
        "The client gives its machine's name in EHLO; a container's has no dot, which this server refuses. Give that name"
        " as --ehlo.",
    ),
}


def _reservations(
    measurement: Measurement,
    client: Party | None,
    rules: Mapping[str, Rule],
    diagnosis: Mapping[str, Any] | None,
    open_facts: Mapping[str, tuple[str, ...]],
) -> Iterator[Text]:
    """What the answer for a client's settings rests on without having seen it."""
    talk = measurement.talk
    if talk is None or client is None or diagnosis is None:
        return
    if diagnosis["outcome"] == DEPENDS:
        yield from (_UNTRIED[name] for name in open_facts)
    if client.facts.get("trust") == "file" and talk.tls and talk.tls.verdict.trusted_by is None:
        yield _OWN_FILE
    rule = rules.get(diagnosis["combination"] or "")
    banner = next(talk.replies("banner"), None)
    if rule and rule.reply and rule.id not in _heard(talk) and banner and "postfix" not in banner.text.lower():
        yield _POSTFIX_WORDS


def stopper(measurement: Measurement) -> str | None:
    """The stage at which the dialogue came to nothing for every client, None when it got as far as two EHLOs, or one."""
    talk = measurement.talk
    if talk is None or not talk.begun:
        return measurement.problem.stage if measurement.problem else "connect"
    if talk.problem and talk.problem.stage in ("connect", "banner", "ehlo", "starttls"):
        return talk.problem.stage
    if any(reply.code != "220" for reply in talk.replies("banner")):
        return "banner"
    return "ehlo" if any(not reply.positive for reply in talk.replies("ehlo")) else None


def _outcome(
    measurement: Measurement,
    stopped: str | None,
    diagnosis: Mapping[str, Any] | None,
    kinds: list[Fate],
    client: Party | None,
) -> tuple[str, str]:
    """The outcome, and what decides it: connection, login, recipient, diagnosis or clients."""
    talk = measurement.talk
    in_clear = client is not None and client.facts.get("tls") == "none" and stopped == "starttls"
    if diagnosis is not None and diagnosis["outcome"] == FAILS:
        return FAILS, "diagnosis"
    if stopped and not in_clear:
        return FAILS, "connection"
    if talk and talk.login and talk.login.outcome != "accepted":
        return FAILS, "login"
    if talk and _refused_in_the_end(talk):
        return FAILS, "recipient"
    if diagnosis is not None:
        return str(diagnosis["outcome"]), "diagnosis"
    if talk and (talk.envelope(AFTER) or talk.envelope(BEFORE)):
        return WORKS, "recipient"
    if talk and talk.login:
        return WORKS, "login"
    outcomes = {fate.outcome for fate in kinds}
    return next((word for word in (WORKS, DEPENDS) if word in outcomes), FAILS), "clients"


def _refused_in_the_end(talk: Talk) -> bool:
    """Whether the recipient that was asked for was refused, after the login where there was one."""
    asked = talk.envelope(AFTER) or talk.envelope(BEFORE)
    return bool(asked) and not asked[-1].reply.positive


def _diagnosis(
    store: Store,
    measurement: Measurement,
    facts: Mapping[str, str],
    open_facts: Mapping[str, tuple[str, ...]],
    files: Mapping[str, str],
    lang: str,
) -> dict[str, Any] | None:
    """What the client's settings meet there; None where the server was not understood well enough to ask."""
    talk = measurement.talk
    if (talk is None or not talk.begun) and facts.get("reachable") != "no":
        return None
    options = measurement.options
    banner = next(talk.replies("banner"), None) if talk else None
    details = {"hostname": banner.lines[0].split(" ", 1)[0]} if banner and banner.lines else {}
    party = measured_server(options.host, options.port, facts, details)
    postfix = banner is None or "postfix" in banner.text.lower()
    answers = _trust(measurement)
    return diagnose_json(store, files, None, lang, answers, Measured(party, _heard(talk), postfix, open_facts))


def _trust(measurement: Measurement) -> dict[str, str]:
    """Whether the file of authorities that was given is what the client has to trust."""
    tls = measurement.talk.tls if measurement.talk else None
    return {"trust": "file"} if tls and tls.verdict.trusted_by == "file" else {}


def _heard(talk: Talk | None) -> dict[str, tuple[str, str]]:
    """Per combination the server's refusal, stage and words, where it was heard."""
    found: dict[str, tuple[str, str]] = {}
    for id_, step in [*_HEARD.items(), *(("rcpt-ehlo-name-refused", step) for step in (BEFORE, SHORT[BEFORE]))]:
        for exchange in talk.exchanges if talk else ():
            if (exchange.step or exchange.stage) == step and exchange.reply.code[0] in "45":
                found[id_] = (exchange.stage, exchange.reply.text)
                break
    return found


def _fate_json(rules: Mapping[str, Rule], fate: Fate, lang: str) -> dict[str, Any]:
    combination = fate.case.combination if fate.case else None
    rule = rules[combination.id] if combination else None
    return {
        "id": fate.kind.id,
        "name": fate.kind.title.get(lang),
        "safe": fate.kind.safe,
        "outcome": fate.outcome,
        "stage": fate.case.stage if fate.case else None,
        "combination": rule.id if rule else None,
        "entry": rule.leads_to if rule else None,
        "title": rule.title.get(lang) if rule else None,
    }


def _explained_json(store: Store, found: Explained, lang: str) -> dict[str, Any]:
    return {"stage": found.stage, "said": found.said, "answer": lookup_json(store, found.answer, lang)}
