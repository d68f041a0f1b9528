"""Who a letter is from and for: RSET, MAIL, RCPT and, unless it goes by BDAT, DATA.

all that is sent here can be taken back: nothing is sent until the message's own end is
DATA said yes (354), nobody accepted      a lone dot: a message for nobody, which is refused
DATA said yes, but MAIL did not           the line is dropped; a dot could send an empty message
421 anywhere                              the server hangs up
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from martlet.mail.errors import MailError, Offline
from martlet.mail.outgoing import RecipientResult
from martlet.net.smtp_flight import Flight
from martlet.net.smtp_outcome import CLOSING, failure
from martlet.net.smtp_parameters import Letter, envelope_id, of_mail, of_recipient
from martlet.net.smtp_session import SmtpSession, encoded
from martlet.net.smtp_words import Reply

DATA = b"DATA\r\n"
GO_ON = 354
# What a server says to a parameter that it does not like (RFC 5321, 4.2.4, 3.6.3).
_STUMBLED = {501, 504, 555}
_TOO_MANY = {"", "5.5.3"}


class Stale(Offline):
    """A line kept from an earlier letter is of no use any more; nothing was begun on it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The server will take the message for some of the recipients, who all have a result.

    dsn, envelope_id: as in Submission.
    """

    results: tuple[RecipientResult, ...]
    dsn: bool
    envelope_id: str


def offer(session: SmtpSession, letter: Letter, *, kept: bool, data: bool) -> Taken:
    """Offers the letter.

    kept: the line was open before, and may have ended meanwhile: then Stale is raised.
    data: DATA is the last command, after whose yes the message may go.
    Raises what `failure` makes of a no, Offline and BadServer.
    """
    dsn = session.offer("dsn") is not None
    try:
        return _Attempt(session, letter, kept=kept, dsn=dsn, data=data).run()
    except _Stumbled:
        # Some offer DSN and then do not take what belongs to it. The letter goes without.
        return _Attempt(session, letter, kept=False, dsn=False, data=data).run()


class _Stumbled(Exception):
    """MAIL or every RCPT was refused, maybe for its parameters."""


class _Attempt:
    def __init__(
        self, session: SmtpSession, letter: Letter, *, kept: bool, dsn: bool, data: bool
    ) -> None:
        self._session = session
        self._letter = letter
        self._kept = kept
        self._dsn = dsn
        self._data = data

    def run(self) -> Taken:
        session, letter = self._session, self._letter
        # What is left of a letter that was refused is forgotten first.
        again, session.begun = session.begun, True
        session.in_step = False
        flight = Flight(session, self._commands(again))
        try:
            if again and not (reply := flight.answer()).ok:
                raise Stale(f"{session.line.server.host} hung up.", reply.words)
            reply = flight.answer()
        except MailError as error:
            if self._kept:
                raise Stale(error.summary, error.detail) from None
            raise
        if self._kept and reply.code == CLOSING:
            raise Stale(f"{session.line.server.host} hung up.", reply.words)
        if not reply.ok:
            self._take_back(flight, reply)
            self._may_have_stumbled([reply])
            raise failure(_not_from(letter, reply), reply)
        results = self._recipients(flight)
        if self._data:
            go_on(session, flight.answer(), results)
        return Taken(
            results,
            self._dsn and letter.options.dsn,
            letter.envelope_id if self._dsn and envelope_id(letter.envelope_id) else "",
        )

    def _commands(self, again: bool) -> list[bytes]:
        session, letter = self._session, self._letter
        sender = letter.envelope.sender
        commands = [b"RSET\r\n"] if again else []
        commands.append(encoded(f"MAIL FROM:<{sender}>{of_mail(session, letter, self._dsn)}"))
        for shown, wire in letter.envelope.recipients:
            asked = of_recipient(session, letter, shown, wire, self._dsn)
            commands.append(encoded(f"RCPT TO:<{wire}>{asked}"))
        if self._data:
            commands.append(DATA)
        return commands

    def _recipients(self, flight: Flight) -> tuple[RecipientResult, ...]:
        results: list[RecipientResult] = []
        replies: list[Reply] = []
        for shown, _ in self._letter.envelope.recipients:
            reply = flight.answer()
            if not answered(reply):
                raise failure("The server stopped", reply)
            if reply.ok:
                results.append(RecipientResult(shown, 250, reply.text))
            else:
                # RFC 5321, 4.5.3.1.10: a 552 that means "too many" is a 452.
                too_many = reply.code == 552 and reply.enhanced in _TOO_MANY
                results.append(RecipientResult(shown, 452 if too_many else reply.code, reply.words))
            replies.append(reply)
        if not any(reply.ok for reply in replies):
            self._take_back(flight, replies[-1])
            self._may_have_stumbled(replies)
            # If one of them may be accepted later, the message is tried again for all.
            worst = next((reply for reply in replies if reply.temporary), replies[0])
            who = results[0].address if len(results) == 1 else f"all {len(results)} recipients"
            raise failure(f"The server refused {who}", worst, tuple(results))
        return tuple(results)

    def _may_have_stumbled(self, replies: list[Reply]) -> None:
        """Raises _Stumbled where what was refused may be no more than the wish for reports."""
        refused = any(reply.code in _STUMBLED for reply in replies)
        if refused and self._dsn and self._session.in_step:
            raise _Stumbled

    def _take_back(self, flight: Flight, refused: Reply) -> None:
        """Reads what is still to come of a letter that was refused, for the line to be of use."""
        if not answered(refused):
            return
        session = self._session
        with contextlib.suppress(MailError):  # the refusal is what counts
            replies = flight.stop()
            last = replies[-1] if replies else refused
            if self._data and last.code == GO_ON:
                if any(reply.ok for reply in replies[:-1]):
                    return
                last = session.ask(".")
                session.in_step = last.refused
            else:
                session.in_step = answered(last)


def _not_from(letter: Letter, reply: Reply) -> str:
    """What was refused with MAIL: the sender, unless the size is the reason (RFC 1870, 6.1)."""
    if reply.code == 552 or reply.enhanced.endswith((".3.4", ".2.3")):
        return "The server does not take the message"
    return f"The server does not accept mail from {letter.envelope.sender or 'us'}"


def answered(reply: Reply) -> bool:
    """Whether this answers a command, and the conversation goes on after it."""
    return reply.code != CLOSING and (reply.ok or reply.temporary or reply.refused)


def go_on(session: SmtpSession, reply: Reply, results: tuple[RecipientResult, ...]) -> None:
    """Judges the answer to DATA; raises unless the message may be sent now."""
    if reply.code != GO_ON:
        session.in_step = answered(reply) and not reply.ok
        raise failure("The server does not take the message", reply, results)
