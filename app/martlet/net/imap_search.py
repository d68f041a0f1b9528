"""Searching the selected folder (RFC 9051, 6.4.4), by ESEARCH (RFC 4731) where it is offered.

ESEARCH answers as a set, which for a folder of 100,000 messages is a few bytes.
"""

from __future__ import annotations

from martlet.mail.errors import BadServer
from martlet.net.imap_names import quoted
from martlet.net.imap_sets import expand
from martlet.net.imap_talk import Literal, Talk
from martlet.net.imap_wire import Response, Untagged

WORDS_LIMIT = 20
SLACK = 10_000  # more messages than the folder has that an answer may name: they come and go
_UID_LIMIT = 0xFFFFFFFF
_ITEMS = 50  # of an ESEARCH answer


def uids(talk: Talk) -> list[int]:
    """All UIDs, ascending."""
    return _search(talk, b"ALL")


def by_message_id(talk: Talk, message_id: str) -> list[int]:
    """UIDs of messages with this Message-ID, ascending; with or without its brackets."""
    core = message_id.strip().removeprefix("<").removesuffix(">")
    if not core or not core.isascii():
        return []
    return _search(talk, b"HEADER MESSAGE-ID " + quoted(f"<{core}>".encode("ascii")))


def by_text(talk: Talk, words: str) -> list[int]:
    """UIDs of messages that hold each of these words somewhere, ascending."""
    parts: list[bytes | Literal] = []
    plain = words.isascii()
    for word in words.split()[:WORDS_LIMIT]:
        parts.append(b"TEXT " if not parts else b" TEXT ")
        raw = word.encode("utf-8", "replace")
        parts.append(quoted(raw) if word.isascii() else Literal(raw))
    if not parts:
        return []
    # Where everything is UTF-8 a charset must not be named (RFC 6855, 3).
    if not plain and not talk.enabled & {"UTF8=ACCEPT"}:
        parts.insert(0, b"CHARSET UTF-8 ")
    return _search(talk, *parts)


def _search(talk: Talk, *key: bytes | Literal) -> list[int]:
    extended = "ESEARCH" in talk.capabilities
    command = b"UID SEARCH RETURN (ALL) " if extended else b"UID SEARCH "

    def wanted(response: Response) -> bool:
        return isinstance(response, Untagged) and response.name in ("SEARCH", "ESEARCH")

    found: set[int] = set()
    before = talk.exists
    answers = talk.ask(command, *key, doing="search", wanted=wanted)
    limit = max(before, talk.exists) + SLACK
    for answer in answers:
        if isinstance(answer, Untagged):
            found.update(_found(answer, limit))
        if len(found) > limit:
            raise _too_many()
    if found and not 0 < min(found) <= max(found) <= _UID_LIMIT:
        raise BadServer("The server's answer to a search names messages that cannot be.")
    return sorted(found)


def _found(answer: Untagged, limit: int) -> list[int]:
    if answer.name == "ESEARCH":
        parts = answer.text.split(maxsplit=_ITEMS)
        for place, part in enumerate(parts[:-1]):
            if part.upper() == b"ALL":
                return expand(parts[place + 1], limit)
        return []
    # "(MODSEQ n)" may stand at the end.
    said = answer.text.partition(b"(")[0]
    if said.count(b" ") > 2 * limit:
        raise _too_many()
    numbers = said.split()
    if not all(n.isdigit() and len(n) <= 10 for n in numbers):
        raise BadServer("The server's answer to a search cannot be read.")
    return [int(n) for n in numbers]


def _too_many() -> BadServer:
    return BadServer("The server's answer to a search names more messages than the folder has.")
