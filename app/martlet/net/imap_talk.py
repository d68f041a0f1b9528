"""Commands and answers on one IMAP connection: tags, pipelining, literals, what nobody asked for.

    run            one command, its untagged answers and its completion
    each           many commands, a few outstanding at a time, their completions
    stream         the same, answers as they come
    later          a command whose answer nobody waits for; it goes out with the next one
A stream that is given up midway is not waited for: its commands are noted as abandoned, and what
they still bring is dropped until they have completed. It knows nothing of what commands mean.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from martlet.mail.errors import BadServer, MailError, Offline
from martlet.net.body import Body
from martlet.net.connect import Line, server_words
from martlet.net.imap_said import names, refused, words
from martlet.net.imap_sets import count
from martlet.net.imap_wire import (
    BODY_LIMIT,
    STRANGER_LIMIT,
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
from martlet.net.line import SLOW_AFTER, SLOW_BYTES_S

UNSOLICITED_KEPT = 10_000
REMARKS_KEPT = 50
FLOOD_LIMIT = 5_000_000  # answers to one command
COMMAND_S = 1800.0  # that a command may be waited for, unless SLOW_BYTES_S come
GOODBYE_S = 2.0
ANSWERS_KEPT = 100_000
ANSWERS_SIZE = BODY_LIMIT + 16 * 1024 * 1024  # bytes, of all answers to one command
CODES_SIZE = 16 * 1024 * 1024  # bytes, of the completions of many
VANISHED_KEPT = 4 * 1024 * 1024  # bytes of sets
TOLD_SIZE = 4096  # bytes of one STATUS that nobody asked for
ENABLED_KEPT = 1000
DEPTH = 4
# Without waiting, up to here; longer ones wait for the server's word, so that it can refuse first.
EAGER_LITERAL = 64 * 1024
EAGER_LITERAL_MINUS = 4096  # RFC 7888, 5
News = Exists | Expunge | Vanished | Fetch


@dataclass(frozen=True, slots=True)
class Literal:
    """A part of a command sent as a literal. binary: as literal8, for bytes with NUL."""

    data: bytes | Body
    binary: bool = False

    @property
    def size(self) -> int:
        return self.data.size if isinstance(self.data, Body) else len(self.data)


@dataclass(frozen=True, slots=True)
class Done:
    """A command's completion and the untagged answers that came before it."""

    status: Status
    answers: list[Response]


class Talk:
    """One connection's commands. Used by one thread.

    capabilities: as last told, in capitals, with what IMAP4REV2 implies. enabled: what ENABLE
    has switched on. unsolicited: the news nobody asked for, oldest first.
    exists: how many messages the selected folder has. modseq: the highest told of it.
    told: STATUS and LIST that nobody asked for (NOTIFY). overflowed: NOTIFY has been switched off.
    farewell: the server's BYE, once there was one.
    stranger: until `let_in` the server is not trusted with much of our memory.
    remarks: what was odd and has been passed over, a sentence and the server's words.
    """

    def __init__(
        self,
        line: Line,
        *,
        stranger: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.line = line
        self.capabilities: frozenset[str] = frozenset()
        self.enabled: frozenset[str] = frozenset()
        self.unsolicited: deque[News] = deque(maxlen=UNSOLICITED_KEPT)
        self.told: deque[Untagged] = deque(maxlen=UNSOLICITED_KEPT)
        self.overflowed = False
        self.farewell: Status | None = None
        self.remarks: deque[tuple[str, str]] = deque(maxlen=REMARKS_KEPT)
        self.exists = 0
        self.modseq = 0
        few = STRANGER_LIMIT
        self._parser = Parser(text_limit=few, literal_limit=few, body_limit=few)
        if not stranger:
            self.let_in()
        self._count = 0
        self._answers = 0  # since the last completion
        self._begun = 0.0  # when the answer that is arriving was first waited for, or 0.0
        self._begun_at = 0  # and how much had come by then
        self._clock = clock
        self._waited_s = 0.0  # for the line, since the last completion
        self._waited_at = 0  # and how much had come by then
        self._vanished = 0  # bytes of the sets in `unsolicited`
        self._held = bytearray()
        self._abandoned: set[str] = set()
        self._later: set[str] = set()

    def let_in(self) -> None:
        """The server has let us in: it may say more at a time."""
        self._parser.widen()

    def receive(self) -> Response:
        """The next response, which is waited for. A BYE raises Offline."""
        while True:
            response = self._parser.next()
            if response is not None:
                return self._noted(response)
            self.read_more()

    def received(self) -> Response | None:
        """The next response if it has been read from the line already."""
        response = self._parser.next()
        return None if response is None else self._noted(response)

    def read_more(self) -> None:
        """Reads from the line once, for `received`. Offline when answers are dripping in.

        Neither one answer nor, whatever else is said meanwhile ("* OK still here"), all those to
        one command may do so. The news IDLE waits for is no answer: the waiting is the line's.
        """
        self.flush()
        now = self._clock()
        if not self._begun:
            self._begun, self._begun_at = now, self.line.bytes_in
        self._parser.feed(self.line.read_some())
        self._waited_s += self._clock() - now
        took_s = self._clock() - self._begun
        if self._drips(took_s, self._begun_at, SLOW_AFTER * self.line.timeout_s) or self._drips(
            self._waited_s, self._waited_at, COMMAND_S
        ):
            raise Offline(f"{self.line.server.host} answers too slowly to be of use.")

    def goodbye(self) -> None:
        """LOGOUT. Waits a moment for the BYE, which is Offline as any, then returns."""
        until = self._clock() + GOODBYE_S
        self.line.timeout_s = GOODBYE_S
        self.send(b"LOGOUT")
        while (left_s := until - self._clock()) > 0:
            if self.received() is None:
                self.line.timeout_s = left_s
                self.read_more()

    def rest(self) -> bytes:
        """What was read from the line and is no response yet; it is taken away."""
        return self._parser.rest()

    def send(self, *parts: bytes | Literal, hold: bool = False) -> str:
        """Sends a command and answers its tag. Refused when the server will not take a literal.

        hold: it goes out with the next one, or before anything is waited for.
        """
        self._count += 1
        tag = f"M{self._count}"
        out = self._held
        out += tag.encode() + b" "
        for part in parts:
            if isinstance(part, bytes):
                out += part
                continue
            eager = self._takes_eagerly(part)
            sign = b"~" if part.binary else b""
            out += sign + b"{%d%s}\r\n" % (part.size, b"+" if eager else b"")
            if not eager:
                self.flush()
                self._go_ahead(tag)
            if isinstance(part.data, Body):
                self.flush()
                self._write(part.data)
            elif len(part.data) > EAGER_LITERAL:
                self.flush()
                self.line.write(part.data)
            else:
                out += part.data
        out += b"\r\n"
        if not hold:
            self.flush()
        return tag

    def _write(self, data: Body) -> None:
        """A literal in pieces. One that cannot be read to its end ends the connection: what was
        announced can neither be finished nor taken back."""
        try:
            for piece in data.pieces():
                self.line.write(piece)
        except MailError:
            self.line.close()
            raise

    def later(self, *parts: bytes | Literal) -> None:
        """A command whose completion changes nothing by itself; it goes out with the next one."""
        self._later.add(self.send(*parts, hold=True))

    def settle(self) -> None:
        """Waits for what `later` has sent."""
        while self._later:
            response = self.receive()
            if isinstance(response, Status) and response.tag:
                self.pass_over(response)
            elif not self._dropped(response):
                self.keep(response)

    def flush(self) -> None:
        """Sends what is held."""
        if self._held:
            self.line.write(self._held)
            self._held.clear()

    def finish(
        self,
        tag: str,
        *,
        take: Callable[[Response], bool] | None = None,
        tolerant: bool = False,
    ) -> Done:
        """Waits for a command's completion; NO is left for the caller to judge, BAD raises.

        take: sees each answer first; those it says True to are not kept. Of a FETCH only the
        flags are kept. tolerant: BAD is left for the caller too.
        """
        answers: list[Response] = []
        size = 0
        while True:
            response = self.receive()
            if isinstance(response, Status) and response.tag:
                if self._passed(response):
                    continue
                if response.tag != tag:
                    raise self._stray()
                return Done(response if tolerant else self._judged(response), answers)
            if self._dropped(response):
                continue
            size += self._parser.size
            if size > ANSWERS_SIZE or len(answers) >= ANSWERS_KEPT:
                raise BadServer("The server's answer has no end.")
            if take and take(response):
                continue
            answers.append(_flags_of(response) if isinstance(response, Fetch) else response)

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

    def each(self, commands: Iterable[bytes], *, doing: str, depth: int = DEPTH) -> list[Status]:
        """Many commands; answers all statuses with a code, untagged ones too, without their text.

        Refused as `stream`.
        """
        found: list[Status] = []
        size = 0
        for response in self.stream(commands, doing=doing, depth=depth, completions=True):
            if not isinstance(response, Status):
                self.keep(response)
            elif response.code:
                size += len(response.argument)
                if size > CODES_SIZE or len(found) >= ANSWERS_KEPT:
                    raise BadServer("The server's answer has no end.")
                found.append(replace(response, text=b""))
        return found

    def stream(
        self,
        commands: Iterable[bytes],
        *,
        doing: str,
        depth: int = DEPTH,
        completions: bool = False,
    ) -> Iterator[Response]:
        """Answers of many commands, `depth` outstanding at a time, in the order they come.

        A NO is raised as Refused after everything else has been answered.
        completions: their tagged OKs come too.
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
                        outstanding.append(self.send(command, hold=True))
                self.flush()
                if not outstanding:
                    break
                response = self.receive()
                if isinstance(response, Status) and response.tag:
                    if self._passed(response):
                        continue
                    if response.tag not in outstanding:
                        raise self._stray()
                    outstanding.remove(response.tag)
                    if self._judged(response).kind == "NO":
                        said_no = response
                    elif completions:
                        yield response
                elif not self._dropped(response):
                    yield response
        finally:
            self._abandoned.update(outstanding)
        if said_no is not None:
            raise refused(doing, said_no)

    def keep(self, response: Response) -> None:
        """Keeps a response nobody asked for, if it says that something has changed."""
        if isinstance(response, Fetch):
            if response.flags is not None:
                self.unsolicited.append(_flags_of(response))
        elif isinstance(response, Expunge):
            self.exists = max(0, self.exists - 1)
            self.unsolicited.append(response)
        elif isinstance(response, Vanished):
            # Those from before were never counted (RFC 7162, 3.2.10).
            if not response.earlier:
                self.exists = max(0, self.exists - count(response.uids))
            if not self.unsolicited:
                self._vanished = 0
            self._vanished += len(response.uids)
            if self._vanished > VANISHED_KEPT:
                raise BadServer("The server tells of more changes than there can be.")
            self.unsolicited.append(response)
        elif isinstance(response, Exists):
            # Announced anew by some servers though nothing has changed.
            if response.count != self.exists:
                self.unsolicited.append(response)
            self.exists = response.count
        elif isinstance(response, Untagged) and response.name in ("STATUS", "LIST"):
            if len(response.text) + sum(map(len, response.literals)) <= TOLD_SIZE:
                self.told.append(response)
            else:
                self.remark("What the server tells of a folder is too long; it is passed over.")

    def remark(self, sentence: str, said: bytes = b"") -> None:
        """Notes what a person may want to know of, though it goes on."""
        self.remarks.append((sentence, server_words(said)))

    def keep_all(self, responses: Iterable[Response]) -> None:
        """`keep` for each."""
        for response in responses:
            self.keep(response)

    def _noted(self, response: Response) -> Response:
        self._begun = 0.0
        self._answers += 1
        if self._answers > FLOOD_LIMIT:
            raise BadServer("The server's answer has no end.")
        if isinstance(response, Status):
            if response.tag:
                self._answers = 0
                self._waited_s, self._waited_at = 0.0, self.line.bytes_in
            if response.code == "CAPABILITY":
                self.capabilities = words(response.argument)
            elif response.code == "HIGHESTMODSEQ" and response.argument.isdigit():
                self.modseq = max(self.modseq, int(response.argument[:20]))
            elif response.code == "ALERT":  # must be shown (RFC 9051, 7.1)
                self.remark(f"{self.line.server.host} has something to tell you.", response.text)
            elif response.code == "NOTIFICATIONOVERFLOW":
                self.overflowed = True
            if response.kind == "BYE":
                self.farewell = response
                self.line.broken = True
                raise Offline(
                    f"{self.line.server.host} ended the connection.", server_words(response.text)
                )
            if response.kind == "BAD" and not response.tag:
                raise self._bad(response)
        elif isinstance(response, Fetch):
            self.modseq = max(self.modseq, response.modseq)
        elif isinstance(response, Untagged):
            if response.name == "CAPABILITY":
                self.capabilities = words(response.text)
            elif response.name == "ENABLED" and len(self.enabled) < ENABLED_KEPT:
                self.enabled |= names(response.text)
        return response

    def _drips(self, seconds: float, before: int, allowed_s: float) -> bool:
        """Whether this took longer than is allowed, at less than a bearable rate."""
        came = self.line.bytes_in - before
        return seconds > allowed_s and came < seconds * SLOW_BYTES_S

    def pass_over(self, status: Status) -> None:
        """A completion nobody waits for. BadServer when no such command was given."""
        if not self._passed(status):
            raise self._stray()

    def _passed(self, status: Status) -> bool:
        """Whether this completes what nobody waits for."""
        for tags in (self._abandoned, self._later):
            if status.tag in tags:
                tags.discard(status.tag)
                return True
        return False

    def _dropped(self, response: Response) -> bool:
        """Whether this is what a given-up stream still brings."""
        return bool(self._abandoned) and isinstance(response, Fetch)

    def failed(self, doing: str, status: Status) -> MailError:
        """What it means that a command did not succeed."""
        return self._bad(status) if status.kind == "BAD" else refused(doing, status)

    def _judged(self, status: Status) -> Status:
        if status.kind == "BAD":
            raise self._bad(status)
        return status

    def _bad(self, status: Status) -> BadServer:
        return BadServer(
            f"{self.line.server.host} did not understand a command.", server_words(status.text)
        )

    def _stray(self) -> BadServer:
        return BadServer("The server answered a command that was never given.")

    def _takes_eagerly(self, literal: Literal) -> bool:
        if "LITERAL+" in self.capabilities:
            return literal.size <= EAGER_LITERAL
        if "LITERAL-" in self.capabilities:
            return literal.size <= EAGER_LITERAL_MINUS
        return False

    def _go_ahead(self, tag: str) -> None:
        """Waits for "+" before a literal (RFC 9051, 4.3)."""
        while True:
            response = self.receive()
            if isinstance(response, Continuation):
                return
            if isinstance(response, Status) and response.tag == tag:
                raise refused("take this", self._judged(response))
            if isinstance(response, Status) and response.tag:
                self.pass_over(response)
            elif not self._dropped(response):
                self.keep(response)


def _flags_of(response: Fetch) -> Fetch:
    """What is worth keeping of a FETCH that nobody asked for."""
    return Fetch(response.number, response.uid, response.flags, modseq=response.modseq)
