"""Who talks to whom among the parties that were pasted.

A program may send to a test server (Mailpit) that relays on: that is two hops, and the second one matters once the first works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.config import catchers, mailpit, mailpit_server, unpasted
from kb.config.catchers import is_catcher
from kb.config.setting import Finding, Party
from kb.text import Text

Hop = tuple[Party | None, Party | None]


def hops(parties: Sequence[Party]) -> list[Hop]:
    """The hops that are worth a diagnosis, in the mail's order; always at least one."""
    caught = [party for party in parties if is_catcher(party)]
    others = [party for party in parties if not is_catcher(party)]
    first = catchers.hop(others, caught)
    if first is not None:
        ours = first[1].product == mailpit_server.PRODUCT
        relays = [party for party in others if ours and party.product in mailpit.PRODUCTS]
        servers = [party for party in others if party.side == "server"]
        return [first, pair([*relays, *servers])] if relays else [first]
    return [pair(others) if others else (None, next(iter(caught), None))]


def goes_on(client: Party | None) -> Finding:
    """The program gets its mail to the test server; what is diagnosed is the way on from there."""
    item = next((item for item in client.origins.get("host", ())), None) if client else None
    file, line, key = (item.file, item.line, item.key) if item else ("", 0, "")
    text = Text(
        "程序到 Mailpit 这一段没有问题；以上说的是 Mailpit 再往外中继的那一段。",
        "The program's mail reaches Mailpit; the answer is about Mailpit's own relaying from there.",
    )
    return Finding(file, line, key, text)


def pair(parties: Sequence[Party]) -> tuple[Party | None, Party | None]:
    """The client and the server that are meant: of several services of a server, the one at the client's port."""
    clients = [party for party in parties if party.side == "client"]
    servers = [party for party in parties if party.side == "server"]
    # A program that only sends comes before a mail server that also relays.
    clients.sort(key=lambda party: "main" in party.details)
    client = next((party for party in clients if party.details.get("weak") != "yes"), None)
    client = client or _relaying(clients, servers)
    if client is not None and "main" in client.details:
        servers = [party for party in servers if party.details.get("main") != client.details["main"]]
    port = client.details.get("port") if client else None
    server = next((party for party in servers if party.details.get("port") == port), None)
    if server is None and servers:
        known = port and all("port" in party.details for party in servers)
        server = _elsewhere(servers[0], port) if port and known else servers[0]
    return client, server


def _relaying(clients: Sequence[Party], servers: Sequence[Party]) -> Party | None:
    """A server that relays is the client where another server was pasted beside it, or where nothing serves at all."""
    others = [c for c in clients if any(s.details.get("main") != c.details.get("main") for s in servers)]
    return next(iter(others or ([] if servers else clients)), None)


def _elsewhere(server: Party, port: str) -> Party:
    """A server none of whose services listens at the client's port, as far as it was pasted."""
    if server.details.get("master_assumed") == "yes":
        return unpasted.at_port(server, port)
    return replace(server, facts={**server.facts, "reachable": "no"})
