"""A server measured: as many connections as it takes to understand it, and no more. I/O goes through `link.py`."""

from __future__ import annotations

import socket
from dataclasses import replace

from kb.probe.link import SocketLink, Trust, first_that_answers, resolve
from kb.probe.model import TLS_VERSIONS, Attempt, Measurement, Options, Problem, Talk, Verdict
from kb.probe.plan import Plan, complaint, first_plan, next_plan
from kb.probe.session import LinkError, Session


def measure(options: Options) -> Measurement:
    """Ask the server. Never raises on what it says or does; the result holds no password."""
    addresses = resolve(options.host, options.port, options.timeout)
    if isinstance(addresses, Problem):
        return Measurement(options, (), None, addresses).without_secret()
    connection, tried = first_that_answers(addresses, options.port, options.timeout)
    attempts = tuple(Attempt(address, problem) for address, problem in tried)
    if connection is None:
        return Measurement(options, attempts, None, next(a.problem for a in attempts if a.problem)).without_secret()
    address = addresses[len(tried) - 1]
    talk = _understood(options, address, connection)
    versions = _versions(options, address, talk) if options.versions and talk.begun else ()
    return Measurement(options, attempts, talk, talk.problem, versions).without_secret()


def _understood(options: Options, address: tuple[int, str], connection: socket.socket | None) -> Talk:
    """The dialogue that got furthest; the first one goes over the given connection."""
    plan: Plan | None = first_plan(options.port, options.begins)
    tried: list[Plan] = []
    first: Talk | None = None
    complaints: dict[str, Verdict] = {}
    while plan is not None:
        tried.append(plan)
        talk = _talk(options, address, plan, connection)
        connection = None
        first = first or talk
        if talk.problem and talk.problem.kind == "certificate":
            complaints[plan.trust] = complaint(talk.problem.text)
        following = next_plan(plan, talk, tried, forced=options.begins != "auto", ca_file=options.ca_file is not None)
        if following is None and not talk.begun:
            return first
        plan, last = following, talk
    return _with_complaint(last, complaints)


def _with_complaint(talk: Talk, complaints: dict[str, Verdict]) -> Talk:
    """The talk whose certificate carries what the system's authorities, or those of the file, said against it."""
    if talk.tls is None or not complaints:
        return talk
    first = complaints.get("system") or next(iter(complaints.values()))
    return replace(talk, tls=replace(talk.tls, verdict=replace(first, trusted_by=talk.tls.verdict.trusted_by)))


def _talk(options: Options, address: tuple[int, str], plan: Plan, connection: socket.socket | None) -> Talk:
    if connection is None:
        connection, tried = first_that_answers([address], options.port, options.timeout)
        if connection is None:
            return Talk(plan.begins, problem=tried[0][1])
    trust = Trust(plan.trust, options.ca_file, plan.legacy)
    link = SocketLink(connection, options.name, options.timeout, trust)
    try:
        return Session(link, options, plan.begins).run()
    finally:
        link.close()


def _versions(options: Options, address: tuple[int, str], talk: Talk) -> tuple[tuple[str, bool], ...]:
    """Each TLS version tried on its own, without certificate checks, login and recipient."""
    if talk.tls is None:
        return ()
    return tuple((version, _accepts(options, address, talk.begins, version)) for version in TLS_VERSIONS)


def _accepts(options: Options, address: tuple[int, str], begins: str, version: str) -> bool:
    connection, _ = first_that_answers([address], options.port, options.timeout)
    if connection is None:
        return False
    link = SocketLink(connection, options.name, options.timeout, Trust("none", only=version))
    try:
        if begins == "plain":
            for line in (f"EHLO {options.ehlo or link.local_address}", "STARTTLS"):
                link.reply()
                link.send(line.encode("utf-8"))
            link.reply()
        link.start_tls()
    except LinkError:
        return False
    finally:
        link.close()
    return True
