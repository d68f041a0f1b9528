"""What the beginning of a session looks like in IMAP, POP3 and SMTP, for tests of who stands in it.

script = [greet(p), *offer(p, tls=True), *go_ahead(p), tls_begins(), *let_in(p)]
with Heist(script, certificates=made) as heist:
    error = heist.enter(p, Security.STARTTLS, route)
    assert heist.in_clear() == []
"""

from __future__ import annotations

import base64
from types import TracebackType
from typing import Self

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import MailError
from martlet.mail.route import Route
from martlet.net.imap import ImapSession
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import check

from .certificates import Certificates
from .overheard import Overheard
from .scripted import Script, Scripted, Step, expect, send
from .smtp_steps import swallow, tls_begins, told_in_clear

PRIVATE = [Security.TLS, Security.STARTTLS]
USER, SECRET = "ada-of-the-test", "a-Secret-of-the-test"
PLAIN = base64.b64encode(f"\0{USER}\0{SECRET}".encode()).decode()

_GREETINGS = {
    Protocol.IMAP: "* OK hello\r\n",
    Protocol.POP3: "+OK hello\r\n",
    Protocol.SMTP: "220 mx hello\r\n",
}
_ASKS = {Protocol.IMAP: "CAPABILITY", Protocol.POP3: "CAPA", Protocol.SMTP: "EHLO"}
_UPGRADES = {Protocol.IMAP: "STARTTLS", Protocol.POP3: "STLS", Protocol.SMTP: "STARTTLS"}
_GO = {
    Protocol.IMAP: "{tag} OK go on\r\n",
    Protocol.POP3: "+OK go on\r\n",
    Protocol.SMTP: "220 go on\r\n",
}


def greet(protocol: Protocol) -> Step:
    """The server's first words."""
    return send(_GREETINGS[protocol])


def offers(protocol: Protocol, *, tls: bool = False, auth: str = "PLAIN") -> str:
    """The answer to what the client asks for first. auth: mechanisms, space separated."""
    if protocol is Protocol.IMAP:
        names = [f"AUTH={name}" for name in auth.split()] + ["STARTTLS"] * tls
        return f"* CAPABILITY IMAP4rev1 SASL-IR {' '.join(names)}\r\n{{tag}} OK done\r\n"
    if protocol is Protocol.POP3:
        lines = ["+OK", "UIDL", *(["STLS"] * tls), *([f"SASL {auth}"] if auth else []), "."]
    else:
        lines = ["250-mx", *(["250-STARTTLS"] * tls), *([f"250-AUTH {auth}"] if auth else [])]
        lines.append("250 8BITMIME")
    return "\r\n".join(lines) + "\r\n"


def offer(protocol: Protocol, *, tls: bool = False, auth: str = "PLAIN") -> Script:
    """Hears what the client asks for first, and answers."""
    return [expect(_ASKS[protocol]), send(offers(protocol, tls=tls, auth=auth))]


def go_ahead(protocol: Protocol, injected: str = "") -> Script:
    """Hears the wish for TLS and says yes; injected: what follows in the same packet."""
    return [expect(_UPGRADES[protocol]), send(_GO[protocol] + injected)]


def let_in(protocol: Protocol) -> Script:
    """Offers PLAIN, hears it and lets the client in; then hears whatever comes."""
    yes = {
        Protocol.IMAP: [send("{tag} OK [CAPABILITY IMAP4rev1] in\r\n")],
        Protocol.POP3: [send("+OK in\r\n"), *offer(protocol)],
        Protocol.SMTP: [send("235 in\r\n"), expect("QUIT"), send("221 bye\r\n")],
    }
    return [*offer(protocol), expect(PLAIN), *yes[protocol], swallow()]


def begun(protocol: Protocol, security: Security) -> Script:
    """Up to the moment at which TLS begins."""
    if security is Security.TLS:
        return []
    return [greet(protocol), *offer(protocol, tls=True), *go_ahead(protocol)]


def over_tls(protocol: Protocol, security: Security) -> Script:
    """From the end of the handshake until the client is in."""
    first = [greet(protocol)] if security is Security.TLS else []
    return [tls_begins(), *first, *let_in(protocol)]


def false(protocol: Protocol, security: Security) -> Script:
    """A server that hears whatever it is told after TLS has begun."""
    first = [greet(protocol)] if security is Security.TLS else []
    return [*begun(protocol, security), tls_begins(), *first, swallow()]


class Heist:
    """A scripted server, and somebody on the line to it who writes down what can be read there."""

    def __init__(
        self, *scripts: Script, certificates: Certificates | None = None, tls: bool = False
    ) -> None:
        self.server = Scripted(*scripts, certificates=certificates, tls=tls)
        self._wire = Overheard(self.server.port)

    def __enter__(self) -> Self:
        self.server.__enter__()
        self._wire.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wire.__exit__(kind, error, trace)
        self.server.__exit__(kind, error, trace)

    @property
    def heard(self) -> bytes:
        """All that the server heard, on all connections, over TLS too."""
        return b"".join(line for connection in self.server.heard for line in connection)

    def in_clear(self) -> list[str]:
        """Which of the credentials could be read on the line."""
        return told_in_clear([self._wire.said], USER, SECRET)

    def given_away(self) -> list[str]:
        """Which of the credentials the server has, however it came by them."""
        return told_in_clear([self.heard], USER, SECRET)

    def enter(
        self,
        protocol: Protocol,
        security: Security,
        route: Route,
        *,
        auth: str = "",
        host: str = "localhost",
        timeout_s: float = 30.0,
    ) -> MailError | None:
        """Signs in as an account would, and leaves; what it failed with, or None."""
        account = Server(protocol, host, self._wire.port, security, USER, auth)
        try:
            if protocol is Protocol.IMAP:
                imap = ImapSession.open(account, SECRET, route=route, timeout_s=timeout_s)
                imap.close()
            elif protocol is Protocol.POP3:
                Pop3Session.open(account, SECRET, route=route, timeout_s=timeout_s).close()
            else:
                check(account, SECRET, route=route, timeout_s=timeout_s)
        except MailError as error:
            caught = error
        else:
            return None
        shown = f"{caught.summary} {caught.detail}"
        assert shown.isprintable(), shown
        assert max(len(caught.summary), len(caught.detail)) < 600
        assert SECRET not in f"{shown} {caught!r}"
        return caught


def nobody_got_anything(heist: Heist) -> None:
    """Neither whoever stands in the line nor the server has anything that signs in."""
    assert heist.in_clear() == []
    assert heist.given_away() == []
