"""What a server tells about folders beside their messages: namespaces, quota, rights, save dates.

Each needs an extension; where it is not offered the answer is the empty one, and where the server
says NO, as some do for folders of others, likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.mail.sync import Quota
from martlet.net.imap_cursor import Value, values
from martlet.net.imap_fetch import parse_date
from martlet.net.imap_folders import number
from martlet.net.imap_names import Names
from martlet.net.imap_sets import batches
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Fetch, Untagged
from martlet.net.words import server_words


@dataclass(frozen=True, slots=True)
class Namespace:
    """Where folders of one kind begin. delimiter: "" when there are no levels."""

    prefix: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Namespaces:
    """NAMESPACE (RFC 2342): one's own folders, those of other users, shared ones."""

    personal: tuple[Namespace, ...] = ()
    others: tuple[Namespace, ...] = ()
    shared: tuple[Namespace, ...] = ()


def namespaces(talk: Talk, names: Names) -> Namespaces:
    """Where folders begin; all empty when the server does not say."""
    if "NAMESPACE" not in talk.capabilities:
        return Namespaces()
    for answer in _ask(talk, b"NAMESPACE", "NAMESPACE"):
        personal, others, shared, *_ = [*values(answer), None, None, None]
        return Namespaces(
            _namespace(personal, names), _namespace(others, names), _namespace(shared, names)
        )
    return Namespaces()


def quota(talk: Talk, names: Names, name: str) -> tuple[Quota, ...]:
    """The limits that hold for a folder (RFC 9208)."""
    if not any(word == "QUOTA" or word.startswith("QUOTA=") for word in talk.capabilities):
        return ()
    found: list[Quota] = []
    for answer in _ask(talk, b"GETQUOTAROOT " + names.quoted(name), "QUOTA"):
        match values(answer):
            case [bytes() as root, list(triples), *_]:
                for kind, used, limit in zip(
                    triples[::3], triples[1::3], triples[2::3], strict=False
                ):
                    if isinstance(kind, bytes):
                        resource = server_words(kind, 40).upper()
                        title = server_words(root, 80)
                        found.append(Quota(title, resource, number(used), number(limit)))
    return tuple(found)


def rights(talk: Talk, names: Names, name: str) -> str:
    """What one may do with a folder, by letters (RFC 4314, MYRIGHTS)."""
    if "ACL" not in talk.capabilities:
        return ""
    for answer in _ask(talk, b"MYRIGHTS " + names.quoted(name), "MYRIGHTS"):
        match values(answer):
            case [_, bytes() as letters, *_]:
                return server_words(letters, 60)
    return ""


def save_dates(talk: Talk, uids: Sequence[int]) -> dict[int, float]:
    """When messages came into the selected folder (RFC 8514), Unix time by UID."""
    if "SAVEDATE" not in talk.capabilities:
        return {}
    commands = (
        b"UID FETCH %s (UID SAVEDATE)" % some.encode("ascii") for some in batches(uids, 1000)
    )
    found: dict[int, float] = {}
    for response in talk.stream(commands, doing="tell when messages came"):
        value = response.other.get("SAVEDATE") if isinstance(response, Fetch) else None
        if isinstance(response, Fetch) and response.uid and isinstance(value, bytes):
            found[response.uid] = parse_date(value)
        else:
            talk.keep(response)
    return found


def _ask(talk: Talk, command: bytes, name: str) -> list[Untagged]:
    """The answers of this name; none when the server says NO."""
    found: list[Untagged] = []
    for answer in talk.finish(talk.send(command)).answers:
        if isinstance(answer, Untagged) and answer.name == name:
            found.append(answer)
        else:
            talk.keep(answer)
    return found


def _namespace(value: Value, names: Names) -> tuple[Namespace, ...]:
    found: list[Namespace] = []
    for entry in value if isinstance(value, list) else ():
        match entry:
            case [bytes() | None as prefix, bytes() | None as delimiter, *_]:
                found.append(
                    Namespace(names.read(prefix or b""), (delimiter or b"").decode("latin-1"))
                )
    return tuple(found)
