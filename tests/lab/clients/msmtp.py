"""msmtp, one process per message."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.clients.job import PATIENCE, Job
from lab.model import Outcome

# Words of msmtp's first line of complaint, most telling first.
STAGES = (
    ("cannot get initial OK message", "banner"),
    ("the server sent an empty reply", "banner"),
    ("cannot connect to", "connect"),
    ("network read error", "banner"),
    ("cannot read from", "banner"),
    ("TLS handshake failed", "tls"),
    ("TLS certificate verification failed", "tls"),
    ("via the STARTTLS command", "starttls"),
    ("command STARTTLS failed", "starttls"),
    ("authentication", "auth"),
    ("envelope from address", "mail"),
    ("envelope recipient", "rcpt"),
    ("recipient address", "rcpt"),
    ("the mail", "data"),
    ("EHLO", "ehlo"),
)


def stage_of(text: str, settings: str, session: str) -> str:
    """The stage in msmtp's words; of TLS trouble its own settings tell whether STARTTLS came before.

    A reply that does not come is one to EHLO when msmtp has said that by then: it says so to whatever reply it misses.
    """
    if any(words in text for words in ("the server sent an empty reply", "cannot read from")) and "--> EHLO" in session:
        return "ehlo"
    stage = next((stage for words, stage in STAGES if words in text), "config")
    return stage if stage != "tls" else "connect" if "tls_starttls off" in settings else "starttls"


def run_msmtp(job: Job, home: Path) -> Outcome:
    """Send with `msmtp` under the job's ~/.msmtprc; the text is what it prints, its last line ('could not send') aside."""
    settings = home / ".msmtprc"
    settings.write_text(job.text, encoding="utf-8")
    settings.chmod(0o600)
    run = subprocess.run(
        ["msmtp", "--debug", "--file", str(settings), "--read-envelope-from", job.recipient],
        input=job.message, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    if run.returncode == 0:
        return Outcome(True, warnings=tuple(run.stderr.splitlines()))
    lines = run.stderr.replace(str(home), "~").splitlines()
    said = [line for line in lines if "could not send mail" not in line]
    return Outcome(False, stage_of(run.stderr, job.text, run.stdout), "\n".join(said), tuple(lines[len(said) :]))
