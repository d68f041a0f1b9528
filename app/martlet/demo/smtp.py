"""The demo's SMTP host (RFC 5321): takes mail after AUTH and hands it to `deliver`."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from martlet.demo.login import Login, sasl_plain

SIZE_LIMIT = 64 << 20
Deliver = Callable[[str, list[str], bytes], None]
_EHLO = (
    "Martlet demo",
    f"SIZE {SIZE_LIMIT}",
    "8BITMIME",
    "SMTPUTF8",
    "PIPELINING",
    "AUTH PLAIN LOGIN",
)
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>]*)>\s*(.*)", re.IGNORECASE)


@dataclass(slots=True)
class _Session:
    """One connection; sender None: no MAIL yet."""

    login: Login
    deliver: Deliver
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    signed_in: bool = False
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)

    def say(self, code: int, text: str) -> None:
        self.writer.write(f"{code} {text}\r\n".encode())

    async def ask(self, challenge: bytes) -> bytes:
        self.say(334, base64.b64encode(challenge).decode("ascii"))
        await self.writer.drain()
        return (await self.reader.readline()).strip()

    def reset(self) -> None:
        self.sender = None
        self.recipients = []


async def serve(
    login: Login, deliver: Deliver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Talks with one client until it leaves. deliver(sender, recipients, raw)."""
    session = _Session(login, deliver, reader, writer)
    session.say(220, "Martlet demo")
    while line := await reader.readline():
        name, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        name = name.upper()
        await _run(session, name, rest)
        await writer.drain()
        if name == "QUIT":
            break


async def _run(session: _Session, name: str, rest: str) -> None:
    if name == "EHLO":
        session.reset()
        for number, text in enumerate(_EHLO, 1):
            mark = " " if number == len(_EHLO) else "-"
            session.writer.write(f"250{mark}{text}\r\n".encode("ascii"))
    elif name == "HELO":
        session.say(250, "Martlet demo")
    elif name == "AUTH":
        await _auth(session, rest)
    elif name in ("NOOP", "RSET"):
        if name == "RSET":
            session.reset()
        session.say(250, "2.0.0 fine")
    elif name == "QUIT":
        session.say(221, "2.0.0 come again")
    elif not session.signed_in:
        session.say(530, "5.7.0 sign in first")
    elif name in ("MAIL", "RCPT"):
        _envelope(session, name, rest)
    elif name == "DATA":
        await _data(session)
    else:
        session.say(500, "5.5.1 unknown command")


async def _auth(session: _Session, rest: str) -> None:
    mechanism, _, initial = rest.partition(" ")
    answer = initial.encode()
    if mechanism.upper() == "PLAIN":
        user, password = sasl_plain(answer or await session.ask(b""))
    elif mechanism.upper() == "LOGIN":
        try:
            user = base64.b64decode(answer or await session.ask(b"Username:"))
            password = base64.b64decode(await session.ask(b"Password:"))
        except ValueError:
            user, password = b"", b""
    else:
        session.say(504, "5.5.4 only PLAIN and LOGIN are known here")
        return
    session.signed_in = session.login.fits(user, password)
    if session.signed_in:
        session.say(235, "2.7.0 welcome")
    else:
        session.say(535, "5.7.8 wrong user or password")


def _envelope(session: _Session, name: str, rest: str) -> None:
    found = _PATH.fullmatch(rest)
    if found is None:
        session.say(501, "5.5.4 an address in <> is missing")
    elif name == "MAIL":
        size = re.search(r"SIZE=(\d+)", found[2], re.IGNORECASE)
        if size is not None and int(size[1]) > SIZE_LIMIT:
            session.say(552, "5.3.4 too large")
            return
        session.reset()
        session.sender = found[1]
        session.say(250, "2.1.0 fine")
    elif session.sender is None:
        session.say(503, "5.5.1 MAIL comes first")
    elif "@" not in found[1]:
        session.say(553, "5.1.3 that is not an address")
    else:
        session.recipients.append(found[1])
        session.say(250, "2.1.5 fine")


async def _data(session: _Session) -> None:
    if session.sender is None or not session.recipients:
        session.say(503, "5.5.1 MAIL and RCPT come first")
        return
    session.say(354, "go ahead")
    await session.writer.drain()
    lines: list[bytes] = []
    size = 0
    while (line := await session.reader.readline()) != b".\r\n":
        if not line:
            return  # the line was lost: nothing is accepted
        line = line.removeprefix(b".")
        size += len(line)
        if size <= SIZE_LIMIT:
            lines.append(line)
    if size > SIZE_LIMIT:
        session.say(552, "5.3.4 too large")
    else:
        session.deliver(session.sender, session.recipients, b"".join(lines))
        session.say(250, "2.0.0 accepted")
    session.reset()
