"""Commands and answers on one IMAP connection: tags, pipelining, literals, what nobody asked for.

    run            one command, its untagged answers and its completion
    stream         many commands, a few outstanding at a time, answers as they come
A stream that is given up midway is not waited for: its commands are noted as abandoned, and what
they still bring is dropped until they have completed. It knows nothing of what commands mean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from martlet.mail.errors import BadServer, MailError, Offline, Refused
from martlet.net.connect import Line, server_words
from martlet.net.imap_sets import expand
from martlet.net.imap_wire import (
    Continuation,
    Exists,
    Expunge,
    Fetch,
    Parser,
    Response,
    Status,
    Untagged,
    Vanished,
)

UNSOLICITED_KEPT = 10_000
ANSWERS_KEPT = 1_000_000
# Without waiting, up to here; longer ones wait for the server's word, so that it can refuse first.
EAGER_LITERAL = 64 * 1024
EAGER_LITERAL_MINUS = 4096  # RFC 7888, 5

News = Exists | Expunge | Vanished | Fetch


@dataclass(frozen=True, slots=True)
class Literal:
    """A part of a command sent as a literal. binary: as literal8, for bytes with NUL."""

    data: bytes
    binary: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A command's completion and the untagged answers that came before it."""

    status: Status
    answers: list[Response]


class Talk:
    """One connection's commands. Used by one thread.

    capabilities: as last told, in capitals. unsolicited: the news nobody asked for, oldest first.
    exists: how many messages the selected folder has. modseq: the highest told of it.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self.capabilities: frozenset[str] = frozenset()
        self.unsolicited: deque[News] = deque(maxlen=UNSOLICITED_KEPT)
        self.exists = 0
        self.modseq = 0
        self._parser = Parser()
        self._count = 0
        self._abandoned: set[str] = set()

    def receive(self) -> Response:
        """The next response, which is waited for. A BYE raises Offline."""
        while True:
            response = self._parser.next()
            if response is not None:
                return self._noted(response)
            self._parser.feed(self.line.read_some())

    def received(self) -> Response | None:
        """The next response if it has been read from the line already."""
        response = self._parser.next()
        return None if response is None else self._noted(response)

    def read_more(self) -> None:
        """Reads from the line once, for `received`."""
        self._parser.feed(self.line.read_some())

    def send(self, *parts: bytes | Literal) -> str:
        """Sends a command and answers its tag. Refused when the server will not take a literal."""
        self._count += 1
        tag = f"M{self._count}"
        out = bytearray(tag.encode() + b" ")
        for part in parts:
            if isinstance(part, bytes):
                out += part
                continue
            eager = self._takes_eagerly(part)
            sign = b"~" if part.binary else b""
            out += sign + b"{%d%s}\r\n" % (len(part.data), b"+" if eager else b"")
            if not eager:
                self.line.write(out)
                out.clear()
                self._go_ahead(tag)
            if len(part.data) > EAGER_LITERAL:
                self.line.write(part.data)
            else:
                out += part.data
        out += b"\r\n"
        self.line.write(out)
        return tag

    def finish(self, tag: str) -> Done:
        """Waits for a command's completion; NO is left for the caller to judge, BAD raises."""
        answers: list[Response] = []
        while True:
            response = self.receive()
            if isinstance(response, Status) and response.tag:
                if response.tag in self._abandoned:
                    self._abandoned.discard(response.tag)
                    continue
                if response.tag != tag:
                    raise BadServer("The server answered a command that was never given.")
                return Done(self._judged(response), answers)
            if self._dropped(response):
                continue
            if len(answers) >= ANSWERS_KEPT:
                raise BadServer("The server's answer has no end.")
            answers.append(response)

    def run(self, *parts: bytes | Literal, doing: str) -> Done:
        """One command that must succeed. NO raises Refused: "The server would not {doing}."."""
        done = self.finish(self.send(*parts))
        if done.status.kind == "NO":
            raise refused(doing, done.status)
        return done

    def ask(
        self, *parts: bytes | Literal, doing: str, wanted: Callable[[Response], bool]
    ) -> list[Response]:
        """Like `run`; the wanted answers are returned, other news is kept as unsolicited."""
        done = self.run(*parts, doing=doing)
        answers = []
        for response in done.answers:
            if wanted(response):
                answers.append(response)
            else:
                self.keep(response)
        return answers

    def stream(
        self, commands: Iterable[bytes], *, doing: str, depth: int = 4
    ) -> Iterator[Response]:
        """Answers of many commands, `depth` outstanding at a time, in the order they come.

        A NO is raised as Refused after everything else has been answered.
        """
        outstanding: deque[str] = deque()
        said_no: Status | None = None
        waiting = iter(commands)
        finished = False
        try:
            while True:
                while not finished and len(outstanding) < depth:
                    command = next(waiting, None)
                    if command is None:
                        finished = True
                    else:
                        outstanding.append(self.send(command))
                if not outstanding:
                    break
                response = self.receive()
                if isinstance(response, Status) and response.tag:
                    if response.tag in self._abandoned:
                        self._abandoned.discard(response.tag)
                        continue
                    if response.tag not in outstanding:
                        raise BadServer("The server answered a command that was never given.")
                    outstanding.remove(response.tag)
                    if self._judged(response).kind == "NO":
                        said_no = response
                elif not self._dropped(response):
                    yield response
        finally:
            self._abandoned.update(outstanding)
        if said_no is not None:
            raise refused(doing, said_no)

    def keep(self, response: Response) -> None:
        """Keeps a response nobody asked for, if it says that the folder has changed."""
        if isinstance(response, Fetch):
            if response.flags is not None:
                self.unsolicited.append(
                    Fetch(response.number, response.uid, response.flags, modseq=response.modseq)
                )
        elif isinstance(response, Expunge):
            self.exists = max(0, self.exists - 1)
            self.unsolicited.append(response)
        elif isinstance(response, Vanished):
            if not response.earlier:
                self.exists = max(0, self.exists - len(expand(response.uids)))
            self.unsolicited.append(response)
        elif isinstance(response, Exists):
            # Announced anew by some servers though nothing has changed.
            if response.count != self.exists:
                self.unsolicited.append(response)
            self.exists = response.count

    def _noted(self, response: Response) -> Response:
        if isinstance(response, Status):
            if response.code == "CAPABILITY":
                self.capabilities = words(response.argument)
            elif response.code == "HIGHESTMODSEQ" and response.argument.isdigit():
                self.modseq = max(self.modseq, int(response.argument[:20]))
            if response.kind == "BYE":
                raise Offline(
                    f"{self.line.server.host} ended the connection.", server_words(response.text)
                )
            if response.kind == "BAD" and not response.tag:
                raise self._bad(response)
        elif isinstance(response, Fetch):
            self.modseq = max(self.modseq, response.modseq)
        elif isinstance(response, Untagged) and response.name == "CAPABILITY":
            self.capabilities = words(response.text)
        return response

    def _dropped(self, response: Response) -> bool:
        """Whether this is what a given-up stream still brings."""
        return bool(self._abandoned) and isinstance(response, Fetch)

    def _judged(self, status: Status) -> Status:
        if status.kind == "BAD":
            raise self._bad(status)
        return status

    def _bad(self, status: Status) -> BadServer:
        return BadServer(
            f"{self.line.server.host} did not understand a command.", server_words(status.text)
        )

    def _takes_eagerly(self, literal: Literal) -> bool:
        if "LITERAL+" in self.capabilities:
            return len(literal.data) <= EAGER_LITERAL
        if "LITERAL-" in self.capabilities or "IMAP4REV2" in self.capabilities:
            return len(literal.data) <= EAGER_LITERAL_MINUS
        return False

    def _go_ahead(self, tag: str) -> None:
        """Waits for "+" before a literal (RFC 9051, 4.3)."""
        while True:
            response = self.receive()
            if isinstance(response, Continuation):
                return
            if isinstance(response, Status) and response.tag == tag:
                raise refused("take this", self._judged(response))
            if isinstance(response, Status) and response.tag in self._abandoned:
                self._abandoned.discard(response.tag)
            elif not self._dropped(response):
                self.keep(response)


def words(raw: bytes) -> frozenset[str]:
    """A list of capabilities, in capitals."""
    return frozenset(raw.decode("ascii", "replace").upper().split())


def refused(doing: str, status: Status) -> MailError:
    """What a NO means (RFC 5530)."""
    said = server_words((f"[{status.code}] ".encode() if status.code else b"") + status.text)
    if status.code == "OVERQUOTA":
        return Refused("The mailbox on the server is full.", said)
    if status.code in ("UNAVAILABLE", "INUSE"):
        return Offline(f"The server cannot {doing} at the moment.", said)
    return Refused(f"The server would not {doing}.", said)
