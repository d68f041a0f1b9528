"""Sending a message by SMTP (RFC 5321, RFC 6409), with the meaning of a failure in each phase.

    open, MAIL, RCPT ..., the message       nothing was sent: Offline (try again) or Refused
    its end, and waiting for the answer     2xx sent, 4xx Deferred, 5xx Refused;
                                            line lost or no answer: DeliveryUnknown
    after that                              it is sent, whatever happens

The message goes out as it is given, apart from bare line feeds, which no server takes any more.
The phases are in smtp_begin.py, smtp_envelope.py and smtp_content.py. Keeping the message, retrying
and filing it are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType

from martlet.mail.errors import MailError
from martlet.mail.outgoing import SendOptions
from martlet.mail.route import STRAIGHT, Route, Stage
from martlet.mail.server import Security, Server
from martlet.net.body import Body, Raw
from martlet.net.smtp_address import envelope
from martlet.net.smtp_begin import open_session
from martlet.net.smtp_content import by_bdat, by_data
from martlet.net.smtp_envelope import Stale, offer
from martlet.net.smtp_outcome import (
    Deferred,
    DeliveryUnknown,
    SendRefused,
    Submission,
    failure,
)
from martlet.net.smtp_parameters import PLAIN, Letter, forbidden
from martlet.net.smtp_session import SmtpSession
from martlet.net.smtp_words import megabytes

__all__ = [
    "FINAL_TIMEOUT_S",
    "Deferred",
    "DeliveryUnknown",
    "SendRefused",
    "Sender",
    "Submission",
    "check",
    "size_limit",
    "submit",
]

# The server may look at the whole message before it answers (RFC 5321, 4.5.3.2.6).
FINAL_TIMEOUT_S = 600.0

Told = Callable[[int, int], None]


class Sender:
    """A connection over which one letter after another goes, opened when it is needed.

    Used by one thread. Nothing is connected before `open` or the first `submit`. After an error it
    may be used on, but for AuthFailed and TlsRefused, after which a person must act first.
    """

    def __init__(
        self,
        server: Server,
        secret: str,
        *,
        route: Route = STRAIGHT,
        timeout_s: float = 60.0,
        final_timeout_s: float = FINAL_TIMEOUT_S,
    ) -> None:
        self._server = server
        self._secret = secret
        self._route = route
        self._timeout_s = timeout_s
        self._final_timeout_s = final_timeout_s
        self._session: SmtpSession | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> Sender:
        """Connects and signs in, if it has not yet. Raises as `submit`."""
        self._opened()
        return self

    def submit(
        self,
        *,
        sender: str,
        recipients: Sequence[str],
        raw: Raw | Body,
        progress: Told | None = None,
        options: SendOptions = PLAIN,
        envelope_id: str = "",
        original: Mapping[str, str] | None = None,
    ) -> Submission:
        """Hands one message to the server for all its recipients; see the function `submit`.

        A connection that has ended since the letter before is made anew, once.
        """
        letter = Letter(
            envelope(sender, recipients, SendRefused),
            raw if isinstance(raw, Body) else Body(raw),
            options,
            envelope_id,
            original or {},
            progress,
        )
        if options.require_tls and self._server.security is Security.NONE:
            raise SendRefused(
                "This message may only travel encrypted (REQUIRETLS), "
                f"but the connection to {self._server.host} is set up without encryption."
            )
        kept = self._session is not None
        try:
            return self._hand_over(letter, kept)
        except Stale:
            if not kept:
                raise
        return self._hand_over(letter, kept=False)

    def close(self) -> None:
        """Takes leave of the server, if there is a connection. Raises nothing."""
        session, self._session = self._session, None
        if session is not None:
            session.farewell()

    @property
    def size_limit(self) -> int:
        """The most bytes that the server takes (SIZE), 0 when it did not say or is not asked."""
        return self._session.size_limit if self._session is not None else 0

    def _opened(self) -> SmtpSession:
        if self._session is None:
            self._session = open_session(
                self._server, self._secret, route=self._route, timeout_s=self._timeout_s
            )
        return self._session

    def _hand_over(self, letter: Letter, kept: bool) -> Submission:
        session = self._opened()
        try:
            if (why_not := forbidden(session, letter)) is not None:
                raise why_not
            chunk = _by_chunk(session)
            taken = offer(session, letter, kept=kept, data=not chunk)
            way = by_bdat if chunk else by_data
            said = way(session, letter, taken.results, self._final_timeout_s)
        finally:
            if not session.in_step:
                session.close()
                self._session = None
        return Submission(taken.results, said, taken.dsn, taken.envelope_id)


def submit(
    server: Server,
    secret: str,
    *,
    sender: str,
    recipients: Sequence[str],
    raw: Raw | Body,
    route: Route = STRAIGHT,
    timeout_s: float = 60.0,
    progress: Told | None = None,
    final_timeout_s: float = FINAL_TIMEOUT_S,
    options: SendOptions = PLAIN,
    envelope_id: str = "",
    original: Mapping[str, str] | None = None,
) -> Submission:
    """Hands one message to the server for all its recipients, over a connection of its own.

    sender, recipients: bare addresses. raw: the message, or what opens it to be read in pieces;
    what that raises passes through, and nothing is sent. progress: called with bytes sent and bytes
    in all; what it raises stops the upload, and nothing is sent. envelope_id: comes back in reports
    of delivery, at most 100 characters of printable ASCII. original: for a recipient, the address
    that reports shall name as the original one, where it is not the recipient itself.
    Raises Offline (Deferred when the server said so), SendRefused, AuthFailed, TlsRefused,
    BadServer: in all these nothing was sent; and DeliveryUnknown.
    """
    with Sender(
        server, secret, route=route, timeout_s=timeout_s, final_timeout_s=final_timeout_s
    ) as line:
        return line.submit(
            sender=sender,
            recipients=recipients,
            raw=raw,
            progress=progress,
            options=options,
            envelope_id=envelope_id,
            original=original,
        )


def size_limit(server: Server, *, route: Route = STRAIGHT, timeout_s: float) -> int:
    """Connects, asks what the server takes at most (SIZE), and leaves; nobody signs in.

    Answers bytes, 0 when it does not say. Raises as `submit`.
    """
    stranger = replace(server, user="", auth="")
    session = open_session(stranger, "", route=route, timeout_s=timeout_s)
    session.farewell()
    return session.size_limit


def check(
    server: Server,
    secret: str,
    *,
    route: Route = STRAIGHT,
    timeout_s: float,
    sender: str = "",
    learned: Callable[[int], None] | None = None,
) -> str:
    """Connects, signs in and leaves. Answers what was found in a few words; raises as `submit`.
    The route is told that SIGN_IN was reached, too.

    sender: an address; whether it may send is asked too, and nothing is sent. learned: called with
    the most bytes that the server takes, 0 when it does not say.
    """
    session = open_session(server, secret, route=route, timeout_s=timeout_s)
    if route.reached is not None:
        route.reached(Stage.SIGN_IN)
    try:
        if sender:
            letter = envelope(sender, [sender], SendRefused)
            reply = session.ask(f"MAIL FROM:<{letter.sender}>")
            if not reply.ok:
                raise failure(f"The server does not accept mail from {sender}", reply)
    except MailError:
        session.close()
        raise
    session.farewell()
    limit = session.size_limit
    if learned is not None:
        learned(limit)
    who = server.user or "the certificate's owner"
    found = f"signed in as {who}" if session.signed_in else "no signing in needed"
    return f"{found}, takes up to {megabytes(limit, up=False)}" if limit else found


def _by_chunk(session: SmtpSession) -> bool:
    """Whether the message goes by BDAT.

    It saves the round trip of DATA, but where commands are sent ahead DATA has none of its own
    (measured: tests/bench/smtp_throughput.py). To send the message ahead too would save one more;
    a line lost before MAIL's answer would then leave it open whether the message was sent.
    """
    return session.offer("chunking") is not None and session.offer("pipelining") is None
