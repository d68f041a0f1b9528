"""Changing what a server keeps: flags, copies, moves, deletions, new messages and folders.

Neither EXPUNGE nor CLOSE is ever sent: both delete what others have marked (RFC 9051, 6.4.1 and
6.4.3). Only UID EXPUNGE (UIDPLUS) is, of messages named.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence

from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Role
from martlet.net.body import Body, Raw
from martlet.net.imap_fetch import format_date
from martlet.net.imap_folders import number
from martlet.net.imap_names import Names
from martlet.net.imap_said import refused
from martlet.net.imap_sets import batches, expand
from martlet.net.imap_talk import Literal, Talk
from martlet.net.imap_wire import Status, Untagged

SET_AT_ONCE = 1000  # UIDs in one STORE, COPY or MOVE
ASK_LIMIT_FROM = 256 * 1024  # bytes of a message from which a folder is asked what it takes
_KEYWORD = re.compile(r'\\?[^\x00-\x20\x7f-\U0010ffff(){%*"\\\]]+')
_LIMIT = re.compile(r"APPENDLIMIT=(\d{1,18})")
_USES = {
    Role.ALL: b"\\All",
    Role.ARCHIVE: b"\\Archive",
    Role.DRAFTS: b"\\Drafts",
    Role.FLAGGED: b"\\Flagged",
    Role.IMPORTANT: b"\\Important",
    Role.JUNK: b"\\Junk",
    Role.SENT: b"\\Sent",
    Role.TRASH: b"\\Trash",
}


def store(talk: Talk, uids: Sequence[int], add: Iterable[str], remove: Iterable[str]) -> None:
    """Adds and removes flags, leaving all others as they are."""
    changes = [
        sign + b"FLAGS.SILENT " + _flags(flags)
        for sign, flags in ((b"+", sorted(add)), (b"-", sorted(remove)))
        if flags
    ]
    commands = (
        b"UID STORE %s %s" % (some.encode("ascii"), change)
        for change in changes
        for some in batches(uids, SET_AT_ONCE)
    )
    talk.each(commands, doing="change the flags")


def copy(talk: Talk, names: Names, uids: Sequence[int], target: str) -> dict[int, int]:
    """Copies messages; answers new UIDs by old ones as far as the server tells (UIDPLUS)."""
    return _transfer(talk, b"COPY", uids, names.quoted(target), f"copy to {target}")


def move(talk: Talk, names: Names, uids: Sequence[int], target: str) -> dict[int, int]:
    """Moves messages; answers new UIDs by old ones as far as the server tells.

    Without MOVE: COPY, then `expunge`. Without UIDPLUS too the old ones stay, marked deleted.
    """
    if "MOVE" not in talk.capabilities:
        new = copy(talk, names, uids, target)
        expunge(talk, uids)
        return new
    return _transfer(talk, b"MOVE", uids, names.quoted(target), f"move to {target}")


def expunge(talk: Talk, uids: Sequence[int]) -> bool:
    """Deletes these messages. False: they are only marked, as the server lacks UIDPLUS."""
    store(talk, uids, ["\\Deleted"], [])
    if "UIDPLUS" not in talk.capabilities:
        return False
    commands = (b"UID EXPUNGE " + some.encode("ascii") for some in batches(uids, SET_AT_ONCE))
    talk.each(commands, doing="delete messages")
    return True


def append(
    talk: Talk,
    names: Names,
    folder: str,
    raw: Raw | Body,
    flags: Iterable[str],
    date: float | None,
) -> int:
    """Puts a message into a folder; answers its UID, or 0 when the server does not tell.

    raw: its bytes, or what opens it to be read in pieces; they go out as they are.

    Refused when it is too large, or the folder is not there.
    """
    has = talk.capabilities
    body = raw if isinstance(raw, Body) else Body(raw, crlf=False)
    limit = append_limit(talk, names, folder, ask=body.size >= ASK_LIMIT_FROM)
    if limit and body.size > limit:
        raise Refused(f"The message is larger than the server takes ({limit} bytes).")
    if body.nul and "BINARY" not in has:
        raise Refused("The server takes no message with binary content.")
    head = b"APPEND %s " % names.quoted(folder)
    if words := sorted(flags):
        head += _flags(words) + b" "
    if date is not None:
        head += format_date(date) + b" "
    doing = f"file into {folder}"
    # What is small goes out in one write with its command.
    data = raw if isinstance(raw, bytes) else body
    if "UTF8=ACCEPT" in talk.enabled and not body.plain_head:
        # A message with header fields in UTF-8 (RFC 6855, 4).
        done = talk.run(head + b"UTF8 (", Literal(data, True), b")", doing=doing)
    else:
        done = talk.run(head, Literal(data, body.nul), doing=doing)
    talk.keep_all(done.answers)
    if done.status.code != "APPENDUID":
        return 0
    return number(done.status.argument.rpartition(b" ")[2])


def append_limit(talk: Talk, names: Names, folder: str, *, ask: bool = True) -> int:
    """The largest message, in bytes, that may be filed into a folder (RFC 7889); 0: not told.

    ask: whether to ask when the limit is not the same for all folders.
    """
    for name in talk.capabilities:
        if found := _LIMIT.fullmatch(name):
            return int(found[1])
    if not ask or "APPENDLIMIT" not in talk.capabilities:
        return 0
    done = talk.finish(talk.send(b"STATUS %s (APPENDLIMIT)" % names.quoted(folder)))
    limit = 0
    for answer in done.answers:
        if isinstance(answer, Untagged) and answer.name == "STATUS":
            told = re.search(rb"APPENDLIMIT (\d{1,18})", answer.text, re.IGNORECASE)
            limit = int(told[1]) if told else 0
        else:
            talk.keep(answer)
    return limit


def create(talk: Talk, names: Names, name: str, role: Role) -> None:
    """Makes a folder, telling the server what it is for where it takes that (RFC 6154, 3)."""
    command = b"CREATE " + names.quoted(name)
    doing = f"make the folder {name}"
    use = _USES.get(role)
    if use is None or "CREATE-SPECIAL-USE" not in talk.capabilities:
        run(talk, command, doing)
        return
    done = talk.finish(talk.send(command + b" (USE (%s))" % use), tolerant=True)
    talk.keep_all(done.answers)
    if done.status.kind == "OK":
        return
    if done.status.kind == "NO" and done.status.code not in ("USEATTR", ""):
        raise refused(doing, done.status)
    # It will not have that use, but perhaps the folder.
    run(talk, command, doing)


def run(talk: Talk, command: bytes, doing: str) -> None:
    """A command of which only the completion matters."""
    talk.keep_all(talk.run(command, doing=doing).answers)


def _transfer(
    talk: Talk, verb: bytes, uids: Sequence[int], where: bytes, doing: str
) -> dict[int, int]:
    commands = (
        b"UID %s %s %s" % (verb, some.encode("ascii"), where) for some in batches(uids, SET_AT_ONCE)
    )
    return _copied(talk.each(commands, doing=doing), set(uids))


def _copied(statuses: Iterable[Status], asked: set[int]) -> dict[int, int]:
    """COPYUID's map (RFC 4315, 3), of what was asked for; empty where it does not add up."""
    new: dict[int, int] = {}
    for status in statuses:
        parts = status.argument.split(maxsplit=3)
        if status.code != "COPYUID" or len(parts) != 3:
            continue
        # What was to be done is done, whatever is told of it.
        with contextlib.suppress(BadServer):
            old_uids, new_uids = expand(parts[1], SET_AT_ONCE), expand(parts[2], SET_AT_ONCE)
            if len(old_uids) == len(new_uids):
                pairs = zip(old_uids, new_uids, strict=True)
                new.update((old, uid) for old, uid in pairs if old in asked)
    return new


def _flags(flags: Iterable[str]) -> bytes:
    words = list(flags)
    for word in words:
        if not _KEYWORD.fullmatch(word):
            raise Refused("This flag cannot be kept on the server.", word[:50])
    return b"(" + " ".join(words).encode("ascii") + b")"
