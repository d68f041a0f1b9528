"""The demo's POP3 host (RFC 1939) over the inbox, with CAPA, UIDL, TOP and PIPELINING."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from martlet.demo.login import Login, sasl_plain
from martlet.demo.mailbox import INBOX, Letter, Mailbox

_CAPABILITIES = (b"USER", b"SASL PLAIN", b"UIDL", b"TOP", b"PIPELINING", b"IMPLEMENTATION Martlet")


class _Error(Exception):
    """Becomes -ERR."""


@dataclass(slots=True)
class _Session:
    """letters: as at login, so that numbers never shift. gone: marked by DELE."""

    mailbox: Mailbox
    login: Login
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    user: bytes = b""
    letters: list[Letter] | None = None
    gone: set[int] = field(default_factory=set)

    def ok(self, text: bytes = b"") -> None:
        self.writer.write(b"+OK " + text + b"\r\n")

    def lines(self, lines: list[bytes]) -> None:
        """A multi-line answer, dots stuffed."""
        for line in lines:
            self.writer.write((b"." if line.startswith(b".") else b"") + line + b"\r\n")
        self.writer.write(b".\r\n")

    def there(self) -> dict[int, Letter]:
        """The letters by number that are not marked gone."""
        if self.letters is None:
            raise _Error("sign in first")
        return {n: x for n, x in enumerate(self.letters, 1) if n not in self.gone}

    def letter(self, args: list[bytes]) -> tuple[int, Letter]:
        letters = self.there()
        number = int(args[0]) if args and args[0].isdigit() else 0
        if number not in letters:
            raise _Error("no such message")
        return number, letters[number]

    def sign_in(self, user: bytes, password: bytes) -> None:
        if not self.login.fits(user, password):
            raise _Error("[AUTH] wrong user or password")
        self.letters = list(self.mailbox.folders[INBOX].letters)
        self.ok(b"welcome")


async def serve(
    mailbox: Mailbox, login: Login, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Talks with one client until it leaves."""
    session = _Session(mailbox, login, reader, writer)
    session.ok(b"Martlet demo")
    while line := await reader.readline():
        name, *args = line.strip().split(b" ") or [b""]
        name = name.upper()
        try:
            await _run(session, name, args)
        except _Error as error:
            writer.write(f"-ERR {error}\r\n".encode("ascii"))
        await writer.drain()
        if name == b"QUIT":
            break


async def _run(session: _Session, name: bytes, args: list[bytes]) -> None:
    if name == b"CAPA":
        session.ok(b"what I can do")
        session.lines(list(_CAPABILITIES))
    elif name == b"USER":
        session.user = b" ".join(args)
        session.ok()
    elif name == b"PASS":
        session.sign_in(session.user, b" ".join(args))
    elif name == b"AUTH":
        await _auth(session, args)
    elif name == b"NOOP":
        session.ok()
    elif name == b"RSET":
        session.gone.clear()
        session.ok()
    elif name == b"QUIT":
        inbox = session.mailbox.folders[INBOX]
        letters = session.letters or []
        session.mailbox.remove(inbox, [letters[number - 1] for number in session.gone])
        session.ok(b"come again")
    else:
        _about_letters(session, name, args)


async def _auth(session: _Session, args: list[bytes]) -> None:
    if not args or args[0].upper() != b"PLAIN":
        raise _Error("only PLAIN is known here")
    if len(args) > 1:
        answer = args[1]
    else:
        session.writer.write(b"+ \r\n")
        await session.writer.drain()
        answer = (await session.reader.readline()).strip()
    session.sign_in(*sasl_plain(answer))


def _about_letters(session: _Session, name: bytes, args: list[bytes]) -> None:
    letters = session.there()
    if name == b"STAT":
        session.ok(b"%d %d" % (len(letters), sum(len(x.raw) for x in letters.values())))
    elif name in (b"LIST", b"UIDL"):
        shown = {
            number: b"%d" % len(letter.raw) if name == b"LIST" else b"demo-%d" % letter.uid
            for number, letter in letters.items()
        }
        if args:
            number, _ = session.letter(args)
            session.ok(b"%d %b" % (number, shown[number]))
        else:
            session.ok(b"%d messages" % len(letters))
            session.lines([b"%d %b" % pair for pair in shown.items()])
    elif name == b"RETR":
        _, letter = session.letter(args)
        session.ok(b"%d octets" % len(letter.raw))
        session.lines(_lines(letter.raw))
    elif name == b"TOP":
        _, letter = session.letter(args)
        header, _, body = letter.raw.partition(b"\r\n\r\n")
        count = int(args[1]) if len(args) > 1 and args[1].isdigit() else 0
        session.ok(b"top of message")
        session.lines([*_lines(header), b"", *_lines(body)[:count]])
    elif name == b"DELE":
        number, _ = session.letter(args)
        session.gone.add(number)
        session.ok(b"marked")
    else:
        raise _Error("unknown command")


def _lines(raw: bytes) -> list[bytes]:
    return raw.removesuffix(b"\r\n").split(b"\r\n")
