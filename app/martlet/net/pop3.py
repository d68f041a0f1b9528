"""POP3 (RFC 1939): one session with a maildrop, pipelined where the server allows it (RFC 2449).

    greeting -> [CAPA, STLS] -> CAPA -> sign in (pop3_login.py) -> Pop3Session -> QUIT

What a reply means is read in pop3_wire.py. Which messages are new, what is kept and when a message
may be deleted is the engine's: here nothing is deleted before QUIT was answered with +OK.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Self

from martlet.mail.account import Server
from martlet.mail.errors import BadServer, Refused
from martlet.mail.route import Route
from martlet.net import pop3_login
from martlet.net.connect import Line, connect
from martlet.net.pop3_wire import Reply, listing, read_body, read_lines, read_reply, refusal

MESSAGE_LIMIT = 512 << 20  # bytes; more than any server takes in
DEPTH = 50  # commands on their way at once


class Pop3Session:
    """A signed-in session. Message numbers count from 1 and are only good for this session.

    refused: what the server said to a RETR or TOP it did not carry out, by message number.
    Raises only MailErrors; after one other than Refused only `close` makes sense, which the end of
    a `with` does too.
    """

    def __init__(self, line: Line, capabilities: dict[str, tuple[str, ...]]) -> None:
        self.capabilities = capabilities
        self.refused: dict[int, str] = {}
        self._line = line
        self._depth = DEPTH if "PIPELINING" in capabilities else 1

    @classmethod
    def open(cls, server: Server, secret: str, *, route: Route, timeout_s: float) -> Pop3Session:
        """Connects and signs in. Raises Offline (also when the mailbox is in use elsewhere),
        TlsRefused, AuthFailed, BadServer."""
        line = connect(
            server,
            route=route,
            timeout_s=timeout_s,
            starttls=pop3_login.starttls,
        )
        try:
            return cls(line, pop3_login.sign_in(line, secret))
        except BaseException:
            line.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def bytes_in(self) -> int:
        """How much was received so far."""
        return self._line.bytes_in

    def count(self) -> int:
        """How many messages there are (STAT)."""
        reply = self._ask("STAT")
        first = reply.text.split()[:1]
        if not reply.ok or not first or not first[0].isdigit():
            raise refusal(reply, "The server does not say how many messages there are.")
        return int(first[0])

    def uidls(self) -> dict[int, str]:
        """Each message's lasting name, by its number (RFC 1939, 7). BadServer without UIDL."""
        reply = self._ask("UIDL")
        if not reply.ok:
            if reply.temporary:
                raise refusal(reply, "")
            if self.count() == 0:  # some servers find nothing to list an error
                return {}
            raise BadServer(
                "The server gives its messages no lasting names (UIDL), so it cannot be told "
                "which of them are new.",
                reply.text,
            )
        return {number: name for number, name in listing(read_lines(self._line), "UIDL") if name}

    def sizes(self) -> dict[int, int]:
        """Each message's size in bytes, by its number, as the server estimates it (LIST)."""
        reply = self._ask("LIST")
        if not reply.ok:
            raise refusal(reply, "The server does not list its messages.")
        found = listing(read_lines(self._line), "LIST")
        return {number: int(size) for number, size in found if size.isdigit()}

    def retrieve(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Whole messages, in the order asked for, each as soon as it is there.

        One the server refuses is left out and noted in `refused`. An iterator given up half way
        closes the session, since the rest of what was asked for is still on its way.
        """
        return self._bodies([(number, f"RETR {number}") for number in numbers])

    def top(self, number: int, lines: int = 0) -> bytes:
        """A message's header and its first lines (RFC 1939, 7). Raises Refused without TOP."""
        for _, body in self._bodies([(number, f"TOP {number} {lines}")]):
            return body
        raise Refused(
            "The server does not show the beginning of a message.", self.refused.get(number, "")
        )

    def tops(self, numbers: Sequence[int], lines: int = 0) -> Iterator[tuple[int, bytes]]:
        """As `retrieve`, but only headers and the first lines."""
        return self._bodies([(number, f"TOP {number} {lines}") for number in numbers])

    def delete(self, numbers: Sequence[int]) -> None:
        """Marks messages to be deleted; only `quit` makes it real. Raises Refused if one was not
        marked, after having asked for all."""
        refused: Reply | None = None
        for _, reply in self._pipeline([(number, f"DELE {number}") for number in numbers]):
            if not reply.ok:
                refused = reply
        if refused is not None:
            raise refusal(refused, "The server did not delete a message.")

    def noop(self) -> None:
        """Keeps the session alive."""
        reply = self._ask("NOOP")
        if not reply.ok:
            raise refusal(reply, "The server did not answer as it should.")

    def quit(self) -> None:
        """Ends the session. Returns only if the server said +OK, that is if what was marked is
        deleted; else raises (Offline: nothing is known; Refused: something was not deleted)."""
        try:
            reply = self._ask("QUIT")
        finally:
            self._line.close()
        if not reply.ok:
            raise refusal(reply, "The server could not delete the messages it was told to.")

    def close(self) -> None:
        """Drops the connection: nothing that was marked is deleted."""
        self._line.close()

    def _ask(self, command: str) -> Reply:
        self._line.write(command.encode("ascii") + b"\r\n")
        return read_reply(self._line)

    def _bodies(self, commands: Sequence[tuple[int, str]]) -> Iterator[tuple[int, bytes]]:
        for number, reply in self._pipeline(commands):
            if reply.ok:
                yield number, read_body(self._line, MESSAGE_LIMIT)
            elif reply.temporary:
                raise refusal(reply, "")
            else:
                self.refused[number] = reply.text

    def _pipeline(self, commands: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Reply]]:
        """Each command's number and reply; a body must be read before the next is asked for.

        Left early with answers outstanding, the session is closed: they cannot be told apart
        from what is asked later.
        """
        asked: deque[int] = deque()
        following = iter(commands)
        try:
            while True:
                if len(asked) <= self._depth // 2:
                    batch = bytearray()
                    while len(asked) < self._depth and (next_one := next(following, None)):
                        asked.append(next_one[0])
                        batch += next_one[1].encode("ascii") + b"\r\n"
                    if batch:
                        self._line.write(batch)
                if not asked:
                    break
                reply = read_reply(self._line)
                yield asked.popleft(), reply
        finally:
            if asked:
                self._line.close()
