"""IMAP commands about folders (RFC 9051, 6.3): LIST and its kin, STATUS, SELECT, CREATE and so on.

Every command takes the session and its words and returns the text of its OK.
"""

from __future__ import annotations

import re

from martlet.demo.imap_session import No, Session
from martlet.demo.imap_words import (
    BadCommand,
    Token,
    decode_name,
    encode_name,
    parenthesised,
    string,
    word,
    words,
)
from martlet.demo.mailbox import DELIMITER, Folder

_FLAGS = rb"\Answered \Flagged \Deleted \Seen \Draft"


def _matches(pattern: str, name: str) -> bool:
    shape = "".join(
        ".*" if c == "*" else f"[^{DELIMITER}]*" if c == "%" else re.escape(c) for c in pattern
    )
    return re.fullmatch(shape, name) is not None


def _attributes(session: Session, folder: Folder, *, show_subscribed: bool) -> list[bytes]:
    below = any(n.startswith(folder.name + DELIMITER) for n in session.mailbox.folders)
    attributes = [rb"\HasChildren" if below else rb"\HasNoChildren"]
    if folder.use:
        attributes.append(folder.use.encode("ascii"))
    if show_subscribed and folder.subscribed:
        attributes.append(rb"\Subscribed")
    return attributes


async def list_(session: Session, args: list[Token]) -> str:
    """LIST, with the selection and return options of RFC 5258, 6154 and 5819."""
    chosen: list[bytes] = []
    if args and isinstance(args[0], list):
        chosen = [option.upper() for option in words(args.pop(0))]
    if len(args) < 2:
        raise BadCommand("LIST wants a reference and a pattern")
    reference = decode_name(word(args[0]))
    patterns = [reference + decode_name(pattern) for pattern in words(args[1])]
    options = args[3] if len(args) > 3 and word(args[2]).upper() == b"RETURN" else []
    asked = [option.upper() for option in options if isinstance(option, bytes)]
    status = next((option for option in options if isinstance(option, list)), None)
    if patterns == [""]:
        session.say(rb'LIST (\Noselect) "/" ""')
        return "LIST done"
    for folder in _found(session, patterns):
        if b"SUBSCRIBED" in chosen and not folder.subscribed:
            continue
        if b"SPECIAL-USE" in chosen and not folder.use:
            continue
        attributes = _attributes(
            session, folder, show_subscribed=b"SUBSCRIBED" in chosen or b"SUBSCRIBED" in asked
        )
        session.say(
            b'LIST %b "/" %b' % (parenthesised(attributes), string(encode_name(folder.name)))
        )
        if b"STATUS" in asked and status is not None:
            _say_status(session, folder, status)
    return "LIST done"


def _found(session: Session, patterns: list[str]) -> list[Folder]:
    return [
        folder
        for name, folder in sorted(session.mailbox.folders.items())
        if any(_matches(pattern, name) for pattern in patterns)
    ]


async def lsub(session: Session, args: list[Token]) -> str:
    pattern = decode_name(word(args[0])) + decode_name(word(args[1]))
    for folder in _found(session, [pattern]):
        if folder.subscribed:
            session.say(b'LSUB () "/" ' + string(encode_name(folder.name)))
    return "LSUB done"


async def namespace(session: Session, args: list[Token]) -> str:
    session.say(b'NAMESPACE (("" "/")) NIL NIL')
    return "NAMESPACE done"


def _say_status(session: Session, folder: Folder, items: Token) -> None:
    unseen = sum("\\Seen" not in letter.flags for letter in folder.letters)
    known = {
        b"MESSAGES": len(folder.letters),
        b"RECENT": 0,
        b"UIDNEXT": folder.uid_next,
        b"UIDVALIDITY": folder.uid_validity,
        b"UNSEEN": unseen,
        b"SIZE": sum(len(letter.raw) for letter in folder.letters),
    }
    told = []
    for item in words(items):
        if item.upper() not in known:
            raise BadCommand("unknown STATUS item")
        told.append(b"%b %d" % (item.upper(), known[item.upper()]))
    session.say(b"STATUS %b %b" % (string(encode_name(folder.name)), parenthesised(told)))


async def status(session: Session, args: list[Token]) -> str:
    folder = session.named(decode_name(word(args[0])))
    _say_status(session, folder, args[1])
    return "STATUS done"


async def select(session: Session, args: list[Token]) -> str:
    return _open(session, args, read_only=False)


async def examine(session: Session, args: list[Token]) -> str:
    return _open(session, args, read_only=True)


def _open(session: Session, args: list[Token], *, read_only: bool) -> str:
    session.unselect()
    folder = session.named(decode_name(word(args[0])))
    session.select(folder, read_only=read_only)
    session.say(b"FLAGS (" + _FLAGS + b")")
    session.say(b"OK [PERMANENTFLAGS (%b)] kept" % (b"" if read_only else _FLAGS + rb" \*"))
    session.say(b"%d EXISTS" % len(session.view))
    session.say(b"0 RECENT")
    session.say(b"OK [UIDVALIDITY %d] valid" % folder.uid_validity)
    session.say(b"OK [UIDNEXT %d] next" % folder.uid_next)
    return "[READ-ONLY] open" if read_only else "[READ-WRITE] open"


async def unselect(session: Session, args: list[Token]) -> str:
    session.selected()
    session.unselect()
    return "closed"


async def close(session: Session, args: list[Token]) -> str:
    folder = session.selected()
    if not session.read_only:
        gone = [letter for letter in folder.letters if "\\Deleted" in letter.flags]
        session.mailbox.remove(folder, gone)
    session.unselect()
    return "closed"


async def create(session: Session, args: list[Token]) -> str:
    try:
        session.mailbox.create(decode_name(word(args[0])))
    except ValueError as error:
        raise No(f"[ALREADYEXISTS] {_plain(error)}") from error
    return "created"


async def delete(session: Session, args: list[Token]) -> str:
    name = decode_name(word(args[0]))
    folder = session.named(name)
    try:
        session.mailbox.delete(name)
    except ValueError as error:
        raise No(_plain(error)) from error
    if session.folder is folder:
        session.unselect()
    return "deleted"


async def rename(session: Session, args: list[Token]) -> str:
    name = decode_name(word(args[0]))
    session.named(name)
    try:
        session.mailbox.rename(name, decode_name(word(args[1])))
    except ValueError as error:
        raise No(_plain(error)) from error
    return "renamed"


async def subscribe(session: Session, args: list[Token]) -> str:
    session.named(decode_name(word(args[0]))).subscribed = True
    return "subscribed"


async def unsubscribe(session: Session, args: list[Token]) -> str:
    session.named(decode_name(word(args[0]))).subscribed = False
    return "unsubscribed"


def _plain(error: ValueError) -> str:
    return str(error).encode("ascii", "backslashreplace").decode("ascii")
