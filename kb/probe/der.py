"""What a certificate says of itself, read off its DER form without trusting it (X.690, RFC 5280 section 4.1).

The standard library decodes certificates only after it has verified them. This reads names and dates of any; whether they are
true is what verification says.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kb.probe.reply import harmless

_SEQUENCE, _SET, _OID, _OCTETS = 0x30, 0x31, 0x06, 0x04
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_DNS_NAME, _IP_ADDRESS = 0x82, 0x87
_ALTERNATIVE_NAMES = bytes([0x55, 0x1D, 0x11])
_ATTRIBUTES = {bytes([0x55, 0x04, 0x03]): "CN", bytes([0x55, 0x04, 0x0A]): "O", bytes([0x55, 0x04, 0x0B]): "OU",
               bytes([0x55, 0x04, 0x06]): "C"}  # fmt: skip
_WIDE = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
MAX_NAMES = 500


@dataclass(frozen=True)
class Certificate:
    """subject and issuer as `CN=…, O=…`; common_name of the subject; dns_names and addresses of its alternative names.

    self_issued: subject and issuer are the same. Dates are in UTC.
    """

    subject: str
    issuer: str
    common_name: str
    dns_names: tuple[str, ...]
    addresses: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    self_issued: bool


def certificate(der: bytes) -> Certificate:
    """A certificate read. Raises ValueError for what is none."""
    try:
        return _certificate(der)
    except (IndexError, KeyError, StopIteration, OverflowError) as error:
        raise ValueError("not a certificate") from error


def _certificate(der: bytes) -> Certificate:
    outer = _only(der, _SEQUENCE)
    fields = [(tag, value) for tag, value in _items(_first(outer, _SEQUENCE)) if tag != _VERSION]
    # serial number, signature algorithm, issuer, validity, subject, key, then what is optional
    issuer, validity, subject = fields[2][1], fields[3][1], fields[4][1]
    begin, end = (_time(tag, value) for tag, value in _items(validity))
    names = [name for tag, value in fields[6:] if tag == _EXTENSIONS for name in _alternative_names(value)]
    attributes = list(_attributes(subject))
    return Certificate(
        subject=_shown(attributes),
        issuer=_shown(list(_attributes(issuer))),
        common_name=next((value for name, value in attributes if name == "CN"), ""),
        dns_names=tuple(harmless(value) for tag, value in names if tag == _DNS_NAME)[:MAX_NAMES],
        addresses=tuple(_address(value) for tag, value in names if tag == _IP_ADDRESS)[:MAX_NAMES],
        not_before=begin,
        not_after=end,
        self_issued=subject == issuer,
    )


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The values in a constructed one: (tag, content) each."""
    position = 0
    while position < len(data):
        tag, length = data[position], data[position + 1]
        position += 2
        if length > 0x80:
            count = length & 0x7F
            if count > 4:
                raise ValueError("a length of more than four octets")
            length = int.from_bytes(data[position : position + count], "big")
            position += count
        elif length == 0x80:
            raise ValueError("an indefinite length")
        if position + length > len(data):
            raise ValueError("a value that ends after its frame")
        yield tag, data[position : position + length]
        position += length


def _only(data: bytes, wanted: int) -> bytes:
    [(tag, value)] = list(_items(data))
    if tag != wanted:
        raise ValueError(f"tag {tag:#x} for {wanted:#x}")
    return value


def _first(data: bytes, wanted: int) -> bytes:
    return next(value for tag, value in _items(data) if tag == wanted)


def _attributes(name: bytes) -> Iterator[tuple[str, str]]:
    """The attributes of a distinguished name that people read."""
    for _, relative in _items(name):
        for _, pair in _items(relative):
            (_, kind), (tag, value) = list(_items(pair))[:2]
            if kind in _ATTRIBUTES:
                yield _ATTRIBUTES[kind], _string(tag, value)


def _string(tag: int, value: bytes) -> str:
    wide = _WIDE.get(tag)
    return harmless(value.decode(wide, "replace").encode("utf-8", "replace") if wide else value)


def _shown(attributes: list[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={value}" for name, value in attributes)


def _time(tag: int, value: bytes) -> datetime:
    """RFC 5280 section 4.1.2.5: two digits of a year below 50 are of this century."""
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = ("20" if int(text[:2]) < 50 else "19") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError(f"tag {tag:#x} for a time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _alternative_names(wrapped: bytes) -> Iterator[tuple[int, bytes]]:
    """The general names of the extension subjectAltName (RFC 5280 section 4.2.1.6)."""
    for _, extension in _items(_only(wrapped, _SEQUENCE)):
        parts = list(_items(extension))
        if parts[0] == (_OID, _ALTERNATIVE_NAMES) and parts[-1][0] == _OCTETS:
            yield from _items(_only(parts[-1][1], _SEQUENCE))


def _address(value: bytes) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        return "?"


def is_for(found: Certificate, host: str) -> bool:
    """Whether a host, as it is spelled, is among the alternative names (RFC 9525 section 6): `*.` stands for one label."""
    try:
        return str(ipaddress.ip_address(host)) in found.addresses
    except ValueError:
        return any(_names(name, host) for name in found.dns_names)


def is_for_by_common_name(found: Certificate, host: str) -> bool:
    """Whether only the old way to name a host does: no alternative name of a host, and the common name is it.

    Go does not look there; OpenSSL, GnuTLS and Node.js do.
    """
    return not found.dns_names and not found.addresses and _names(found.common_name, host)


def _names(pattern: str, host: str) -> bool:
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if not pattern.startswith("*."):
        return pattern == host
    label, dot, domain = host.partition(".")
    return bool(label and dot) and domain == pattern[2:] and "." in domain
