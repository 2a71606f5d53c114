"""The cures of a pair that fails: those at the port in use, those at another port of the same server, each with its edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kb.config import unpasted
from kb.config.catchers import in_its_terms, is_catcher, when_offered
from kb.config.checked import with_checked
from kb.config.combine import Combination
from kb.config.cures import MOST_CURES, MOST_MOVES, USUAL_MOVES, Cure, cures
from kb.config.known import is_known
from kb.config.moves import MOVES, Move, to_port
from kb.config.products import adapter
from kb.config.setting import Edit, Party

# Ports that mail programs are pointed to (RFC 6409, RFC 8314); other services are for filters and the like.
_PORTS = ("587", "465", "25")
# What adapters write for a host; the reader puts the real name in its place.
_SPELLED = {"name": "mail.example.com", "localhost": "localhost"}
# What is said of the server and is the sender's to change.
_OF_THE_MAIL = ("recipient", "server-size")
# Nobody can be asked about a port that is not in use.
_OF_THE_PORT = frozenset({"reachable", "listens"})
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")

Pair = tuple[Party | None, Party | None]


def remedies(
    rules: Sequence[Combination],
    facts: Mapping[str, str],
    parties: Sequence[Party],
    pair: Pair,
    told: Mapping[str, str],
) -> tuple[Cure, ...]:
    """The best cures of a client and a server, safest first.

    facts: the pair's, all that decide settled. parties: all that were pasted, for the server's other ports. told: facts that no
    file tells, which hold for the other ports too.
    """
    found = [_with_edits(cure, pair) for cure in cures(rules, facts, _possible(pair, facts))]
    settled = any(not cure.needs for cure in found)
    beside, most = (1, 1) if settled else (USUAL_MOVES, MOST_MOVES)
    for other in _others(parties, pair):
        there = (pair[0], other)
        move = _port_move(facts, pair, other, told)
        if move is not None:
            more = cures(rules, facts, _possible(there, facts), (move,), beside, most)
            found += [_with_edits(cure, there) for cure in more]
    found.sort(key=lambda cure: (cure.risk, len(cure.moves), len(cure.needs)))
    return tuple(found[:MOST_CURES])


def _others(parties: Sequence[Party], pair: Pair) -> Iterator[Party]:
    """The other ports of the server at which mail programs may send."""
    client, server = pair
    if client is None or server is None or "port" not in server.details:
        return
    for party in parties:
        same = party.side == "server" and party.details.get("main") == server.details.get("main")
        for_programs = party.details.get("port") in _PORTS and not party.details.get("host", "").startswith(_LOOPBACK)
        if same and for_programs and party.details["port"] != client.details.get("port"):
            yield party


def _port_move(facts: Mapping[str, str], pair: Pair, other: Party, told: Mapping[str, str]) -> Move | None:
    """Pointing the client to another port; None where its product cannot be told or nothing would change."""
    client, server = pair
    if client is None or server is None:
        return None
    kept = {name: value for name, value in facts.items() if name not in server.facts} | dict(told)
    for name in _OF_THE_PORT:
        kept.pop(name, None)
    there = {**kept, **other.facts, **client.facts}
    change = {name: value for name, value in there.items() if facts.get(name) != value}
    forget = frozenset(facts.keys() - there.keys())
    move = to_port(other.details["port"], other.name, change, forget)
    return move if (change or forget) and _edits(move, (client, other)) is not None else None


def _possible(pair: Pair, facts: Mapping[str, str]) -> list[Move]:
    """The moves that the products of both sides can be set to; a side that was not pasted can be anything."""
    unfit = "client-any-mechanism" if facts.get("auth", "none") == "none" else "client-authenticate"
    client, server = pair
    # Nobody but the provider changes a provider's server.
    foreign = server is None and client is not None and is_known(client.details.get("host", ""))
    known = _towards_a_catcher(pair, server) if server and is_catcher(server) else MOVES
    usual = (m for m in known if not foreign or m.side == "client" or m.id in _OF_THE_MAIL)
    opened = unpasted.opened(server, facts) if server else []
    moves = with_checked([*opened, *usual], {**facts, **(client.facts if client else {})})
    return [m for m in moves if m.id != unfit and m.change and _edits(m, pair) is not None]


def _towards_a_catcher(pair: Pair, server: Party) -> list[Move]:
    """The moves in the terms of a test server; a client that cannot do without TLS can be told to take it when it is offered."""
    moves = [in_its_terms(move, server) for move in MOVES]
    without = next(move for move in moves if move.change == {"tls": "none"})
    return moves if _edits(without, pair) is not None else [when_offered(server), *moves]


def _edits(move: Move, pair: Pair) -> tuple[Edit, ...] | None:
    """The edits that carry a move out: () when nothing in a pasted file does it, None when the product cannot."""
    party = pair[0] if move.side == "client" else pair[1]
    return () if party is None else adapter(party.product).edits(party, move.wanted)


def _with_edits(cure: Cure, pair: Pair) -> Cure:
    """The cure with its edits. Each move finds both sides as the moves before it leave them."""
    made: dict[str, tuple[Edit, ...]] = {}
    for move in cure.moves:
        edits = _edits(move, pair)
        if edits:
            made[move.id] = edits
        pair = _after(move, pair)
    return replace(cure, edits=made)


def _after(move: Move, pair: Pair) -> Pair:
    client, server = pair
    if move.side == "server":
        return client, server and replace(server, facts={**server.facts, **move.change})
    if client is None:
        return client, server
    details = {**client.details, **move.sets}
    if "host" in move.change:
        details["host"] = _SPELLED.get(move.change["host"], details["host"])
    known = {} if move.sets else move.change
    return replace(client, facts={**client.facts, **known}, details=details), server
