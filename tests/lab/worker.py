"""A worker: inside a host of its own (host.py) it runs pairs, given as lines of JSON, and answers each with a record."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab import dns, host
from lab.clients import Clients
from lab.clients.job import Job
from lab.model import MAIL_HOST, PASSWORD, RECIPIENTS, USER, Outcome, Pair, Server, pair_from_json
from lab.postfix import THROTTLE_SECONDS, ConfigurationRefusedError, Postfix, settled, wait_for

# The server's part of what the lab adds: every accepted message goes to one Maildir, and a silent TLS port gives up early.
EXTRA = """
local_transport = virtual
relay_transport = virtual
default_transport = virtual
virtual_mailbox_domains =
virtual_mailbox_base = {base}
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
local_recipient_maps = inline:{{user@example.com=ok}}
alias_maps =
smtpd_starttls_timeout = 4s
"""


class Worker:
    """One Postfix server, one set of clients."""

    def __init__(self, base: Path, certificates: Path, go: Path, node: Path) -> None:
        host.furnish(base, certificates)
        dns.serve()
        self.base = base
        extra = EXTRA.format(base=base)
        self.server = Postfix(
            Path("/etc/postfix"), Path("/var/spool/postfix"), Path("/var/lib/postfix"), base, "server", extra
        )
        self.inbox = base / "inbox" / "new"
        for folder in ("new", "cur", "tmp"):
            (base / "inbox" / folder).mkdir(parents=True)
        for path in (base / "inbox", *(base / "inbox").iterdir()):
            shutil.chown(path, 65534, 65534)
        self._make_users()
        self.clients = Clients(base, go, node)
        self.trusts_server = False
        self.current: Server | None = None

    def _make_users(self) -> None:
        folder = Path("/etc/postfix/sasl")
        folder.mkdir()
        arguments = ["saslpasswd2", "-p", "-c", "-f", str(folder / "sasldb2"), "-u", MAIL_HOST, USER]
        subprocess.run(arguments, input=PASSWORD, text=True, check=True)
        (folder / "sasldb2").chmod(0o644)

    def _use(self, server: Server) -> None:
        """Make the server run with this configuration and certificate."""
        if server == self.current:
            return
        self.current = None
        for folder, names in (("tls", ("mail.crt", "mail.key")), ("sasl", ("smtpd.conf",))):
            for name in names:
                Path("/etc/postfix", folder, name).unlink(missing_ok=True)
        if server.certificate != "none":
            target = Path("/etc/postfix/tls")
            target.mkdir(exist_ok=True)
            for suffix in (".crt", ".key"):
                shutil.copyfile(self.base / "certificates" / f"{server.certificate}{suffix}", target / f"mail{suffix}")
        self.server.configure(server.files)
        self._warm_up(server.port)
        self.current = server

    def _trust(self, trusts_server: bool) -> None:
        """Give the clients the CA store that the pair says."""
        if trusts_server != self.trusts_server:
            host.trust(self.base / "certificates" / ("all.pem" if trusts_server else "ca.pem"))
            self.clients.forget()
            self.trusts_server = trusts_server

    def _lines(self) -> list[str]:
        """What the server has logged. One that died at the start is given the time after which Postfix starts it anew."""
        lines = self.server.new_lines()
        if any("bad command startup" in line for line in lines):
            time.sleep(THROTTLE_SECONDS + 0.2)
        return lines

    def _warm_up(self, port: int) -> None:
        """Have the smtpd started, so that no client has to wait for that; forget what it logs of it."""
        reached = False
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            reached = True
            if port != 465:
                connection.recv(512)
                connection.sendall(b"QUIT\r\n")
                connection.recv(512)
        wait_for(lambda: settled(self.server.peek(), reached), 5)
        self._lines()

    def _delivered(self, marker: str) -> bool:
        """Whether the message with this marker is in the mailbox, which is emptied."""
        found = False
        for path in self.inbox.iterdir():
            found = found or f"X-Lab: {marker}" in path.read_text(encoding="utf-8", errors="replace")
            path.unlink()
        return found

    def run(self, pair: Pair) -> dict[str, Any]:
        """The record of one pair, see README.md."""
        started = time.monotonic()
        try:
            self._use(pair.server)
        except ConfigurationRefusedError as refused:
            return _record(
                pair, Outcome(False, "config", "(the server does not start)"), str(refused).splitlines(), False, 0.0
            )
        self._trust(pair.trusts_server)
        socket.sethostname(pair.host_name)
        job = Job(pair.client, RECIPIENTS[pair.recipient], pair.id, pair.message_bytes)
        outcome = self.clients.run[pair.client.product](job)
        connected = outcome.stage not in ("config", "connect")
        wait_for(lambda: settled(self.server.peek(), connected), 4 if connected else 0.05)
        log = self._lines()
        return _record(pair, outcome, log, self._delivered(pair.id), time.monotonic() - started)


def _record(pair: Pair, outcome: Outcome, log: list[str], delivered: bool, seconds: float) -> dict[str, Any]:
    said = {
        "outcome": "works" if outcome.works else "fails",
        "stage": outcome.stage,
        "text": outcome.text,
        "warnings": list(outcome.warnings),
    }
    return {
        "id": pair.id,
        **asdict(pair),
        **said,
        "server_log": log,
        "delivered": delivered,
        "seconds": round(seconds, 3),
    }


def main() -> None:
    """Read pairs from stdin until it ends; arguments: a folder of this worker's own, the certificates, the built Go and Node.js clients."""
    worker = Worker(*map(Path, sys.argv[1:5]))
    for line in sys.stdin:
        print(json.dumps(worker.run(pair_from_json(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
