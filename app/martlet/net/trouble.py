"""Turns what sockets, TLS and the system report into one clear sentence.

Everything that `socket` and `ssl` raise ends here (DESIGN 6). Certificates that do not verify are
described in `tls.py`; what a server says in its own protocol is judged by that protocol's module.
"""

from __future__ import annotations

import errno
import socket
import ssl

from martlet.mail.account import DEFAULT_PORTS, Security, Server
from martlet.mail.errors import MailError, Offline, TlsRefused

_UNREACHABLE = {
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
    errno.EADDRNOTAVAIL,
}
# OpenSSL's reasons for "what came back is not TLS at all".
_NOT_TLS = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}
_NOT_TLS_TOO = {"RECORD_LAYER_FAILURE", "BAD_PROTOCOL_VERSION_NUMBER"}
_PASSING = {"TLSV1_ALERT_INTERNAL_ERROR"}
_OLD_TLS = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION"}
_NO_DEAL = "SSLV3_ALERT_HANDSHAKE_FAILURE"
# What a server says of the certificate we showed, or did not show (RFC 8446, 6.2).
_OURS = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "wants a certificate of your own",
    "SSLV3_ALERT_NO_CERTIFICATE": "wants a certificate of your own",
    "SSLV3_ALERT_BAD_CERTIFICATE": "does not accept your certificate",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "does not accept your certificate",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "says that your certificate has been revoked",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "says that your certificate has expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "does not accept your certificate",
    "TLSV1_ALERT_UNKNOWN_CA": "does not know who issued your certificate",
    "TLSV1_ALERT_ACCESS_DENIED": "does not accept your certificate",
}


def where(server: Server) -> str:
    """The server as a sentence names it: host, and the port."""
    return f"{server.host} port {server.port}"


def translate(error: BaseException, server: Server) -> MailError:
    """The MailError that says what this socket, TLS or system error means to a person."""
    if isinstance(error, MailError):
        return error
    detail = _detail(error)
    if isinstance(error, socket.gaierror | ValueError):
        return _name(error, server, detail)
    if isinstance(error, ssl.SSLError):
        return _tls(error, server, detail)
    if isinstance(error, TimeoutError):
        return Offline(f"{where(server)} did not answer in time.", detail)
    if isinstance(error, ConnectionRefusedError):
        return Offline(
            f"{server.host} refused the connection to port {server.port}. "
            "The server may be down, or the port may be wrong.",
            detail,
        )
    ended = isinstance(error, OSError) and error.errno == errno.ENOTCONN
    if ended or isinstance(error, ConnectionError | EOFError):
        return Offline(f"{server.host} closed the connection.", detail)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return Offline(f"{server.host} cannot be reached from this network.", detail)
    return Offline(f"The connection to {where(server)} failed.", detail)


def own_certificate(error: ssl.SSLError, server: Server) -> TlsRefused | None:
    """What the server has against our own certificate, None where that is not the trouble.

    With TLS 1.3 it is only told after the handshake, to whoever reads first.
    """
    said = _OURS.get(getattr(error, "reason", None) or "")
    return TlsRefused(f"{server.host} {said}.", _detail(error)) if said else None


def plain_expected(server: Server, detail: str = "") -> TlsRefused:
    """TLS was spoken to a port that answers in plain text."""
    if server.security is Security.TLS:
        advice = "The port may be wrong, or the security should be STARTTLS."
        usual = DEFAULT_PORTS[(server.protocol, Security.TLS)]
        if usual != server.port:
            advice = f"Try port {usual}, or STARTTLS as the security."
    else:
        advice = "The server may be set up wrongly."
    return TlsRefused(f"{where(server)} does not answer with TLS. {advice}", detail)


def tls_expected(server: Server, detail: str = "") -> TlsRefused:
    """Plain text was spoken to a port that expects TLS from the first byte."""
    return TlsRefused(
        f"{where(server)} expects TLS from the first byte. Choose TLS as the security.", detail
    )


def _detail(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _name(error: BaseException, server: Server, detail: str) -> MailError:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return Offline(
            f"The name {server.host} cannot be looked up now. There may be no network.", detail
        )
    return Offline(f"There is no server named {server.host}.", detail)


def _tls(error: ssl.SSLError, server: Server, detail: str) -> MailError:
    reason = getattr(error, "reason", None) or ""  # only errors of the handshake itself have one
    if (ours := own_certificate(error, server)) is not None:
        return ours
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Offline(f"{server.host} closed the connection.", detail)
    if reason in _NOT_TLS or reason in _NOT_TLS_TOO:
        return plain_expected(server, detail)
    if reason in _PASSING:
        return Offline(f"{server.host} has a fault and could not start TLS now.", detail)
    if reason in _OLD_TLS:
        return TlsRefused(
            f"{server.host} only speaks versions of TLS that are no longer safe.", detail
        )
    sentence = f"{where(server)} and this computer could not agree on TLS."
    if reason == _NO_DEAL:
        # With TLS 1.2 this is all a server says that was shown no certificate.
        sentence += " The server may want a certificate of your own."
    return TlsRefused(sentence, detail)
