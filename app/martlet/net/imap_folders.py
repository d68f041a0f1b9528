"""The folders of an IMAP account: LIST in its several dialects, and what each folder is for.

In order of trust: SPECIAL-USE attributes (RFC 6154), XLIST's (Gmail of old), then the names of
ROLE_NAMES, each role given to one folder at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from martlet.mail.errors import BadServer
from martlet.mail.folder import ROLE_NAMES, Role
from martlet.mail.sync import ListedFolder
from martlet.net.imap_names import decode
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Response, Untagged, values

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
_FOLDERS = {"LIST", "LSUB", "XLIST"}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of LIST. raw: the name as the server spells it."""

    attributes: frozenset[bytes]
    delimiter: str
    raw: bytes


def list_folders(talk: Talk) -> dict[bytes, ListedFolder]:
    """All folders by the server's own spelling. Raises Refused, BadServer, Offline."""
    has = talk.capabilities
    extended = "LIST-EXTENDED" in has or "IMAP4REV2" in has
    if extended:
        options = b"SUBSCRIBED" + (b" SPECIAL-USE" if "SPECIAL-USE" in has else b"")
        lines = _ask(talk, b'LIST "" "*" RETURN (' + options + b")")
        subscribed = {line.raw for line in lines if b"\\subscribed" in line.attributes}
    else:
        old = "XLIST" in has and "SPECIAL-USE" not in has
        lines = _ask(talk, b'XLIST "" "*"' if old else b'LIST "" "*"')
        subscribed = {line.raw for line in _ask(talk, b'LSUB "" "*"')}
    found: dict[bytes, ListedFolder] = {}
    for line in lines:
        if not line.raw:
            continue
        # XLIST translates the inbox's name, though it can only be selected as INBOX.
        inbox = line.raw.upper() == b"INBOX" or b"\\inbox" in line.attributes
        raw = b"INBOX" if inbox else line.raw
        found[raw] = ListedFolder(
            name="INBOX" if inbox else decode(raw),
            delimiter=line.delimiter,
            role=Role.INBOX if inbox else _role(line.attributes),
            subscribed=inbox or line.raw in subscribed,
            selectable=not line.attributes & {b"\\noselect", b"\\nonexistent"},
        )
    return dict(zip(found, with_roles(list(found.values())), strict=True))


def with_roles(folders: list[ListedFolder]) -> list[ListedFolder]:
    """The same folders with each role once: by attribute first, else by a known name."""
    taken: set[Role] = set()
    result: list[ListedFolder] = []
    for folder in folders:
        role = folder.role if folder.selectable and folder.role not in taken else Role.NONE
        if role is not Role.NONE:
            taken.add(role)
        result.append(replace(folder, role=role))
    for role, names in ROLE_NAMES.items():
        if role in taken:
            continue
        place = _named(result, names)
        if place is not None:
            result[place] = replace(result[place], role=role)
    return result


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


def _ask(talk: Talk, command: bytes) -> list[Line]:
    def wanted(response: Response) -> bool:
        return isinstance(response, Untagged) and response.name in _FOLDERS

    answers = talk.ask(command, doing="list its folders", wanted=wanted)
    return [_line(answer) for answer in answers if isinstance(answer, Untagged)]


def _line(answer: Untagged) -> Line:
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
