"""Whether a server stays as it is under many requests: python bench/soak.py [--requests 1000000] [--workers 2]. Needs wrk.

Lookups of all examples, pages, searches, diagnoses, and requests that are refused, mixed, from 32 connections. After each tenth
of them the private memory (USS), threads and open descriptors of every worker are printed. Exit status 1 if after the first three
tenths, in which caches fill, memory grew by more than a tenth or descriptors by more than the connections.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from serving import CONNECTIONS, ROOT, children, examples, free_port, load, memory, running

WRK = """
local asked = {}
for line in io.lines("%s") do
  local method, path, body = line:match("^(%%S+) (%%S+) ?(.*)$")
  asked[#asked + 1] = {method, path, body}
end
local i = 0
request = function()
  i = i + 1
  local one = asked[(i %% #asked) + 1]
  local headers = {["Content-Type"] = "application/json", ["Host"] = "localhost"}
  return wrk.format(one[1], one[2], headers, one[3] ~= "" and one[3] or nil)
end
done = function(summary, latency)
  io.write(string.format('{"requests": %%d, "us": %%d, "p50": %%d, "p99": %%d, "errors": %%d}\\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""
DIAGNOSED = {
    ".env": "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_PORT=25\nMP_SMTP_RELAY_AUTH=plain\n",
    "main.cf": "smtpd_tls_security_level = none\nsmtpd_sasl_auth_enable = yes\n",
}
SETTLED, ROUNDS = 3, 10


def asked() -> Iterator[str]:
    """A request in each line: method, path and body. One in ten is no lookup, one in fifty is refused."""
    others = (
        "GET /en/",
        "GET /zh/errors/rcpt-relay-access-denied",
        f"GET /api/v1/search?q={quote('中继被拒绝')}",
        "GET /en/articles/",
        f"POST /api/v1/diagnose {json.dumps({'files': DIAGNOSED})}",
        "GET /no/such/page",
        "POST /api/v1/lookup {broken",
        "GET /metrics",
    )
    for number, text in enumerate(examples()):
        yield f"GET /api/v1/lookup?lang={('en', 'zh')[number % 2]}&q={quote(text)}"
        if number % 9 == 0:
            yield others[number // 9 % len(others)]


def state(pid: int) -> tuple[float, int, int]:
    """USS in MB, threads and open descriptors of a process."""
    return (
        memory(pid)[1] / 1024,
        len(list(Path(f"/proc/{pid}/task").iterdir())),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
    )


def main() -> int:
    """Send the requests and print what became of the workers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    port = free_port()
    command = [sys.executable, "-m", "kb", "serve", "--port", str(port), "--log-format", "off"]
    command += ["--workers", str(chosen.workers), "--rate-limit", "0"]
    with (
        tempfile.TemporaryDirectory() as name,
        running(command, ROOT, f"http://127.0.0.1:{port}/readyz") as (server, _),
    ):
        folder = Path(name)
        (folder / "asked.txt").write_text("\n".join(asked()) + "\n", "utf-8")
        lua = folder / "asked.lua"
        lua.write_text(WRK % (folder / "asked.txt"), "utf-8")
        workers = children(server.pid)
        sent = 0.0
        seen: list[list[tuple[float, int, int]]] = []
        while sent < chosen.requests:
            while sent < chosen.requests * (len(seen) + 1) / ROUNDS:
                sent += load(port, lua, 5)["requests"]
            seen.append([state(pid) for pid in workers])
            told = "; ".join(f"USS {uss:.1f} MB, {threads} threads, {files} files" for uss, threads, files in seen[-1])
            print(f"{sent:10,.0f} requests  {told}", flush=True)
        if workers != children(server.pid):
            print("a worker was replaced")
            return 1
    grown = [
        last[0] > 1.1 * settled[0] or last[2] > settled[2] + CONNECTIONS
        for settled, last in zip(seen[min(SETTLED, len(seen)) - 1], seen[-1], strict=True)
    ]
    print("grew" if any(grown) else "flat")
    return 1 if any(grown) else 0


if __name__ == "__main__":
    sys.exit(main())
