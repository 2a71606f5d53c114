"""Certificates made at run time: one authority that clients trust, one they do not, and a server certificate of each kind."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.model import MAIL_HOST, OTHER_HOST

NAMES = (MAIL_HOST, "localhost")
OTHER_NAMES = (OTHER_HOST,)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[str, ec.EllipticCurvePrivateKey],
    names: tuple[str, ...],
    days: tuple[int, int],
) -> x509.Certificate:
    """Signed by `issuer`, valid from days[0] to days[1] counted from now; an authority when `names` is empty."""
    now = datetime.now(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer[0]))
        .public_key(key.public_key())
    )
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))
    builder = builder.add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key())
    builder = builder.add_extension(signer, critical=False)
    if names:
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        if names == NAMES:
            alternatives.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    else:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer[1], hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def write_certificates(folder: Path) -> None:
    """Write ca.pem (the authority that clients trust), all.pem (that one, the other one and the self-signed certificate)
    and, per kind of model.CERTIFICATES but `none`, KIND.crt (with its chain) and KIND.key.
    """
    authorities = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("Lab CA", "Unknown Lab CA")}
    roots = {name: _certificate(name, key, (name, key), (), (-30, 3650)) for name, key in authorities.items()}
    (folder / "ca.pem").write_bytes(_pem(roots["Lab CA"]))
    kinds = {
        "trusted": ("Lab CA", NAMES, (-10, 80)),
        "mismatch": ("Lab CA", OTHER_NAMES, (-10, 80)),
        "expired": ("Lab CA", NAMES, (-100, -10)),
        "private-ca": ("Unknown Lab CA", NAMES, (-10, 80)),
        "self-signed": ("", NAMES, (-10, 3640)),
    }
    for kind, (authority, names, days) in kinds.items():
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = (authority, authorities[authority]) if authority else (names[0], key)
        leaf = _pem(_certificate(names[0], key, issuer, names, days))
        (folder / f"{kind}.crt").write_bytes(leaf + (_pem(roots[authority]) if authority else b""))
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{kind}.key").write_bytes(secret)
    anchors = [_pem(root) for root in roots.values()]
    (folder / "all.pem").write_bytes(b"".join([*anchors, (folder / "self-signed.crt").read_bytes()]))
