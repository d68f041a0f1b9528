"""Finds out whether a mail server is where one might be: connects, hears its greeting, hangs up.

Nobody signs in, and nothing is said but what starting TLS needs. The certificate must verify.
"""

from __future__ import annotations

import ssl
import threading

from martlet.mail.errors import BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import Route
from martlet.mail.server import Protocol, Security, Server
from martlet.net import certificate, imap_login, pop3_login, tls
from martlet.net.line import Line
from martlet.net.reach import LookUp, reach
from martlet.net.smtp_session import SmtpSession
from martlet.net.trouble import translate, where
from martlet.net.words import server_words

_LINE_LIMIT = 8192
_BEGINS = {
    Protocol.IMAP: (b"* OK", b"* PREAUTH"),
    Protocol.POP3: (b"+OK",),
    Protocol.SMTP: (b"220",),
}


class Greeter:
    """ca_file: trusted besides the system's certificates, or "".

    timeout_s: for a connection, and again for all that is said on it.
    """

    def __init__(self, *, ca_file: str, look_up: LookUp, timeout_s: float) -> None:
        self._context = tls.verified_context(Route(ca_file))
        self._look_up = look_up
        self._timeout_s = timeout_s

    def greet(self, server: Server) -> None:
        """Returns when such a server has greeted on a private line. From any thread.

        Raises Offline, TlsRefused (with its host when only the certificate is at fault),
        BadServer.
        """
        try:
            raw = reach(
                server.host,
                server.port,
                self._timeout_s,
                named=lambda: None,
                look_up=self._look_up,
            )
        except (OSError, UnicodeError, OverflowError) as error:
            raise translate(error, server) from None
        line = Line(raw, server, self._timeout_s)
        late = threading.Event()

        def end() -> None:
            late.set()
            line.close()

        clock = threading.Timer(self._timeout_s, end)
        clock.daemon = True
        clock.start()
        try:
            if server.security is Security.STARTTLS:
                _STARTTLS[server.protocol](line)
            _upgrade(line, self._context)
            if server.security is Security.TLS:
                _hear(line)
        except MailError as error:
            if late.is_set():
                raise Offline(f"{where(server)} did not answer in time.", error.detail) from None
            raise
        finally:
            clock.cancel()
            line.close()


def _upgrade(line: Line, context: ssl.SSLContext) -> None:
    try:
        line.upgrade(context)
    except ssl.SSLCertVerificationError as error:
        raise tls.refusal(error, line.server.host, None, False, certificate.now()) from None
    except (OSError, UnicodeError, ValueError) as error:
        raise translate(error, line.server) from None


def _hear(line: Line) -> None:
    said = line.read_line(_LINE_LIMIT)
    if not said.upper().startswith(_BEGINS[line.server.protocol]):
        raise BadServer(
            f"{line.server.host} port {line.server.port} is no {line.server.protocol.name} server.",
            server_words(said),
        )


def _smtp_starttls(line: Line) -> None:
    session = SmtpSession(line)
    if not session.answer().ok:
        raise BadServer(f"{line.server.host} takes no connections now.")
    session.greet()
    if session.offer("starttls") is None or not session.ask("STARTTLS").ok:
        raise TlsRefused(f"{line.server.host} does not offer STARTTLS.")


_STARTTLS = {
    Protocol.IMAP: imap_login.starttls,
    Protocol.POP3: pop3_login.starttls,
    Protocol.SMTP: _smtp_starttls,
}
