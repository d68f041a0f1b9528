"""A maildrop on a real socket that does as it should, but for one fault at one step.

    drop = Maildrop([raw, raw])
    with Scripted(drop.talk(Fault.CLOSES, "RETR 2"), drop.talk()) as server: ...

Each `talk` is the script of one connection. What a session marked goes at its QUIT only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from .scripted import Conversation, Script, Unexpected, close, stall

CAPABILITIES = ("USER", "UIDL", "TOP", "PIPELINING", "RESP-CODES", "STLS")


class Fault(Enum):
    """What a server may do instead of answering."""

    ERR = "err"
    CLOSES = "closes"
    SILENT = "silent"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    HALF = "half"
    NO_DOT = "no dot"
    LONE_CR = "lone cr"
    LONE_LF = "lone lf"
    WRONG_COUNT = "wrong count"


class Maildrop:
    """letters: what is there, by name. capabilities: as CAPA tells them; () for no CAPA.

    heard: every command, of all connections. sizes: what LIST says in place of the truth.
    tops, names: whether TOP and UIDL are known. shown: what UIDL says in place of a name.
    refused: names of letters that are not given. stuffs: doubles dots. busy: somebody is at it.
    password: the only one that will do, "" for any.
    """

    def __init__(
        self,
        letters: Sequence[bytes],
        *,
        capabilities: Sequence[str] = CAPABILITIES,
        tops: bool = True,
        names: bool = True,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.letters = {f"u{number}": raw for number, raw in enumerate(letters, 1)}
        self.capabilities = tuple(capabilities)
        self.tops = tops
        self.names = names
        self.sizes = dict(sizes or {})
        self.shown: dict[str, str] = {}
        self.refused: set[str] = set()
        self.heard: list[str] = []
        self.stuffs = True
        self.busy = False
        self.password = ""

    def hears(self, talk: Conversation, line: str) -> None:
        """For those who want to do something at a command before it is carried out."""

    def talk(
        self, fault: Fault | None = None, at: str = "", *, after: Callable[[], None] | None = None
    ) -> Script:
        """at: the beginning of the command that meets the fault, "greeting" for none yet, or
        "answer" for what follows a challenge. after: called when the session has ended."""

        def step(talk: Conversation) -> None:
            try:
                # A client may hang up whenever it likes.
                with contextlib.suppress(Unexpected):
                    _Session(self, talk, fault, at).run()
            finally:
                if after is not None:
                    after()

        return [step]


class _Session:
    def __init__(self, drop: Maildrop, talk: Conversation, fault: Fault | None, at: str) -> None:
        self._drop = drop
        self._talk = talk
        self._fault = fault
        self._at = at
        self._names = list(drop.letters)
        self._gone: set[str] = set()

    def run(self) -> None:
        self._answer("greeting", b"+OK hello <1.2@host>\r\n")
        while True:
            line = self._talk.read_to(b"\n").decode().strip()
            self._drop.heard.append(line)
            self._drop.hears(self._talk, line)
            word = line.partition(" ")[0].upper()
            if word == "AUTH":
                self._answer(line, b"+ PDEuMkBob3N0Pg==\r\n")
                self._talk.read_to(b"\n")
                self._answer("answer", b"+OK in\r\n")
                continue
            self._answer(line, self._reply(word, line.split(" ")[1:]))
            if word == "STLS":
                self._talk.start_tls()
            if word == "QUIT":
                close()(self._talk)

    def _reply(self, word: str, args: list[str]) -> bytes:
        drop = self._drop
        if word == "CAPA":
            return _lines(drop.capabilities) if drop.capabilities else b"-ERR\r\n"
        if word == "PASS" and drop.busy:
            return b"-ERR [IN-USE] somebody else is at it\r\n"
        if word == "PASS" and drop.password not in ("", args[0]):
            return b"-ERR [AUTH] who are you\r\n"
        if word == "STAT":
            return b"+OK %d 100\r\n" % len(self._names)
        if word == "LIST":
            return _lines([f"{n} {self._size(name)}" for n, name in enumerate(self._names, 1)])
        if word == "UIDL":
            if not drop.names:
                return b"-ERR unknown\r\n"
            shown = [drop.shown.get(name, name) for name in self._names]
            return _lines([f"{n} {name}" for n, name in enumerate(shown, 1)])
        if word in ("TOP", "RETR"):
            name = self._names[int(args[0]) - 1]
            if (word == "TOP" and not drop.tops) or name in drop.refused:
                return b"-ERR not that\r\n"
            raw = drop.letters[name]
            if word == "TOP":
                raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            return b"+OK\r\n" + (_stuffed(raw) if drop.stuffs else raw) + b".\r\n"
        if word == "QUIT":
            for name in self._gone:
                drop.letters.pop(name, None)
        if word == "DELE":
            self._gone.add(self._names[int(args[0]) - 1])
        return b"+OK\r\n"

    def _size(self, name: str) -> int:
        return self._drop.sizes.get(name, len(self._drop.letters[name]))

    def _answer(self, step: str, healthy: bytes) -> None:
        if self._fault is None or not self._at or not step.startswith(self._at):
            self._talk.socket.sendall(healthy)
            return
        # Only the first time.
        fault, self._fault = self._fault, None
        send = self._talk.socket.sendall
        match fault:
            case Fault.ERR:
                send(b"-ERR no\r\n")
            case Fault.CLOSES:
                close()(self._talk)
            case Fault.SILENT:
                stall()(self._talk)
            case Fault.GARBAGE:
                send(b"\0\xff<html>\r\n")
            case Fault.ENDLESS:
                send(b"+OK " + b"x" * 20_000)
                stall()(self._talk)
            case Fault.HALF:
                send(healthy[: len(healthy) // 2])
                close()(self._talk)
            case Fault.NO_DOT:
                send(healthy.removesuffix(b".\r\n"))
                close()(self._talk)
            case Fault.LONE_CR:
                send(healthy.replace(b"\r\n", b"\r"))
                stall()(self._talk)
            case Fault.LONE_LF:
                send(healthy.replace(b"\r\n", b"\n"))
            case Fault.WRONG_COUNT:
                send(b"+OK 99 messages (7 octets)\r\n" + healthy.partition(b"\r\n")[2])


def _lines(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in ("+OK", *lines, ".")).encode()


def _stuffed(raw: bytes) -> bytes:
    return raw.replace(b"\r\n.", b"\r\n..")
