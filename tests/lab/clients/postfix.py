"""Postfix as the client: a second instance whose relayhost is the server."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from lab.clients.job import Job
from lab.host import SECOND_ADDRESS
from lab.model import Outcome
from lab.postfix import ConfigurationRefusedError, Postfix, wait_for

STATUS = re.compile(r"status=(sent|deferred|bounced|expired) \((.*)\)$")
STAGES = (
    ("initial server greeting", "banner"),
    ("No client certificate presented", "ehlo"),
    ("refused to talk to me", "banner"),
    ("Name service error", "connect"),
    ("Connection refused", "connect"),
    ("Connection timed out", "connect"),
    ("performing the EHLO handshake", "ehlo"),
    ("performing the HELO handshake", "ehlo"),
    ("reply to EHLO", "ehlo"),
    ("TLS is required, but was not offered", "starttls"),
    ("Cannot start TLS", "tls"),
    ("Server certificate not", "tls"),
    ("performing the STARTTLS handshake", "starttls"),
    ("reply to STARTTLS", "starttls"),
    ("TLS is required, but host", "starttls"),
    ("authentication", "auth"),
    ("MAIL FROM", "mail"),
    ("RCPT TO", "rcpt"),
    ("DATA", "data"),
    ("message size", "mail"),
)
# Shorter waits than in the wild, in the same order.
EXTRA = """
smtp_helo_timeout = 2s
smtp_starttls_timeout = 4s
minimal_backoff_time = 10h
maximal_backoff_time = 10h
mydestination =
inet_interfaces = {address}
"""
MASTER = """\
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""


def stage_of(text: str, main_cf: str) -> str:
    """The stage in the words of smtp(8); of TLS trouble the settings tell whether STARTTLS came before."""
    stage = next((stage for words, stage in STAGES if words.lower() in text.lower()), "config")
    return stage if stage != "tls" else "connect" if "wrappermode = yes" in main_cf else "starttls"


class PostfixClient:
    """The client instance, with directories of its own below `base`."""

    def __init__(self, base: Path) -> None:
        self.instance = Postfix(
            base / "client",
            base / "client-queue",
            base / "client-data",
            base,
            "client",
            EXTRA.format(address=SECOND_ADDRESS),
        )

    def run(self, job: Job) -> Outcome:
        """Queue one message and wait for its first delivery attempt; the text is what stands in parentheses after status=."""
        files = job.client.files
        try:
            self.instance.configure({"master.cf": MASTER, **files})
        except ConfigurationRefusedError as refused:
            return Outcome(False, "config", str(refused))
        self.instance.new_lines()
        arguments = ["sendmail", "-C", str(self.instance.config), "-N", "never", "-f", job.sender, job.recipient]
        sent = subprocess.run(
            arguments, input=job.message.replace("\r\n", "\n"), capture_output=True, text=True, check=False
        )
        if sent.returncode != 0:
            return Outcome(False, "config", sent.stderr.strip())
        wait_for(lambda: any(STATUS.search(line) for line in self.instance.peek()), 15)
        lines = self.instance.new_lines()
        found = next((match for line in lines if (match := STATUS.search(line))), None)
        said = tuple(line for line in lines if "/smtp[" in line and not STATUS.search(line))
        if found is None:
            return Outcome(False, "config", "(no delivery attempt within the lab's patience)", tuple(lines))
        if found[1] == "sent":
            return Outcome(True, warnings=said)
        return Outcome(False, stage_of(found[2], files["main.cf"]), found[2], said)
