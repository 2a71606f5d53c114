"""A worker's own host: namespaces in which the names, ports, host name, CA store and /etc/postfix are the lab's alone.

The parent calls `command` to start a worker; the worker calls `furnish` first of all. Nothing outside the namespaces is
changed, and everything in them (each Postfix too) ends with the worker.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
from pathlib import Path

from lab.model import HOST_NAME, MAIL_HOST, OTHER_HOST

HOSTS = f"127.0.0.1 localhost\n::1 localhost\n127.0.0.1 {MAIL_HOST} {OTHER_HOST}\n"
# That of the Postfix that is a client: with the server's it would take port 25 for a mail loop.
SECOND_ADDRESS = "127.0.0.9"
CA_STORE = "/etc/ssl/certs/ca-certificates.crt"
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc")


def possible() -> str | None:
    """None when this process may make such a host, else why not."""
    if os.geteuid() != 0:
        return "the lab needs root: Postfix starts as root and each worker has its own network and mounts"
    try:
        run = subprocess.run([*NAMESPACES, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "the lab needs Linux and unshare(1) of util-linux"
    return None if run.returncode == 0 else f"the lab needs namespaces (CAP_SYS_ADMIN): {run.stderr.strip()}"


def command(arguments: list[str]) -> list[str]:
    """The command that runs `arguments` in a new host."""
    return [*NAMESPACES, *arguments]


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS
        address = struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(SECOND_ADDRESS))
        fcntl.ioctl(any_socket, 0x8916, address)  # SIOCSIFADDR


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _own_file(base: Path, target: str, text: str) -> None:
    source = base / target.replace("/", "_")
    source.write_text(text, encoding="ascii")
    _mount("--bind", str(source), target)


def trust(authorities: Path) -> None:
    """Make these the authorities of the host's CA store; programs that run already may have read it."""
    shutil.copyfile(authorities, CA_STORE)


def furnish(base: Path, certificates: Path) -> None:
    """Bring up the loopback and lay the lab's files over the system's, inside this namespace."""
    socket.sethostname(HOST_NAME)
    _loopback_up()
    dynamic_maps = {path.name: path.read_bytes() for path in Path("/etc/postfix").glob("dynamicmaps.cf")}
    _mount("-t", "tmpfs", "-o", "mode=755", "lab", str(base))
    _own_file(base, "/etc/hosts", HOSTS)
    _own_file(base, "/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    for target in ("/etc/ssl/certs", "/etc/postfix", "/var/spool/postfix", "/var/lib/postfix"):
        _mount("-t", "tmpfs", "-o", "mode=755", "lab", target)
    shutil.copytree(certificates, base / "certificates")
    trust(base / "certificates" / "ca.pem")
    for name, content in dynamic_maps.items():
        Path("/etc/postfix", name).write_bytes(content)
    os.environ |= {"SSL_CERT_FILE": CA_STORE, "NODE_EXTRA_CA_CERTS": CA_STORE}
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
