"""Certificates for servers on loopback: a private CA and what it signs.

Nothing here ends up trusted by the system; a test gives `ca_file` to what it tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files. chain_file: the server certificate with its issuers; key_file: its private key."""

    ca_file: Path
    chain_file: Path
    key_file: Path
    sha256: str


def issue(folder: Path, *names: str) -> Certificates:
    """A new CA and a server certificate for `names` (localhost and 127.0.0.1 by default)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    leaf = authority.issue_cert(*(names or ("localhost", "127.0.0.1")))
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
