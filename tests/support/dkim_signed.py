"""Signs messages with DKIM (RFC 6376) for tests: written apart from what verifies them.

signer = Signer.rsa("example.org", "s1")
raw = signer.sign(b"From: a@example.org\\r\\n...", length=10)
Names({signer.record_name: [signer.record]})
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa


@dataclass(frozen=True, slots=True)
class Signer:
    """domain, selector: of the key. key: the private one."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

    @staticmethod
    def rsa(domain: str, selector: str = "s1", bits: int = 2048) -> Signer:
        return Signer(domain, selector, rsa.generate_private_key(65537, bits))

    @staticmethod
    def ed25519(domain: str, selector: str = "s1") -> Signer:
        return Signer(domain, selector, ed25519.Ed25519PrivateKey.generate())

    @property
    def record_name(self) -> tuple[str, str]:
        return f"{self.selector}._domainkey.{self.domain}", "TXT"

    @property
    def public(self) -> str:
        """As p= has it."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            raw = self.key.public_key().public_bytes_raw()
        else:
            raw = self.key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        return base64.b64encode(raw).decode("ascii")

    @property
    def record(self) -> str:
        """For a zone file, in strings of at most 200 characters."""
        kind = "rsa" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519"
        return zone_text(f"v=DKIM1; k={kind}; p={self.public}")

    def sign(
        self,
        raw: bytes,
        *,
        way: str = "relaxed/relaxed",
        names: str = "from:to:subject",
        length: int | None = None,
        more: str = "",
        algorithm: str = "",
    ) -> bytes:
        """The message with a signature on top. more: further tags, each with its semicolon."""
        head, _, body = raw.partition(b"\r\n\r\n")
        head_way, _, body_way = way.partition("/")
        signed_body = _body(body, body_way)
        kind = "rsa" if isinstance(self.key, rsa.RSAPrivateKey) else "ed25519"
        cut = "" if length is None else f" l={length};"
        digest = base64.b64encode(hashlib.sha256(signed_body[:length]).digest()).decode()
        value = (
            f" v=1; a={algorithm or kind + '-sha256'}; c={way}; d={self.domain};"
            f" s={self.selector};{cut}{more}\r\n h={names}; bh={digest};\r\n b="
        )
        fields = [piece + b"\r\n" for piece in re.split(rb"\r\n(?![ \t])", head)]
        data = b""
        left = list(fields)
        for name in names.split(":"):
            for field in reversed(left):
                if field.lower().startswith(name.encode() + b":"):
                    left.remove(field)
                    data += _field(field, head_way)
                    break
        own = f"DKIM-Signature:{value}".encode()
        data += _field(own + b"\r\n", head_way).removesuffix(b"\r\n")
        sealed = base64.b64encode(self._sealed(data))
        return own + sealed + b"\r\n" + raw

    def _sealed(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(data).digest())


def zone_text(text: str) -> str:
    pieces = (text[place : place + 200] for place in range(0, len(text), 200))
    return " ".join(f'"{piece}"' for piece in pieces)


def _field(field: bytes, way: str) -> bytes:
    if way == "simple":
        return field
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + b" ".join(value.split()) + b"\r\n"


def _body(body: bytes, way: str) -> bytes:
    lines = body.split(b"\r\n")
    if way == "relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return b"" if way == "relaxed" else b"\r\n"
    return b"\r\n".join(lines) + b"\r\n"
