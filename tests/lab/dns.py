"""A name server for the lab's host: the address of the mail host, and 'no such name' for everything else."""

from __future__ import annotations

import socket
import struct
import threading

from lab.model import MAIL_HOST, OTHER_HOST

ADDRESSES = {MAIL_HOST: "127.0.0.1", OTHER_HOST: "127.0.0.1", "localhost": "127.0.0.1"}
TYPE_A = 1


def answer(query: bytes) -> bytes:
    """The reply to a query with one question (RFC 1035 section 4.1)."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace").lower())
        at += 1 + query[at]
    kind = struct.unpack_from(">H", query, at + 1)[0]
    question = query[12 : at + 5]
    address = ADDRESSES.get(".".join(labels))
    records = b""
    if address and kind == TYPE_A:
        records = b"\xc0\x0c" + struct.pack(">HHIH", TYPE_A, 1, 60, 4) + socket.inet_aton(address)
    flags = 0x8580 | (0 if address else 3)
    return query[:2] + struct.pack(">HHHHH", flags, 1, 1 if records else 0, 0, 0) + question + records


def serve() -> None:
    """Answer on port 53 of the loopback, in a thread that ends with the process."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 53))

    def loop() -> None:
        while True:
            query, peer = sock.recvfrom(4096)
            sock.sendto(answer(query), peer)

    threading.Thread(target=loop, daemon=True).start()
