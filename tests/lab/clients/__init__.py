"""The clients by product. Each takes a Job and returns an Outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab.clients.job import Job, Program
from lab.clients.msmtp import run_msmtp
from lab.clients.postfix import PostfixClient
from lab.clients.probe import run_probe
from lab.clients.python import run_django, run_flask_mail
from lab.model import Outcome


class Clients:
    """The clients of one worker. `go` and `node` are what build.py made."""

    def __init__(self, base: Path, go: Path, node: Path) -> None:
        on_go = Program([str(go / "lab-go")], go)
        on_node = Program([str(node / "node"), "main.js"], node)
        self.programs = (on_go, on_node)
        self.run: dict[str, Callable[[Job], Outcome]] = {
            "mailpit": on_go.ask,
            "mailpit-forward": on_go.ask,
            "go-sendmail": on_go.ask,
            "nodemailer": on_node.ask,
            "django": run_django,
            "flask-mail": run_flask_mail,
            "msmtp": lambda job: run_msmtp(job, base),
            "postfix": PostfixClient(base).run,
            "probe": run_probe,
        }

    def forget(self) -> None:
        """End the programs that remember what they once read of the CA store."""
        for program in self.programs:
            program.stop()
