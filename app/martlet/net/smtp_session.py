"""An SMTP conversation up to being signed in: greeting, EHLO, STARTTLS (RFC 3207), AUTH (RFC 4954).

The commands and the reading of EHLO are smtplib's; the socket, its TLS and its limits are our own
`Line`. What is then sent, and what a failure in each phase means, is in smtp.py.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import smtplib
from typing import TYPE_CHECKING

from martlet.mail.account import Server
from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, TlsRefused
from martlet.mail.route import Route
from martlet.net import sasl
from martlet.net.connect import Line, connect, plain_expected, server_words
from martlet.net.smtp_words import Reply, reply_of

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# An address literal: the name of this computer is nobody's business (RFC 5321, 4.1.3).
OWN_NAME = "[127.0.0.1]"
REPLY_LINES = 500
LINE_LIMIT = 8192
INITIAL_LIMIT = 400  # bytes of base64 in the AUTH command; RFC 4954, 4 allows more, servers less
FAREWELL_S = 5.0


class SmtpSession(smtplib.SMTP):
    """smtplib over a Line. Raises only MailErrors."""

    def __init__(self, line: Line) -> None:
        super().__init__(local_hostname=OWN_NAME)
        self.line = line

    def send(self, s: ReadableBuffer | str) -> None:
        """Writes a command; text as UTF-8, which is ASCII where SMTPUTF8 was not agreed on."""
        self.line.write(s.encode() if isinstance(s, str) else bytes(s))

    def getreply(self) -> tuple[int, bytes]:
        """The next answer: its code, and its lines joined by line feeds."""
        texts: list[bytes] = []
        for _ in range(REPLY_LINES):
            raw = self.line.read_line(LINE_LIMIT).rstrip(b"\r\n")
            code = raw[:3]
            if not code.isdigit() or raw[3:4] not in (b" ", b"-", b""):
                raise BadServer(f"{self.line.server.host} does not speak SMTP.", server_words(raw))
            texts.append(raw[4:].strip())
            if raw[3:4] != b"-":
                return int(code), b"\n".join(texts)
        raise BadServer(f"{self.line.server.host} sent an answer without end.")

    def close(self) -> None:
        """Drops the connection."""
        self.line.close()

    def ask(self, command: str) -> Reply:
        """Sends a command (without CR or LF) and waits for its answer."""
        if "\r" in command or "\n" in command:
            raise ValueError("a command is one line")
        self.send(command + "\r\n")
        return self.answer()

    def answer(self) -> Reply:
        """Waits for an answer."""
        return reply_of(*self.getreply())

    def greet(self) -> None:
        """EHLO, or HELO for a server that knows no better; what it offers is `esmtp_features`."""
        reply = reply_of(*self.ehlo())
        if not reply.ok and not reply.temporary:
            reply = reply_of(*self.helo())
        if not reply.ok:
            raise Offline(f"{self.line.server.host} does not want to talk to us.", reply.words)

    def offer(self, name: str) -> str | None:
        """The parameters of an extension in lower-case letters, or None when it is not offered."""
        return self.esmtp_features.get(name)

    def farewell(self) -> None:
        """QUIT, whose answer changes nothing any more, and the end of the connection."""
        self.line.timeout_s = min(self.line.timeout_s, FAREWELL_S)
        with contextlib.suppress(MailError):
            self.ask("QUIT")
        self.line.close()


def open_session(server: Server, secret: str, *, route: Route, timeout_s: float) -> SmtpSession:
    """Connects, says EHLO and signs in. Raises Offline, TlsRefused, AuthFailed, BadServer."""
    line = connect(server, route=route, timeout_s=timeout_s, starttls=_starttls)
    try:
        session = SmtpSession(line)
        if line.bytes_in == 0:  # after STARTTLS there is no second greeting
            _greeting(session)
        session.greet()
        _sign_in(session, secret)
    except BaseException:
        line.close()
        raise
    return session


def _greeting(session: SmtpSession) -> None:
    reply = session.answer()
    if not reply.ok:
        raise Offline(f"{session.line.server.host} takes no connections now.", reply.words)


def _starttls(line: Line) -> None:
    session = SmtpSession(line)
    _greeting(session)
    session.greet()
    host = line.server.host
    if session.offer("starttls") is None:
        raise TlsRefused(
            f"{host} does not offer STARTTLS, so the connection cannot be made private.",
            f"It offers: {server_words(' '.join(session.esmtp_features))}",
        )
    reply = session.ask("STARTTLS")
    if reply.temporary:
        raise Offline(f"{host} cannot start TLS now.", reply.words)
    if not reply.ok:
        raise plain_expected(line.server, reply.words)


def _sign_in(session: SmtpSession, secret: str) -> None:
    server = session.line.server
    offered = (session.offer("auth") or "").upper().split()
    # A relay that wants nobody to sign in is sent no credentials. If it does want them after all
    # it will refuse the sender.
    if not server.user or (not offered and not server.auth):
        return
    session.line.require_private()
    mechanism = sasl.choose(offered, server.auth, secure=session.line.tls)
    if not mechanism:
        raise AuthFailed(
            "The server offers no way of signing in that is known here.",
            server_words(f"It offers: {' '.join(offered)}"),
        )
    talk = sasl.exchange(mechanism, server.user, secret, host=server.host, port=server.port)
    first = talk.initial()
    command = f"AUTH {mechanism}"
    if first is not None:
        text = base64.b64encode(first).decode("ascii") or "="
        if len(text) <= INITIAL_LIMIT:
            command, first = f"{command} {text}", None
    reply = _challenged(session, command)
    while reply[0] == 334:
        if first is not None:
            answer, first = first, None
        else:
            answer = talk.respond(_decoded(reply[1]))
        reply = _challenged(session, base64.b64encode(answer).decode("ascii"))
    said = reply_of(*reply)
    if said.temporary:
        raise Offline("The server cannot check the password now.", said.words)
    if not said.ok:
        raise AuthFailed("The server refused the user name or password.", said.words)
    if not talk.complete:
        raise BadServer("The server let us in without having proved that it knows the password.")


def _challenged(session: SmtpSession, command: str) -> tuple[int, bytes]:
    session.send(command + "\r\n")
    return session.getreply()


def _decoded(challenge: bytes) -> bytes:
    try:
        return base64.b64decode(challenge, validate=True)
    except (binascii.Error, ValueError):
        # Some servers challenge LOGIN in plain text; its questions are answered by their order.
        return challenge
