"""The one user of the demo host, and SASL PLAIN as its three protocols read it."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """password: new for every run, so that nobody else on this machine can look in."""

    user: str = "robin@example.org"
    address: str = "robin@example.org"
    full_name: str = "Robin Martin"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)

    def fits(self, user: bytes, password: bytes) -> bool:
        right_user = hmac.compare_digest(user, self.user.encode())
        return right_user & hmac.compare_digest(password, self.password.encode())


def sasl_plain(answer: bytes) -> tuple[bytes, bytes]:
    """User and password of a base64 PLAIN answer (RFC 4616); empty ones if it is none."""
    try:
        parts = base64.b64decode(answer, validate=True).split(b"\0")
    except ValueError:
        return b"", b""
    return (parts[1], parts[2]) if len(parts) == 3 else (b"", b"")
