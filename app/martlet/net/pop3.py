"""POP3 (RFC 1939): one session with a maildrop, pipelined where the server allows it (RFC 2449).

    greeting -> [CAPA, STLS] -> CAPA -> sign in (pop3_login.py) -> Pop3Session -> QUIT

What a reply means is read in pop3_wire.py. Which messages are new, what is kept and when a message
may be deleted is the engine's: here nothing is deleted before QUIT was answered with +OK.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from martlet.mail.account import Server
from martlet.mail.errors import BadServer, Offline, Refused
from martlet.mail.route import Route
from martlet.net import pop3_login
from martlet.net.connect import Line, connect
from martlet.net.pop3_wire import (
    Reply,
    as_number,
    numbered,
    read_body,
    read_lines,
    read_reply,
    read_slowly,
    refusal,
)

MESSAGE_LIMIT = 512 << 20  # bytes; more than any server takes in
# Far beyond what a server that reckons its sizes is wrong by.
SLACK = 16 << 20
# Commands on their way at once: of whole messages, and of what is quickly answered.
DEPTH = 250
DEPTH_SHORT = 500
LONGEST_DELAY_S = 86_400
_NOOP = 0
NO_NAMES = (
    "The server gives its messages no lasting names (UIDL), so it cannot be told "
    "which of them are new."
)
NO_TOP = "The server does not show the beginning of a message."
NOTHING: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Listed:
    """A message of the maildrop. uidl: its lasting name, "" without one. size: bytes as LIST
    tells them, 0 when it does not."""

    uidl: str
    size: int


class Pop3Session:
    """A signed-in session. Message numbers count from 1 and are only good for this session.

    refused: what the server said to a RETR, TOP or DELE it did not carry out, by message number.
    Raises only MailErrors; after one other than Refused only `close` makes sense, which the end of
    a `with` does too.
    """

    def __init__(self, line: Line, capabilities: dict[str, tuple[str, ...]]) -> None:
        self.capabilities = capabilities
        self.refused: dict[int, str] = {}
        self._line = line
        self._pipelines = "PIPELINING" in capabilities

    @classmethod
    def open(cls, server: Server, secret: str, *, route: Route, timeout_s: float) -> Pop3Session:
        """Connects and signs in. Raises Offline (also when the mailbox is in use elsewhere),
        TlsRefused, AuthFailed, Refused, BadServer."""
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

    @property
    def bytes_out(self) -> int:
        """How much was sent so far."""
        return self._line.bytes_out

    @property
    def may_top(self) -> bool:
        """Whether TOP is worth a try: it is offered, or what is offered is not known."""
        return not self.capabilities or "TOP" in self.capabilities

    @property
    def login_delay_s(self) -> int:
        """How long to wait between two sessions (LOGIN-DELAY; RFC 2449, 6.5), 0 when not told; at
        most a day."""
        return min(LONGEST_DELAY_S, self._number("LOGIN-DELAY", 0))

    @property
    def expires_days(self) -> int | None:
        """After how many days the server deletes mail by itself (EXPIRE; RFC 2449, 6.7), 0 for
        once it was fetched; None when it never does, or does not say."""
        days = self._number("EXPIRE", -1)
        return days if days >= 0 else None

    def count(self) -> int:
        """How many messages there are (STAT)."""
        reply = self._ask("STAT")
        count = as_number(reply.text.partition(" ")[0]) if reply.ok else None
        if count is None:
            raise refusal(reply, "The server does not say how many messages there are.")
        return count

    def listing(self) -> dict[int, Listed]:
        """All messages by number (LIST and UIDL, in one round trip where that can be).

        Where the server gives no lasting names at all, or none for a message, uidl is "".
        """
        (_, listed, sizes), (_, named, names) = list(self._listings(("LIST", "UIDL")))
        for reply in (listed, named):
            if reply.temporary:
                raise refusal(reply, "")
        if not listed.ok and (not named.ok or not names):
            # Some servers find it an error to list nothing.
            if self.count() == 0:
                return {}
            raise refusal(listed, "The server does not list its messages.")
        found: dict[int, Listed] = {}
        for place in sorted({*sizes, *names}):
            found[place] = Listed(names.get(place, ""), as_number(sizes.get(place, "")) or 0)
        return found

    def uidls(self) -> dict[int, str]:
        """Each message's lasting name, by its number (RFC 1939, 7). BadServer without UIDL."""
        ((_, reply, names),) = list(self._listings(("UIDL",)))
        if not reply.ok:
            if reply.temporary:
                raise refusal(reply, "")
            if self.count() == 0:
                return {}
            raise BadServer(NO_NAMES, reply.text)
        return names

    def sizes(self) -> dict[int, int]:
        """Each message's size in bytes, by its number, as the server estimates it (LIST)."""
        ((_, reply, sizes),) = list(self._listings(("LIST",)))
        if not reply.ok:
            raise refusal(reply, "The server does not list its messages.")
        told = {place: as_number(size) for place, size in sizes.items()}
        return {place: size for place, size in told.items() if size is not None}

    def retrieve(
        self, numbers: Sequence[int], sizes: Mapping[int, int] = NOTHING
    ) -> Iterator[tuple[int, bytes]]:
        """Whole messages, in the order asked for, each as soon as it is there.

        sizes: what LIST said of them; a message far larger is BadServer. One the server refuses
        is left out and noted in `refused`. An iterator given up half way closes the session, since
        the rest of what was asked for is still on its way.
        """
        return self._bodies([(number, f"RETR {number}") for number in numbers], DEPTH, sizes)

    def retrieve_one(self, number: int, size: int, told: Callable[[int], None]) -> bytes:
        """One large message; `told` hears how many bytes have come, and may raise to end it, which
        closes the session. Raises Refused when the server does not give it."""
        reply = self._ask(f"RETR {number}")
        if not reply.ok:
            raise refusal(reply, "The server does not give this message.")
        try:
            if reply.bare:
                raw = read_body(self._line, _limit(size), bare=True)
            else:
                raw = read_slowly(self._line, _limit(size), told)
            self._ask("NOOP")  # see _bodies
            return raw
        except BaseException:
            self._line.close()
            raise

    def top(self, number: int, lines: int = 0) -> bytes:
        """A message's header and its first lines (RFC 1939, 7). Raises Refused without TOP."""
        for _, body in self.tops([number], lines):
            return body
        raise Refused(NO_TOP, self.refused.get(number, ""))

    def tops(self, numbers: Sequence[int], lines: int = 0) -> Iterator[tuple[int, bytes]]:
        """As `retrieve`, but only headers and the first lines."""
        return self._bodies([(n, f"TOP {n} {lines}") for n in numbers], DEPTH_SHORT, NOTHING)

    def delete(self, numbers: Sequence[int]) -> list[int]:
        """Marks messages to be deleted; only `quit` makes it real. Answers those that are marked;
        what the server said of the others is in `refused`."""
        marked: list[int] = []
        commands = [(number, f"DELE {number}") for number in numbers]
        for number, reply in self._pipeline(commands, DEPTH_SHORT):
            if reply.ok:
                marked.append(number)
            else:
                self.refused[number] = reply.text
        return marked

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
        """Drops the connection: nothing that was marked is deleted. From any thread."""
        self._line.close()

    def _number(self, capability: str, otherwise: int) -> int:
        told = as_number("".join(self.capabilities.get(capability, ())[:1]))
        return otherwise if told is None else told

    def _ask(self, command: str) -> Reply:
        self._line.write(command.encode("ascii") + b"\r\n")
        return read_reply(self._line)

    def _listings(self, commands: Sequence[str]) -> Iterator[tuple[str, Reply, dict[int, str]]]:
        for place, reply in self._pipeline(list(enumerate(commands)), len(commands)):
            words: dict[int, str] = {}
            if reply.ok:
                words = numbered(read_lines(self._line, bare=reply.bare), commands[place])
            yield commands[place], reply, words

    def _bodies(
        self, commands: Sequence[tuple[int, str]], depth: int, sizes: Mapping[int, int]
    ) -> Iterator[tuple[int, bytes]]:
        """Each body once the answer that follows it makes sense: a server that does not double
        the dot of a line "." has not told all of that message. NOOP follows the last."""
        if not commands:
            return
        held: tuple[int, bytes] | None = None
        try:
            for number, reply in self._pipeline([*commands, (_NOOP, "NOOP")], depth):
                if held is not None:
                    yield held
                    held = None
                if number == _NOOP:
                    continue
                if reply.ok:
                    limit = _limit(sizes.get(number, 0))
                    held = number, read_body(self._line, limit, bare=reply.bare)
                elif reply.temporary:
                    raise refusal(reply, "")
                else:
                    self.refused[number] = reply.text
        except Offline:
            if held is not None and sizes.get(held[0], 0) in (0, len(held[1])):
                yield held
            raise

    def _pipeline(
        self, commands: Sequence[tuple[int, str]], depth: int
    ) -> Iterator[tuple[int, Reply]]:
        """Each command's number and reply; a body must be read before the next is asked for.

        Left early with answers outstanding, the session is closed: they cannot be told apart
        from what is asked later.
        """
        depth = depth if self._pipelines else 1
        asked: deque[int] = deque()
        following = iter(commands)
        try:
            while True:
                if len(asked) <= depth // 2:
                    batch = bytearray()
                    while len(asked) < depth and (next_one := next(following, None)):
                        asked.append(next_one[0])
                        batch += next_one[1].encode("ascii") + b"\r\n"
                    if batch:
                        self._line.write(batch)
                if not asked:
                    break
                reply = read_reply(self._line, brief=True)
                yield asked.popleft(), reply
        finally:
            if asked:
                self._line.close()


def _limit(size: int) -> int:
    """How many bytes of a message are read that LIST says to be so large."""
    return min(MESSAGE_LIMIT, 2 * size + SLACK) if size else MESSAGE_LIMIT
