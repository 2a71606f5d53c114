"""Pasted configurations in, a diagnosis out: who talks to whom, how it ends, and which changes make it work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from kb.config import unpasted
from kb.config.catchers import is_catcher, usual_facts
from kb.config.combine import Case, Combination, cases, merged, questions
from kb.config.cures import Cure, met_on_the_way
from kb.config.facts import FACTS
from kb.config.foreign import sorted_out
from kb.config.hops import goes_on, hops, pair
from kb.config.known import is_known, known_facts
from kb.config.ordered import ordered
from kb.config.products import ADAPTERS
from kb.config.remedies import remedies
from kb.config.setting import Finding, Party, Reading
from kb.text import Text, without_surrogates

_NOTHING = Text(
    "没有认出任何邮件配置：请贴 main.cf、postconf -n、MP_SMTP_RELAY_* 环境变量等。",
    "No mail configuration was recognised: paste main.cf, postconf -n, MP_SMTP_RELAY_* variables or the like.",
)


@dataclass(frozen=True)
class Diagnosis:
    """How a client and a server get on.

    client, server: the parties, None when nothing that was pasted describes one. cases: the outcomes; one when nothing that
    is unknown decides. cures: for the first failing case, safest first. questions: unknown facts that decide. findings: on
    the files. facts: what is taken of both sides. usual: those of them that no file and no answer told, but the port's
    registered use.
    """

    client: Party | None
    server: Party | None
    cases: tuple[Case, ...]
    cures: tuple[Cure, ...]
    questions: tuple[str, ...]
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]
    usual: Mapping[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """works, fails or depends."""
        if self.cases and all(case.works for case in self.cases):
            return "works"
        return "depends" if len(self.cases) != 1 else "fails"


def read_files(files: Mapping[str, str]) -> Reading:
    """The parties and findings of pasted files: name -> content. Never raises on their content."""
    parties: list[Party] = []
    clean = {without_surrogates(name): without_surrogates(text) for name, text in files.items()}
    rest, findings = sorted_out(clean)
    for one in ADAPTERS:
        own = {name: text for name, text in rest.items() if one.sniff(name, text)}
        if not own:
            continue
        reading = one.read(own)
        parties += reading.parties
        findings += reading.findings
        if not one.SHARES:
            rest = {name: text for name, text in rest.items() if name not in own}
    known = {finding.file for finding in findings} | {s.file for p in parties for f in p.origins.values() for s in f}
    if not parties:
        findings += [Finding(name, 0, "", _NOTHING) for name in files if name not in known]
    return Reading(tuple(parties), tuple(findings))


def diagnose(
    rules: Sequence[Combination],
    files: Mapping[str, str],
    narrowed: frozenset[str] = frozenset(),
    answers: Mapping[str, str] | None = None,
    measured: Party | None = None,
    perhaps: Mapping[str, Sequence[str]] | None = None,
) -> Diagnosis:
    """Diagnose pasted files.

    narrowed: ids of rules of which a given error speaks, to choose among open cases. answers: facts that no file tells, from
    the one who asks; they settle questions and replace assumptions, and yield to what the files say. measured: the server as it
    was asked (kb/probe); it takes the place of any that the files describe. perhaps: facts of which only the possible values are
    known.
    """
    reading = read_files(files)
    told = known_answers(answers or {})
    ways = hops(reading.parties) if measured is None else [pair(_with(measured, reading.parties))]
    found = _diagnosed(rules, reading, ways[0], narrowed, told, perhaps)
    for before, way in pairwise(ways):
        if found.outcome != "works":
            break
        on_the_way = Reading(reading.parties, (*found.findings, goes_on(before[0])))
        found = _diagnosed(rules, on_the_way, way, narrowed, told, perhaps)
    return found


def _diagnosed(
    rules: Sequence[Combination],
    reading: Reading,
    between: tuple[Party | None, Party | None],
    narrowed: frozenset[str],
    told: Mapping[str, str],
    perhaps: Mapping[str, Sequence[str]] | None,
) -> Diagnosis:
    """How a client and a server out of what was read get on."""
    client, server = between
    usual = {name: value for name, value in _usual(client, server).items() if name not in told}
    facts = {**usual, **told, **(client.facts if client else {}), **(server.facts if server else {})}
    open_facts = {name: values for name, values in (perhaps or {}).items() if name not in told}
    findings = reading.findings
    for party in (client, server):
        open_facts |= {name: values for name, values in _perhaps(party).items() if name not in told}
    if server is not None and unpasted.is_unpasted(server):
        findings = (*findings, unpasted.told(server))
    found = _cases(rules, facts, open_facts) if client or server or told else []
    if len(found) > 1 and narrowed:
        found = merged([case for case in found if case.combination and case.combination.id in narrowed]) or found
    failing = next((case for case in found if case.combination), None)
    cures: tuple[Cure, ...] = ()
    if failing is not None:
        given = {**facts, **failing.given}
        cures = remedies(rules, given, reading.parties, (client, server), told)
        hidden = met_on_the_way(rules, given, cures[0]) if cures else ()
        found = [replace(case, hidden=hidden) if case is failing else case for case in found]
    told_first = ordered(findings, (client, server), failing, cures)
    return Diagnosis(client, server, tuple(found), cures, tuple(questions(found)), told_first, facts, usual)


def _perhaps(party: Party | None) -> dict[str, Sequence[str]]:
    """The fact of which a party's settings leave some values possible."""
    name, _, values = (party.details.get("perhaps", "") if party else "").partition("=")
    return {name: values.split(",")} if values else {}


def _cases(rules: Sequence[Combination], facts: Mapping[str, str], perhaps: Mapping[str, Sequence[str]]) -> list[Case]:
    """The outcomes under each possible value; those values are left out where they all come to one outcome."""
    if not perhaps:
        return cases(rules, facts)
    supposed = [dict(zip(perhaps, values, strict=True)) for values in product(*perhaps.values())]
    found = [
        replace(case, given={**given, **case.given}) for given in supposed for case in cases(rules, {**facts, **given})
    ]
    return merged(found) if len({case.outcome for case in found}) > 1 else [replace(found[0], given={})]


def known_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Those of the answers that name a fact and one of its values."""
    return {name: value for name, value in answers.items() if name in FACTS and value in FACTS[name].values}


def _usual(client: Party | None, server: Party | None) -> Mapping[str, str]:
    """Of a server that no pasted file describes: how its port begins, by its registered use (RFC 8314 section 7), and what holds
    of a public provider's."""
    if is_catcher(server):
        return usual_facts(server)
    port = client.details.get("port") if client else None
    if client is None or port is None or server is not None:
        return {}
    host = client.details.get("host", "")
    known = known_facts(host, port, client.facts) if is_known(host) else {}
    return {"listens": "implicit" if port == "465" else "plain", **known}


def provider_of(diagnosis: Diagnosis) -> str:
    """The public provider that a client alone was pasted for, "" where there is a server, or none is known."""
    host = diagnosis.client.details.get("host", "") if diagnosis.client else ""
    return host if diagnosis.server is None and is_known(host) else ""


def _with(measured: Party, parties: Sequence[Party]) -> list[Party]:
    return [measured, *(party for party in parties if party.side == "client")]


def label(fact: str, value: str) -> Text:
    """A value of a fact, for people."""
    return FACTS[fact].values.get(value, Text(value, value))
