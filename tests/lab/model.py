"""What a pair is: a client's configuration, a server's, and the facts of the world that no configuration tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Each worker is a host of its own (see host.py), so these names and ports are real inside it and nowhere else.
MAIL_HOST = "mail.example.com"
OTHER_HOST = "other.example.org"
# As in a container: no dot in it.
HOST_NAME = "4f2c9a1b7d3e"
USER = "app"
PASSWORD = "right-secret"
WRONG_PASSWORD = "wrong-secret"
SENDER = "app@example.net"
RECIPIENTS = {
    "local": "user@example.com",
    "remote": "someone@example.org",
    "unknown": "nobody-here@example.com",
}
CERTIFICATES = ("none", "self-signed", "trusted", "mismatch", "expired", "private-ca")


@dataclass(frozen=True)
class Server:
    """A Postfix server: its files as under /etc/postfix, the port that clients are pointed at, and its certificate."""

    name: str
    files: Mapping[str, str]
    port: int
    certificate: str = "none"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Client:
    """A client product with its configuration as that product's own text, and the same in plain facts for counting."""

    product: str
    files: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """One run: this client sends one message to this recipient through this server.

    `trusts_server`: the client's CA store has whatever the server's certificate hangs on; else only the lab's own authority.
    `host_name`: that of the client's machine.
    """

    client: Client
    server: Server
    recipient: str = "remote"
    message_bytes: int = 400
    trusts_server: bool = False
    host_name: str = HOST_NAME

    @property
    def id(self) -> str:
        """A name made of the content: the same pair has the same id in every run."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Outcome:
    """What a client said. `text` is its exact error ('' when it works); `warnings` are what it said beside that."""

    works: bool
    stage: str | None = None
    text: str = ""
    warnings: tuple[str, ...] = ()


def pair_from_json(data: Mapping[str, Any]) -> Pair:
    """The pair that `dataclasses.asdict` wrote."""
    return Pair(
        Client(**data["client"]),
        Server(**data["server"]),
        data["recipient"],
        data["message_bytes"],
        data["trusts_server"],
        data["host_name"],
    )
