"""The TLS policy of DESIGN 7, all of it: the contexts we connect with and what a refusal says.

TLS 1.2 or newer, the system's trust store plus the account's CA file, host names checked, nothing
agreed anew later on. Who may connect without verifying, by a pin, is decided in `connect.py`;
certificates are described in `certificate.py`, our own is read in `own_certificate.py`.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import time
from datetime import datetime
from functools import lru_cache

from martlet.mail.errors import TlsRefused
from martlet.mail.route import Route
from martlet.net import own_certificate
from martlet.net.certificate import Certificate, day
from martlet.net.words import quoted

TRUSTED_S = 3600.0
# X509_V_ERR_* of OpenSSL, which `ssl` passes on as numbers.
_NOT_YET_VALID = 9
_EXPIRED = 10
_SELF_SIGNED = 18
_UNKNOWN_ISSUER = {2, 19, 20, 21, 27}
_REVOKED = 23
_WRONG_NAME = {62, 64}


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate in DER form, lower hex: what a pin holds."""
    return hashlib.sha256(der).hexdigest()


def verified_context(route: Route) -> ssl.SSLContext:
    """Verifies against the system's trust store and, if given, the route's CA file; shows the
    route's own certificate. Raises TlsRefused or AuthFailed when one of them cannot be used.
    """
    try:
        changed = os.stat(route.ca_file).st_mtime_ns if route.ca_file else 0
        if not route.certificate:
            return _trusting(route.ca_file, changed, int(time.monotonic() // TRUSTED_S))
        context = _trusting.__wrapped__(route.ca_file, changed, 0)
    except OSError as error:  # ssl.SSLError is one
        raise TlsRefused(
            f"The certificates in {route.ca_file} cannot be read.",
            f"{type(error).__name__}: {error}",
        ) from None
    own_certificate.load(context, route)
    return context


@lru_cache(maxsize=8)
def _trusting(ca_file: str, changed: int, hour: int) -> ssl.SSLContext:
    """Reading the system's certificates takes longer than a whole quiet pass. They are read anew
    each hour, and the CA file when it has changed. Nothing of ours goes into a context that is
    shared.
    """
    context = _context()
    context.load_default_certs()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


def pinned_context(route: Route) -> ssl.SSLContext:
    """Verifies nothing, for a certificate that is compared with a pin before a word is said."""
    context = unverified_context()
    own_certificate.load(context, route)
    return context


def unverified_context() -> ssl.SSLContext:
    """Verifies nothing and shows nothing: only to read a certificate."""
    context = _context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A pin is compared once; nobody may become somebody else after that.
    context.options |= ssl.OP_NO_RENEGOTIATION
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
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None


def refusal(
    error: ssl.SSLCertVerificationError,
    host: str,
    seen: Certificate | None,
    pin_broken: bool,
    now: datetime,
) -> TlsRefused:
    """The TlsRefused that says why this certificate is not trusted: all there is against it.

    seen: None when the certificate could not be had. pin_broken: the user had pinned another one.
    """
    first = _fault(error, host, seen)
    others = [fault for fault in (seen.faults(host, now) if seen else ()) if fault not in first]
    sentence = f"The certificate of {host} {first}."
    if others:
        sentence += f" It also {' and '.join(others)}."
    if error.verify_code == _NOT_YET_VALID:
        sentence += " This computer's clock may be wrong."
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


def _fault(error: ssl.SSLCertVerificationError, host: str, seen: Certificate | None) -> str:
    """What OpenSSL found, as the end of a sentence."""
    code = error.verify_code
    if code == _EXPIRED:
        until = seen.valid_until if seen else None
        return f"expired on {day(until)}" if until else "has expired"
    if code == _NOT_YET_VALID:
        start = seen.valid_from if seen else None
        return f"is not valid before {day(start)}" if start else "is not valid yet"
    if code == _SELF_SIGNED:
        return "is self-signed: nobody vouches for it"
    if code in _UNKNOWN_ISSUER:
        issuer = f" ({quoted(seen.issuer)})" if seen and seen.issuer else ""
        return f"was issued by an authority this computer does not know{issuer}"
    if code == _REVOKED:
        return "has been revoked"
    if code in _WRONG_NAME:
        return f"is for {seen.whom if seen else 'another name'}, not for {host}"
    return "cannot be trusted"
