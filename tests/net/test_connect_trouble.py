"""Every error of sockets, TLS and the system becomes one clear sentence of the right kind."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import MailError, Offline, Refused, TlsRefused
from martlet.mail.route import STRAIGHT
from martlet.net.connect import connect, translate

SERVER = Server(Protocol.IMAP, "imap.example.org", 993, Security.TLS, "ada")


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), Offline, "no server named imap.example.org"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), Offline, "cannot be looked up now"),
        (UnicodeError("label empty"), Offline, "no server named"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), Offline, "refused the connection"),
        (TimeoutError("timed out"), Offline, "did not answer in time"),
        (ConnectionResetError(errno.ECONNRESET, "x"), Offline, "closed the connection"),
        (BrokenPipeError(errno.EPIPE, "x"), Offline, "closed the connection"),
        (OSError(errno.ENETUNREACH, "x"), Offline, "cannot be reached from this network"),
        (OSError(errno.EHOSTUNREACH, "x"), Offline, "cannot be reached from this network"),
        (OSError(errno.EIO, "x"), Offline, "failed"),
        (ssl.SSLEOFError(8, "EOF"), Offline, "closed the connection"),
        (tls_error("WRONG_VERSION_NUMBER"), TlsRefused, "does not answer with TLS"),
        (tls_error("TLSV1_ALERT_INTERNAL_ERROR"), Offline, "could not start TLS now"),
        (tls_error("UNSUPPORTED_PROTOCOL"), TlsRefused, "no longer safe"),
        (tls_error("SSLV3_ALERT_HANDSHAKE_FAILURE"), TlsRefused, "could not agree on TLS"),
    ],
)
def test_each_error_has_its_sentence(error: Exception, kind: type[MailError], words: str) -> None:
    said = translate(error, SERVER)
    assert type(said) is kind
    assert words in said.summary
    assert said.summary.endswith(".")
    assert type(error).__name__ in said.detail


def test_a_mail_error_stays_what_it_is() -> None:
    error = Refused("No.")
    assert translate(error, SERVER) is error


def test_a_port_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    server = Server(Protocol.IMAP, "127.0.0.1", port, Security.TLS, "ada")
    with pytest.raises(Offline, match=f"refused the connection to port {port}"):
        connect(server, route=STRAIGHT, timeout_s=30.0, starttls=None)


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example", "", "\0"])
def test_a_name_that_cannot_be_one(host: str) -> None:
    server = Server(Protocol.IMAP, host, 1, Security.TLS, "ada")
    with pytest.raises(Offline):
        connect(server, route=STRAIGHT, timeout_s=30.0, starttls=None)
