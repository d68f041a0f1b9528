"""IMAP commands about messages (RFC 9051, 6.4): FETCH, STORE, SEARCH, COPY, MOVE, EXPUNGE, APPEND.

Every command takes the session and its words and returns the text of its OK. Those that have a UID
form say so with `by_uid`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from martlet.demo.imap_fetch import flag_list, marks_seen, read_date, values, wanted
from martlet.demo.imap_search import search as search_test
from martlet.demo.imap_session import No, Session
from martlet.demo.imap_words import BadCommand, Token, compact, decode_name, uid_set, word, words
from martlet.demo.mailbox import Folder, Letter


async def fetch(session: Session, args: list[Token], *, by_uid: bool) -> str:
    folder = session.selected()
    items = wanted(args[1], by_uid=by_uid)
    for number, letter in session.numbered(word(args[0]), by_uid=by_uid):
        shown = items
        if marks_seen(items) and not session.read_only and "\\Seen" not in letter.flags:
            session.mailbox.set_flags(letter, letter.flags | {"\\Seen"})
            if b"FLAGS" not in [item.upper() for item in items]:
                shown = [*items, b"FLAGS"]
        if b"FLAGS" in [item.upper() for item in shown]:
            session.told(number, letter)
        session.say(b"%d FETCH %b" % (number, values(letter, shown)))
        await session.writer.drain()
        if session.folder is not folder:
            break
    return "FETCH done"


async def store(session: Session, args: list[Token], *, by_uid: bool) -> str:
    session.writable()
    how = word(args[1]).upper()
    kind = how.removesuffix(b".SILENT")
    if kind not in (b"FLAGS", b"+FLAGS", b"-FLAGS"):
        raise BadCommand("STORE knows FLAGS, +FLAGS and -FLAGS")
    given: list[bytes] = []
    for token in args[2:]:
        given += words(token)
    flags = frozenset(_flag(flag) for flag in given)
    for number, letter in session.numbered(word(args[0]), by_uid=by_uid):
        changed = {
            b"FLAGS": flags,
            b"+FLAGS": letter.flags | flags,
            b"-FLAGS": letter.flags - flags,
        }[kind]
        session.mailbox.set_flags(letter, changed)
        session.told(number, letter)
        if how == kind:
            session.say(
                b"%d FETCH (UID %d FLAGS %b)" % (number, letter.uid, flag_list(letter.flags))
            )
    return "STORE done"


def _flag(raw: bytes) -> str:
    """A flag; the system's in their own spelling whatever the client's (they have no case)."""
    text = raw.decode("ascii", "replace")
    return "\\" + text[1:].capitalize() if text.startswith("\\") else text


async def search(session: Session, args: list[Token], *, by_uid: bool) -> str:
    session.selected()
    last_uid = session.view[-1][0] if session.view else 0
    test = search_test(args, last_uid, len(session.view))
    found = [
        letter.uid if by_uid else number
        for number, letter in session.numbered(b"1:*" if session.view else b"0", by_uid=False)
        if test(letter, number)
    ]
    session.say(b"SEARCH" + b"".join(b" %d" % number for number in found))
    return "SEARCH done"


def _target(session: Session, token: Token) -> Folder:
    folder = session.mailbox.get(decode_name(word(token)))
    if folder is None:
        raise No("[TRYCREATE] there is no such folder")
    return folder


def _copy(session: Session, letters: list[Letter], target: Folder) -> str:
    """Copies; the COPYUID code (RFC 9051, 7.1) or "" for nothing."""
    copies = [
        session.mailbox.add(target, letter.raw, letter.received, letter.flags) for letter in letters
    ]
    if not copies:
        return ""
    old = compact(letter.uid for letter in letters).decode("ascii")
    new = compact(letter.uid for letter in copies).decode("ascii")
    return f"[COPYUID {target.uid_validity} {old} {new}] "


async def copy(session: Session, args: list[Token], *, by_uid: bool) -> str:
    target = _target(session, args[1])
    letters = [letter for _, letter in session.numbered(word(args[0]), by_uid=by_uid)]
    return _copy(session, letters, target) + "copied"


async def move(session: Session, args: list[Token], *, by_uid: bool) -> str:
    folder = session.writable()
    target = _target(session, args[1])
    letters = [letter for _, letter in session.numbered(word(args[0]), by_uid=by_uid)]
    code = _copy(session, letters, target)
    if code:  # RFC 6851, 4.3: before the EXPUNGEs
        session.say(b"OK " + code.encode("ascii") + b"moved")
    session.mailbox.remove(folder, letters)
    session.news(expunges=True)
    return "moved"


async def expunge(session: Session, args: list[Token], *, by_uid: bool) -> str:
    folder = session.writable()
    ranges = uid_set(word(args[0]), folder.uid_next - 1) if by_uid else [(1, folder.uid_next)]
    gone = [
        letter
        for letter in folder.letters
        if "\\Deleted" in letter.flags and any(a <= letter.uid <= b for a, b in ranges)
    ]
    session.mailbox.remove(folder, gone)
    session.news(expunges=True)
    return "expunged"


async def append(session: Session, args: list[Token]) -> str:
    target = _target(session, args[0])
    flags: list[bytes] = []
    received = datetime.now(UTC)
    rest = args[1:]
    if len(rest) > 1 and isinstance(rest[0], list):
        flags = words(rest.pop(0))
    if len(rest) > 1:
        received = read_date(word(rest.pop(0)))
    if len(rest) != 1:
        raise BadCommand("APPEND wants one message")
    letter = session.mailbox.add(target, word(rest[0]), received, [_flag(flag) for flag in flags])
    return f"[APPENDUID {target.uid_validity} {letter.uid}] filed"
