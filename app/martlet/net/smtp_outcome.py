"""What may become of a letter handed to an SMTP server, and which answer means what.

In all of these but DeliveryUnknown it is certain whether the server has the letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.errors import (
    AuthFailed,
    BadServer,
    ErrorKind,
    MailError,
    Offline,
    Refused,
    TlsRefused,
)
from martlet.mail.outgoing import RecipientResult
from martlet.net.smtp_words import Reply

CLOSING = 421


@dataclass(frozen=True, slots=True)
class Submission:
    """The server has the message. results: one for each recipient, some perhaps refused.

    said: the server's last words with their codes, which often hold its name for the message.
    dsn: the server took the request for reports of success (RFC 3461), as asked in SendOptions.
    envelope_id: the ENVID it took; "" when none was given or the server knows no such thing.
    """

    results: tuple[RecipientResult, ...]
    said: str
    dsn: bool = False
    envelope_id: str = ""


class SendRefused(Refused):
    """The server will never take this message as it is. results: for each recipient asked."""

    def __init__(
        self, summary: str, detail: str = "", results: tuple[RecipientResult, ...] = ()
    ) -> None:
        super().__init__(summary, detail)
        self.results = results


class Deferred(Offline):
    """The server does not take it now but may later. results: for each recipient asked."""

    def __init__(
        self, summary: str, detail: str = "", results: tuple[RecipientResult, ...] = ()
    ) -> None:
        super().__init__(summary, detail)
        self.results = results


class DeliveryUnknown(MailError):
    """The line was lost after the message's end: nobody here knows whether the message is sent.

    Not an Offline, which would be tried again: this must never be by itself.
    """

    kind = ErrorKind.OFFLINE


def failure(
    what: str, reply: Reply, results: tuple[RecipientResult, ...] = ()
) -> Deferred | SendRefused | AuthFailed | TlsRefused | BadServer:
    """The error of an answer that is no yes. what: the beginning of its sentence."""
    if reply.temporary:
        return Deferred(f"{what} for now: {reply.meaning}.", reply.words, results)
    if reply.wants_tls:
        return wants_tls(reply)
    if reply.code in (530, 538):
        return AuthFailed("The server wants you to sign in before sending.", reply.words)
    if reply.refused:
        return SendRefused(f"{what}: {reply.meaning}.", reply.words, results)
    return BadServer("The server gave an answer that makes no sense here.", reply.words)


def wants_tls(reply: Reply) -> TlsRefused:
    """The server talks to nobody in the clear."""
    return TlsRefused(
        "The server wants the connection to be encrypted first. "
        "Choose STARTTLS or TLS as the security.",
        reply.words,
    )
