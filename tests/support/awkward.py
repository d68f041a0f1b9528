"""An IMAP server with a mailbox in memory that misbehaves as a test asks it to.

    def tamper(call: Call) -> bytes:
        if call.name == "UID SEARCH":
            raise HangUp(b"* BYE enough\\r\\n")
        return call.run().replace(b"RFC822.SIZE", b"RFC822.SIZE 1 RFC822.SIZE")

    with Awkward(tamper) as server:
        server.put("INBOX", raw)
        engine.account_add(account(server.account()), "")

Unlike `scripted`, it knows what the answers would be (the demo host works them out), so that a test
says only what is wrong with them. It speaks to each client in a thread, on a real socket. The
commands of all connections are kept in `commands`; those with plain EXPUNGE fail the `with`.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any

from martlet.demo import imap_folders, imap_letters
from martlet.demo.imap_session import No, Session
from martlet.demo.imap_words import BadCommand, Token, tokens, word
from martlet.demo.mailbox import Folder, Letter, Mailbox
from martlet.mail.account import Protocol, Security, Server

from .certificates import Certificates
from .listener import Listener, end
from .scripted import server_context

PLAIN = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN"
USUAL = (
    f"{PLAIN} ID ENABLE NAMESPACE CHILDREN SPECIAL-USE LIST-EXTENDED LIST-STATUS UIDPLUS MOVE "
    "UNSELECT IDLE"
)
_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\r\n\Z")
_LETTERS = {
    "FETCH": imap_letters.fetch,
    "STORE": imap_letters.store,
    "SEARCH": imap_letters.search,
    "COPY": imap_letters.copy,
    "MOVE": imap_letters.move,
    "EXPUNGE": imap_letters.expunge,
}
_FOLDERS = {
    "LIST": imap_folders.list_,
    "LSUB": imap_folders.lsub,
    "NAMESPACE": imap_folders.namespace,
    "STATUS": imap_folders.status,
    "SELECT": imap_folders.select,
    "EXAMINE": imap_folders.examine,
    "UNSELECT": imap_folders.unselect,
    "CLOSE": imap_folders.close,
    "CREATE": imap_folders.create,
    "DELETE": imap_folders.delete,
    "RENAME": imap_folders.rename,
    "SUBSCRIBE": imap_folders.subscribe,
    "UNSUBSCRIBE": imap_folders.unsubscribe,
    "APPEND": imap_letters.append,
}


class HangUp(Exception):
    """Raised by a tamper: these bytes are sent and the connection ends."""

    def __init__(self, last: bytes = b"") -> None:
        super().__init__()
        self.last = last


class Silence(Exception):
    """Raised by a tamper: these bytes are sent, and nothing more until the client hangs up."""

    def __init__(self, last: bytes = b"") -> None:
        super().__init__()
        self.last = last


@dataclass(slots=True)
class Call:
    """One command. number: counted over all connections from 0. name: "SELECT", "UID FETCH".

    line: the command with its literals, without its tag.
    """

    number: int
    connection: int
    tag: bytes
    name: str
    line: bytes
    session: Session
    _run: Callable[[bytes], bytes]

    def run(self) -> bytes:
        """Carries it out; answers what a good server would send."""
        return self._run(self.line)

    def run_as(self, line: bytes) -> bytes:
        """Carries out another command in its place."""
        return self._run(line)

    def no(self, why: str = "not today") -> bytes:
        return self.tag + b" NO " + why.encode() + b"\r\n"

    def ok(self, before: bytes = b"") -> bytes:
        return before + self.tag + b" OK done\r\n"


Tamper = Callable[[Call], bytes]


def behave(call: Call) -> bytes:
    """As a good server does."""
    return call.run()


class _Kept(asyncio.StreamWriter):
    """What the demo's code writes, kept."""

    def __init__(self) -> None:
        self.data = bytearray()

    def __del__(self) -> None:
        # A real one closes its transport here; this one has none.
        pass

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.data += data

    async def drain(self) -> None:
        pass

    def take(self) -> bytes:
        data, self.data = bytes(self.data), bytearray()
        return data


class Awkward:
    """Listens on a loopback port while in its `with`.

    tamper: sees every command and answers what is sent; it may be changed at any time.
    capabilities: what is announced. greeting: the whole first line. drip: every byte on its own.
    before_tls: sent in plain text together with the go-ahead of STARTTLS.
    """

    user = "ada"
    password = "secret"

    def __init__(
        self,
        tamper: Tamper = behave,
        *,
        capabilities: str = USUAL,
        greeting: bytes = b"",
        drip: bool = False,
        certificates: Certificates | None = None,
        before_tls: bytes = b"",
        folders: Iterable[tuple[str, str]] = (("Archive", "\\Archive"), ("Trash", "\\Trash")),
    ) -> None:
        self.tamper = tamper
        self.capabilities = capabilities
        self.greeting = greeting
        self.drip = drip
        self.mailbox = Mailbox("ada@example.org")
        for name, use in folders:
            self.mailbox.create(name, use)
        self.commands: list[bytes] = []
        self.connections = 0
        self._certificates = certificates
        self._before_tls = before_tls
        self._lock = threading.RLock()
        self._talks: set[_Talk] = set()
        self._listener = Listener(self._begin, "awkward")
        self.port = self._listener.port

    # --- the mailbox, as another client would change it

    def put(
        self, folder: str, raw: bytes, flags: Iterable[str] = (), *, age_days: float = 0.0
    ) -> Letter:
        with self._lock:
            when = datetime.now(UTC) - timedelta(days=age_days)
            return self.mailbox.add(self.folder(folder), raw, when, flags)

    def folder(self, name: str) -> Folder:
        found = self.mailbox.get(name)
        assert found is not None, name
        return found

    def world(self) -> dict[str, list[tuple[bytes, frozenset[str]]]]:
        """Raw messages and flags by folder, sorted."""
        with self._lock:
            return {
                name: sorted(
                    ((letter.raw, letter.flags) for letter in folder.letters),
                    key=lambda one: (one[0], sorted(one[1])),
                )
                for name, folder in self.mailbox.folders.items()
            }

    def shown(self) -> Counter[tuple[str, str, frozenset[str]]]:
        """Folder, subject and flags of every message other clients show: what is marked as
        deleted is as good as gone.
        """
        return Counter(
            (name, raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode(), flags)
            for name, letters in self.world().items()
            for raw, flags in letters
            if "\\Deleted" not in flags
        )

    def names(self) -> list[str]:
        """The names of the commands so far."""
        return [_name(line) for line in self.commands]

    def account(self, security: Security = Security.NONE, host: str = "127.0.0.1") -> Server:
        """How an account names this server."""
        return Server(Protocol.IMAP, host, self.port, security, self.user)

    # --- its life

    def __enter__(self) -> Awkward:
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._listener.close()
        if error is None and self._listener.problems:
            raise self._listener.problems[0]
        if error is None:
            assert "EXPUNGE" not in self.names(), "plain EXPUNGE was sent"
            assert "CLOSE" not in self.names(), "CLOSE was sent, which expunges"

    def cut(self) -> None:
        """Ends all connections."""
        with self._lock:
            talks = list(self._talks)
        for talk in talks:
            end(talk.sock)

    def _begin(self, sock: socket.socket) -> Callable[[], None]:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = _Talk(self, sock, self.connections)
        self.connections += 1
        with self._lock:
            self._talks.add(talk)
        return partial(self._serve, talk)

    def _serve(self, talk: _Talk) -> None:
        try:
            talk.run()
        finally:
            with self._lock:
                self._talks.discard(talk)
            talk.sock.close()


class _Talk:
    """One connection."""

    def __init__(self, server: Awkward, sock: socket.socket, connection: int) -> None:
        self.server = server
        self.sock = sock
        self.connection = connection
        self.buffer = b""
        self.kept = _Kept()
        self.session = Session(server.mailbox, asyncio.StreamReader.__new__(asyncio.StreamReader),
                               self.kept)  # fmt: skip
        self.ended = False

    def run(self) -> None:
        server = self.server
        greeting = server.greeting or f"* OK [CAPABILITY {server.capabilities}] hello\r\n".encode()
        self.send(greeting)
        while not self.ended and (line := self.command()):
            tag, _, rest = line.partition(b" ")
            with server._lock:
                call = Call(
                    len(server.commands),
                    self.connection,
                    tag,
                    _name(rest),
                    rest,
                    self.session,
                    partial(self.carry_out, tag),
                )
                server.commands.append(rest)
            try:
                self.send(server.tamper(call))
            except HangUp as end:
                self.send(end.last)
                return
            except Silence as end:
                self.send(end.last)
                while self.sock.recv(65_536):
                    pass
                return
            if call.name == "STARTTLS" and server._certificates is not None:
                self.sock = server_context(server._certificates).wrap_socket(
                    self.sock, server_side=True
                )
                self.buffer = b""

    def send(self, data: bytes) -> None:
        if not self.server.drip:
            self.sock.sendall(data)
            return
        for place in range(len(data)):
            self.sock.sendall(data[place : place + 1])

    def command(self) -> bytes:
        data = b""
        while True:
            line = self.line()
            if not line:
                return b""
            data += line
            literal = _LITERAL.search(data)
            if literal is None:
                return data
            if not literal[2]:
                self.send(b"+ go ahead\r\n")
            size = int(literal[1])
            while len(self.buffer) < size:
                self.buffer += self.read()
            data += self.buffer[:size]
            self.buffer = self.buffer[size:]

    def line(self) -> bytes:
        while b"\n" not in self.buffer:
            more = self.sock.recv(65_536)
            if not more:
                return b""
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def read(self) -> bytes:
        more = self.sock.recv(65_536)
        if not more:
            raise OSError("the client hung up")
        return more

    def carry_out(self, tag: bytes, line: bytes) -> bytes:
        try:
            args = tokens(tag + b" " + line)[1:]
            said = "OK " + self.done(word(args.pop(0)).decode().upper(), args)
        except (BadCommand, IndexError) as error:
            said = f"BAD {error}"
        except No as error:
            said = f"NO {error}"
        return self.kept.take() + tag + b" " + said.encode("ascii", "replace") + b"\r\n"

    def done(self, name: str, args: list[Token]) -> str:
        session = self.session
        match name:
            case "CAPABILITY":
                session.say(f"CAPABILITY {self.server.capabilities}".encode())
            case "ID":
                session.say(b'ID ("name" "Awkward")')
            case "LOGIN" | "AUTHENTICATE":
                return self.sign_in(name, args)
            case "LOGOUT":
                session.say(b"BYE come again")
                self.ended = True
            case "STARTTLS":
                self.kept.write(self.server._before_tls)
            case "ENABLE":
                session.say(b"ENABLED")
            case "IDLE":
                self.idle()
            case "NOOP" | "CHECK":
                with self.server._lock:
                    session.news(expunges=True)
            case _:
                return self.mail(name, args)
        return f"{name} done"

    def mail(self, name: str, args: list[Token]) -> str:
        if not self.session.signed_in:
            raise No("sign in first")
        by_uid = name == "UID"
        if by_uid:
            name = word(args.pop(0)).decode().upper()
        with self.server._lock:
            if name in _LETTERS:
                said = _finished(_LETTERS[name](self.session, args, by_uid=by_uid))
            elif name in _FOLDERS and not by_uid:
                said = _finished(_FOLDERS[name](self.session, args))
            else:
                raise BadCommand("unknown command")
            self.session.news(expunges=by_uid or name not in ("FETCH", "STORE", "SEARCH"))
        return said

    def sign_in(self, name: str, args: list[Token]) -> str:
        if name == "AUTHENTICATE":
            if word(args[0]).upper() != b"PLAIN":
                raise No("[CANNOT] only PLAIN is known here")
            if len(args) < 2:
                self.send(b"+ \r\n")
                self.line()
        elif (word(args[0]), word(args[1])) != (b"ada", b"secret"):
            raise No("[AUTHENTICATIONFAILED] no")
        self.session.signed_in = True
        return f"[CAPABILITY {self.server.capabilities}] welcome"

    def idle(self) -> None:
        self.send(b"+ idling\r\n")
        self.line()
        with self.server._lock:
            self.session.news(expunges=True)


def _finished(work: Coroutine[Any, Any, str]) -> str:
    """Runs what never really waits, as nothing here does."""
    try:
        work.send(None)
    except StopIteration as done:
        return str(done.value)
    raise AssertionError("the demo host waits for something")


def _name(line: bytes) -> str:
    words = line.split()
    if not words:
        return ""
    first = words[0].decode("ascii", "replace").upper()
    if first == "UID" and len(words) > 1:
        return "UID " + words[1].decode("ascii", "replace").upper()
    return first
