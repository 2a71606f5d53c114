"""The pairs that are run: a fixed, spread selection out of all combinations of client and server configurations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from lab.model import Client, Pair, Server
from lab.servers import all_servers
from lab.settings import all_clients

# How many client configurations of each family meet each server.
SHARE = {
    "mailpit": 6, "mailpit-mistakes": 1, "mailpit-forward": 1, "go-sendmail": 1, "django": 2, "flask-mail": 2, "nodemailer": 4,
    "msmtp": 3, "postfix": 3,
}  # fmt: skip


@cache
def _clients(port: int) -> dict[str, list[Client]]:
    return all_clients(port)


def _rank(*parts: object) -> str:
    """A spread that is the same on every machine and in every run."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _fits(client: Client, server: Server) -> bool:
    """Whether client and server agree on implicit TLS; the others only learn that they do not."""
    return ("implicit" in client.settings["tls"]) == (server.port == 465)


def _chosen(server: Server, family: str) -> Iterator[Client]:
    """The family's clients for this server: mostly those that agree with it on implicit TLS, wrong passwords less often."""
    clients = [
        c
        for c in _clients(server.port)[family]
        if c.settings["password"] != "wrong" or _rank(server.name, c.files) < "5"
    ]
    clients.sort(
        key=lambda c: (not _fits(c, server) and _rank("fit", server.name, c.files) > "2", _rank(server.name, c.files))
    )
    yield from clients[: SHARE[family]]


def pairs() -> list[Pair]:
    """The whole matrix, in a fixed order, grouped by server."""
    found = []
    for server in all_servers():
        for family in SHARE:
            for client in _chosen(server, family):
                roll = int(_rank("recipient", server.name, client.files)[:2], 16)
                recipient = "unknown" if roll < 8 else "local" if roll < 70 else "remote"
                size = 6000 if "message_size_limit" in server.settings and roll % 2 else 400
                found.append(Pair(client, server, recipient, size))
    return found


def _smooth(pair: Pair) -> bool:
    """Whether nothing in sight keeps the session from getting as far as the recipient."""
    client, server = pair.client.settings, pair.server.settings
    certificate = server["certificate"] in ("trusted", "none") or client["verify"] == "no"
    sasl = client["auth"] == "none" or server.get("smtpd_sasl_auth_enable") == "yes"
    return _fits(pair.client, pair.server) and client["password"] != "wrong" and certificate and sasl


def features(pair: Pair) -> set[tuple[str, ...]]:
    """What a representative selection must have met at least once."""
    c, s = pair.client.settings, pair.server.settings
    tls = "implicit" if pair.server.port == 465 else s.get("smtpd_tls_security_level", "")
    product = pair.client.product
    return {
        ("server", pair.server.name),
        ("client", product, c["tls"], c["auth"], c["verify"]),
        ("tls", product, c["tls"], tls, s["certificate"], c["verify"]),
        ("password", product, c["auth"], c["password"]),
        ("host", product, c["host"], c["auth"]),
        ("mistake", c.get("mistake", "")),
        ("smooth", product, tls) if _smooth(pair) else ("rough", product),
        ("recipient", product, pair.recipient, s.get("mynetworks", "")),
    }


def representative(at_least: int = 240) -> list[Pair]:
    """A selection of the matrix that meets every server and most features with few pairs: greedy, deterministic, grouped by server."""
    rest = [(pair, features(pair)) for pair in pairs()]
    servers = {feature for _, found in rest for feature in found if feature[0] == "server"}
    met: set[tuple[str, ...]] = set()
    chosen: list[Pair] = []
    while len(chosen) < at_least or not servers <= met:
        sought = None if len(chosen) < at_least else servers - met
        best = max(range(len(rest)), key=lambda i: len((rest[i][1] if sought is None else rest[i][1] & sought) - met))
        pair, found = rest.pop(best)
        met |= found
        chosen.append(pair)
    order = {server.name: number for number, server in enumerate(all_servers())}
    return sorted(chosen, key=lambda pair: order[pair.server.name])
