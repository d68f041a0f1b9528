"""Commands sent ahead of their answers (PIPELINING, RFC 2920), or one by one without it.

    commands  [answered][ on their way ][ to be sent ]
                         └ bounded, so that neither side's buffers can fill up and stop both
Every answer is read, in order. What one means is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.net.smtp_session import SmtpSession
from martlet.net.smtp_words import Reply

# An answer may have 512 bytes and more; receive buffers begin at some 64 KB.
UNANSWERED = 100
UNANSWERED_BYTES = 16_384


class Flight:
    """A group of commands and their answers. Raises only MailErrors."""

    def __init__(self, session: SmtpSession, commands: Sequence[bytes]) -> None:
        self._session = session
        self._commands = commands
        self._sent = 0
        self._answered = 0
        ahead = session.offer("pipelining") is not None
        self._most = UNANSWERED if ahead else 1
        self._bytes = 0  # of commands sent that have no answer yet

    def answer(self) -> Reply:
        """The answer to the next command; more of them go out when there is room."""
        if self._unanswered <= self._most // 2 and self._bytes <= UNANSWERED_BYTES // 2:
            self._send()
        return self._next()

    def stop(self) -> list[Reply]:
        """Sends no more; the answers that were still to come."""
        return [self._next() for _ in range(self._unanswered)]

    @property
    def _unanswered(self) -> int:
        return self._sent - self._answered

    def _next(self) -> Reply:
        reply = self._session.answer()
        self._bytes -= len(self._commands[self._answered])
        self._answered += 1
        return reply

    def _send(self) -> None:
        out = bytearray()
        while self._sent < len(self._commands) and self._unanswered < self._most:
            command = self._commands[self._sent]
            # The first goes however long it is.
            if self._bytes and self._bytes + len(command) > UNANSWERED_BYTES:
                break
            out += command
            self._bytes += len(command)
            self._sent += 1
        if out:
            self._session.line.write(out)
