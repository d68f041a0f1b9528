"""Selecting a folder (RFC 9051, 6.3.2), and hearing at once what has changed in it (RFC 7162).

With QRESYNC switched on and a state from before, "SELECT x (QRESYNC (validity modseq))" brings
VANISHED (EARLIER), the UIDs gone since, and FETCH with the flags of what changed since. Between
SELECT and [CLOSED] the server may still speak of the folder selected before; that is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from martlet.mail.errors import BadServer
from martlet.mail.sync import SyncState
from martlet.net.imap_folders import number, object_id
from martlet.net.imap_names import Names
from martlet.net.imap_said import refused
from martlet.net.imap_sets import ranges
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Exists, Fetch, Response, Status, Vanished, flag_set

CHANGED_LIMIT = 2_000_000
_VALIDITY_LIMIT = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Selected:
    """What SELECT said. uid_next, modseq: 0 where the server does not say.

    permanent_flags: what may be kept; "\\*" among them means any keyword.
    resynced: the server has told all changes since the state given: gone, changed.
    gone: ranges of UIDs, first <= last; they may hold UIDs that never were. changed: flags by UID,
    new messages among them. mailbox_id: RFC 8474, "" where the server has none.
    """

    exists: int
    uid_validity: int
    uid_next: int
    modseq: int
    permanent_flags: frozenset[str]
    read_only: bool
    resynced: bool = False
    gone: tuple[tuple[int, int], ...] = ()
    changed: dict[int, frozenset[str]] = field(default_factory=dict)
    mailbox_id: str = ""


class _Heard:
    """What has been said of the folder so far."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}
        self.changed: dict[int, frozenset[str]] = {}
        self.gone: list[tuple[int, int]] = []
        self.exists = 0

    def forget(self) -> None:
        self.codes.clear()
        self.changed.clear()
        self.gone.clear()
        self.exists = 0

    def take(self, response: Response) -> bool:
        match response:
            case Status(code="CLOSED"):
                self.forget()
            case Status(code=code, argument=argument) if code:
                self.codes[code] = argument
            case Exists(count):
                self.exists = count
            case Vanished(uids):
                self.gone += ranges(uids)
            case Fetch(uid=uid, flags=flags) if uid and flags is not None:
                self.changed[uid] = flags
        if len(self.changed) > CHANGED_LIMIT or len(self.gone) > CHANGED_LIMIT:
            raise BadServer("The server tells of more changes than there can be.")
        return True


def select(
    talk: Talk, names: Names, name: str, *, read_only: bool, since: SyncState | None
) -> Selected:
    """Selects a folder. Refused when the server will not, BadServer without a UIDVALIDITY."""
    command = (b"EXAMINE " if read_only else b"SELECT ") + names.quoted(name)
    resync = False
    if since and since.uid_validity and since.modseq:
        talk.settle()
        resync = "QRESYNC" in talk.enabled
    if resync and since:
        command += b" (QRESYNC (%d %d))" % (since.uid_validity, since.modseq)
    elif "CONDSTORE" in talk.capabilities:
        command += b" (CONDSTORE)"
    talk.exists = talk.modseq = 0
    talk.unsolicited.clear()
    heard = _Heard()
    done = talk.finish(talk.send(command), take=heard.take)
    talk.unsolicited.clear()
    if done.status.kind != "OK":
        raise refused(f"open the folder {name}", done.status)
    codes = heard.codes
    if done.status.code:
        codes[done.status.code] = done.status.argument
    validity = number(codes.get("UIDVALIDITY"))
    if not 0 < validity <= _VALIDITY_LIMIT:
        raise BadServer(f"The server gives the messages in {name} no lasting numbers.")
    talk.exists = heard.exists
    talk.modseq = 0 if "NOMODSEQ" in codes else number(codes.get("HIGHESTMODSEQ"))
    same = bool(resync and since and since.uid_validity == validity and talk.modseq)
    return Selected(
        exists=talk.exists,
        uid_validity=validity,
        uid_next=number(codes.get("UIDNEXT")),
        modseq=talk.modseq,
        permanent_flags=flag_set(codes.get("PERMANENTFLAGS", b"").strip(b"() ").split()),
        read_only=read_only or "READ-ONLY" in codes,
        resynced=same,
        gone=tuple(heard.gone) if same else (),
        changed=heard.changed if same else {},
        mailbox_id=object_id(codes.get("MAILBOXID", b"").strip(b"() ") or None),
    )
