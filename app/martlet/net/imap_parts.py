"""Fetching from one message: its structure, some of its parts, a range of one (RFC 9051, 6.4.5).

BODY.PEEK throughout, so that nothing becomes \\Seen by being looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from martlet.mail.errors import BadServer, Refused
from martlet.mail.sync import BodyPart
from martlet.net.imap_cursor import Structure
from martlet.net.imap_said import refused
from martlet.net.imap_skeleton import skeleton
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Fetch, Response

_SECTION = re.compile(
    r"(?:[1-9]\d{0,8}(?:\.[1-9]\d{0,8})*(?:\.(?:MIME|HEADER|TEXT))?|HEADER|TEXT)?"
)


def fetch_structure(talk: Talk, uid: int) -> BodyPart | None:
    """The parts of a message; None when it is gone, or what the server says of it is of no use.

    Servers fail on single messages, by NO (Exchange) or by nonsense; the others are well.
    """
    told: list[Structure] = []

    def take(response: Response) -> bool:
        if isinstance(response, Fetch) and response.uid == uid and response.structure:
            told[:] = [response.structure]
        else:
            talk.keep(response)
        return True

    command = b"UID FETCH %d (UID BODYSTRUCTURE)" % uid
    talk.finish(talk.send(command), take=take, tolerant=True)
    return skeleton(told[0]) if told else None


def fetch_sections(talk: Talk, uid: int, sections: Sequence[str]) -> dict[str, bytes]:
    """Sections by the names they were asked by; those the message has not are left out.

    Refused when the message is gone.
    """
    asked = {_checked(section): section for section in sections}
    if not asked:
        return {}
    items = " ".join(f"BODY.PEEK[{name}]" for name in asked)
    names = {f"BODY[{name}]" for name in asked}
    told, _ = _one(talk, uid, f"UID FETCH {uid} (UID {items})".encode("ascii"), names)
    found: dict[str, bytes] = {}
    for name, section in asked.items():
        raw = told.get(f"BODY[{name}]")
        if raw is not None:
            found[section] = raw
    return found


def fetch_range(talk: Talk, uid: int, section: str, start: int, count: int) -> bytes:
    """Bytes of a section from `start` on: `count` of them, fewer or none at its end.

    More than `count` are all there are: the server cannot give a part of a section, and would
    give the whole again for each. Refused when the message is gone.
    """
    if start < 0 or count <= 0:
        return b""
    name = _checked(section)
    command = f"UID FETCH {uid} (UID BODY.PEEK[{name}]<{start}.{count}>)"
    told, origin = _one(talk, uid, command.encode("ascii"), {f"BODY[{name}]"})
    raw = told.get(f"BODY[{name}]") or b""
    if origin < 0:
        # A server without partial fetch gives the whole.
        return raw[start:]
    if origin != start and raw:
        raise BadServer("The server gave another piece of the message than it was asked for.")
    return raw[:count]


def _one(
    talk: Talk, uid: int, command: bytes, names: set[str]
) -> tuple[dict[str, bytes | None], int]:
    """The sections of these names told of one message, and where in theirs they begin."""
    found: dict[str, bytes | None] = {}
    origin = -1
    there = False

    def take(response: Response) -> bool:
        nonlocal origin, there
        if isinstance(response, Fetch) and response.uid == uid and response.sections:
            there = True
            sections = response.sections
            found.update((name, sections[name]) for name in names & sections.keys())
            origin = max(origin, response.origin)
        else:
            talk.keep(response)
        return True

    done = talk.finish(talk.send(command), take=take)
    if done.status.kind == "NO":
        raise refused("give the message", done.status)
    if not there:
        raise Refused("The message is no longer on the server.")
    return found, origin


def _checked(section: str) -> str:
    name = section.upper()
    if not _SECTION.fullmatch(name):
        raise Refused("A message has no such part.", section[:40])
    return name
