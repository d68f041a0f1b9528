"""Certificates for servers on loopback: a private CA and what it signs.

Nothing here ends up trusted by the system; a test gives `ca_file` to what it tests.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files. chain_file: the server certificate with its issuers; key_file: its private key.

    clients_ca: whose clients alone are let in, None where nobody is asked for a certificate.
    """

    ca_file: Path
    chain_file: Path
    key_file: Path
    sha256: str
    clients_ca: Path | None = None


def self_signed(
    folder: Path, starts: int = -1, ends: int = 1, name: str = "localhost"
) -> Certificates:
    """A certificate that vouches for itself; valid from and until, in years from now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=365 * starts))
        .not_valid_after(now + datetime.timedelta(days=365 * ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    chain, private = folder / "self.pem", folder / "self.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificates(chain, chain, private, made.fingerprint(hashes.SHA256()).hex())


@dataclass(frozen=True, slots=True)
class Own:
    """A client's certificate. file: with its key, in PEM, locked where there is a passphrase."""

    ca_file: Path
    file: Path


def own(folder: Path, name: str, passphrase: str = "") -> Own:
    """A new CA and a client's certificate whose common name is `name`."""
    from cryptography.hazmat.primitives import serialization

    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    leaf = authority.issue_cert(f"{name}@example.org", common_name=name)
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    made = Own(folder / "clients_ca.pem", folder / "own.pem")
    authority.cert_pem.write_to_path(str(made.ca_file))
    made.file.write_bytes(
        leaf.cert_chain_pems[0].bytes()
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    )
    return made


def issue(folder: Path, *names: str, starts: int = -1, ends: int = 1) -> Certificates:
    """A new CA and a server certificate for `names` (localhost and 127.0.0.1 by default).

    starts, ends: from when until when it is valid, in years from now.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    now = datetime.datetime.now(datetime.UTC)
    leaf = authority.issue_cert(
        *(names or ("localhost", "127.0.0.1")),
        not_before=now + datetime.timedelta(days=365 * starts),
        not_after=now + datetime.timedelta(days=365 * ends),
    )
    made = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    files = Certificates(
        ca_file=folder / "ca.pem",
        chain_file=folder / "server.pem",
        key_file=folder / "server.key",
        sha256=made.fingerprint(hashes.SHA256()).hex(),
    )
    authority.cert_pem.write_to_path(str(files.ca_file))
    files.chain_file.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(str(files.key_file))
    files.key_file.chmod(0o600)
    return files
