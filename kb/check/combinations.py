"""Combinations: known facts, an entry to lead to, texts that get its reason, and no two rules for one stage at once."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from kb.catalog.findings import Finding, did_you_mean
from kb.catalog.load import Document
from kb.catalog.model import Catalog, Rule
from kb.check.content import Content
from kb.config.combine import Combination
from kb.config.facts import FACTS
from kb.config.libraries import LIBRARIES
from kb.config.wording import predicted_texts
from kb.config.world import DERIVED_VALUES, World
from kb.explain import classify
from kb.match.store import Store
from kb.text import Text

_SAMPLE = 1500
# Reasons of texts that tell less than the combination knows: that the connection, the handshake, the certificate or all
# recipients failed.
_VAGUE = (None, "connect-failed", "tls-handshake", "tls-wrong-port", "cert-untrusted", "recipient-rejected")
_VALUES = {"host": "mail.example.com", "port": "587", "recipient": "bob@example.net", "ehlo": "client", "any": "",
           "client": "unknown[192.0.2.10]", "server": "mail.example.com", "names": "mail.example.org",
           "refusal": "authentication failure", "no_mechanism": "no mechanism available"}  # fmt: skip


def check(content: Content, store: Store) -> Iterator[Finding]:
    """All findings on `combinations`."""
    document, catalog = content.document, content.catalog
    if document is None:
        return
    broken = [*_facts(document, catalog), *_links(document, catalog, content.ids)]
    yield from broken
    if not any(finding.rule == "KB501" for finding in broken):
        yield from _exclusive(document, catalog)
    yield from _texts(document, catalog, store)


def _facts(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB501: facts and values are those of the vocabulary."""
    known: Mapping[str, tuple[str, ...]] = {
        **{name: tuple(fact.values) for name, fact in FACTS.items()},
        **DERIVED_VALUES,
    }
    for id_, rule in catalog.combinations.items():
        for name, values in rule.when.items():
            key = ("combinations", id_, "when", name)
            if name not in known:
                hint = did_you_mean(name, known)
                text = Text(f"没有事实 {name}。{hint.zh}", f"No fact {name}. {hint.en}")
                yield document.finding("KB501", key, text, at_key=True)
                continue
            for index, value in enumerate(values):
                if value not in known[name]:
                    hint = did_you_mean(value, known[name])
                    text = Text(f"{name} 没有取值 {value}。{hint.zh}", f"{name} has no value {value}. {hint.en}")
                    yield document.finding("KB501", (*key, index), text)


def _links(document: Document, catalog: Catalog, ids: Collection[str]) -> Iterator[Finding]:
    """KB502: a combination leads to an entry. KB503: its texts and logs are of known implementations."""
    for id_, rule in catalog.combinations.items():
        if rule.leads_to not in ids:
            hint = did_you_mean(rule.leads_to, ids)
            text = Text(f"没有条目 {rule.leads_to}。{hint.zh}", f"There is no entry {rule.leads_to}. {hint.en}")
            yield document.finding("KB502", ("combinations", id_, "leads_to"), text)
        for field, name in (*(("texts", name) for name in rule.texts), *(("server_logs", n) for n in rule.server_logs)):
            if name not in FACTS["library"].values:
                hint = did_you_mean(name, FACTS["library"].values)
                text = Text(f"没有实现 {name}。{hint.zh}", f"There is no implementation {name}. {hint.en}")
                yield document.finding("KB503", ("combinations", id_, field, name), text)


def _exclusive(document: Document, catalog: Catalog) -> Iterator[Finding]:
    """KB504: of the rules of a stage at most one applies. Where no fact tells two apart, a fixed sample of worlds does."""
    conditions = [_condition(id_, rule) for id_, rule in catalog.combinations.items()]
    alike = {one.id for pair in combinations(conditions, 2) if not _exclude(*pair) for one in pair}
    rules = [rule for rule in conditions if rule.id in alike]
    told: set[tuple[str, str]] = set()
    for world in sample_worlds(_SAMPLE if rules else 0):
        first: dict[str, str] = {}
        for rule in rules:
            if not rule.applies(world):
                continue
            other = first.setdefault(rule.stage, rule.id)
            if other != rule.id and (other, rule.id) not in told:
                told.add((other, rule.id))
                text = Text(
                    f"{other} 与 {rule.id} 会同时成立；请让条件互斥。",
                    f"{other} and {rule.id} can apply at once; make their conditions exclude one another.",
                )
                yield document.finding("KB504", ("combinations", rule.id), text, at_key=True)


def _exclude(one: Combination, other: Combination) -> bool:
    """Whether two rules are of different stages, or want different values of the same fact."""
    return one.stage != other.stage or any(
        one.when[name].isdisjoint(other.when.get(name, one.when[name])) for name in one.when
    )


def sample_worlds(count: int) -> Iterator[World]:
    """Fully settled worlds, the same in every run."""
    choose = random.Random(1)  # noqa: S311 (a sample, no secret)
    names = {name: list(fact.values) or ["1.0", "1.2", "1.3"] for name, fact in FACTS.items()}
    for _ in range(count):
        yield World({name: choose.choice(values) for name, values in names.items()})


def _texts(document: Document, catalog: Catalog, store: Store) -> Iterator[Finding]:
    """KB505: what a client prints gets the reason of the entry that the combination leads to, or none where it is vague."""
    reasons: dict[str, str | None] = {}
    for id_, rule in catalog.combinations.items():
        if rule.leads_to not in catalog.errors:
            continue
        reason = catalog.errors[rule.leads_to].reason
        for name in LIBRARIES:
            for text in predicted_texts(
                rule.stage, rule.reply, rule.texts, name, {**_VALUES, "starts_tls": "starttls"}
            ):
                if text not in reasons:
                    reasons[text] = classify(store, text)[1]
                got = reasons[text]
                if got not in (reason, *_VAGUE):
                    message = Text(
                        f"{name} 打印的 {text!r} 得到 {got}，而条目是 {reason}。",
                        f"{name} prints {text!r}, which gets {got}, but the entry has {reason}.",
                    )
                    yield document.finding("KB505", ("combinations", id_, "leads_to"), message)


def _condition(id_: str, rule: Rule) -> Combination:
    return Combination(id_, rule.stage, {name: frozenset(values) for name, values in rule.when.items()})
