"""Sending a message by SMTP (RFC 5321, RFC 6409), with the meaning of a failure in each phase.

    open, MAIL, RCPT ..., DATA, the message     nothing was sent: Offline (try again) or Refused
    the final dot, and waiting for its answer    2xx sent, 4xx Deferred, 5xx Refused;
                                                 line lost or no answer: DeliveryUnknown
    after that                                   it is sent, whatever happens

The message goes out as it is given, apart from bare line feeds, which no server takes any more.
Keeping it, retrying and filing it are the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from martlet.mail.account import Server
from martlet.mail.errors import AuthFailed, ErrorKind, MailError, Offline, Refused
from martlet.mail.outgoing import RecipientResult
from martlet.mail.route import STRAIGHT, Route
from martlet.net.smtp_address import Envelope, envelope
from martlet.net.smtp_session import SmtpSession, open_session
from martlet.net.smtp_words import Reply, megabytes

CHUNK = 65_536
# The server may look at the whole message before it answers (RFC 5321, 4.5.3.2.6).
FINAL_TIMEOUT_S = 600.0

_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_WANTS_SIGN_IN = {530, 538}


@dataclass(frozen=True, slots=True)
class Submission:
    """The server has the message. results: one for each recipient, some perhaps refused.

    said: the server's last words, which often hold its name for the message.
    """

    results: tuple[RecipientResult, ...]
    said: str


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
    """The line was lost after the final dot: nobody here knows whether the message is sent.

    Not an Offline, which would be tried again: this must never be by itself.
    """

    kind = ErrorKind.OFFLINE


def submit(
    server: Server,
    secret: str,
    *,
    sender: str,
    recipients: Sequence[str],
    raw: bytes,
    route: Route = STRAIGHT,
    timeout_s: float = 60.0,
    progress: Callable[[int, int], None] | None = None,
    final_timeout_s: float = FINAL_TIMEOUT_S,
) -> Submission:
    """Hands one message to the server for all its recipients.

    sender, recipients: bare addresses. progress: called with bytes sent and bytes in all.
    Raises Offline (Deferred when the server said so), SendRefused, AuthFailed, TlsRefused,
    BadServer: in all these nothing was sent; and DeliveryUnknown.
    """
    letter = envelope(sender, recipients, _refuse)
    session = open_session(server, secret, route=route, timeout_s=timeout_s)
    try:
        data = _with_crlf(raw)
        _begin(session, letter, data)
        results = _recipients(session, letter)
        said = _data(session, data, results, progress, final_timeout_s)
    except (Deferred, SendRefused, AuthFailed):  # the server answered: it is told that we go
        session.farewell()
        raise
    except BaseException:
        session.close()
        raise
    session.farewell()
    return Submission(results, said)


def check(server: Server, secret: str, *, route: Route = STRAIGHT, timeout_s: float) -> str:
    """Connects, signs in and leaves. Answers what was found in a few words; raises as `submit`."""
    session = open_session(server, secret, route=route, timeout_s=timeout_s)
    signed_in = bool(server.user and session.offer("auth"))
    limit = _limit(session)
    session.farewell()
    found = f"signed in as {server.user}" if signed_in else "no signing in needed"
    return f"{found}, takes up to {megabytes(limit, up=False)}" if limit else found


def _with_crlf(raw: bytes) -> bytes:
    """The message with no CR or LF alone (RFC 5321, 2.3.8), as it is if there was none."""
    if raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r"):
        return raw
    return _BARE.sub(b"\r\n", raw)


def _refuse(summary: str) -> SendRefused:
    return SendRefused(summary)


def _limit(session: SmtpSession) -> int:
    """The most bytes a message may have (RFC 1870), 0 when the server does not say."""
    size = (session.offer("size") or "").strip()
    return int(size) if size.isdigit() and len(size) < 19 else 0


def _begin(session: SmtpSession, letter: Envelope, data: bytes) -> None:
    """Checks what can be checked before anything is sent, then MAIL."""
    limit = _limit(session)
    if limit and len(data) > limit:
        raise SendRefused(
            f"The server accepts at most {megabytes(limit, up=False)}, "
            f"this message has {megabytes(len(data), up=True)}."
        )
    options = ""
    if session.offer("size") is not None:
        options += f" SIZE={len(data)}"
    if letter.international:
        if session.offer("smtputf8") is None:
            raise SendRefused(
                f"The server cannot send to or from {letter.international}: "
                "it does not know international addresses (SMTPUTF8)."
            )
        options += " SMTPUTF8"
    if session.offer("8bitmime") is not None and not data.isascii():
        options += " BODY=8BITMIME"
    reply = session.ask(f"MAIL FROM:<{letter.sender}>{options}")
    if not reply.ok:
        raise _failure(f"The server does not accept mail from {letter.sender}", reply)


def _recipients(session: SmtpSession, letter: Envelope) -> tuple[RecipientResult, ...]:
    """RCPT for each. Raises when none was accepted."""
    results: list[RecipientResult] = []
    replies: list[Reply] = []
    for shown, address in letter.recipients:
        reply = session.ask(f"RCPT TO:<{address}>")
        if reply.code == 421:  # the server hangs up
            raise _failure("The server stopped", reply)
        replies.append(reply)
        said = reply.words if not reply.ok else reply.text
        results.append(RecipientResult(shown, 250 if reply.ok else reply.code, said))
    if any(reply.ok for reply in replies):
        return tuple(results)
    # Nobody was accepted. If one of them may be later, the message is tried again for all.
    worst = next((reply for reply in replies if reply.temporary), replies[0])
    who = results[0].address if len(results) == 1 else f"all {len(results)} recipients"
    raise _failure(f"The server refused {who}", worst, tuple(results))


def _data(
    session: SmtpSession,
    data: bytes,
    results: tuple[RecipientResult, ...],
    progress: Callable[[int, int], None] | None,
    final_timeout_s: float,
) -> str:
    """DATA, the message, the dot. Answers the server's last words."""
    reply = session.ask("DATA")
    if reply.code != 354:
        raise _failure("The server does not take the message", reply, results)
    _upload(session, data, results, progress)
    try:
        session.line.write(b".\r\n")
        session.line.timeout_s = final_timeout_s
        reply = session.answer()
    except MailError as error:
        raise DeliveryUnknown(
            "The connection was lost after the message was handed over. "
            "It is not known whether it was sent.",
            f"{error.summary} {error.detail}".strip(),
        ) from None
    if not reply.ok:
        raise _failure("The server did not take the message", reply, results)
    return reply.words


def _upload(
    session: SmtpSession,
    data: bytes,
    results: tuple[RecipientResult, ...],
    progress: Callable[[int, int], None] | None,
) -> None:
    """The message with its dots stuffed (RFC 5321, 4.5.2), all but the final dot."""
    total = len(data)
    at_start = True
    for start in range(0, total, CHUNK):
        chunk = data[start : start + CHUNK]
        stuffed = chunk.replace(b"\n.", b"\n..")
        if at_start and chunk.startswith(b"."):
            stuffed = b"." + stuffed
        at_start = chunk.endswith(b"\n")
        try:
            session.line.write(stuffed)
        except MailError:
            # A server that has had enough says why before it hangs up.
            reply = session.answer()
            raise _failure("The server broke off the message", reply, results) from None
        if progress is not None:
            progress(min(start + CHUNK, total), total)
    if not at_start:
        session.line.write(b"\r\n")


def _failure(
    what: str, reply: Reply, results: tuple[RecipientResult, ...] = ()
) -> Deferred | SendRefused | AuthFailed:
    """The error of a 4yz or 5yz answer (or of one that is out of place)."""
    if reply.temporary:
        return Deferred(f"{what} for now: {reply.meaning}.", reply.words, results)
    if reply.code in _WANTS_SIGN_IN:
        return AuthFailed("The server wants you to sign in before sending.", reply.words)
    return SendRefused(f"{what}: {reply.meaning}.", reply.words, results)
