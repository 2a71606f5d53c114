"""Connections: the only module of the package that opens one to somewhere else. Every step has a deadline."""

from __future__ import annotations

import errno
import hashlib
import ipaddress
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kb.probe.der import certificate
from kb.probe.model import Problem, Tls, Verdict
from kb.probe.reply import Reply, ReplyError, ReplyReader, harmless
from kb.probe.session import LinkError

_T = TypeVar("_T")
_MOST_ADDRESSES = 8
_READ = 4096
# What OpenSSL says when octets that came are no TLS; a greeting, say.
_NO_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
# What it says where older versions or ciphers may help.
_TOO_OLD = (
    *(
        "UNSUPPORTED_PROTOCOL",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "NO_PROTOCOLS_AVAILABLE",
    ),
    *("DH_KEY_TOO_SMALL", "TLSV1_ALERT_INSUFFICIENT_SECURITY", "UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "BAD_ECPOINT"),
    *("EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "WRONG_SIGNATURE_TYPE", "VERSION_TOO_LOW", "NO_SHARED_CIPHER"),
)
_CLIENT_CERTIFICATE = ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE")
_LEGACY_SERVER = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT; the module ssl has a name for it from 3.12 on
_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True)
class Trust:
    """How a certificate is looked at. by: system, file or none. legacy: TLS before 1.2 and weak keys are taken as well.
    only: one TLS version and no other."""

    by: str = "system"
    ca_file: str | None = None
    legacy: bool = False
    only: str | None = None


def resolve(host: str, port: int, timeout: float) -> list[tuple[int, str]] | Problem:
    """The addresses of a host in the system's order: (family, address). The system's resolver knows no deadline; this does."""
    found: list[tuple[int, str]] = []
    problem: list[Problem] = []

    def look_up() -> None:
        try:
            for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((family, str(address[0])))
        except (OSError, UnicodeError) as error:
            problem.append(Problem("connect", "dns", _words(error)))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        return Problem("connect", "dns", "Temporary failure in name resolution")
    return problem[0] if problem else list(dict.fromkeys(found))[:_MOST_ADDRESSES]


def connect(address: tuple[int, str], port: int, timeout: float) -> socket.socket | Problem:
    """A connection to one address, or why there is none."""
    family, where = address
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect((where, port))
    except OSError as error:
        connection.close()
        return Problem("connect", _connect_kind(error), _words(error))
    return connection


def _connect_kind(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if error.errno == errno.ECONNREFUSED else "unreachable"


def _words(error: Exception) -> str:
    """The system's words for an error, in the form that programs print; the catalogue knows them."""
    if isinstance(error, TimeoutError):
        return "Connection timed out"
    text = getattr(error, "strerror", None) or str(error)
    return harmless(str(text).encode("utf-8", "replace"))


class SocketLink:
    """A connection as `session.Link`. name: the host as it is spelled, for the certificate and SNI."""

    def __init__(self, connection: socket.socket, name: str, timeout: float, trust: Trust) -> None:
        self._connection = connection
        self._name = name
        self._timeout = timeout
        self._trust = trust
        self._reader = ReplyReader()
        self.local_address = _literal(connection)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def reply(self) -> Reply:
        """The next reply within the deadline, however slowly its octets come. Raises LinkError."""
        deadline = time.monotonic() + self._timeout
        try:
            whole = self._reader.feed(b"")
            while whole is None:
                data = self._step(lambda: self._connection.recv(_READ), deadline)
                if not data:
                    raise LinkError("closed")
                whole = self._reader.feed(data)
        except ReplyError as error:
            raise LinkError(error.kind, error.text) from error
        return whole

    def send(self, line: bytes) -> None:
        """Send a line. Raises LinkError."""
        self._step(lambda: self._connection.sendall(line + b"\r\n"), time.monotonic() + self._timeout)

    def unread(self) -> bool:
        """Whether octets came that nobody asked for; they are thrown away."""
        waiting, self._reader = bool(self._reader.rest), ReplyReader()
        return waiting

    def start_tls(self) -> Tls:
        """Do a handshake. Raises LinkError."""
        context = _context(self._trust)
        self._connection.settimeout(self._timeout)
        try:
            secured = context.wrap_socket(self._connection, server_hostname=self._name)
        except (OSError, ValueError) as error:
            raise _tls_error(error) from error
        self._connection = secured
        return _tls(secured, self._trust)

    def _step(self, action: Callable[[], _T], deadline: float) -> _T:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise LinkError("silent")
        self._connection.settimeout(remaining)
        try:
            return action()
        except TimeoutError as error:
            raise LinkError("silent") from error
        except ssl.SSLError as error:
            raise _tls_error(error) from error
        except OSError as error:
            raise LinkError("reset", _words(error)) from error


def _literal(connection: socket.socket) -> str:
    """The own address as it may stand in EHLO (RFC 5321 section 4.1.3)."""
    address = ipaddress.ip_address(str(connection.getsockname()[0]).partition("%")[0])
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def _context(trust: Trust) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False
    if trust.by == "none" or trust.only:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trust.by == "file":
        context.load_verify_locations(trust.ca_file)
    else:
        context.load_default_certs()
    with warnings.catch_warnings():
        # Versions before 1.2 are out of date, which is what is asked about.
        warnings.simplefilter("ignore", DeprecationWarning)
        _limit(context, trust)
    return context


def _limit(context: ssl.SSLContext, trust: Trust) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust.legacy or trust.only:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options |= _LEGACY_SERVER
        context.minimum_version = _VERSIONS[trust.only or "1.0"]
    if trust.only:
        context.maximum_version = _VERSIONS[trust.only]


def _tls_error(error: Exception) -> LinkError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return LinkError("certificate", f"{error.verify_code}:{harmless(error.verify_message.encode())}")
    if isinstance(error, TimeoutError):
        return LinkError("silent", "The handshake operation timed out")
    if isinstance(error, ConnectionError):
        return LinkError("reset", _words(error))
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return LinkError("closed", harmless(str(error).encode()))
    reason = str(getattr(error, "reason", "") or "")
    for kind, reasons in (("plain", _NO_TLS), ("version", _TOO_OLD), ("client-certificate", _CLIENT_CERTIFICATE)):
        if reason in reasons:
            return LinkError(kind, harmless(str(error).encode()))
    return LinkError("tls", harmless(str(error).encode("utf-8", "replace")))


def _tls(secured: ssl.SSLSocket, trust: Trust) -> Tls:
    der = secured.getpeercert(binary_form=True) or b""
    cipher = secured.cipher() or ("?", "", 0)
    try:
        read = certificate(der)
    except ValueError:
        read = None
    verified = None if trust.by == "none" or trust.only else trust.by
    version = (secured.version() or "").removeprefix("TLSv")
    fingerprint = hashlib.sha256(der).hexdigest() if der else ""
    return Tls("1.0" if version == "1" else version, cipher[0], read, fingerprint, Verdict(verified))


def first_that_answers(
    addresses: Sequence[tuple[int, str]], port: int, timeout: float
) -> tuple[socket.socket | None, list[tuple[str, Problem | None]]]:
    """The first address that takes the connection, and what came of each that was tried."""
    tried: list[tuple[str, Problem | None]] = []
    for address in addresses:
        found = connect(address, port, timeout)
        tried.append((address[1], found if isinstance(found, Problem) else None))
        if not isinstance(found, Problem):
            return found, tried
    return None, tried


def readable_authorities(path: str) -> bool:
    """Whether a file holds certificates of authorities."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        return False
    return True


def machine_name() -> str:
    """The name of this machine, which many clients give in EHLO."""
    return socket.gethostname()
