"""The folders of an IMAP account: LIST in its several dialects, what each is for and what it has.

    LIST-EXTENDED    one LIST ... RETURN (SUBSCRIBED SPECIAL-USE STATUS (...)), one round trip
    else             LIST (or XLIST) and LSUB together; then STATUS of each, pipelined
In order of trust for roles: SPECIAL-USE attributes (RFC 6154), XLIST's (Gmail of old), then the
names of ROLE_NAMES, each role given to one folder at most.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import ROLE_NAMES, Role
from martlet.mail.sync import FolderStatus, ListedFolder
from martlet.net.imap_cursor import Value, values
from martlet.net.imap_names import Names, quoted
from martlet.net.imap_said import refused
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Response, Untagged

FOLDERS_LIMIT = 50_000
STATUS_DEPTH = 32

_ATTRIBUTES = {
    b"\\drafts": Role.DRAFTS,
    b"\\sent": Role.SENT,
    b"\\junk": Role.JUNK,
    b"\\spam": Role.JUNK,
    b"\\trash": Role.TRASH,
    b"\\archive": Role.ARCHIVE,
    b"\\all": Role.ALL,
    b"\\allmail": Role.ALL,
    b"\\flagged": Role.FLAGGED,
    b"\\starred": Role.FLAGGED,
    b"\\important": Role.IMPORTANT,
    b"\\inbox": Role.INBOX,
}
_UNNAMEABLE = frozenset(b"\0\r\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of LIST. raw: the name as the server spells it."""

    attributes: frozenset[bytes]
    delimiter: str
    raw: bytes


def list_folders(talk: Talk, names: Names, *, status: bool) -> list[ListedFolder]:
    """All folders, which `names` learns to spell. Raises Refused, BadServer, Offline.

    Folders that no command could name (with NUL or line breaks) are left out.
    """
    has = talk.capabilities
    extended = "LIST-EXTENDED" in has
    at_once = status and "LIST-STATUS" in has
    counts = b"STATUS (%s)" % status_items(has)
    heard = _Heard(talk)
    if extended:
        wanted = [b"SUBSCRIBED"]
        wanted += [b"SPECIAL-USE"] if "SPECIAL-USE" in has else []
        wanted += [counts] if at_once else []
        heard.ask(b'LIST "" "*" RETURN (' + b" ".join(wanted) + b")")
        heard.subscribed = {ln.raw for ln in heard.lines if b"\\subscribed" in ln.attributes}
    elif at_once:
        heard.ask(b'LIST "" "*" RETURN (' + counts + b")", b'LSUB "" "*"')
    else:
        old = "XLIST" in has and "SPECIAL-USE" not in has
        heard.ask(b'XLIST "" "*"' if old else b'LIST "" "*"', b'LSUB "" "*"')
    found: dict[bytes, ListedFolder] = {}
    taken: set[str] = set()
    for line in heard.lines:
        # XLIST translates the inbox's name, though it can only be selected as INBOX.
        inbox = line.raw.upper() == b"INBOX" or b"\\inbox" in line.attributes
        raw = b"INBOX" if inbox else line.raw
        name = "INBOX" if inbox else names.read(raw)
        if raw not in found and name in taken:
            talk.remark("Of two folders whose names read the same one is left out.", raw)
            continue
        taken.add(name)
        found[raw] = ListedFolder(
            name=name,
            delimiter=line.delimiter,
            role=Role.INBOX if inbox else _role(line.attributes),
            subscribed=inbox or heard.subscribed is None or line.raw in heard.subscribed,
            selectable=not line.attributes & {b"\\noselect", b"\\nonexistent"},
            status=heard.known.get(raw),
            inferiors=b"\\noinferiors" not in line.attributes,
        )
    found = dict(zip(found, with_roles(list(found.values())), strict=True))
    names.learn({folder.name: raw for raw, folder in found.items()})
    if status and not at_once:
        open_to_us = [raw for raw, folder in found.items() if folder.selectable]
        for raw, told in ask_status(talk, open_to_us).items():
            found[raw] = replace(found[raw], status=told)
    return list(found.values())


def with_roles(folders: list[ListedFolder]) -> list[ListedFolder]:
    """The same folders with each role once: by attribute first, else by a known name."""
    taken: set[Role] = set()
    result: list[ListedFolder] = []
    for folder in folders:
        role = folder.role if folder.selectable and folder.role not in taken else Role.NONE
        if role is not Role.NONE:
            taken.add(role)
        result.append(folder if role is folder.role else replace(folder, role=role))
    for role, names in ROLE_NAMES.items():
        if role in taken:
            continue
        place = _named(result, names)
        if place is not None:
            result[place] = replace(result[place], role=role)
    return result


def status_items(capabilities: frozenset[str]) -> bytes:
    """What to ask of a folder (RFC 9051, 6.3.11; RFC 7162, RFC 8438, RFC 8474)."""
    items = b"MESSAGES UIDNEXT UIDVALIDITY UNSEEN"
    if capabilities & {"CONDSTORE", "QRESYNC"}:
        items += b" HIGHESTMODSEQ"
    if "STATUS=SIZE" in capabilities:
        items += b" SIZE"
    # Cyrus up to 3.6 answers with bytes from memory it has given back; SELECT tells it there.
    if "OBJECTID" in capabilities and "ANNOTATE-EXPERIMENT-1" not in capabilities:
        items += b" MAILBOXID"
    return items


def ask_status(talk: Talk, raws: Iterable[bytes]) -> dict[bytes, FolderStatus]:
    """STATUS of each folder by the server's spelling; those the server refuses are left out."""
    asked = set(raws)
    items = status_items(talk.capabilities)
    found: dict[bytes, FolderStatus] = {}
    commands = (b"STATUS %s (%s)" % (quoted(raw), items) for raw in sorted(asked))
    # One NO (a folder that is gone) must not hide the others.
    with contextlib.suppress(Refused):
        for response in talk.stream(commands, doing="tell what is new", depth=STATUS_DEPTH):
            if not isinstance(response, Untagged) or response.name != "STATUS":
                talk.keep(response)
                continue
            raw, told = read_status(response)
            if raw in asked:
                found[raw] = told
            else:
                talk.keep(response)
    return found


def read_status(answer: Untagged) -> tuple[bytes, FolderStatus]:
    """A STATUS answer: the server's spelling (INBOX in capitals), and what was told."""
    match values(answer):
        case [bytes() | None as name, list(pairs), *_]:
            raw = b"NIL" if name is None else name
            return b"INBOX" if raw.upper() == b"INBOX" else raw, _status(pairs)
    raise BadServer("The server's answer to STATUS cannot be read.")


def read_line(answer: Untagged) -> Line:
    """An answer of LIST, LSUB or XLIST. Raises BadServer."""
    match values(answer):
        case [list(attributes), bytes() | None as delimiter, bytes() as name, *_]:
            return Line(
                frozenset(a.lower() for a in attributes if isinstance(a, bytes)),
                (delimiter or b"").decode("latin-1"),
                name,
            )
        # A folder named NIL, unquoted.
        case [list(), _, None, *_]:
            return Line(frozenset(), "", b"NIL")
    raise BadServer("The server's list of folders cannot be read.")


class _Heard:
    """What LIST said, the subscribed of LSUB, and what was told of each folder."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.lines: list[Line] = []
        self.subscribed: set[bytes] | None = None
        self.known: dict[bytes, FolderStatus] = {}

    def ask(self, *commands: bytes) -> None:
        """Asks all at once. Refused when LIST is; without LSUB nothing is known of subscribing."""
        talk = self._talk
        tags = [talk.send(command, hold=True) for command in commands]
        told = [
            talk.finish(tag, take=self._take, tolerant=command.startswith(b"LSUB")).status
            for tag, command in zip(tags, commands, strict=True)
        ]
        if told[0].kind != "OK":
            raise refused("list its folders", told[0])
        if len(told) > 1:
            self.subscribed = (self.subscribed or set()) if told[1].kind == "OK" else None

    def _take(self, response: Response) -> bool:
        if not isinstance(response, Untagged):
            self._talk.keep(response)
        elif response.name in ("LIST", "XLIST", "LSUB"):
            self._line(read_line(response), subscribed=response.name == "LSUB")
        elif response.name == "STATUS":
            raw, told = read_status(response)
            self.known[raw] = told
        if max(len(self.lines), len(self.subscribed or ()), len(self.known)) > FOLDERS_LIMIT:
            raise BadServer(
                f"The server lists more than {FOLDERS_LIMIT} folders, more than are taken."
            )
        return True

    def _line(self, line: Line, *, subscribed: bool) -> None:
        if _UNNAMEABLE.intersection(line.raw):
            self._talk.remark(
                "A folder whose name holds a line break or a NUL is left out.", line.raw
            )
        elif line.raw and subscribed:
            self.subscribed = self.subscribed or set()
            self.subscribed.add(line.raw)
        elif line.raw:
            self.lines.append(line)


def _named(folders: list[ListedFolder], names: Iterable[str]) -> int | None:
    """Where the folder with the first of these names is."""
    plain: dict[str, int] = {}
    for place, folder in enumerate(folders):
        if folder.selectable and folder.role is Role.NONE:
            name = folder.name.casefold()
            if folder.delimiter:
                name = name.removeprefix("inbox" + folder.delimiter)
            plain.setdefault(name, place)
    return next((plain[n.casefold()] for n in names if n.casefold() in plain), None)


def _role(attributes: frozenset[bytes]) -> Role:
    return next((role for name, role in _ATTRIBUTES.items() if name in attributes), Role.NONE)


def _status(pairs: list[Value]) -> FolderStatus:
    told = {
        name.upper(): value
        for name, value in zip(pairs[::2], pairs[1::2], strict=False)
        if isinstance(name, bytes)
    }
    return FolderStatus(
        messages=number(told.get(b"MESSAGES")),
        uid_next=number(told.get(b"UIDNEXT")),
        uid_validity=number(told.get(b"UIDVALIDITY")),
        unseen=number(told.get(b"UNSEEN")),
        modseq=number(told.get(b"HIGHESTMODSEQ")),
        size=number(told.get(b"SIZE")),
        mailbox_id=object_id(told.get(b"MAILBOXID")),
    )


def number(value: Value) -> int:
    """A number, 0 where there is none."""
    if not isinstance(value, bytes) or len(value) > 20 or not value.isdigit():
        return 0
    return int(value)


def object_id(value: Value) -> str:
    """An id of RFC 8474, "(F123)"; "" where there is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value.decode("ascii", "replace")[:255] if isinstance(value, bytes) else ""
