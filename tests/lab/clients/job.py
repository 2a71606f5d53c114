"""What a client gets to do: send one message, and how a client program that runs many jobs is talked to."""

from __future__ import annotations

import json
import selectors
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.model import SENDER, Client, Outcome

# No client here waits longer: the server ends a silent session after 2 seconds (see worker.py).
PATIENCE = 20.0


@dataclass(frozen=True)
class Job:
    """One message to send: `marker` is in its header, so that it can be found where it was delivered."""

    client: Client
    recipient: str
    marker: str
    size: int = 400
    sender: str = SENDER

    @property
    def body(self) -> str:
        """The text of the message, so long that the whole is about `size` bytes."""
        line = "This line is here to make the message longer.\r\n"
        return "A message of the lab.\r\n" + line * max(0, (self.size - 300) // len(line))

    @property
    def message(self) -> str:
        """The whole message."""
        head = f"From: {self.sender}\r\nTo: {self.recipient}\r\nSubject: lab\r\nX-Lab: {self.marker}\r\nMessage-ID: <{self.marker}@example.net>\r\n"
        return f"{head}\r\n{self.body}"

    @property
    def text(self) -> str:
        """The client's configuration, for products that have one file."""
        [text] = self.client.files.values()
        return text.replace("@RECIPIENT@", self.recipient)


@dataclass
class Program:
    """A program that reads jobs as lines of JSON and answers each with a line; started when first needed."""

    arguments: list[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def stop(self) -> None:
        """End the program; the next job starts it anew."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def ask(self, job: Job) -> Outcome:
        """The program's result for the job."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.arguments, cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "product": job.client.product,
            "text": job.text,
            "from": job.sender,
            "to": job.recipient,
            "message": job.message,
        }
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if waiting.select(PATIENCE) else b""
        if not line:
            self.stop()
            return Outcome(False, None, "(no answer from the client within the lab's patience)")
        answer: dict[str, Any] = json.loads(line)
        return Outcome(
            answer["works"], answer.get("stage") or None, answer.get("text", ""), tuple(answer.get("warnings") or ())
        )
