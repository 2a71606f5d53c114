"""A running Postfix whose configuration is exchanged by reload, and the log it writes."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

DAEMONS = ("/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix")
PRIVATE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")
QUEUED = re.compile(r"postfix[/a-z]*\[\d+\]: ([0-9A-F]{6,}|[0-9A-Za-z]{10,}): client=")
# How long Postfix waits before it starts a daemon anew that died at its start; 60 s in the wild.
THROTTLE_SECONDS = 1
# What the lab adds below a configuration: where log and mail go, and shorter waits. Nothing that decides an outcome.
LAB_MAIN_CF = """
# added by the lab
queue_directory = {queue}
data_directory = {data}
maillog_file = {log}
maillog_file_prefixes = {base}
service_throttle_time = {throttle}s
in_flow_delay = 0
"""


class ConfigurationRefusedError(Exception):
    """Postfix did not start with this configuration; the text is its log."""


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition` became true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.003)
    return True


def make_queue(queue: Path, data: Path) -> None:
    """The queue and data directories with the owners and modes that Postfix checks."""
    owner, group = pwd.getpwnam("postfix"), shutil._get_gid("postdrop")  # type: ignore[attr-defined]
    for name in (*PRIVATE, "pid", "public", "maildrop"):
        folder = queue / name
        folder.mkdir(parents=True, exist_ok=True)
        if name in PRIVATE:
            os.chown(folder, owner.pw_uid, 0)
            folder.chmod(0o700)
    for name, mode in (("public", 0o710), ("maildrop", 0o730)):
        os.chown(queue / name, owner.pw_uid, group)
        (queue / name).chmod(mode)
    data.mkdir(parents=True, exist_ok=True)
    os.chown(data, owner.pw_uid, owner.pw_gid)


class Postfix:
    """One instance: `configure` gives it files, `new_lines` what it has logged since it was last asked."""

    def __init__(self, config: Path, queue: Path, data: Path, base: Path, name: str, extra: str) -> None:
        self.config = config
        self.log = base / f"{name}.log"
        self.extra = (
            LAB_MAIN_CF.format(queue=queue, data=data, log=self.log, base=base, throttle=THROTTLE_SECONDS) + extra
        )
        self.daemon = next(Path(folder, "master") for folder in DAEMONS if Path(folder, "master").exists())
        self.process: subprocess.Popen[bytes] | None = None
        self.read_to = 0
        config.mkdir(parents=True, exist_ok=True)
        make_queue(queue, data)

    def configure(self, files: Mapping[str, str]) -> None:
        """Write the files (names as under /etc/postfix) and make the instance run with exactly them."""
        for name, text in files.items():
            path = self.config / name
            path.parent.mkdir(parents=True, exist_ok=True)
            here = text.replace("/etc/postfix/", f"{self.config}/") + (self.extra if name == "main.cf" else "")
            path.write_text(here, encoding="utf-8")
            if f"hash:/etc/postfix/{name}" in files["main.cf"]:
                subprocess.run(["postmap", f"hash:{path}"], check=True, capture_output=True)
            os.utime(path, (0, 0))  # each daemon waits for main.cf to be 2 seconds old
        if self.process is None or self.process.poll() is not None:
            self._start()
        else:
            self._reload(self.process.pid)

    def _start(self) -> None:
        arguments = [str(self.daemon), "-c", str(self.config), "-d"]
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        running = self.process
        wait_for(lambda: running.poll() is not None or "daemon started" in self._text(), 20)
        if running.poll() is not None or "daemon started" not in self._text():
            raise ConfigurationRefusedError(self._text()[-2000:])

    def _reload(self, master: int) -> None:
        """Have the configuration read again. Done when every daemon that knew the old one has ended."""
        old = self._children(master)
        os.kill(master, signal.SIGHUP)
        if not wait_for(lambda: not old & self._children(master), 20):
            raise ConfigurationRefusedError("old daemons did not end")
        if self.process is not None and self.process.poll() is not None:
            raise ConfigurationRefusedError(self._text()[-2000:])

    @staticmethod
    def _children(master: int) -> set[int]:
        try:
            text = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
        except OSError:
            return set()
        return {int(pid) for pid in text.split()}

    def _text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def peek(self) -> list[str]:
        """The lines logged since the last `new_lines`, which stay new."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as handle:
            handle.seek(self.read_to)
            return handle.read().decode("utf-8", "replace").splitlines()

    def new_lines(self) -> list[str]:
        """The lines logged since the last call."""
        lines = self.peek()
        self.read_to = self.log.stat().st_size if self.log.exists() else 0
        return [line.replace(f"{self.config}/", "/etc/postfix/") for line in lines]


def settled(lines: list[str], connected: bool) -> bool:
    """Whether a server has said all that it will about the sessions in its log: every session ended, every message delivered."""
    started = sum("]: connect from" in line for line in lines)
    ended = sum("]: disconnect from" in line for line in lines) + sum("bad command startup" in line for line in lines)
    queued = {found[1] for line in lines if (found := QUEUED.search(line))}
    done = sum(any(f"{queue_id}: removed" in line for line in lines) for queue_id in queued)
    return ended >= started and done == len(queued) and (started > 0 or ended > 0 or not connected)
