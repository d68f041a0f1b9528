"""TLS: the contexts we connect with, and the description of certificates that do not verify.

The policy of DESIGN 7: TLS 1.2 or newer, the system's trust store plus the account's CA file,
host names checked. Who may connect without that, by a pin, is decided in `connect.py`.
"""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from datetime import datetime

from martlet.mail.errors import TlsRefused
from martlet.net.words import server_words

# X509_V_ERR_* of OpenSSL, which `ssl` passes on as numbers.
_NOT_YET_VALID = 9
_EXPIRED = 10
_SELF_SIGNED = 18
_UNKNOWN_ISSUER = {2, 19, 20, 21, 27}
_REVOKED = 23
_WRONG_NAME = {62, 64}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, as far as a person decides by it.

    fingerprint: SHA-256 of the DER form, lower hex. names: subject names, at most ten.
    valid_from, valid_until: None when they cannot be read.
    """

    fingerprint: str
    names: tuple[str, ...]
    issuer: str
    valid_from: datetime | None
    valid_until: datetime | None

    @property
    def words(self) -> str:
        """One line per fact, for the window's certificate box and the command line."""
        lines = [
            f"For: {', '.join(self.names) or 'no name'}",
            f"Issued by: {self.issuer or 'nobody named'}",
        ]
        if self.valid_from is not None and self.valid_until is not None:
            lines.append(f"Valid: {_day(self.valid_from)} to {_day(self.valid_until)}")
        lines.append(f"SHA-256: {self.fingerprint}")
        return "\n".join(lines)


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate in DER form, lower hex: what a pin holds."""
    return hashlib.sha256(der).hexdigest()


def verified_context(ca_file: str) -> ssl.SSLContext:
    """Verifies against the system's trust store and, if given, the certificates in `ca_file`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise TlsRefused(
                f"The certificates in {ca_file} cannot be read.", f"{type(error).__name__}: {error}"
            ) from None
    return context


def unverified_context() -> ssl.SSLContext:
    """Verifies nothing: only to read a certificate, or to compare it with a pin."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def end_point(der: bytes) -> bytes | None:
    """What a SCRAM-…-PLUS exchange is bound to: tls-server-end-point (RFC 5929, 4.1).

    The certificate's hash by its own signature's algorithm, SHA-256 in place of MD5 and SHA-1.
    None when the certificate cannot be read or its signature has no such algorithm (Ed25519).
    """
    from cryptography import x509  # heavy, and only wanted where the server offers -PLUS
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = x509.load_der_x509_certificate(der).signature_hash_algorithm
        if algorithm is None:
            return None
        name = "sha256" if algorithm.name in ("md5", "sha1") else algorithm.name
        return hashlib.new(name, der).digest()
    except (ValueError, UnsupportedAlgorithm):
        return None


def describe(der: bytes) -> Certificate:
    """Reads a certificate. One that cannot be read has only its fingerprint."""
    from cryptography import x509  # heavy, and only wanted when something is wrong

    known = fingerprint(der)
    try:
        found = x509.load_der_x509_certificate(der)
        names = _names(found)
        issuer = server_words(found.issuer.rfc4514_string(), 120)
        return Certificate(
            known, names, issuer, found.not_valid_before_utc, found.not_valid_after_utc
        )
    except ValueError:
        return Certificate(known, (), "", None, None)


def refusal(
    error: ssl.SSLCertVerificationError, host: str, seen: Certificate | None, pin_broken: bool
) -> TlsRefused:
    """The TlsRefused that says why this certificate is not trusted.

    seen: None when the certificate could not be had. pin_broken: the user had pinned another one.
    """
    sentence = _reason(error, host, seen)
    if pin_broken:
        sentence = (
            f"WARNING: {host} shows another certificate than the one you trusted. "
            f"Somebody may be listening in. {sentence}"
        )
    return TlsRefused(
        sentence,
        f"{error.verify_message} ({error.verify_code})",
        host=host,
        fingerprint=seen.fingerprint if seen else "",
        certificate=seen.words if seen else "",
    )


def _reason(error: ssl.SSLCertVerificationError, host: str, seen: Certificate | None) -> str:
    code = error.verify_code
    whose = f"The certificate of {host}"
    if code == _EXPIRED:
        until = seen.valid_until if seen else None
        return f"{whose} expired on {_day(until)}." if until else f"{whose} has expired."
    if code == _NOT_YET_VALID:
        start = seen.valid_from if seen else None
        when = f" before {_day(start)}" if start else " yet"
        return f"{whose} is not valid{when}. This computer's clock may be wrong."
    if code == _SELF_SIGNED:
        return f"{whose} is self-signed: nobody vouches for it."
    if code in _UNKNOWN_ISSUER:
        issuer = f" ({seen.issuer})" if seen and seen.issuer else ""
        return f"{whose} was issued by an authority this computer does not know{issuer}."
    if code == _REVOKED:
        return f"{whose} has been revoked."
    if code in _WRONG_NAME:
        names = ", ".join(seen.names[:3]) if seen else ""
        return f"{whose} is for {names or 'another name'}, not for {host}."
    return f"{whose} cannot be trusted."


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def _names(found: object) -> tuple[str, ...]:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    assert isinstance(found, x509.Certificate)
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = [str(name.value) for name in extension.value]
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        names = [str(a.value) for a in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return tuple(server_words(name, 80) for name in names[:10])
