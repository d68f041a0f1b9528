"""The demo's IMAP4rev1 host: one connection from greeting to LOGOUT, and the table of its commands.

Speaks what Martlet and ordinary clients use: LITERAL+, SASL-IR, ID, NAMESPACE, SPECIAL-USE,
LIST-EXTENDED, LIST-STATUS, UIDPLUS, MOVE, UNSELECT, IDLE. For loopback: no TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from martlet.demo import imap_folders, imap_letters
from martlet.demo.imap_session import No, Session
from martlet.demo.imap_words import BadCommand, Token, read_command, tokens, word
from martlet.demo.login import Login, sasl_plain
from martlet.demo.mailbox import Mailbox

CAPABILITIES = (
    "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE CHILDREN SPECIAL-USE LIST-EXTENDED "
    "LIST-STATUS UIDPLUS MOVE UNSELECT IDLE"
)
Command = Callable[[Session, list[Token]], Awaitable[str]]

_FOLDERS: dict[bytes, Command] = {
    b"LIST": imap_folders.list_,
    b"LSUB": imap_folders.lsub,
    b"NAMESPACE": imap_folders.namespace,
    b"STATUS": imap_folders.status,
    b"SELECT": imap_folders.select,
    b"EXAMINE": imap_folders.examine,
    b"UNSELECT": imap_folders.unselect,
    b"CLOSE": imap_folders.close,
    b"CREATE": imap_folders.create,
    b"DELETE": imap_folders.delete,
    b"RENAME": imap_folders.rename,
    b"SUBSCRIBE": imap_folders.subscribe,
    b"UNSUBSCRIBE": imap_folders.unsubscribe,
    b"APPEND": imap_letters.append,
}
_LETTERS = {
    b"FETCH": imap_letters.fetch,
    b"STORE": imap_letters.store,
    b"SEARCH": imap_letters.search,
    b"COPY": imap_letters.copy,
    b"MOVE": imap_letters.move,
    b"EXPUNGE": imap_letters.expunge,
}
# During these the numbers must not shift (RFC 9051, 7.5.1).
_NUMBERS_STAY = {b"FETCH", b"STORE", b"SEARCH"}


async def serve(
    mailbox: Mailbox, login: Login, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Talks with one client until it leaves."""
    session = Session(mailbox, reader, writer)
    mailbox.listen(session.bell)
    try:
        session.say(f"OK [CAPABILITY {CAPABILITIES}] Martlet demo".encode("ascii"))
        while not session.ended:
            data = await read_command(reader, writer)
            if not data:
                break
            await _answer(session, login, data)
            await writer.drain()
    except BadCommand:
        session.say(b"BYE that was too much")
    finally:
        mailbox.unlisten(session.bell)


async def _answer(session: Session, login: Login, data: bytes) -> None:
    tag = data.split(b" ", 1)[0].strip() or b"*"
    try:
        args = tokens(data)
        if len(args) < 2:
            raise BadCommand("no command")
        tag, name = word(args.pop(0)), word(args.pop(0)).upper()
        said = f"OK {await _run(session, login, name, args)}"
    except (BadCommand, IndexError) as error:
        said = f"BAD {error}"
    except No as error:
        said = f"NO {error}"
    session.writer.write(tag + b" " + said.encode("ascii", "replace") + b"\r\n")


async def _run(session: Session, login: Login, name: bytes, args: list[Token]) -> str:
    if name == b"CAPABILITY":
        session.say(b"CAPABILITY " + CAPABILITIES.encode("ascii"))
        return "CAPABILITY done"
    if name == b"NOOP" or name == b"CHECK":
        session.news(expunges=True)
        return "NOOP done"
    if name == b"ID":
        session.say(b'ID ("name" "Martlet demo")')
        return "ID done"
    if name == b"LOGOUT":
        session.say(b"BYE come again")
        session.ended = True
        return "LOGOUT done"
    if name in (b"LOGIN", b"AUTHENTICATE"):
        return await _sign_in(session, login, name, args)
    if not session.signed_in:
        raise No("sign in first")
    if name == b"ENABLE":
        session.say(b"ENABLED")
        return "ENABLE done"
    if name == b"IDLE":
        return await _idle(session)
    by_uid = name == b"UID"
    if by_uid:
        name = word(args.pop(0)).upper()
    if name in _LETTERS:
        said = await _LETTERS[name](session, args, by_uid=by_uid)
    elif name in _FOLDERS and not by_uid:
        said = await _FOLDERS[name](session, args)
    else:
        raise BadCommand("unknown command")
    session.news(expunges=by_uid or name not in _NUMBERS_STAY)
    return said


async def _sign_in(session: Session, login: Login, name: bytes, args: list[Token]) -> str:
    if session.signed_in:
        raise BadCommand("signed in already")
    if name == b"LOGIN":
        user, password = word(args[0]), word(args[1])
    else:
        if word(args[0]).upper() != b"PLAIN":
            raise No("[CANNOT] only PLAIN is known here")
        if len(args) > 1:
            answer = word(args[1])
        else:
            session.writer.write(b"+ \r\n")
            await session.writer.drain()
            answer = (await session.reader.readline()).strip()
        if answer == b"*":
            raise BadCommand("cancelled")
        user, password = sasl_plain(answer)
    if not login.fits(user, password):
        raise No("[AUTHENTICATIONFAILED] wrong user or password")
    session.signed_in = True
    return f"[CAPABILITY {CAPABILITIES}] welcome"


async def _idle(session: Session) -> str:
    """RFC 2177: tells what happens until the client says DONE."""
    session.writer.write(b"+ idling\r\n")
    done = asyncio.ensure_future(session.reader.readline())
    try:
        while not done.done():
            session.bell.clear()
            session.news(expunges=True)
            await session.writer.drain()
            rung = asyncio.ensure_future(session.bell.wait())
            await asyncio.wait({done, rung}, return_when=asyncio.FIRST_COMPLETED)
            rung.cancel()
    finally:
        done.cancel()
    if done.result().strip().upper() != b"DONE":
        session.ended = True
        raise BadCommand("DONE was expected")
    return "IDLE done"
